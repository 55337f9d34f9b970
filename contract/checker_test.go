package contract

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/internal/plain"
)

func TestCallsAreFoundByMethodAddressAndMediaType(t *testing.T) {
	const api, auth = "https://api.pingone.com/v1/environments/" + environmentID, "https://auth.pingone.com/" + environmentID
	for _, row := range []struct{ method, address, media, want string }{
		{"POST", api + "/applications", "application/json", "Create Application"},
		{"GET", api + "/applications?limit=5", "", "List Applications"},
		{"GET", api + "/applications/" + applicationID, "", "Read Application"},
		{"GET", api + "/applications/" + applicationID + "/secret", "", "Read Application Secret"},
		{"PUT", api + "/users/" + userID + "/password", "application/vnd.pingidentity.password.set+json", "Set Password"},
		{"PUT", api + "/users/" + userID + "/password", "application/json", "Change Password"},
		{"POST", api + "/users/" + userID + "/devices", "application/json", "Create Device"},
		{"POST", api + "/users/" + userID + "/devices", "application/vnd.pingidentity.devices.reorder+json", "Reorder Devices"},
		{"POST", auth + "/flows/" + flowID, "application/vnd.pingidentity.otp.check+json", "Check One-Time Passcode"},
		{"POST", auth + "/flows/" + flowID, "application/vnd.pingidentity.OTP.check+json; charset=UTF-8", "Check One-Time Passcode"},
		{"POST", auth + "/flows/" + flowID, "application/json", ""},
		{"POST", auth + "/flows/" + flowID, "application/vnd.pingidentity.user.dance+json", "Flow Action user.dance"},
		{"POST", "https://login.example.com/flows/" + flowID, "application/vnd.PingIdentity.user.dance+json", "Flow Action user.dance"},
		{"PUT", auth + "/flows/" + flowID, "application/vnd.pingidentity.user.dance+json", ""},
		{"POST", auth + "/flows/" + flowID, "application/vnd.others.user.dance+json", ""},
		{"POST", api + "/users/" + userID, "application/vnd.pingidentity.user.dance+json", ""},
		{"POST", api + "/users/" + userID + "/password", "application/vnd.pingidentity.user.dance+json", "Check Password"},
		{"GET", auth + "/flows/" + flowID, "", "Read Flow"},
		{"GET", "https://login.example.com/flows/" + flowID, "", "Read Flow"},
		{"POST", "https://login.example.com/as/token", form, "Get Token"},
		{"GET", "https://proxy.example.com/pingone/v1/environments/" + environmentID, "", "Read Environment"},
		{"POST", api + "/users/" + userID + "/mfaEnabled", "application/json", ""},
		{"GET", api + "/gateways", "", ""},
	} {
		t.Run(row.method+" "+row.address+" "+row.media, func(t *testing.T) {
			u, err := url.Parse(row.address)
			require.NoError(t, err)
			op, _, _ := find(knownCalls(), client.Request{Method: row.method, URL: u, Header: http.Header{"Content-Type": {row.media}}})
			if row.want == "" {
				require.Nil(t, op)
				return
			}
			require.NotNil(t, op)
			require.Equal(t, row.want, op.name)
		})
	}
}

func TestACallThatIsNotListedIsObservedOnly(t *testing.T) {
	ex := readExample(t, "read-application").exchange(t)
	ex.Request.URL.Path = "/v1/environments/" + environmentID + "/gateways"
	report := NewChecker().Check(ex)
	require.NoError(t, report.Err())
	require.Len(t, report.Observations, 1)
	require.Equal(t, ruleUnlisted, report.Observations[0].Rule)
}

// halTo answers application/hal+json to a request with an Accept header.
func halTo(accept string) func(*client.Exchange) {
	return func(ex *client.Exchange) {
		ex.Request.Header.Set("Accept", accept)
		header("Content-Type", "application/hal+json")(ex)
	}
}

func TestHALToWhoeverAcceptsAnythingIsNoObservation(t *testing.T) {
	e := readExample(t, "read-application")
	ex := e.exchange(t)
	halTo("*/*")(ex)
	report := e.after(t).Check(ex)
	require.NoError(t, report.Err())
	for _, o := range report.Observations {
		require.NotEqual(t, "header Content-Type", o.Where)
	}
}

func TestWhatThePagesLeaveOpenIsObserved(t *testing.T) {
	for _, row := range []struct {
		what, example string
		by            func(*client.Exchange)
		where, got    string
	}{
		{"200 for a device", "create-sms-device", status(200), "answer", "Create Device 200"},
		{"201 for a device", "create-sms-device", status(201), "answer", "Create Device 201"},
		{"204 for mfaEnabled", "enable-mfa", func(ex *client.Exchange) { ex.Status, ex.Body = 204, nil }, "status", "204"},
		{"an unknown member", "create-user", replace(`"username"`, `"shoeSize":42,"username"`), "/shoeSize", "a number"},
		{"an unknown member deep down", "create-user", replace(`"canAuthenticate"`, `"mood":"good","canAuthenticate"`), "/account/mood", "a text"},
		{"default as the text it was sent as", "create-sign-on-policy", replace(`"default":false`, `"default":"false"`), "/default", `"false"`},
		{"an unknown detail code", "error-no-token", replace(`"INVALID_TOKEN"`, `"TOKEN_RETIRED"`), "/details/0/code", `"TOKEN_RETIRED"`},
		{"an unknown error in a redirect", "resume", header("Location", "https://shop.example.com/callback?error=oops&state=a%20state"), "/Location/error", `"oops"`},
		{"an unknown link to anywhere", "create-population", replace(`"self":{`, `"help":{"href":"https://docs.example.com/"},"self":{`), "/_links", "an unknown link, help"},
		{"a new value of an enumeration", "create-user", replace(`"NOT_INITIATED"`, `"REQUESTED"`), "/verifyStatus", `"REQUESTED"`},
		{"a new state of what was there", "read-user", replace(`"status":"OK"`, `"status":"UNDER_REVIEW"`), "/account/status", `"UNDER_REVIEW"`},
		{"hal+json for whoever asks for JSON", "read-application", halTo("application/json"), "header Content-Type", "application/hal+json"},
		{"a list without counts", "list-scopes", replace(`"count":1,"size":1`, `"more":true`), "/count", nothing},
		{"an empty list without items", "list-scopes", body(`{"_links":{"self":{"href":"https://api.pingone.com/v1/environments/` + environmentID + `/resources/b0000000-0000-4000-8000-000000000001/scopes"}},"count":0}`), "/_embedded/scopes", nothing},
		{"a wrong password's detail code", "error-wrong-password", status(400), "status", "400 INVALID_DATA INVALID_VALUE username"},
		{"the older detail code", "error-wrong-password", replace("INVALID_VALUE", "INVALID_CREDENTIALS"), "status", "400 INVALID_DATA INVALID_CREDENTIALS username"},
		{"a conflict", "error-conflict", status(409), "status", "409 UNIQUENESS_VIOLATION"},
		{"a cookie's form", "authorize", header("Set-Cookie", "ST=1; Path=/; Expires=Thu, 15 Jan 2026 09:15:00 GMT; HttpOnly; SameSite=Lax"), "cookie ST", "Path=/, HttpOnly, SameSite=Lax"},
		{"303 for a redirect", "authorize", status(303), "status", "303"},
		{"a plain http self link", "read-flow", replace(`"self":{"href":"https:`, `"self":{"href":"http:`), "/_links/self/href", `"http://auth.pingone.com/` + environmentID + `/flows/f0000000-0000-4000-800…`},
		{"what names an attribute", "flow-profile-data-required", replace(`"name":"mobilePhone"`, `"schemaPropertyName":"mobilePhone"`), "/_embedded/attributes", "schemaPropertyName"},
		{"an error status that is not listed", "error-not-found", status(410), "status", "410"},
		{"a gateway's refusal", "error-forbidden", gateway, "/code", "a gateway's, with a message only"},
		{"a 503 without a body", "error-unexpected", func(ex *client.Exchange) { ex.Status, ex.Body = 503, nil }, "header Retry-After", nothing},
		{"an OAuth error of authorize", "authorize", oauthRefusal, "refusal", "400 invalid_request, an OAuth error"},
	} {
		t.Run(row.what, func(t *testing.T) {
			e := readExample(t, row.example)
			ex := e.exchange(t)
			ex.Body = compact(t, ex.Body)
			row.by(ex)
			report := e.after(t).Check(ex)
			require.NoError(t, report.Err())
			var seen []string
			for _, o := range report.Observations {
				require.True(t, strings.HasPrefix(o.Source, "https://"), "%s has no source", o.Rule)
				seen = append(seen, o.Where+": "+o.Got)
			}
			require.Contains(t, seen, row.where+": "+row.got)
		})
	}
}

func gateway(ex *client.Exchange) {
	ex.Request.Method = "PATCH"
	ex.Body = []byte(`{"message":"The gateway does not know this."}`)
}

func oauthRefusal(ex *client.Exchange) {
	ex.Status, ex.Header = 400, http.Header{"Content-Type": {"application/json"}}
	ex.Body = []byte(`{"error":"invalid_request","error_description":"No. (Correlation ID: 1)"}`)
}

func TestADeletedThingThatIsStillThereIsObserved(t *testing.T) {
	checker := NewChecker()
	for _, name := range []string{"create-application", "delete-application"} {
		require.NoError(t, checker.Check(readExample(t, name).exchange(t)).Err())
	}
	report := checker.Check(readExample(t, "read-application").exchange(t))
	require.NoError(t, report.Err())
	require.Condition(t, func() bool {
		for _, o := range report.Observations {
			if o.Where == "status" && o.Got == "200" {
				return true
			}
		}
		return false
	}, "nothing says that the application is still there")
}

func TestTheBuiltInResourcesHaveTheirScopes(t *testing.T) {
	checker := NewChecker()
	require.NoError(t, checker.Check(readExample(t, "list-resources").exchange(t)).Err())
	require.ErrorContains(t, checker.Check(readExample(t, "list-scopes").exchange(t)).Err(), "want the scope profile")
	require.NoError(t, NewChecker().Check(readExample(t, "list-scopes").exchange(t)).Err(), "of a resource that is not known")
}

func TestAnUpdateReplacesWhatIsRemembered(t *testing.T) {
	checker := NewChecker()
	require.NoError(t, checker.Check(readExample(t, "create-application").exchange(t)).Err())
	update := readExample(t, "create-application").exchange(t)
	update.Request.Method, update.Request.URL.Path, update.Status = "PUT", update.Request.URL.Path+"/"+applicationID, 200
	rename := func(text []byte) []byte {
		return []byte(strings.ReplaceAll(string(text), "Example Shop", "Another Shop"))
	}
	update.Body, update.Request.Body = rename(update.Body), rename(update.Request.Body)
	require.NoError(t, checker.Check(update).Err())
	read := readExample(t, "read-application").exchange(t)
	require.ErrorContains(t, checker.Check(read).Err(), `/name is not what it was before (want "Another Shop", got "Example Shop")`)
	read.Body = rename(read.Body)
	require.NoError(t, checker.Check(read).Err())
}

func TestAPatchMergesIntoWhatIsRemembered(t *testing.T) {
	checker := NewChecker()
	require.NoError(t, checker.Check(readExample(t, "create-user").exchange(t)).Err())
	patch := readExample(t, "read-user").exchange(t)
	patch.Request.Method, patch.Request.Body = "PATCH", []byte(`{"mobilePhone":"+1.5125550111","name":{"given":"Anne"}}`)
	patch.Request.Header.Set("Content-Type", "application/json")
	patch.Body = []byte(strings.Replace(string(patch.Body), `"given": "Anna"`, `"given": "Anne"`, 1))
	require.NoError(t, checker.Check(patch).Err())
	read := readExample(t, "read-user").exchange(t)
	require.ErrorContains(t, checker.Check(read).Err(), "/name/given is not what it was before")
	disable := readExample(t, "read-user").exchange(t)
	disable.Request.Method, disable.Request.Body = "PATCH", []byte(`{"enabled":false,"name":{"given":"Anna"}}`)
	disable.Request.Header.Set("Content-Type", "application/json")
	require.ErrorContains(t, checker.Check(disable).Err(), "/enabled is not what was sent")
	disable.Body = []byte(strings.Replace(string(disable.Body), `"enabled": true`, `"enabled": false`, 1))
	require.NoError(t, checker.Check(disable).Err())
	require.ErrorContains(t, checker.Check(read).Err(), "/enabled is not what it was before")
	patch.Body = []byte(strings.Replace(string(patch.Body), `"email": "anna@example.com"`, `"email": "anne@example.com"`, 1))
	require.ErrorContains(t, checker.Check(patch).Err(), "/email is not what it was before", "a patch leaves the rest alone")
}

func TestAReportNamesTheCallThePlaceAndThePage(t *testing.T) {
	ex := readExample(t, "create-application").exchange(t)
	ex.Body = []byte(strings.Replace(string(ex.Body), `"https://shop.example.com/callback"`, `"https://shop.example.com/back"`, 1))
	require.EqualError(t, NewChecker().Check(ex).Err(), "POST /v1/environments/"+environmentID+"/applications answered 201: "+
		`/redirectUris is not what was sent (want ["https://shop.example.com/callback"], got ["https://shop.example.com/back"]) [documented: `+pageApplication+`]`)
	ex.Body = []byte(`{}`)
	for range 20 {
		require.EqualError(t, NewChecker().Check(ex).Err(), "POST /v1/environments/"+environmentID+"/applications answered 201: /_links is missing [documented: "+pageApplication+"]; "+
			"and 14 more places: /createdAt, /description, /enabled, /environment, …", "one fault, one text")
	}
}

func TestObservationsAreCountedOnce(t *testing.T) {
	seen := NewObservations()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			checker := NewChecker()
			seen.Add(checker.Check(readExample(t, "create-sms-device").exchange(t)))
			seen.Outcome("a wrong password", "400")
		})
	}
	all.Wait()
	var text strings.Builder
	seen.Print(&text)
	require.Contains(t, text.String(), "   8 × Any call whose pages differ, answer: Create Device 201\n       contract (inferred): 201 for a device, one page says 200 — "+pageDevice)
	require.Contains(t, text.String(), "   8 × a wrong password: 400\n")

	text.Reset()
	NewObservations().Print(&text)
	require.Equal(t, "nothing was observed beyond the documents\n", text.String())
}

// BenchmarkJourney checks the exchanges of about one journey: see design, "Numbers to hold".
func BenchmarkJourney(b *testing.B) {
	var journey []*client.Exchange
	for _, name := range []string{
		"create-application", "read-application-secret", "list-resources", "list-scopes", "create-grant", "create-sign-on-policy", "create-login-action",
		"create-profiling-action", "assign-sign-on-policy", "create-population", "create-user", "set-password", "enable-mfa", "create-sms-device", "authorize", "read-flow",
		"flow-otp-required", "flow-completed", "resume", "read-user", "read-application", "list-users", "delete-application", "error-not-found", "discovery",
	} {
		journey = append(journey, readExample(b, name).exchange(b))
	}
	b.ReportAllocs()
	for b.Loop() {
		checker := NewChecker()
		for _, ex := range journey {
			checker.Check(ex)
		}
	}
}

// Nobody reads a million findings, and nobody has the memory for them: of an answer that goes on and on, some are kept.
func TestHowManyFindingsAreKept(t *testing.T) {
	of := func(times int, each func(i int) string) string {
		all := make([]string, times)
		for i := range all {
			all[i] = each(i)
		}
		return strings.Join(all, ",")
	}
	member := func(i int) string { return `"m` + strconv.Itoa(i) + `":` }
	for what, row := range map[string]struct {
		example, body    string
		violated, viewed int
	}{
		"items that lack everything": {"list-scopes", `{"_embedded":{"scopes":[` + of(20_000, func(int) string { return "{}" }) + `]}}`, mostViolations, -1},
		"items that are none":        {"list-scopes", `{"_embedded":{"scopes":[` + of(20_000, strconv.Itoa) + `]}}`, mostViolations, -1},
		"a list of no texts":         {"read-application", `{"redirectUris":[` + of(20_000, strconv.Itoa) + `]}`, mostViolations, -1},
		"secrets":                    {"read-application", `{"x":[` + of(20_000, func(int) string { return `{"secret":"abcdefgh"}` }) + `]}`, mostViolations, -1},
		"members that nobody names":  {"read-application", `{` + of(20_000, func(i int) string { return member(i) + "0" }) + `}`, -1, mostObservations},
		"members that are null":      {"read-application", `{` + of(20_000, func(i int) string { return member(i) + "null" }) + `}`, -1, mostObservations},
		"links that nobody names":    {"read-application", `{"_links":{` + of(20_000, func(i int) string { return member(i) + `{"href":"x"}` }) + `}}`, -1, mostObservations},
	} {
		t.Run(what, func(t *testing.T) {
			ex := readExample(t, row.example).exchange(t)
			ex.Body = []byte(row.body)
			report := NewChecker().Check(ex)
			if row.violated >= 0 {
				require.Len(t, report.Violations, row.violated)
			}
			if row.viewed >= 0 {
				require.Len(t, report.Observations, row.viewed)
			}
			seen := NewObservations()
			seen.Add(report)
			for i := range report.Observations {
				report.Observations[i].Operation = "Another"
			}
			seen.Add(report)
			require.LessOrEqual(t, len(seen.seen), mostObservations)
		})
	}
}

// What a finding shows of an answer is no longer than a line, however long the names and texts of the answer are.
func TestHowLongAFindingIs(t *testing.T) {
	ex := readExample(t, "read-application").exchange(t)
	long := strings.Repeat("x", 1<<20)
	ex.Body = []byte(`{"` + long + `":1,"id":"` + long + `","_links":{"` + long + `":{"href":"` + long + `"}}}`)
	report := NewChecker().Check(ex)
	require.NotEmpty(t, report.Violations)
	require.NotEmpty(t, report.Observations)
	for _, f := range append(report.Violations, report.Observations...) {
		require.Less(t, len(f.Where)+len(f.Want)+len(f.Got), 4*plain.MaxLine)
	}
}
