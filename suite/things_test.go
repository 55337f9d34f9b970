package suite

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/names"
)

// What has a name of a run's tells whose it is; all else goes with what it lies below.
func TestWhichThingsHaveANameThatTellsWhoseTheyAre(t *testing.T) {
	run := names.Run(1)
	for collection, name := range map[string]string{
		"https://api.pingone.com/v1/environments/e/users":                        names.Username(run, "anna"),
		"https://api.pingone.com/v1/environments/e/users/":                       names.Username(run, "anna"),
		"https://api.pingone.com/v1/environments/e/applications":                 names.Thing(run, "Shop"),
		"https://api.pingone.com/v1/environments/e/populations":                  names.Thing(run, "People"),
		"https://api.pingone.com/v1/environments/e/signOnPolicies":               names.Policy(run, "Policy"),
		"https://api.pingone.com/v1/environments/e/deviceAuthenticationPolicies": names.Thing(run, "Devices"),
		"https://api.pingone.com/v1/environments/e/users/u/devices":              "",
		"https://api.pingone.com/v1/environments/e/resources":                    "",
		"https://api.pingone.com/v1/environments":                                "",
		"https://api.pingone.com/v1/organizations/e/users":                       "",
		"https://api.pingone.com/v2/environments/e/users":                        "",
		"https://api.pingone.com/e/flows/users/x":                                "",
		"https://api.pingone.com/v1/environments/%zz/users":                      "",
	} {
		k, named := kindOf(collection)
		require.Equal(t, name != "", named, collection)
		if named {
			whose, ours := k.run(name)
			require.True(t, ours, collection)
			require.Equal(t, run, whose, collection)
			_, ours = k.run("Payroll")
			require.False(t, ours, collection)
		}
	}
}

// After these a creation may have happened, whatever else was said.
func TestAfterWhichAnswersSomethingMayBeThere(t *testing.T) {
	for status, may := range map[int]bool{
		201: true, 408: true, 500: true, 502: true, 503: true,
		200: true, 202: true, 204: true, 206: true, 302: true, 407: true, 412: true, 499: true,
		400: false, 401: false, 403: false, 404: false, 405: false, 409: false, 415: false, 422: false, 429: false,
	} {
		require.Equal(t, may, mayHaveCreated(status), status)
	}
}

// Where a thing can be found is said without its id, too.
func TestWhereAThingIsFound(t *testing.T) {
	u, err := url.Parse("https://api.pingone.com/v1/environments/e/users?expand=x#y")
	require.NoError(t, err)
	collection := withoutQuery(u)
	require.Equal(t, "https://api.pingone.com/v1/environments/e/users", collection)
	require.Equal(t, `named "anna", at `+collection, (&thing{collection: collection, name: "anna"}).place())
	require.Equal(t, collection+"/a%2Fb", (&thing{collection: collection, name: "anna", id: "a/b"}).place())
	require.Equal(t, collection+"/1", (&thing{collection: collection + "/", id: "1"}).href())
}

// What may be there is listed from the moment its creation goes out, and no longer once it is clear that nothing is.
func TestWhatIsNotedOfACreation(t *testing.T) {
	const users = "https://api.pingone.com" + env + "/users"
	broken := errors.New("the line is dead")
	for _, row := range []struct {
		name, method, url string
		status            int
		listed, answered  bool
	}{
		{"created", http.MethodPost, users, 201, true, true},
		{"refused", http.MethodPost, users, 400, false, false},
		{"too many", http.MethodPost, users, 429, false, false},
		{"late", http.MethodPost, users, 408, true, false},
		{"a fault of the server's", http.MethodPost, users, 500, true, false},
		{"no answer", http.MethodPost, users, 0, true, false},
		{"no creation", http.MethodPut, users, 201, false, false},
		{"of no name", http.MethodPost, users + "/u/devices", 201, false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := begun(t, newManagement(t))
			underway, got := "", ""
			n := noting{scenario: s, next: roundTrip(func(r *http.Request) (*http.Response, error) {
				underway = leftBehind(s)
				text, err := io.ReadAll(r.Body)
				require.NoError(t, err)
				if got = string(text); row.status == 0 {
					return nil, broken
				}
				return answer(row.status, "{}"), nil
			})}
			const body = `{"username":"anna","population":{"id":"p"}}`
			request, err := http.NewRequestWithContext(t.Context(), row.method, row.url, strings.NewReader(body))
			require.NoError(t, err)
			response, err := n.RoundTrip(request)
			require.Equal(t, row.status == 0, errors.Is(err, broken))
			if err == nil {
				require.NoError(t, response.Body.Close())
			}
			require.Equal(t, body, got)
			creates := row.method == http.MethodPost && row.url == users
			require.Equal(t, creates, strings.Contains(underway, `the user "anna"  named "anna", at `+users), underway)
			require.Equal(t, row.listed, strings.Contains(leftBehind(s), `the user "anna"`))
			require.Len(t, s.things, map[bool]int{true: 1}[row.listed])
			if row.listed {
				require.Equal(t, row.answered, s.things[0].answered)
				require.Equal(t, "p", s.things[0].in)
				again, err := s.things[0].creation.GetBody()
				require.NoError(t, err)
				text, err := io.ReadAll(again)
				require.NoError(t, err)
				require.Equal(t, body, string(text), "it can be looked up by what it was made of")
				text, err = io.ReadAll(s.things[0].creation.Body)
				require.NoError(t, err)
				require.Equal(t, body, string(text))
			}
		})
	}
}

// A creation whose body cannot be read twice goes out all the same.
func TestACreationThatCannotBeReadIsPassedOn(t *testing.T) {
	for name, body := range map[string]func() (io.ReadCloser, error){
		"once only": nil,
		"not again": func() (io.ReadCloser, error) { return nil, errors.New("gone") },
		"not whole": func() (io.ReadCloser, error) { return io.NopCloser(iotest.ErrReader(errors.New("gone"))), nil },
	} {
		s := begun(t, newManagement(t))
		n := noting{scenario: s, next: roundTrip(func(*http.Request) (*http.Response, error) { return answer(http.StatusCreated, "{}"), nil })}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.pingone.com"+env+"/users", strings.NewReader(`{"username":"anna"}`))
		require.NoError(t, err)
		request.GetBody = body
		response, err := n.RoundTrip(request)
		require.NoError(t, err, name)
		require.NoError(t, response.Body.Close())
		require.Empty(t, s.things, name)
	}
}
