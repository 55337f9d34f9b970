package retry_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/retry"
)

// tenant is a server with one collection that pages one thing at a time. Its
// answers to creations go wrong as the script of faults says.
type tenant struct {
	things    []map[string]any
	faults    []fault // one for each creation, then none
	lists     int     // how many lists still show nothing new
	filters   []string
	creations int
	broken    bool // lists answer 500
	foreign   bool // pages lead to another host
	plain     bool // pages lead to plain http
	leaked    bool // a token came over plain http
	nowhere   bool // pages lead to what is no address
	cut       bool // connections break while lists are read
	unread    bool // no thing can be read
	timeless  bool // things do not say when they were created
	dateless  bool // answers do not say what time it is
	lies      bool // the links of listed things lead to another one
	unique    string
	double    answer // to a thing that is there already; nil says so by a code
}

// fault is what happens to a creation: it is done or not, and its answer is lost.
type fault struct {
	done bool
	lost answer
}

func (s *tenant) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get("Authorization") != "Bearer token" {
		return response(401, "{}"), nil
	}
	switch {
	case r.Method == http.MethodPost:
		return s.create(r)
	case r.URL.Scheme != "https":
		s.leaked = true
		return s.list(r), nil
	case strings.Contains(r.URL.Path, "/thing-") && s.unread:
		return response(403, "{}"), nil
	case strings.Contains(r.URL.Path, "/thing-"):
		return s.read(r), nil
	}
	if s.cut {
		return nil, errReset
	}
	return s.list(r), nil
}

func (s *tenant) create(r *http.Request) (*http.Response, error) {
	s.creations++
	var thing map[string]any
	if err := json.NewDecoder(r.Body).Decode(&thing); err != nil {
		return response(400, "{}"), nil
	}
	for _, other := range s.things {
		if s.unique != "" && other[s.unique] == thing[s.unique] {
			if s.double != nil {
				return s.double(r)
			}
			return response(400, `{"code":"INVALID_DATA","details":[{"code":"UNIQUENESS_VIOLATION","target":"name"}]}`), nil
		}
	}
	next := fault{done: true}
	if len(s.faults) > 0 {
		next, s.faults = s.faults[0], s.faults[1:]
	}
	if next.done {
		s.add(thing, time.Now(), r.URL.String())
	}
	if next.lost != nil {
		return next.lost(r)
	}
	return response(201, `{"id":"new"}`), nil
}

func (s *tenant) add(thing map[string]any, at time.Time, collection string) {
	id := fmt.Sprintf("thing-%d", len(s.things))
	thing["id"], thing["createdAt"] = id, at.UTC().Format("2006-01-02T15:04:05.000Z")
	if s.timeless {
		delete(thing, "createdAt")
	}
	self := collection + "/" + id
	if s.lies {
		self = collection + "/thing-0"
	}
	thing["_links"] = map[string]any{"self": map[string]any{"href": self}}
	s.things = append(s.things, thing)
}

func (s *tenant) read(r *http.Request) *http.Response {
	for _, thing := range s.things {
		if strings.HasSuffix(r.URL.Path, fmt.Sprint("/", thing["id"])) {
			body, _ := json.Marshal(thing)
			return response(200, string(body), "Content-Type", "application/json")
		}
	}
	return response(404, "{}")
}

func (s *tenant) list(r *http.Request) *http.Response {
	if s.broken {
		return response(500, "{}")
	}
	s.filters = append(s.filters, r.URL.Query().Get("filter"))
	at := 0
	_, _ = fmt.Sscan(r.URL.Query().Get("cursor"), &at)
	body := map[string]any{"_embedded": map[string]any{"things": []any{}}, "_links": map[string]any{}}
	if s.lists > 0 {
		s.lists--
	} else if at < len(s.things) {
		body["_embedded"] = map[string]any{"things": []any{s.things[at]}}
		next := *r.URL
		query := next.Query()
		query.Set("cursor", fmt.Sprint(at+1))
		next.RawQuery = query.Encode()
		if s.foreign {
			next.Host = "elsewhere.example.com"
		}
		if s.plain {
			next.Scheme = "http"
		}
		href := next.String()
		if s.nowhere {
			href = "https://[::1"
		}
		if at+1 < len(s.things) {
			body["_links"] = map[string]any{"next": map[string]any{"href": href}}
		}
	}
	text, _ := json.Marshal(body)
	if s.dateless {
		return response(200, string(text))
	}
	return response(200, string(text), "Date", time.Now().UTC().Format(http.TimeFormat))
}

func post(t *testing.T, server http.RoundTripper, path, body string, log func(retry.Event)) outcome {
	t.Helper()
	r := request(t, t.Context(), "POST", api+path, body)
	r.Header.Set("Content-Type", "application/json")
	return send(t, retry.New(server, retry.Options{Log: log}), r)
}

// creations are one of each kind that can be looked up, and one that is alike.
var creations = []struct{ path, body, alike string }{
	{"/applications", `{"name":"pingone-conformance 1 Shop"}`, `{"name":"pingone-conformance 2 Shop"}`},
	{"/signOnPolicies", `{"name":"pingone-conformance 1 Policy"}`, `{"name":"pingone-conformance 1 policy"}`},
	{"/deviceAuthenticationPolicies", `{"name":"pingone-conformance 1 Devices"}`, `{"name":"Devices"}`},
	{"/populations", `{"name":"pingone-conformance 1 \"Peo\\ple\""}`, `{"name":"People"}`},
	{"/users", `{"username":"pingone-conformance-1-anna","email":"a@example.com"}`, `{"username":"anna","email":"a@example.com"}`},
	{"/signOnPolicies/1/actions", `{"type":"LOGIN","priority":1}`, `{"type":"LOGIN","priority":2}`},
	{"/applications/1/grants", `{"resource":{"id":"r1"},"scopes":[{"id":"s1"}]}`, `{"resource":{"id":"r2"}}`},
	{"/applications/1/signOnPolicyAssignments", `{"priority":1,"signOnPolicy":{"id":"p1"}}`, `{"priority":1,"signOnPolicy":{"id":"p2"}}`},
	{"/users/1/devices", `{"type":"EMAIL","email":"anna@example.com"}`, `{"type":"EMAIL","email":"ben@example.com"}`},
	{"/users/1/devices", `{"type":"SMS","phone":"+1.5125550111"}`, `{"type":"SMS","phone":"+1.5125550112"}`},
}

func thing(t *testing.T, body string) map[string]any {
	t.Helper()
	var m map[string]any
	require.NoError(t, json.Unmarshal([]byte(body), &m))
	return m
}

func TestACreationThatHadHappenedIsReadBack(t *testing.T) {
	for _, lost := range []answer{reset, half, status(408), status(500), status(502), status(503), status(504)} {
		for _, c := range creations {
			for _, lies := range []bool{false, true} {
				synctest.Test(t, func(t *testing.T) {
					var log events
					server := &tenant{faults: []fault{{done: true, lost: lost}}, lies: lies}
					server.add(thing(t, c.alike), time.Now(), api+c.path)
					server.add(thing(t, c.alike), time.Now(), api+c.path)
					got := post(t, server, c.path, c.body, log.log)
					require.NoError(t, got.err)
					require.Equal(t, 201, got.response.StatusCode)
					require.Equal(t, 1, server.creations, "it is not created twice")
					created := thing(t, got.body)
					require.Equal(t, "thing-2", created["id"])
					require.Equal(t, api+c.path+"/thing-2", got.response.Header.Get("Location"))
					require.Contains(t, retry.Note(got.response.Header), "created by an earlier try whose answer was lost")
					require.Contains(t, log.list[len(log.list)-1].String(), "but it had happened; it was read back")
				})
			}
		}
	}
}

func TestACreationThatHadNotHappenedIsRepeated(t *testing.T) {
	for _, c := range creations {
		synctest.Test(t, func(t *testing.T) {
			server := &tenant{faults: []fault{{lost: reset}, {lost: status(502)}}}
			server.add(thing(t, c.alike), time.Now(), api+c.path)
			got := post(t, server, c.path, c.body, nil)
			require.NoError(t, got.err)
			require.Equal(t, 201, got.response.StatusCode)
			require.Equal(t, 3, server.creations)
			require.Equal(t, `{"id":"new"}`, got.body)
			require.Empty(t, retry.Note(got.response.Header))
		})
	}
}

func TestACreationThatWasSurelyNotDoneIsNotLookedUp(t *testing.T) {
	for _, lost := range []answer{status(429), status(429, "Retry-After", "2"), status(503, "Retry-After", "2")} {
		synctest.Test(t, func(t *testing.T) {
			server := &tenant{faults: []fault{{lost: lost}}}
			got := post(t, server, "/applications", creations[0].body, nil)
			require.Equal(t, 201, got.response.StatusCode)
			require.Empty(t, server.filters)
		})
	}
}

func TestAListThatLagsIsLookedAtAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &tenant{faults: []fault{{done: true, lost: reset}}, lists: 2}
		got := post(t, server, "/applications", creations[0].body, nil)
		require.Equal(t, 201, got.response.StatusCode)
		require.Equal(t, 1, server.creations)
	})
}

func TestTheLastTryIsLookedUpToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		not := fault{lost: reset}
		server := &tenant{faults: []fault{not, not, not, not, {done: true, lost: reset}}}
		got := post(t, server, "/applications", creations[0].body, nil)
		require.NoError(t, got.err)
		require.Equal(t, 201, got.response.StatusCode)
		require.Equal(t, 5, server.creations)
	})
}

func TestFiltersAreUsedWherePingOneTakesThem(t *testing.T) {
	want := map[string]string{
		"/populations": `name eq "pingone-conformance 1 \"Peo\\ple\""`,
		"/users":       `username eq "pingone-conformance-1-anna"`,
	}
	for _, c := range creations {
		synctest.Test(t, func(t *testing.T) {
			server := &tenant{faults: []fault{{done: true, lost: reset}}}
			post(t, server, c.path, c.body, nil)
			require.Equal(t, []string{want[c.path]}, server.filters)
		})
	}
}

func TestWhatCannotBeLookedUpIsNotRepeated(t *testing.T) {
	app, device := creations[0], creations[8]
	rows := []struct {
		name, path, body string
		server           *tenant
		note             string
	}{
		{"the list is broken", app.path, app.body, &tenant{broken: true}, "whether it was created could not be looked up"},
		{"it cannot be read back", app.path, app.body, &tenant{unread: true}, "it was created, but could not be read back"},
		{"the list leads to plain http", app.path, app.body, &tenant{plain: true, things: []map[string]any{{"name": "a"}, {"name": "b"}}}, "whether it was created could not be looked up"},
		{"the list leads elsewhere", app.path, app.body, &tenant{foreign: true, things: []map[string]any{{"name": "a"}, {"name": "b"}}}, "whether it was created could not be looked up"},
		{"the list leads nowhere", app.path, app.body, &tenant{nowhere: true, things: []map[string]any{{"name": "a"}, {"name": "b"}}}, "whether it was created could not be looked up"},
		{"the connection breaks", app.path, app.body, &tenant{cut: true}, "whether it was created could not be looked up"},
		{"the list does not end", app.path, app.body, &tenant{things: slices.Repeat([]map[string]any{{"name": "a"}}, 1001)}, "whether it was created could not be looked up"},
		{"the body has no name", app.path, `{"type":"WEB_APP"}`, &tenant{}, "whether it was created cannot be looked up"},
		{"the body is no JSON", app.path, `{"name":`, &tenant{}, "whether it was created cannot be looked up"},
		{"two have the name", app.path, app.body, &tenant{things: []map[string]any{thing(t, app.body)}}, "whether it was created could not be looked up"},
		{"its secret is shown once", device.path, `{"type":"TOTP"}`, &tenant{}, "it was created, but its secret was in the lost answer and is shown once only"},
		{"it waits for the passcode of its creation", device.path, `{"type":"EMAIL","email":"anna@example.com","status":"ACTIVATION_REQUIRED"}`, &tenant{}, "it was created, but its secret was in the lost answer and is shown once only"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				row.server.faults = []fault{{done: true, lost: status(502)}}
				server := postOnce{row.server, status(502)}
				got := post(t, server, row.path, row.body, nil)
				require.NoError(t, got.err)
				require.Equal(t, 502, got.response.StatusCode, "the failure is given as it came")
				require.Contains(t, retry.Note(got.response.Header), row.note)
				require.LessOrEqual(t, row.server.creations, 1)
				require.False(t, row.server.leaked, "the token goes to the call's own origin only")
			})
		})
	}
}

// postOnce answers what the tenant refuses to decode with its own fault.
type postOnce struct {
	*tenant
	lost answer
}

func (p postOnce) RoundTrip(r *http.Request) (*http.Response, error) {
	got, err := p.tenant.RoundTrip(r)
	if r.Method == http.MethodPost && err == nil && got.StatusCode == 400 {
		return p.lost(r)
	}
	return got, err
}
