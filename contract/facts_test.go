package contract

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// after checks an example, changed, after what comes before it.
func after(t *testing.T, name string, by func(*client.Exchange)) Report {
	t.Helper()
	e := readExample(t, name)
	ex := e.exchange(t)
	ex.Body = compact(t, ex.Body)
	if by != nil {
		by(ex)
	}
	return e.after(t).Check(ex)
}

// media says which action is asked for.
func media(action string) func(*client.Exchange) {
	return func(ex *client.Exchange) { ex.Request.Header.Set("Content-Type", vnd+action) }
}

// wants are what was expected at a place of the facts that were observed.
func wants(r Report, where string) []string {
	var all []string
	for _, f := range r.Observations {
		if f.Rule == ruleFact && f.Where == where {
			all = append(all, f.Want+": "+f.Got)
		}
	}
	return all
}

// With which status and codes PingOne refuses is not all documented: what is open is observed, in one line, and nothing else.
func TestWhichRefusalsAreOpen(t *testing.T) {
	coded := func(code string) func(*client.Exchange) { return replace(`"INVALID_VALUE"`, `"`+code+`"`) }
	for _, row := range []struct {
		what, example string
		by            func(*client.Exchange)
		observed      string
	}{
		{"a wrong password", "error-wrong-password", nil, "400 INVALID_VALUE or INVALID_CREDENTIALS for a wrong password: 400 INVALID_DATA INVALID_VALUE username"},
		{"a wrong password, in the older word", "error-wrong-password", coded("INVALID_CREDENTIALS"), "400 INVALID_VALUE or INVALID_CREDENTIALS for a wrong password: 400 INVALID_DATA INVALID_CREDENTIALS username"},
		{"a locked account", "error-locked-out", nil, "400 PASSWORD_LOCKED_OUT after too many wrong passwords: 400 INVALID_DATA PASSWORD_LOCKED_OUT password"},
		{"a wrong passcode", "error-wrong-password", coded("INVALID_OTP"), "400 INVALID_OTP for a wrong passcode, perhaps with the attempts left: 400 INVALID_DATA INVALID_OTP username"},
		{"too many passcodes", "error-wrong-password", coded("QUOTA_EXCEEDED"), "400 or 429 QUOTA_EXCEEDED after too many wrong passcodes: 400 INVALID_DATA QUOTA_EXCEEDED username"},
		{"too many passcodes, in another word", "error-wrong-password", coded("LIMIT_EXCEEDED"), "400 or 429 LIMIT_EXCEEDED after too many wrong passcodes: 400 INVALID_DATA LIMIT_EXCEEDED username"},
		{"nobody to send one to", "error-wrong-password", coded("NO_USABLE_DEVICES"), "NO_USABLE_DEVICES, perhaps in a flow that FAILED: 400 INVALID_DATA NO_USABLE_DEVICES username"},
		{"what is missing", "error-wrong-password", coded("REQUIRED_VALUE"), "400 REQUIRED_VALUE or EMPTY_VALUE for what is missing: 400 INVALID_DATA REQUIRED_VALUE username"},
		{"what is empty", "error-wrong-password", coded("EMPTY_VALUE"), "400 REQUIRED_VALUE or EMPTY_VALUE for what is missing: 400 INVALID_DATA EMPTY_VALUE username"},
		{"what cannot be done", "error-wrong-password", coded("CONSTRAINT_VIOLATION"), "400 CONSTRAINT_VIOLATION for what cannot be done, message unknown: 400 INVALID_DATA CONSTRAINT_VIOLATION username"},
		{"a code of which nothing is open", "error-wrong-password", coded("OUT_OF_RANGE"), ""},
		{"two details, in either order", "error-wrong-password", replace(`"details":[`, `"details":[{"code":"OUT_OF_RANGE","message":"m"},`), "400 INVALID_VALUE or INVALID_CREDENTIALS for a wrong password: 400 INVALID_DATA INVALID_VALUE username, OUT_OF_RANGE"},
		{"two details that are both open", "error-wrong-password", replace(`"details":[`, `"details":[{"code":"INVALID_OTP","message":"m"},`), "400 INVALID_OTP for a wrong passcode, perhaps with the attempts left: 400 INVALID_DATA INVALID_OTP, INVALID_VALUE username"},
		{"refused profile data", "error-wrong-password", both(media("user.update+json"), sent(`{"email":"x"}`)), ""},
		{"the same detail outside a flow", "error-required-value", nil, ""},
		{"a conflict", "error-conflict", nil, "400 UNIQUENESS_VIOLATION by the vendor's example: 409 UNIQUENESS_VIOLATION"},
		{"a conflict in a flow", "error-wrong-password", status(409), "400 UNIQUENESS_VIOLATION by the vendor's example: 409 INVALID_DATA INVALID_VALUE username"},
		{"a media type", "error-media-type", nil, "405 for a method, 415 for a media type; reports differ: 415 INVALID_REQUEST"},
		{"a method", "error-method", nil, "405 for a method, 415 for a media type; reports differ: 405 INVALID_REQUEST"},
		{"a method that this address takes otherwise", "error-required-value", both(status(405), replace(`"INVALID_DATA"`, `"INVALID_REQUEST"`)), "405 for a method, 415 for a media type; reports differ: 405 INVALID_REQUEST REQUIRED_VALUE name"},
		{"a call that is not known", "error-not-found", func(ex *client.Exchange) { ex.Request.Method = "PATCH" }, "405 for a method, 415 for a media type; reports differ: 404 NOT_FOUND"},
		{"a flow without its cookie", "error-no-token", func(ex *client.Exchange) { ex.Request.URL.Path = "/" + environmentID + "/flows/" + flowID }, "401 without the session cookie, in reports: 401 ACCESS_FAILED INVALID_TOKEN Authentication Credentials"},
		{"a call without a token", "error-no-token", nil, ""},
		{"too many calls", "error-too-many", nil, "400 or 429: sources differ: 429 REQUEST_LIMITED LIMIT_EXCEEDED"},
		{"what is not there", "error-not-found", nil, ""},
		{"what nobody expects", "error-unexpected", nil, ""},
		{"what nobody expects of a call that is not known", "error-unexpected", func(ex *client.Exchange) { ex.Request.URL.Path = "/elsewhere" }, ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			report := after(t, row.example, row.by)
			require.NoError(t, report.Err())
			require.Equal(t, row.observed, strings.Join(slices.DeleteFunc(wants(report, "status"), func(s string) bool { return strings.Contains(s, " for INVALID_DATA: ") }), "; "))
		})
	}
}

// What no page says is told of where it can be seen, and nowhere else.
func TestWhichFactsAreObserved(t *testing.T) {
	const population = "https://api.pingone.com/v1/environments/" + environmentID + "/populations/b1000000-0000-4000-8000-000000000001"
	ends := func(at string) func(*client.Exchange) {
		return replace(`"expiresAt":"2026-01-15T09:15:00`, `"expiresAt":"2026-01-15T`+at)
	}
	cookie := func(line string) func(*client.Exchange) { return header("Set-Cookie", line) }
	sentToo := func(member string) func(*client.Exchange) {
		return func(ex *client.Exchange) {
			ex.Request.Body = []byte(strings.Replace(string(ex.Request.Body), "{", "{"+member+",", 1))
		}
	}
	for _, row := range []struct {
		what, example string
		by            func(*client.Exchange)
		where, got    string // got is "" for nothing
	}{
		{"200 for mfaEnabled", "enable-mfa", nil, "answer", "Update MFA Enabled 200"},
		{"a user's MFA", "create-user", nil, "answer", "Create User mfaEnabled false; Create User lifecycle ACCOUNT_OK"},
		{"a user that is read", "read-user", nil, "answer", ""},
		{"a user that is refused", "create-user", func(ex *client.Exchange) { *ex = *readExample(t, "error-required-value").exchange(t) }, "answer", ""},
		{"a setting that was sent", "create-application", both(sentToo(`"idpSignoff":true`), replace(`"idpSignoff":false`, `"idpSignoff":true`)), "/idpSignoff", ""},
		{"a setting that is as in the example", "create-application", nil, "/parRequirement", ""},
		{"a setting that is not", "create-application", replace(`"parRequirement":"OPTIONAL"`, `"parRequirement":"REQUIRED"`), "/parRequirement", `"REQUIRED"`},
		{"a setting that is not shown", "create-application", replace(`"parRequirement":"OPTIONAL",`, ``), "/parRequirement", ""},
		{"an application that is read", "read-application", replace(`"parTimeout":60`, `"parTimeout":61`), "/parTimeout", ""},
		{"no Location", "create-population", nil, "header Location", "none"},
		{"a Location", "create-population", header("Location", population), "header Location", "the self link"},
		{"a Location with a slash more", "create-population", header("Location", population+"/"), "header Location", "the self link"},
		{"a Location of what was only read", "read-application", header("Location", "https://elsewhere.example.com/"), "header Location", ""},
		{"a flow's life", "authorize-in-pi-flow", nil, "/expiresAt", ""},
		{"a flow's longer life", "authorize-in-pi-flow", ends("09:30:00"), "/expiresAt", "about 30 minutes"},
		{"a flow's longer life, later", "read-flow", ends("09:30:00"), "/expiresAt", ""},
		{"a test device's passcode that is not shown", "flow-otp-required", nil, "/test/otp", ""},
		{"a session cookie", "authorize", nil, "cookie ST", "Path=/{environment}, Max-Age=2592000, HttpOnly, Secure, SameSite=None"},
		{"a session cookie with a domain", "authorize", cookie("ST=1; Domain=pingone.com; Path=/; HttpOnly"), "cookie ST", "Path=/, HttpOnly"},
		{"the other session cookie", "authorize", cookie("ST-NO-SS=1; Path=/; HttpOnly"), "cookie ST-NO-SS", "Path=/, HttpOnly"},
		{"a cookie of another name", "authorize", cookie("language=en"), "cookie language", ""},
		{"a cookie that is none", "authorize", cookie("ST"), "cookie ST", ""},
		{"the first session cookie", "authorize", nil, "first cookie ST", "set first by Authorize"},
		{"the first session cookie, once more", "resume", cookie("ST=1; Path=/; HttpOnly"), "first cookie ST", ""},
		{"a cookie outside a sign-on", "read-application", cookie("ST=1"), "cookie ST", ""},
		{"JSON for whoever asks for it", "read-application", func(ex *client.Exchange) { ex.Request.Header.Set("Accept", "application/json") }, "header Content-Type", ""},
		{"a flow with attributes of both names", "flow-profile-data-required", replace(`"name":"mobilePhone"`, `"name":"mobilePhone","schemaPropertyName":"mobilePhone"`), "/_embedded/attributes", "name and schemaPropertyName"},
		{"a flow without a prompt", "flow-otp-required", nil, "/_embedded/attributes", ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			report := after(t, row.example, row.by)
			require.NoError(t, report.Err())
			var got []string
			for _, f := range report.Observations {
				if f.Rule == ruleFact && f.Where == row.where {
					got = append(got, f.Got)
				}
			}
			require.Equal(t, row.got, strings.Join(got, "; "))
		})
	}
}

func TestAPasswordIsAcceptedWithACookie(t *testing.T) {
	none := func(story ...answered) bool { return len(wants(told(t, story...), "cookie ST")) > 0 }
	user, waiting := answered{"create-user", nil}, answered{"flow-otp-required", nil}
	require.True(t, none(user, answered{"create-sms-device", nil}, waiting), "none so far")
	require.False(t, none(user, answered{"create-sms-device", nil}, answered{"authorize", nil}, waiting))
	require.False(t, none(user, answered{"create-sms-device", nil}, answered{"flow-otp-required", header("Set-Cookie", "other=1")}))
	require.False(t, none(user, answered{"create-sms-device", nil}, answered{"flow-completed", nil}), "a passcode is no password")
	require.False(t, none(user, answered{"error-wrong-password", nil}))
}

func TestAPasscodeOfATestDeviceIsToldOf(t *testing.T) {
	testing := func(ex *client.Exchange) {
		ex.Request.Body = []byte(strings.Replace(string(ex.Request.Body), `"type"`, `"testMode":true,"type"`, 1))
	}
	seen := func(by func(*client.Exchange), last string, device func(*client.Exchange)) string {
		report := told(t, answered{"create-user", nil}, answered{"create-sms-device", device}, answered{"authorize", nil}, answered{last, by})
		require.NoError(t, report.Err())
		return strings.Join(wants(report, "/test/otp"), "; ")
	}
	shown := replace(`"bypassAllowed"`, `"test":{"otp":"123456"},"bypassAllowed"`)
	require.Contains(t, seen(shown, "flow-otp-required", testing), ": test.otp, text")
	require.Contains(t, seen(nil, "flow-otp-required", testing), ": no test.otp")
	require.Empty(t, seen(nil, "flow-otp-required", nil), "of no test device")
	require.Empty(t, seen(nil, "flow-completed", testing), "nothing waits for it")
}

func TestWhatWasCreatedIsAtItsLocation(t *testing.T) {
	for location, kept := range map[string]bool{
		"https://api.pingone.com/v1/environments/" + environmentID + "/populations/b1000000-0000-4000-8000-000000000001": true,
		"https://api.pingone.com/v1/environments/" + environmentID + "/populations/b1000000-0000-4000-8000-000000000002": false,
		"https://api.example.com/v1/environments/" + environmentID + "/populations/b1000000-0000-4000-8000-000000000001": false,
		"https://%zz": false,
	} {
		report := after(t, "create-population", header("Location", location))
		if kept {
			require.NoError(t, report.Err(), location)
			continue
		}
		require.ErrorContains(t, report.Err(), "header Location does not lead to this resource", location)
	}
}

func TestWhatATokenAnswerLeavesOpen(t *testing.T) {
	seen := func(by func(*Checker, *client.Exchange)) Report {
		checker, good := signedOn(t), goodTokens()
		good.id["nonce"] = "a-nonce"
		ex := good.exchange(t)
		by(checker, ex)
		report := checker.Check(ex)
		require.NoError(t, report.Err())
		return report
	}
	cached := func(control string) func(*Checker, *client.Exchange) {
		return func(_ *Checker, ex *client.Exchange) { header("Cache-Control", control)(ex) }
	}
	require.Empty(t, wants(seen(cached("private, no-store")), "header Cache-Control"))
	require.Equal(t, []string{"no-store: nothing"}, wants(seen(cached("")), "header Cache-Control"))
	require.Equal(t, []string{`no-store: "private"`}, wants(seen(cached("private")), "header Cache-Control"))
	for control, kept := range map[string]bool{"private, no-store": true, "private": true, "max-age=0": true, "public": false, "Private, Max-Age=60": false, "s-maxage=60, no-cache": false} {
		checker, ex := NewChecker(), goodTokens().exchange(t)
		header("Cache-Control", control)(ex)
		require.Equal(t, !kept, slices.Contains(where(checker.Check(ex).Violations), "header Cache-Control"), control)
	}
	require.Empty(t, wants(seen(cached("no-store")), "/scope"))
	require.Equal(t, []string{`not documented when none was asked for: "openid"`}, wants(seen(func(c *Checker, _ *client.Exchange) {
		delete(c.memory.codes[aCode].asked, "scope")
	}), "/scope"))
	require.Empty(t, wants(seen(func(c *Checker, _ *client.Exchange) { clear(c.memory.codes) }), "/scope"), "nobody saw what was asked for")
}
