package contract

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// dated is a call that was answered on the morning of the examples, with an empty memory.
func dated(name string) *call {
	u := &url.URL{Scheme: "https", Host: "auth.pingone.com", Path: "/" + environmentID + "/as/token"}
	return &call{
		op: &operation{name: name}, mem: newMemory(), ids: map[string]string{"env": environmentID}, form: url.Values{"client_id": {applicationID}},
		ex: &client.Exchange{Status: 200, Request: client.Request{Method: "POST", URL: u}, Header: http.Header{"Date": {"Thu, 15 Jan 2026 09:00:00 GMT"}}},
	}
}

// read is what a JSON text says.
func read(t *testing.T, text string) any {
	t.Helper()
	v, err := decode([]byte(text))
	require.NoError(t, err)
	return v
}

// What is said of a person is what the record says; of what it does not say, and of whom was not seen, anything may be said.
func TestWhatIsSaidOfAPerson(t *testing.T) {
	const record = `{"username":"anna","email":"anna@example.com","nickname":"An","mobilePhone":"+1.5125550144","primaryPhone":"+1 512 555 0166",
		"createdAt":"2026-01-15T08:00:00.000Z","name":{"given":"Anna","middle":"Bea","family":"Example"}}`
	for _, row := range []struct{ record, claims, broken string }{
		{record, `{"preferred_username":"anna","given_name":"Anna","middle_name":"Bea","family_name":"Example","email":"anna@example.com","nickname":"An"}`, ""},
		{record, `{"preferred_username":"ben"}`, "/c/preferred_username"}, {record, `{"given_name":"Ben"}`, "/c/given_name"}, {record, `{"middle_name":"Ben"}`, "/c/middle_name"},
		{record, `{"family_name":"Ben"}`, "/c/family_name"}, {record, `{"email":"ben@example.com"}`, "/c/email"}, {record, `{"nickname":"Ben"}`, "/c/nickname"},
		{record, `{"nickname":"","email":""}`, ""},
		{`{"username":"anna"}`, `{"nickname":"An","email":"ben@example.com","name":"Ben"}`, ""},
		{record, `{"name":"Ms Anna E."}`, ""}, {record, `{"name":"Example"}`, ""}, {record, `{"name":"Ben Brown"}`, "/c/name"}, {record, `{"name":""}`, ""},
		{record, `{"phone_number":"+15125550144"}`, ""}, {record, `{"phone_number":"1-512-555-0166"}`, ""}, {record, `{"phone_number":"+15125550177"}`, "/c/phone_number"}, {record, `{"phone_number":"none"}`, ""},
		{`{}`, `{"phone_number":"+15125550177"}`, "/c/phone_number"},
		{record, `{"updated_at":1768464000}`, ""}, {record, `{"updated_at":1768463400}`, ""}, {record, `{"updated_at":1768463399}`, "/c/updated_at"},
		{record, `{"updated_at":1768468200}`, ""}, {record, `{"updated_at":1768468201}`, "/c/updated_at"},
		{`{"username":"anna"}`, `{"updated_at":1}`, ""},
		{``, `{"preferred_username":"ben","name":"Ben","phone_number":"+15125550177","updated_at":9768468201}`, ""},
	} {
		c := dated("Read User Info")
		if row.record != "" {
			c.mem.profiles[userID] = object(read(t, row.record))
		}
		c.personClaims(userID, read(t, row.claims), "c")
		require.Equal(t, row.broken, strings.Join(where(c.report.Violations), " "), row.claims)
		for _, f := range c.report.Violations {
			require.NotContains(t, f.Want+f.Got, "5125550", "a number is not shown")
		}
	}
}

// A token names the policy that ran: one that is assigned, by name or id, where all that are assigned are known.
func TestWhichPolicyATokenNames(t *testing.T) {
	for _, row := range []struct{ acr, assigned, wrong string }{
		{"One", "1 2", ""}, {"Two", "1 2", ""}, {"2", "1 2", ""}, {"Three", "1 2", "the sign-on policy that ran, One or Two"}, {"", "1 2", ""},
		{"Three", "1 3", ""}, {"Three", "3", ""}, {"Three", "", ""}, {"3", "1 3", ""},
	} {
		c := dated("Get Token")
		c.mem.policies = map[string]string{"1": "One", "2": "Two"}
		c.mem.assigned[applicationID] = strings.Fields(row.assigned)
		c.policyRan(applicationID, map[string]any{"acr": row.acr}, "id_token", "claims")
		if row.wrong == "" {
			require.Empty(t, c.report.Violations, row)
			continue
		}
		require.Len(t, c.report.Violations, 1)
		require.Equal(t, Finding{"Get Token", ruleToken, "/id_token/claims/acr", row.wrong, `"` + row.acr + `"`, pageClaims}, c.report.Violations[0])
	}
}

// Who has shown a factor in a flow has not signed on before it began.
func TestWhenSomebodySignedOn(t *testing.T) {
	begun := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		what, where, claims string
		flow                *signOn
		broken, observed    bool
	}{
		{"then", "id_token", `{"auth_time":1768467600,"iat":1768467600}`, &signOn{proven: true, begun: begun}, false, false},
		{"as clocks differ", "id_token", `{"auth_time":1768467000,"iat":1768467600}`, &signOn{proven: true, begun: begun}, false, false},
		{"before", "id_token", `{"auth_time":1768466999,"iat":1768467600}`, &signOn{proven: true, begun: begun}, true, false},
		{"before, and showed nothing", "id_token", `{"auth_time":1768466999,"iat":1768467600}`, &signOn{begun: begun}, false, false},
		{"before a flow of which nobody knows when it began", "id_token", `{"auth_time":1768466999,"iat":1768467600}`, &signOn{proven: true}, false, false},
		{"before no flow", "id_token", `{"auth_time":1768466999,"iat":1768467600}`, nil, false, false},
		{"never", "id_token", `{"iat":1768467600}`, &signOn{proven: true, begun: begun}, false, false},
		{"at a thousandth of the time", "id_token", `{"auth_time":1768467,"iat":1768467600}`, &signOn{proven: true, begun: begun}, false, true},
		{"at a thousandth of the time, in the access token", "access_token", `{"auth_time":1768467,"iat":1768467600}`, &signOn{proven: true, begun: begun}, true, false},
	} {
		c := dated("Get Token")
		c.signedOnAt(jwt{where: row.where, claims: object(read(t, row.claims))}, row.flow)
		require.Equal(t, row.broken, len(c.report.Violations) == 1, row.what)
		require.Equal(t, row.observed, len(c.report.Observations) == 1, row.what)
	}
}

// A token is for resources that were listed, for PingOne's own API or for the client itself.
func TestForWhomATokenIs(t *testing.T) {
	for _, row := range []struct {
		listed, aud string
		broken      bool
	}{
		{`[{"audience":"https://orders.example.com","type":"CUSTOM"}]`, `"https://orders.example.com"`, false},
		{`[{"audience":"https://orders.example.com","type":"CUSTOM"}]`, `"https://payroll.example.com"`, true},
		{`[{"audience":"https://orders.example.com","type":"CUSTOM"}]`, `["https://orders.example.com","https://payroll.example.com"]`, true},
		{`[{"audience":"https://orders.example.com","type":"CUSTOM"}]`, `["https://api.pingone.com","` + applicationID + `"]`, false},
		{`[{"audience":"https://orders.example.com","type":"CUSTOM"},{"type":"CUSTOM"}]`, `"https://payroll.example.com"`, false},
		{`[{"type":"CUSTOM"},{"audience":"https://orders.example.com","type":"CUSTOM"}]`, `"https://payroll.example.com"`, false},
		{`[{"audience":"https://orders.example.com","type":"CUSTOM"},{"type":"OPENID_CONNECT"}]`, `"https://payroll.example.com"`, true},
		{`[]`, `"https://payroll.example.com"`, false},
	} {
		c := dated("Get Token")
		c.op.items, c.body = "resource", read(t, `{"_embedded":{"resources":`+row.listed+`}}`)
		c.learnAudiences()
		c.forWhom(jwt{where: "access_token", claims: claims{"aud": read(t, row.aud)}})
		require.Equal(t, row.broken, len(c.report.Violations) == 1, row)
	}
	c := dated("List Scopes")
	c.op.items, c.body = "scope", read(t, `{"_embedded":{"resources":[{"type":"CUSTOM"}]}}`)
	c.learnAudiences()
	require.Empty(t, c.mem.audiences)
	require.False(t, c.mem.someUnknown)
}

// All tokens of an environment name one organization, the first that was seen.
func TestAnEnvironmentIsOfOneOrganization(t *testing.T) {
	c := dated("Get Token")
	for _, org := range []string{"", "one", "", "one"} {
		c.organization(jwt{where: "id_token", claims: claims{"org": org}})
	}
	require.Empty(t, c.report.Violations)
	c.organization(jwt{where: "id_token", claims: claims{"org": "two"}})
	require.Equal(t, []string{"/id_token/claims/org"}, where(c.report.Violations))
	c.ids["env"] = userID
	c.organization(jwt{where: "id_token", claims: claims{"org": "two"}})
	require.Len(t, c.report.Violations, 1, "another environment may be of another one")
	require.Equal(t, []string{"2026-01-15T09:00:00Z", "1768467600000, which are milliseconds", "5138-11-16T09:46:40Z"}, []string{moment(1768467600), moment(1768467600000), moment(inMilliseconds)})
}

// For whom a token is meant may be one text or a list; a token for PingOne's own API is for nothing else.
func TestWhoseAPIATokenIsFor(t *testing.T) {
	for aud, own := range map[string]bool{
		`"https://api.pingone.com"`: true, `["https://api.pingone.eu"]`: true, `["https://api.pingone.com","https://api.pingone.eu"]`: true,
		`["https://api.pingone.com","https://orders.example.com"]`: false, `"https://orders.example.com"`: false, `[]`: false, `null`: false, `7`: false, `""`: false, `"https://api.pingoneer.com"`: false,
	} {
		require.Equal(t, own, forPlatform(read(t, aud)), aud)
	}
	for _, row := range []struct {
		a, b string
		same bool
	}{{"a b", "b a", true}, {"a", "a ", true}, {"a", "a a", false}, {"a b", "a", false}, {"", "", true}} {
		require.Equal(t, row.same, sameScopes(row.a, row.b), row)
	}
	require.True(t, slices.Equal([]string{"a", "b"}, audiences(read(t, `["a",7,"b"]`))))
}
