package steps

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

// said is an answer, with its headers in pairs.
func said(status int, body string, header ...string) *client.Exchange {
	ex := &client.Exchange{
		Request: client.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "https", Host: "api.pingone.com", Path: "/v1"}},
		Status:  status, Body: []byte(body), Header: http.Header{},
	}
	for i := 0; i < len(header); i += 2 {
		ex.Header.Set(header[i], header[i+1])
	}
	return ex
}

// redirect is a redirect to an address.
func redirect(to string) *client.Exchange { return said(http.StatusFound, "", "Location", to) }

func bare() *World {
	return &World{Scenario: &suite.Scenario{}, attempts: map[kind]*attempt{}, people: map[string]*Person{}, apps: map[string]*Application{}}
}

func refusal(code, detail string) string {
	if detail == "" {
		return `{"code":"` + code + `"}`
	}
	return `{"code":"` + code + `","details":[{"code":"` + detail + `"}]}`
}

// judgements are sentences about the newest thing that was tried: the answers that they take, and those that they do not,
// each with what is said of it. No other check looks at these answers.
var judgements = map[string]struct {
	by    func(*World) func() (suite.Evidence, error)
	kind  kind
	taken []*client.Exchange
	not   map[string]*client.Exchange
}{
	"PingOne refuses access": {
		func(w *World) func() (suite.Evidence, error) {
			return func() (suite.Evidence, error) { return w.refusesAccess("a call") }
		}, administrating,
		[]*client.Exchange{said(401, refusal("ACCESS_FAILED", "INVALID_TOKEN")), said(403, refusal("ACCESS_FAILED", ""))},
		map[string]*client.Exchange{
			"wanted a refusal":               said(201, `{"id":"x"}`),
			"wanted a refusal, but GET ":     said(500, refusal("ACCESS_FAILED", "")),
			"wanted the code ACCESS_FAILED":  said(400, refusal("INVALID_DATA", "")),
			"PingOne was busy":               said(429, refusal("ACCESS_FAILED", "")),
			"PingOne was busy and has refus": said(408, refusal("ACCESS_FAILED", "")),
		},
	},
	"PingOne refuses the form of the call": {
		func(w *World) func() (suite.Evidence, error) { return w.refusesForm }, administrating,
		[]*client.Exchange{said(400, refusal("INVALID_REQUEST", "")), said(415, refusal("INVALID_DATA", ""))},
		map[string]*client.Exchange{
			"wanted a refusal": said(200, refusal("INVALID_REQUEST", "")),
			"wanted the code INVALID_REQUEST or INVALID_DATA": said(404, refusal("NOT_FOUND", "")),
		},
	},
	"PingOne refuses to delete the last action": {
		func(w *World) func() (suite.Evidence, error) { return w.refusesLastDeletion }, administrating,
		[]*client.Exchange{said(400, refusal("INVALID_DATA", "CONSTRAINT_VIOLATION")), said(409, refusal("REQUEST_FAILED", ""))},
		map[string]*client.Exchange{
			"wanted a refusal":                            said(204, ""),
			"wanted the code INVALID_DATA":                said(404, refusal("NOT_FOUND", "CONSTRAINT_VIOLATION")),
			"wanted the detail code CONSTRAINT_VIOLATION": said(400, refusal("INVALID_DATA", "INVALID_VALUE")),
		},
	},
	"PingOne does not find it": {
		func(w *World) func() (suite.Evidence, error) { return w.doesNotFind }, administrating,
		[]*client.Exchange{said(404, refusal("NOT_FOUND", "")), said(410, refusal("NOT_FOUND", ""))},
		map[string]*client.Exchange{"wanted a refusal": said(200, refusal("NOT_FOUND", "")), "wanted the code NOT_FOUND": said(404, refusal("INVALID_DATA", ""))},
	},
	"PingOne refuses the data because of name": {
		func(w *World) func() (suite.Evidence, error) {
			return func() (suite.Evidence, error) { return w.refusesBecauseOf("name") }
		}, administrating,
		[]*client.Exchange{
			said(400, `{"code":"INVALID_DATA","details":[{"code":"INVALID_VALUE","target":"name"}]}`), said(422, refusal("INVALID_REQUEST", "INVALID_VALUE")),
			said(400, `{"code":"INVALID_DATA","details":[{"code":"INVALID_VALUE","target":"$.items[0].name"}]}`),
		},
		map[string]*client.Exchange{
			"wanted a refusal":                    said(201, refusal("INVALID_DATA", "INVALID_VALUE")),
			"wanted the code INVALID_DATA":        said(404, refusal("NOT_FOUND", "INVALID_VALUE")),
			"wanted the detail code":              said(400, refusal("INVALID_DATA", "UNIQUENESS_VIOLATION")),
			"wanted a detail whose target is nam": said(400, `{"code":"INVALID_DATA","details":[{"code":"INVALID_VALUE","target":"description"}]}`),
		},
	},
	"nobody is sent to the thief": {
		func(w *World) func() (suite.Evidence, error) {
			return func() (suite.Evidence, error) { return w.nobodyIsSentTo("https://thief.example.com/callback") }
		}, authorization,
		[]*client.Exchange{said(400, ""), redirect("https://apps.pingone.com/signon/"), redirect("https://thief.example.org/callback")},
		map[string]*client.Exchange{
			"wanted anywhere but":         redirect("https://thief.example.com/callback?code=1"),
			"wanted anywhere but https:/": redirect("HTTPS://Thief.example.com:443/callback"),
		},
	},
	"PingOne refuses the passcode": {
		func(w *World) func() (suite.Evidence, error) {
			return func() (suite.Evidence, error) { return w.judge(w.passcodeRefused, aPasscode) }
		}, aPasscode,
		[]*client.Exchange{
			said(400, refusal("INVALID_DATA", "INVALID_OTP")), said(400, refusal("REQUEST_FAILED", "")), said(429, refusal("REQUEST_LIMITED", "QUOTA_EXCEEDED")),
		},
		map[string]*client.Exchange{
			"wanted a refusal":             said(200, `{"status":"FAILED"}`),
			"wanted the code INVALID_DATA": said(403, refusal("ACCESS_FAILED", "")),
			"wanted the detail code":       said(400, refusal("INVALID_DATA", "REQUIRED_VALUE")),
			"PingOne was busy":             said(429, refusal("REQUEST_LIMITED", "LIMIT_EXCEEDED")),
		},
	},
	"PingOne refuses the profile data": {
		func(w *World) func() (suite.Evidence, error) { return w.refusesProfile }, profileData,
		[]*client.Exchange{said(400, `{"code":"INVALID_DATA","details":[{"code":"REQUIRED_VALUE","target":"mobilePhone"}]}`), said(422, refusal("INVALID_REQUEST", "EMPTY_VALUE")), said(400, refusal("REQUEST_FAILED", ""))},
		map[string]*client.Exchange{
			"wanted a refusal":             said(200, `{"status":"COMPLETED"}`),
			"wanted the code INVALID_DATA": said(404, refusal("NOT_FOUND", "REQUIRED_VALUE")),
			"wanted the detail code":       said(400, refusal("INVALID_DATA", "UNIQUENESS_VIOLATION")),
			"a detail whose target is":     said(400, `{"code":"INVALID_DATA","details":[{"code":"REQUIRED_VALUE","target":"nickname"}]}`),
		},
	},
	"PingOne does not know the flow": {
		func(w *World) func() (suite.Evidence, error) { return w.flowIsUnknown }, flowReading,
		[]*client.Exchange{said(404, refusal("NOT_FOUND", "")), said(410, "{}")},
		map[string]*client.Exchange{"wanted a refusal": said(200, refusal("NOT_FOUND", "")), "wanted the code NOT_FOUND": said(400, refusal("INVALID_DATA", ""))},
	},
	"the token endpoint refuses": {
		func(w *World) func() (suite.Evidence, error) {
			return func() (suite.Evidence, error) { return w.tokenEndpointRefuses("invalid_grant") }
		}, tokenRequest,
		[]*client.Exchange{said(400, `{"error":"invalid_grant"}`), said(401, `{"error":"invalid_grant","error_description":"no"}`)},
		map[string]*client.Exchange{
			"wanted a refusal":                said(200, `{"access_token":"a"}`),
			"error at the token endpoint":     said(400, `{"error":"invalid_client"}`),
			"wanted no token beside an error": said(400, `{"error":"invalid_grant","access_token":"a"}`),
			"wanted a refusal, but GET ":      said(500, `{"error":"invalid_grant"}`),
		},
	},
	"PingOne takes no more passcodes": {
		func(w *World) func() (suite.Evidence, error) { return w.takesNoMorePasscodes }, aPasscode,
		[]*client.Exchange{said(200, `{"status":"FAILED"}`), said(400, refusal("INVALID_DATA", "INVALID_OTP"))},
		map[string]*client.Exchange{"wanted a refusal": said(200, `{"status":"COMPLETED"}`), "wanted a refusal, but": said(202, `{"status":"FAILED"}`)},
	},
	"PingOne does not ask for a passcode": {
		func(w *World) func() (suite.Evidence, error) { return w.doesNotAskForPasscode }, credentials,
		[]*client.Exchange{said(200, `{"status":"COMPLETED"}`), said(200, `{"status":"FAILED"}`), said(400, refusal("INVALID_DATA", ""))},
		map[string]*client.Exchange{
			"wanted a refusal":                          said(500, `{}`),
			"got OTP_REQUIRED":                          said(200, `{"status":"OTP_REQUIRED"}`),
			"got DEVICE_SELECTION_REQUIRED":             said(200, `{"status":"DEVICE_SELECTION_REQUIRED"}`),
			"no question for a passcode, got COMPLETED": said(200, `{"status":"COMPLETED","_links":{"otp.check":{"href":"https://auth.pingone.com/x"}}}`),
		},
	},
	"PingOne refuses the credentials": {
		func(w *World) func() (suite.Evidence, error) { return w.refusesCredentials }, credentials,
		[]*client.Exchange{said(400, refusal("INVALID_DATA", "INVALID_VALUE")), said(400, refusal("REQUEST_FAILED", "PASSWORD_LOCKED_OUT")), said(401, refusal("INVALID_DATA", ""))},
		map[string]*client.Exchange{
			"wanted a refusal":             said(200, `{"status":"COMPLETED"}`),
			"wanted the code INVALID_DATA": said(403, refusal("ACCESS_FAILED", "INVALID_VALUE")),
			"wanted the detail code":       said(400, refusal("INVALID_DATA", "REQUIRED_VALUE")),
		},
	},
}

// A sentence about what was tried takes the answers that the pages allow, and no other, without the contract's help.
func TestWhatASentenceTakesOfAnAnswer(t *testing.T) {
	for name, row := range judgements {
		judged := func(ex *client.Exchange) (suite.Evidence, error) {
			w := bare()
			w.try(row.kind, &attempt{by: priya, answer: ex, flow: &Person{label: "Anna"}})
			return row.by(w)()
		}
		for _, ex := range row.taken {
			evidence, err := judged(ex)
			require.NoError(t, err, "%s: %d %s", name, ex.Status, ex.Body)
			require.NotEmpty(t, evidence, name)
		}
		for says, ex := range row.not {
			_, err := judged(ex)
			require.ErrorContains(t, err, says, "%s: %d %s", name, ex.Status, ex.Body)
		}
	}
}

// Two refusals are alike when nothing but their ids tells them apart.
func TestWhenTwoRefusalsAreAlike(t *testing.T) {
	const same = `{"id":"1","code":"INVALID_DATA","message":"no","details":[{"code":"INVALID_VALUE"}]}`
	first := said(400, same, "Content-Type", "application/json; charset=utf-8")
	for says, second := range map[string]*client.Exchange{
		"":                          said(400, `{"id":"2","details":[{"code":"INVALID_VALUE"}],"message":"no","code":"INVALID_DATA"}`, "Content-Type", "APPLICATION/JSON;charset=UTF-8"),
		"wanted 400, got 404":       said(404, same, "Content-Type", "application/json; charset=utf-8"),
		"the same message":          said(400, `{"id":"1","code":"INVALID_DATA","message":"nobody","details":[{"code":"INVALID_VALUE"}]}`, "Content-Type", "application/json; charset=utf-8"),
		"the same details":          said(400, `{"id":"1","code":"INVALID_DATA","message":"no","details":[{"code":"NO_SUCH_USER"}]}`, "Content-Type", "application/json; charset=utf-8"),
		"the same hint":             said(400, `{"id":"1","code":"INVALID_DATA","message":"no","details":[{"code":"INVALID_VALUE"}],"hint":1}`, "Content-Type", "application/json; charset=utf-8"),
		"the same Content-Type":     said(400, same, "Content-Type", "text/html"),
		"the same Retry-After":      said(400, same, "Content-Type", "application/json; charset=utf-8", "Retry-After", "3"),
		"the same WWW-Authenticate": said(400, same, "Content-Type", "application/json; charset=utf-8", "WWW-Authenticate", "Basic"),
		"the same Location":         said(400, same, "Content-Type", "application/json; charset=utf-8", "Location", "/x"),
	} {
		w := bare()
		w.try(credentials, &attempt{by: priya, answer: first})
		w.try(credentials, &attempt{by: priya, answer: second})
		evidence, err := w.refusesBothAlike()
		if says == "" {
			require.NoError(t, err)
			require.Len(t, evidence, 2)
			continue
		}
		require.ErrorContains(t, err, says)
	}
	w := bare()
	for range 2 {
		w.try(credentials, &attempt{by: priya, answer: said(200, same)})
	}
	_, err := w.refusesBothAlike()
	require.ErrorContains(t, err, "wanted a refusal")
}

// flowing is Anna in a sign-on to Example Bank.
func flowing() (*World, *Person, *Application) {
	w := bare()
	a := &Application{label: "Example Bank", redirectURI: "https://bank.example.com/callback", created: said(201, `{"id":"app"}`)}
	p := &Person{label: "Anna", app: a, authorize: url.Values{"state": {"s"}}, flow: said(200, `{"status":"OTP_REQUIRED"}`), created: said(201, `{"id":"anna"}`)}
	a.resumed = p
	w.people["Anna"], w.apps["Example Bank"], w.actor, w.starter = p, a, p, p
	return w, p, a
}

// An application gets the code where it is registered, with the state that was sent and no error.
func TestWhenAnApplicationHasItsCode(t *testing.T) {
	for _, row := range []struct {
		answer     *client.Exchange
		says, none string // "" for what holds
	}{
		{redirect("https://bank.example.com/callback?code=1&state=s"), "", "wanted no authorization code, got one"},
		{redirect("https://bank.example.com/callback/?code=1&state=s"), "", "wanted no authorization code, got one"},
		{said(200, `{"authorizeResponse":{"code":"1","state":"s"}}`), "", "wanted no authorization code, got one"},
		{redirect("https://bank.example.com/callback?error=access_denied&code=1&state=s"), "wanted no error, got access_denied", "wanted no authorization code, got one"},
		{redirect("https://thief.example.com/callback?code=1&state=s"), "wanted https://bank.example.com/callback", "wanted no authorization code, got one"},
		{redirect("http://bank.example.com/callback?code=1&state=s"), "wanted https://bank.example.com/callback", "wanted no authorization code, got one"},
		{redirect("https://bank.example.com/elsewhere?code=1&state=s"), "wanted https://bank.example.com/callback", "wanted no authorization code, got one"},
		{redirect("https://bank.example.com/callback?code=1&state=other"), "state: wanted", "wanted no authorization code, got one"},
		{redirect("https://bank.example.com/callback?code=1"), "state: wanted", "wanted no authorization code, got one"},
		{redirect("https://bank.example.com/callback?state=s"), "the answer to resuming the authorization of Anna", ""},
		{said(400, refusal("INVALID_DATA", "")), "the answer to resuming the authorization of Anna", ""},
	} {
		where := row.answer.Header.Get("Location")
		w, p, a := flowing()
		p.resumed = row.answer
		_, err := w.receivesNoCode(t.Context(), a)
		holds(t, err, row.none, where)
		_, err = w.receivesCode(a)
		holds(t, err, row.says, where)
		if row.says == "" {
			require.Equal(t, "1", a.code.value)
			_, err = w.getsBackState(a, "s")
			require.NoError(t, err)
			_, err = w.getsBackState(a, "another")
			require.ErrorContains(t, err, "state: wanted")
		}
	}
	w, p, a := flowing()
	a.redirectURI, p.resumed = "https://bank.example.com:x/", redirect("https://bank.example.com/callback?code=1&state=s")
	_, err := w.receivesCode(a)
	require.ErrorContains(t, err, "the redirect URI of Example Bank is no URL")
}

func holds(t *testing.T, err error, says string, about ...any) {
	t.Helper()
	if says == "" {
		require.NoError(t, err, about...)
		return
	}
	require.ErrorContains(t, err, says, about...)
}

// What an authorization request may lead to when nobody may be signed on.
func TestWhatBecomesOfAnAuthorizationRequest(t *testing.T) {
	for _, row := range []struct {
		start                   *client.Exchange
		waiting, standing, asks string // what is said of no flow that waits, of where it stands, and of who is asked for
	}{
		{said(400, refusal("INVALID_DATA", "")), "", "", "wanted SIGN_ON_REQUIRED"},
		{redirect("https://bank.example.com/callback?error=login_required"), "", "", "wanted SIGN_ON_REQUIRED"},
		{said(200, `{"id":"f","status":"SIGN_ON_REQUIRED"}`), "wanted a refusal and no flow", "", ""},
		{said(200, `{"id":"f","status":"USERNAME_PASSWORD_REQUIRED"}`), "wanted a refusal and no flow", "", ""},
		{said(200, `{"id":"f","status":"OTP_REQUIRED"}`), "wanted a refusal and no flow", "wanted no flow that goes on, got OTP_REQUIRED", "wanted SIGN_ON_REQUIRED"},
		{said(200, `{"id":"f","status":"DEVICE_SELECTION_REQUIRED"}`), "wanted a refusal and no flow", "wanted no flow that goes on", "wanted SIGN_ON_REQUIRED"},
		{said(200, `{"id":"f","status":"COMPLETED"}`), "wanted a refusal and no flow", "wanted no flow that goes on", "wanted SIGN_ON_REQUIRED"},
		{said(500, `{}`), "wanted a refusal and no flow", "wanted a refusal", "wanted a refusal"},
		{redirect("https://bank.example.com/callback?code=1"), "wanted a refusal and no flow", "wanted no authorization code, got one", "wanted no authorization code, got one"},
		{said(200, `{"authorizeResponse":{"code":"1"}}`), "wanted a refusal and no flow", "wanted no authorization code, got one", "wanted no authorization code, got one"},
		{redirect("https://bank.example.com/callback#error=unsupported_response_type"), "", "", "wanted SIGN_ON_REQUIRED"},
		{redirect("https://bank.example.com/callback#state=x"), "wanted a refusal and no flow", "wanted a redirect with an error, or to a flow", "wanted a redirect with an error, or to a flow"},
		{redirect("https://bank.example.com/callback"), "wanted a refusal and no flow", "wanted a redirect with an error, or to a flow", "wanted a redirect with an error, or to a flow"},
		{redirect("https://apps.pingone.com/signon/?error=x&flowId=00000000-0000-4000-8000-000000000001"), "wanted a refusal and no flow", "-", "-"},
	} {
		w, p, _ := flowing()
		p.start = row.start
		about := string(row.start.Body) + row.start.Header.Get("Location")
		_, err := w.noFlowIsWaiting(t.Context(), p)
		holds(t, err, row.waiting, about)
		if row.standing == "-" {
			continue
		}
		_, err = w.noFlowWaitsForPasscode(t.Context(), p)
		holds(t, err, row.standing, about)
		_, err = w.asksWhoIsThere(t.Context())
		holds(t, err, row.asks, about)
	}
}
