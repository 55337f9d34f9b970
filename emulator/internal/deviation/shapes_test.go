package deviation

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/wire"
)

const (
	base = "http://127.0.0.1/v1/environments/e"
	when = `"createdAt":"2026-01-15T09:00:00.000Z","updatedAt":"2026-01-15T09:00:00.000Z"`
	here = `"environment":{"id":"e"}`
)

// linksOf makes _links of relations that all lead below base.
func linksOf(relations ...string) string {
	var all []string
	for _, rel := range relations {
		all = append(all, `"`+rel+`":{"href":"`+base+`/`+rel+`"}`)
	}
	return `"_links":{` + strings.Join(all, ",") + `}`
}

// flowBody is a flow that has every member some state has.
const flowBody = `{"id":"f","status":"OTP_REQUIRED","test":{"otp":"123456"},"createdAt":"2026-01-15T09:00:00.000Z","resumeUrl":"http://127.0.0.1/e/as/resume?flowId=f","expiresAt":"2026-01-15T09:15:00.000Z",
	"environment":{"id":"e"},"session":{"id":"s"},"selectedDevice":{"id":"d"},"authorizeResponse":{"code":"c"},
	"_embedded":{"application":{"name":"Shop"},"user":{"username":"anna","name":{"given":"Anna"}},"devices":[{"id":"d"}],"promptText":"Please.","attributes":[{"name":"mobilePhone"}]},
	"_links":{"self":{"href":"http://127.0.0.1/e/flows/f"},"otp.check":{"href":"http://127.0.0.1/e/flows/f"},"usernamePassword.check":{"href":"http://127.0.0.1/e/flows/f"}}}`

// answers are plain answers; for every deviation of answers there is one that it changes.
func answers() map[string][]*wire.Answer {
	ok := func(body string) *wire.Answer {
		return &wire.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}, "Set-Cookie": {"ST=1; Path=/e; HttpOnly"}}, Body: []byte(body)}
	}
	made := func(body string) *wire.Answer {
		a := ok(body)
		a.Status = http.StatusCreated
		return a
	}
	missing := wire.InvalidData(wire.Detail{Code: "REQUIRED_VALUE", Target: "name"})
	return map[string][]*wire.Answer{
		"application.create": {
			made(`{` + linksOf("self", "secret", "grants") + `,"id":"0a1b2c3d4e","name":"Shop","enabled":true,"protocol":"OPENID_CONNECT","redirectUris":["https://shop.example.com"],` + here + `,` + when + `}`),
			missing.Answer("7"), wire.AccessFailed().Answer("7"), wire.Forbidden().Answer("7"),
		},
		"application.secret.read": {ok(`{"secret":"s3cret"}`), wire.NotFound().Answer("7")},
		"population.create":       {made(`{` + linksOf("self", "environment") + `,"id":"0a1b2c3d4e","name":"People","description":"d",` + here + `,` + when + `}`)},
		"user.create":             {made(`{"_links":{"roleAssignments":{"href":"` + base + `/users/u/roleAssignments"},` + strings.TrimPrefix(linksOf("self", "environment", "password.set", "population"), `"_links":{`) + `,"id":"u","account":{"status":"OK"},"population":{"id":"p"},` + here + `,` + when + `}`)},
		"user.read":               {ok(`{` + linksOf("self") + `,"id":"u","mfaEnabled":true,` + when + `}`)},
		"user.password.set":       {ok(`{"status":"OK","lastChangedAt":"2026-01-15T09:00:00.000Z"}`), ok(`{"status":"MUST_CHANGE_PASSWORD"}`)},
		"user.mfaEnabled.update":  {ok(`{"_links":{"user":{"href":"` + base + `/users/u"}},"mfaEnabled":true}`)},
		"device.create":           {made(`{"_links":{"self":{"href":"` + base + `/users/u/devices/d"}},"id":"d","status":"ACTIVE","user":{"id":"u"},` + when + `}`)},
		"signOnPolicy.create":     {made(`{` + linksOf("self", "actions") + `,"id":"p",` + when + `}`)},
		"action.create":           {made(`{"_links":{"self":{"href":"` + base + `/signOnPolicies/p/actions/a"}},"id":"a","priority":1,"attributes":[]}`)},
		"grant.create":            {made(`{"id":"g","scopes":[{"id":"s"}]}`)},
		"assignment.delete":       {wire.Empty(http.StatusNoContent)},
		"resource.list":           {ok(`{"_embedded":{"resources":[{"id":"r","name":"openid","type":"OPENID_CONNECT"}]},"count":1,"size":1}`)},
		"scope.list":              {ok(`{"_embedded":{"scopes":[{"id":"s","name":"profile"}]},"count":1,"size":1}`)},
		"authorize":               {ok(flowBody), wire.Redirect("http://127.0.0.1/e/signon/?flowId=f")},
		"resume":                  {ok(flowBody), wire.Redirect("https://shop.example.com/callback?code=c&state=s")},
		"flow.read":               {ok(flowBody), ok(strings.Replace(flowBody, "OTP_REQUIRED", "PROFILE_DATA_REQUIRED", 1)), ok(strings.NewReplacer("OTP_REQUIRED", "COMPLETED", "otp.check", "device.select").Replace(flowBody))},
		"flow.otp.check":          {wire.InvalidData(wire.Detail{Code: "INVALID_OTP"}).Answer("7")},
		"flow.usernamePassword.check": {
			wire.InvalidData(wire.Detail{Code: "INVALID_VALUE"}).Answer("7"),
		},
		"token": {
			ok(`{"access_token":"a.b.c","id_token":"a.b.cdefghij","token_type":"Bearer","expires_in":3600,"scope":"openid"}`),
			wire.OAuthError(http.StatusUnauthorized, "invalid_client", "No."),
		},
		"application.read":        {ok(`{"description":"d","redirectUris":["u"],"grantTypes":["AUTHORIZATION_CODE"],"tokenEndpointAuthMethod":"CLIENT_SECRET_BASIC","pkceEnforcement":"OPTIONAL"}`)},
		"application.list":        {ok(`{"_embedded":{"applications":[{"id":"0a1b2c3d4e","name":"Shop"}]},"count":1,"size":1}`)},
		"grant.read":              {ok(`{"scopes":[{"id":"s"}]}`)},
		"signOnPolicy.read":       {ok(`{"description":"d"}`)},
		"action.read":             {ok(`{"priority":1,"promptText":"Please.","promptIntervalSeconds":3600}`)},
		"assignment.read":         {ok(`{"priority":1}`)},
		"population.read":         {ok(`{"description":"d"}`)},
		"device.read":             {ok(`{"email":"anna@example.com"}`)},
		"devicePolicy.read":       {ok(`{"name":"n","email":{"otp":{"lifeTime":{"timeUnit":"MINUTES"},"failure":{"count":3}}}}`)},
		"action.delete":           {wire.RequestFailed(wire.Detail{Code: "CONSTRAINT_VIOLATION"}).Answer("7")},
		"flow.user.update":        {wire.InvalidData(wire.Detail{Code: "REQUIRED_VALUE", Target: "mobilePhone"}).Answer("7"), wire.AccessFailed().Answer("7"), wire.UnsupportedMediaType().Answer("7")},
		"action.create.again":     {wire.InvalidData(wire.Detail{Code: "OUT_OF_RANGE", Target: "priority"}).Answer("7")},
		"user.password.set.again": {wire.UnsupportedMediaType().Answer("7")},
		"discovery":               {ok(`{"issuer":"http://127.0.0.1/e/as","token_endpoint":"http://127.0.0.1/e/as/token","jwks_uri":"http://127.0.0.1/e/as/jwks"}`)},
		"jwks":                    {ok(`{"keys":[{"kid":"k","n":"xQxQ"}]}`)},
		"user.list": {
			ok(`{"_links":{"next":{"href":"http://127.0.0.1/v1/environments/e/users?filter=f&cursor=d"}},"_embedded":{"users":[{"id":"u"},{"id":"v"}]},"count":5,"size":2}`),
			ok(`{"_links":{},"_embedded":{"users":[{"id":"w"}]},"count":5,"size":1}`),
		},
		"signOnPage":        {wire.Text(http.StatusOK, "text/html", "<form>")},
		"assignment.create": {made(`{"id":"a"}`)},
		"introspect":        {ok(`{"active":true,"sub":"u","client_id":"c","username":"anna","iss":"i","aud":["a"],"exp":1,"iat":1,"env":"e","org":"o","sid":"s","scope":"openid"}`)},
		"userinfo":          {ok(`{"sub":"u","env":"e","org":"o","updated_at":1768467600}`)},
	}
}

// remembers are deviations that answer what another call was answered: it takes two calls that are alike to see them.
var remembers = map[string]bool{
	"earlier-flow-answered": true, "earlier-user-answered": true, "earlier-tokens-answered": true, "earlier-search-answered": true,
	"earlier-code-answered": true, "refused-profile-data-stored": true, "page-repeats-an-item": true, "scopes-of-another-resource-listed": true, "pending-device-offered": true,
}

func TestADeviationThatRemembersAnswersTheFirstOfWhatIsAlike(t *testing.T) {
	set, err := NewSet([]string{"earlier-user-answered"})
	require.NoError(t, err)
	read := func(user, body string) string {
		answer := set.Middleware()(func(*wire.Call) *wire.Answer { return wire.Text(http.StatusOK, "application/json", body) })(
			&wire.Call{Operation: "user.read", Path: map[string]string{"userID": user}})
		return string(answer.Body)
	}
	require.Equal(t, `{"a":1}`, read("anna", `{"a":1}`))
	require.Equal(t, `{"b":1}`, read("ben", `{"b":1}`))
	require.Equal(t, `{"a":1}`, read("anna", `{"a":2}`))
}

func TestEveryDeviationOfAnswersChangesOne(t *testing.T) {
	for _, d := range All() {
		if d.change == nil || remembers[d.Name] {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			require.NotEmpty(t, changedBy(t, d), "no answer is changed")
		})
	}
}

// changedBy are the operations whose answers are another after the deviation.
func changedBy(t *testing.T, d Deviation) []string {
	t.Helper()
	set, err := NewSet([]string{d.Name})
	require.NoError(t, err)
	var changed []string
	plain := answers()
	for operation, bent := range answers() {
		for i, answer := range bent {
			call := &wire.Call{ID: "7", Operation: operation, Method: http.MethodPut, URL: &url.URL{Path: "/v1/environments/e/users", RawQuery: "cursor=c"}, Body: []byte(`{"value":"pa55word"}`)}
			before := plain[operation][i]
			before.Settle("7")
			handler := set.Middleware()(func(*wire.Call) *wire.Answer { return answer })
			after := handler(call)
			if same(before, after) && answer.Status < http.StatusBadRequest {
				after = handler(call) // some lie only the second time
			}
			if !same(before, after) {
				changed = append(changed, operation)
			}
		}
	}
	return changed
}

func same(a, b *wire.Answer) bool {
	if a.Status != b.Status || len(a.Header) != len(b.Header) {
		return false
	}
	for name, values := range a.Header {
		if strings.Join(values, "\n") != strings.Join(b.Header[name], "\n") {
			return false
		}
	}
	return canonical(a.Body) == canonical(b.Body) && letters(a.Body) == letters(b.Body)
}

// letters are a body's characters in order of the alphabet: members that only changed places are no change, one that is there
// twice is.
func letters(body []byte) string {
	all := []byte(strings.NewReplacer(`\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(string(body)))
	slices.Sort(all)
	return string(all)
}

// canonical is a body without what decoding and encoding changes.
func canonical(body []byte) string {
	a := &wire.Answer{Status: http.StatusOK, Body: body}
	edit(func(*wire.Call, object) {})(nil, a)
	return string(a.Body)
}

func TestEveryDeviationDoesSomething(t *testing.T) {
	for _, d := range All() {
		require.True(t, d.change != nil || d.decide != nil || d.wrap != nil, "%s changes an answer, a decision or a call", d.Name)
		if d.decide == nil {
			continue
		}
		honest, set := Set{}.Decisions(), Set{on: map[string]Deviation{d.Name: d}}.Decisions()
		require.Positive(t, overridden(honest, set), "%s overrides a decision", d.Name)
	}
}

// overridden counts the decisions that differ.
func overridden(a, b *Decisions) int {
	count := 0
	for i := range reflect.TypeFor[Decisions]().NumField() {
		honest, set := reflect.ValueOf(*a).Field(i), reflect.ValueOf(*b).Field(i)
		for j := range honest.NumField() {
			if honest.Field(j).Pointer() != set.Field(j).Pointer() {
				count++
			}
		}
	}
	return count
}
