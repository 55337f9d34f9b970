package contract

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/client"
)

// replaceHeader changes a part of a header.
func replaceHeader(name, before, after string) func(*client.Exchange) {
	return func(ex *client.Exchange) {
		ex.Header.Set(name, strings.Replace(ex.Header.Get(name), before, after, 1))
	}
}

// both makes several changes.
func both(changes ...func(*client.Exchange)) func(*client.Exchange) {
	return func(ex *client.Exchange) {
		for _, change := range changes {
			change(ex)
		}
	}
}

// TestWhatATenantMayAnswerOtherwiseIsTaken holds that nothing fails which the pages leave open, and that
// it is observed where a reader of the run would want to know.
func TestWhatATenantMayAnswerOtherwiseIsTaken(t *testing.T) {
	const listed = `"environment":{"href":"https://api.pingone.com/v1/environments/` + environmentID + `"},"population":{"href":"https://api.pingone.com/v1/environments/` + environmentID + `/populations/b1000000-0000-4000-8000-000000000001"},`
	media := func(action string) func(*client.Exchange) {
		return func(ex *client.Exchange) { ex.Request.Header.Set("Content-Type", vnd+action) }
	}
	for _, row := range []struct {
		what, example string
		by            func(*client.Exchange)
		where, got    string // what is observed; "" for nothing
	}{
		{"users in a list without links to environment and population", "list-users", replace(listed, ``), "/_embedded/users/0/_links/population", nothing},
		{"an action whose media type is in no list", "flow-completed", both(media("user.sms.consent+json"), sent(`{}`)), "header Content-Type of the request", vnd + "user.sms.consent+json"},
		{"consent", "flow-completed", both(media("user.consent+json"), sent(`{}`)), "", ""},
		{"an accepted invitation", "flow-completed", both(media("user.acceptInvite+json"), sent(`{}`)), "", ""},
		{"a verification code to be sent", "flow-completed", both(media("user.sendVerificationCode+json"), sent(`{}`)), "", ""},
		{"a confirmation", "flow-completed", both(media("user.confirm+json"), sent(`{}`)), "", ""},
		{"consent to a device", "flow-completed", both(media("deviceAuthGrant.consent+json"), sent(`{}`)), "", ""},
		{"COMPLETED without a session", "flow-completed", replace(`"session":{"id":"f1000000-0000-4000-8000-000000000001"},`, ``), "/session", nothing},
		{"COMPLETED without its application", "flow-completed", replace(`"application":{"name":"Example Shop"},`, ``), "/_embedded/application", nothing},
		{"OTP_REQUIRED without a selected device", "flow-otp-required", replace(`"selectedDevice":{"id":"d1000000-0000-4000-8000-000000000001"},`, ``), "/selectedDevice", nothing},
		{"OTP_REQUIRED without a link to select", "flow-otp-required", replace(`"device.select"`, `"device.choose"`), "/_links/device.select", nothing},
		{"another session when the sign-on completes", "flow-completed", replace(`"session":{"id":"f1`, `"session":{"id":"f2`), "/session/id", "another one than before"},
		{"a new user whose address is to be verified", "create-user", replace(`"ACCOUNT_OK"`, `"VERIFICATION_REQUIRED"`), "answer", "Create User lifecycle VERIFICATION_REQUIRED"},
		{"403 for a call without a token", "error-no-token", status(403), "", ""},
		{"422 for invalid data", "error-required-value", status(422), "status", "422"},
		{"409 for invalid data", "error-required-value", status(409), "status", "409"},
		{"400 for what is not there", "error-not-found", status(400), "status", "400"},
		{"410 for what is not there", "error-not-found", status(410), "status", "410"},
		{"a time in whole seconds", "create-user", replace(`"createdAt":"2026-01-15T09:00:00.123Z"`, `"createdAt":"2026-01-15T09:00:00Z"`), "fraction of a second", "0 digits"},
		{"a time in nanoseconds", "create-user", replace(`"updatedAt":"2026-01-15T09:00:00.123Z"`, `"updatedAt":"2026-01-15T09:00:00.123456789Z"`), "fraction of a second", "9 digits"},
		{"a time that was written more finely before", "read-user", replace(`"createdAt":"2026-01-15T09:00:00.123Z"`, `"createdAt":"2026-01-15T09:00:00.12Z"`), "fraction of a second", "2 digits"},
		{"links with a slash at their end", "create-population", replace(`001"},"environment":{"href":"https://api.pingone.com/v1/environments/`+environmentID+`"}`, `001/"},"environment":{"href":"https://api.pingone.com/v1/environments/`+environmentID+`/"}`), "", ""},
		{"links to the host in capitals", "create-population", replace(`https://api.pingone.com/v1`, `HTTPS://Api.PingOne.com/v1`), "", ""},
		{"links with the port of https", "create-population", replace(`https://api.pingone.com/v1`, `https://api.pingone.com:443/v1`), "", ""},
		{"action links to the host in capitals", "flow-otp-required", replace(`https://auth.pingone.com/`, `HTTPS://AUTH.pingone.com/`), "", ""},
		{"a redirect to the host in capitals", "resume", replaceHeader("Location", "https://shop.example.com", "HTTPS://Shop.Example.com:443"), "", ""},
		{"a sign-on page on the host in capitals", "authorize", replaceHeader("Location", "https://apps.pingone.com", "HTTPS://APPS.PINGONE.COM"), "", ""},
		{"what was created, at an address without a host", "create-population", func(ex *client.Exchange) {
			ex.Header.Set("Location", strings.TrimPrefix(gjson.GetBytes(ex.Body, "_links.self.href").String(), "https://api.pingone.com"))
		}, "header Location", "the self link"},
		{"a link below with a slash at its end", "create-application", replace(`/secret"`, `/secret/"`), "", ""},
		{"action links with a slash at their end", "flow-otp-required", replace(`"otp.check":{"href":"https://auth.pingone.com/`+environmentID+`/flows/`+flowID+`"`, `"otp.check":{"href":"https://auth.pingone.com/`+environmentID+`/flows/`+flowID+`/"`), "", ""},
		{"an OAuth error without a description", "oauth-error", replace(`"error_description"`, `"error_text"`), "/error_description", nothing},
		{"an optional member that is null", "create-user", replace(`"username"`, `"nickname":null,"username"`), "/nickname", "null"},
		{"null where a code may not be yet", "flow-otp-required", replace(`"bypassAllowed"`, `"authorizeResponse":null,"bypassAllowed"`), "/authorizeResponse", "null"},
		{"an application that signs off by itself", "create-application", replace(`"idpSignoff":false`, `"idpSignoff":true`), "/idpSignoff", "true"},
		{"an application with a timeout of its own", "create-application", replace(`"parTimeout":60`, `"parTimeout":61`), "/parTimeout", "61"},
		{"an action that is asked for elsewhere", "create-user", replace(`"account.sendVerificationCode":{"href":"https://api.pingone.com/v1/environments/`+environmentID+`/users/b2`, `"account.sendVerificationCode":{"href":"https://api.pingone.com/v1/environments/`+environmentID+`/users/b3`), "/_links/account.sendVerificationCode/href", "an address of another one"},
		{"a device that a flow offers in another state", "flow-otp-required", replace(`"status":"ACTIVE","phone"`, `"status":"BLOCKED","phone"`), "/_embedded/devices/0/status", `"BLOCKED"`},
		{"a list of templates of links, as HAL has them", "create-population", replace(`"self":{`, `"curies":[{"name":"p1","href":"https://docs.example.com/{rel}","templated":true}],"self":{`), "", ""},
		{"a media type with its charset in quotes", "create-user", both(header("Content-Type", `application/json; charset="utf-8"`), replace(`"verifyStatus"`, `"nickname":null,"verifyStatus"`)), "", ""},
		{"408 with an empty body", "error-unexpected", both(status(408), both(body(``), header("Content-Type", ""))), "/", "no media type"},
		{"attributes in another order", "create-profiling-action", twoAttributes, "", ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			e := readExample(t, row.example)
			ex := e.exchange(t)
			ex.Body = compact(t, ex.Body)
			before, location := string(ex.Body), ex.Header.Get("Location")
			row.by(ex)
			report := e.after(t).Check(ex)
			require.NoError(t, report.Err())
			require.False(t, before == string(ex.Body) && location == ex.Header.Get("Location") && ex.Status == e.Status && ex.Request.Header.Get("Content-Type") == e.Headers["Content-Type"], "the row changes nothing")
			if row.where != "" {
				require.True(t, slices.ContainsFunc(report.Observations, func(f Finding) bool { return f.Where == row.where && f.Got == row.got }), "%v", report.Observations)
			}
		})
	}
}

// twoAttributes asks for two attributes, and has them answered in the other order.
func twoAttributes(ex *client.Exchange) {
	const asked, more = `{"name":"mobilePhone","required":false}`, `{"name":"nickname","required":true}`
	ex.Body = []byte(strings.Replace(string(ex.Body), asked, more+","+asked, 1))
	var sent map[string]any
	if json.Unmarshal(ex.Request.Body, &sent) == nil {
		sent["attributes"] = []json.RawMessage{json.RawMessage(asked), json.RawMessage(more)}
		ex.Request.Body, _ = json.Marshal(sent)
	}
}

func TestTokensThatATenantMayIssueAreTaken(t *testing.T) {
	for _, row := range []struct {
		what string
		by   func(*tokenAnswer)
	}{
		{"the audience as a text", func(a *tokenAnswer) { a.access["aud"] = "https://api.pingone.com" }},
		{"the id token's audience as a list", func(a *tokenAnswer) { a.id["aud"] = []string{applicationID} }},
		{"the scopes of answer and token in another order", func(a *tokenAnswer) {
			a.answer["scope"], a.access["scope"] = "openid profile", "profile openid"
		}},
		{"their kind in capitals", func(a *tokenAnswer) { a.answer["token_type"] = "BEARER" }},
		{"claims that are null", func(a *tokenAnswer) { a.access["acr"], a.id["acr"] = nil, nil }},
	} {
		t.Run(row.what, func(t *testing.T) {
			checker := NewChecker()
			for _, name := range []string{"create-application", "create-user", "create-sms-device", "authorize", "read-flow", "flow-completed", "resume"} {
				ex := readExample(t, name).exchange(t)
				if name == "authorize" {
					ex.Request.URL.RawQuery += "&scope=openid%20profile"
				}
				require.NoError(t, checker.Check(ex).Err(), name)
			}
			answer := goodTokens()
			row.by(answer)
			require.NoError(t, checker.Check(answer.exchange(t)).Err())
		})
	}
}

func TestAWorkersScopeMayBeNull(t *testing.T) {
	worker := goodTokens()
	worker.id, worker.answer["scope"] = nil, nil
	for _, name := range []string{"sub", "sid", "acr", "auth_time", "scope"} {
		delete(worker.access, name)
	}
	ex := worker.exchange(t)
	ex.Request.Body = []byte("grant_type=client_credentials")
	report := NewChecker().Check(ex)
	require.NoError(t, report.Err())
	require.True(t, slices.ContainsFunc(report.Observations, func(f Finding) bool { return f.Where == "/scope" && f.Got == "null" }))
}

// TestKeysThatAreNotUnderstoodAreIgnored follows RFC 7517 section 5.
func TestKeysThatAreNotUnderstoodAreIgnored(t *testing.T) {
	for _, row := range []struct {
		what, old, replacement string
		taken                  bool
	}{
		{"an EC key beside the RSA key", `"keys":[`, `"keys":[{"kty":"EC","kid":"ec-1","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},`, true},
		{"a key for encryption", `"keys":[`, `"keys":[{"kty":"RSA","use":"enc","n":"AQAB","e":"AQAB"},`, true},
		{"a key of a kind to come", `"keys":[`, `"keys":[{"kty":"AKP","alg":"ML-DSA-44"},`, true},
		{"a key without use", `,"use":"sig"`, ``, true},
		{"no key that is understood", `"kty":"RSA"`, `"kty":"EC"`, false},
		{"a signing key without an id", `"kid":"key-1",`, ``, false},
		{"a signing key that is too short", `"keys":[`, `"keys":[{"kty":"RSA","kid":"short","n":"AQAB","e":"AQAB"},`, false},
		{"a key that shows its secret", `"keys":[`, `"keys":[{"kty":"oct","kid":"key-0","k":"c2VjcmV0"},`, false},
	} {
		t.Run(row.what, func(t *testing.T) {
			checker, ex := signedOn(t), keySet(t)
			good := goodTokens()
			good.id["nonce"] = "a-nonce"
			require.NoError(t, checker.Check(good.exchange(t)).Err())
			require.Contains(t, string(ex.Body), row.old)
			ex.Body = []byte(strings.Replace(string(ex.Body), row.old, row.replacement, 1))
			if err := checker.Check(ex).Err(); row.taken {
				require.NoError(t, err)
			} else {
				require.Error(t, err)
			}
		})
	}
}
