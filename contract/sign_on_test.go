package contract

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTokensSayWhatHappened changes one claim of good tokens in one way at a time.
func TestTokensSayWhatHappened(t *testing.T) {
	const date = "Thu, 15 Jan 2026 09:00:00 GMT"
	for _, row := range []struct {
		what  string
		by    func(*tokenAnswer)
		where string
	}{
		{"nothing else", func(*tokenAnswer) {}, ""},
		{"another policy in the ID token", func(a *tokenAnswer) { a.id["acr"] = "Another" }, "/id_token/claims/acr"},
		{"another policy in the access token", func(a *tokenAnswer) { a.access["acr"] = "Another" }, "/access_token/claims/acr"},
		{"the policy by its id", func(a *tokenAnswer) { a.id["acr"] = "policy-1" }, ""},
		{"no policy", func(a *tokenAnswer) { delete(a.id, "acr") }, ""},
		{"somebody else's API", func(a *tokenAnswer) { a.access["aud"] = "https://api.stranger.example.com" }, "/access_token/claims/aud"},
		{"somebody else's API as well", func(a *tokenAnswer) {
			a.access["aud"] = []string{"https://api.pingone.com", "https://api.stranger.example.com"}
		}, "/access_token/claims/aud"},
		{"the API of a resource", func(a *tokenAnswer) { a.access["aud"] = "https://orders.example.com" }, ""},
		{"another username", func(a *tokenAnswer) { a.id["preferred_username"] = "mallory" }, "/id_token/claims/preferred_username"},
		{"the username", func(a *tokenAnswer) { a.id["preferred_username"] = "anna" }, ""},
		{"another given name", func(a *tokenAnswer) { a.id["given_name"] = "Mallory" }, "/id_token/claims/given_name"},
		{"another address", func(a *tokenAnswer) { a.id["email"] = "mallory@example.com" }, "/id_token/claims/email"},
		{"another number", func(a *tokenAnswer) { a.id["phone_number"] = "+15125550166" }, "/id_token/claims/phone_number"},
		{"the number in another spelling", func(a *tokenAnswer) { a.id["phone_number"] = "+1 512 555 0144" }, ""},
		{"another organisation", func(a *tokenAnswer) { a.id["org"] = userID }, "/id_token/claims/org"},
		{"a token of half an hour ago", func(a *tokenAnswer) { a.access["iat"], a.access["exp"] = 1768465800, 1768469400 }, "/access_token/claims/iat"},
		{"a token of a minute ago", func(a *tokenAnswer) {
			a.access["iat"], a.access["exp"], a.access["auth_time"] = 1768467540, 1768471140, 1768467540
		}, ""},
		{"an ID token of tomorrow", func(a *tokenAnswer) { a.id["iat"], a.id["exp"] = 1768554000, 1768557600 }, "/id_token/claims/iat"},
		{"a sign-on long ago", func(a *tokenAnswer) { a.id["auth_time"] = 1768381200 }, "/id_token/claims/auth_time"},
		{"somebody else who is authorized", func(a *tokenAnswer) { a.id["azp"] = userID }, "/id_token/claims/azp"},
		{"the application that is authorized", func(a *tokenAnswer) { a.id["azp"] = applicationID }, ""},
		{"another code", func(a *tokenAnswer) { a.id["c_hash"] = halfHash("another code") }, "/id_token/claims/c_hash"},
		{"its own code", func(a *tokenAnswer) { a.id["c_hash"] = halfHash(aCode) }, ""},
		{"another name", func(a *tokenAnswer) { a.id["name"] = "Mallory Malice" }, "/id_token/claims/name"},
		{"the whole name", func(a *tokenAnswer) { a.id["name"] = "Example, Anna" }, ""},
		{"an access token for later", func(a *tokenAnswer) { a.access["nbf"] = a.access["exp"] }, "/access_token/claims/nbf"},
		{"an ID token for later", func(a *tokenAnswer) { a.id["nbf"] = a.id["exp"] }, "/id_token/claims/nbf"},
		{"tokens that hold since a moment", func(a *tokenAnswer) { a.access["nbf"], a.id["nbf"] = 1768467540, 1768467540 }, ""},
		{"a sign-on by a clock that is a little ahead", func(a *tokenAnswer) { a.id["auth_time"] = 1768467603 }, ""},
		{"a sign-on after the token", func(a *tokenAnswer) { a.id["auth_time"] = 1768467720 }, "/id_token/claims/auth_time"},
		{"a sign-on at a thousandth of the time, as was recorded once", func(a *tokenAnswer) { a.id["auth_time"] = 1768467 }, ""},
		{"a person updated in 1970", func(a *tokenAnswer) { a.id["updated_at"] = 1 }, "/id_token/claims/updated_at"},
	} {
		t.Run(row.what, func(t *testing.T) {
			checker, good := signedOn(t), goodTokens()
			good.id["nonce"] = "a-nonce"
			good.answer["scope"], good.access["scope"] = "openid", "openid"
			m := checker.memory
			m.policies["policy-1"], m.assigned[applicationID] = "Example_Policy", []string{"policy-1"}
			m.audiences["https://orders.example.com"] = true
			m.profiles[userID] = claims{
				"username": "anna", "email": "anna@example.com", "mobilePhone": "+1.5125550144", "createdAt": "2026-01-15T08:59:00.000Z",
				"name": claims{"given": "Anna", "family": "Example"},
			}
			row.by(good)
			ex := good.exchange(t)
			ex.Header.Set("Date", date)
			flow := m.codes[aCode]
			require.NotNil(t, flow)
			flow.proven, flow.begun = true, time.Date(2026, 1, 15, 8, 59, 0, 0, time.UTC)
			if row.where == "" {
				require.NoError(t, checker.Check(ex).Err())
				return
			}
			require.ErrorContains(t, checker.Check(ex).Err(), row.where)
		})
	}
}

func TestMasksAndDevicesOfAFlow(t *testing.T) {
	for _, row := range []struct{ what, old, replacement, wrong string }{
		{"a half mask", `"*******55"`, `"*****0155"`, "/_embedded/devices/0/phone is not masked"},
		{"a mask over the end", `"*******55"`, `"+151255501**"`, "/_embedded/devices/0/phone is not masked"},
		{"a link past the passcode", `"device.select"`, `"user.update"`, "/_links/user.update"},
	} {
		t.Run(row.what, func(t *testing.T) {
			e := readExample(t, "flow-otp-required")
			ex := e.exchange(t)
			replace(row.old, row.replacement)(ex)
			require.ErrorContains(t, e.after(t).Check(ex).Err(), row.wrong)
		})
	}
	checker := NewChecker()
	device := readExample(t, "create-sms-device").exchange(t)
	device.Body = bytes.Replace(device.Body, []byte("ACTIVE"), []byte("ACTIVATION_REQUIRED"), 1)
	checker.Check(device)
	require.ErrorContains(t, checker.Check(readExample(t, "flow-otp-required").exchange(t)).Err(), "a device that is ACTIVE")
}

func TestEachRefusalHasAnIDOfItsOwn(t *testing.T) {
	checker := NewChecker()
	require.NoError(t, checker.Check(readExample(t, "error-not-found").exchange(t)).Err())
	require.ErrorContains(t, checker.Check(readExample(t, "error-not-found").exchange(t)).Err(), "/id was in an earlier answer")
}

// TestTimesArePlausible holds times against the answer's own Date.
func TestTimesArePlausible(t *testing.T) {
	for _, row := range []struct{ what, example, old, replacement, wrong string }{
		{"created in 1970", "create-population", `"createdAt":"2026-01-15T09:00`, `"createdAt":"1970-01-15T09:00`, "/createdAt lies in the past"},
		{"created half an hour ago", "create-user", `"createdAt":"2026-01-15T09:00`, `"createdAt":"2026-01-15T08:30`, "/createdAt lies in the past"},
		{"created in half an hour", "create-user", `09:00:00.123Z`, `09:30:00.123Z`, "/createdAt lies in the future"},
		{"created a minute ago", "create-user", `"createdAt":"2026-01-15T09:00`, `"createdAt":"2026-01-15T08:59`, ""},
		{"a password changed long ago", "set-password", `"lastChangedAt":"2026`, `"lastChangedAt":"2001`, "/lastChangedAt lies in the past"},
		{"a sign-on to come", "read-user", `"at":"2026-01-15`, `"at":"2026-01-16`, "/lastSignOn/at lies in the future"},
	} {
		t.Run(row.what, func(t *testing.T) {
			ex := readExample(t, row.example).exchange(t)
			header("Date", "Thu, 15 Jan 2026 09:00:00 GMT")(ex)
			var compact bytes.Buffer
			require.NoError(t, json.Compact(&compact, ex.Body))
			ex.Body = compact.Bytes()
			replace(row.old, row.replacement)(ex)
			err := NewChecker().Check(ex).Err()
			if row.wrong == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, row.wrong)
		})
	}
}

// A flow is as old as the authorization request that was seen.
func TestAFlowIsAsOldAsItsAuthorization(t *testing.T) {
	for _, row := range []struct{ what, example, created, wrong string }{
		{"begun with it", "read-flow", "2026-01-15T09:00", ""},
		{"begun before it", "read-flow", "2026-01-15T08:30", "/createdAt"},
		{"to begin", "read-flow", "2026-01-15T09:30", "/createdAt lies in the future"},
		{"begun before the answer that shows it first", "authorize-in-pi-flow", "2026-01-15T08:30", "/createdAt lies in the past"},
	} {
		t.Run(row.what, func(t *testing.T) {
			checker := NewChecker()
			dated := func(name string) error {
				ex := readExample(t, name).exchange(t)
				header("Date", "Thu, 15 Jan 2026 09:00:00 GMT")(ex)
				if name == row.example {
					ex.Body = bytes.ReplaceAll(compact(t, ex.Body), []byte(`"createdAt":"2026-01-15T09:00`), []byte(`"createdAt":"`+row.created))
					require.Contains(t, string(ex.Body), row.created)
				}
				return checker.Check(ex).Err()
			}
			if row.example != "authorize-in-pi-flow" {
				require.NoError(t, dated("authorize"))
			}
			err := dated(row.example)
			if row.wrong == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, row.wrong)
		})
	}
}

// What was listed is an audience, and what was not is none.
func TestATokenIsForAResourceThatWasListed(t *testing.T) {
	for audience, wrong := range map[string]string{"https://orders.example.com": "", "https://payroll.example.com": "/access_token/claims/aud"} {
		checker, good := signedOn(t), goodTokens()
		listed := readExample(t, "list-resources").exchange(t)
		listed.Body = bytes.Replace(compact(t, listed.Body), []byte(`"name":"openid"`), []byte(`"audience":"https://orders.example.com","name":"openid"`), 1)
		require.NoError(t, checker.Check(listed).Err())
		good.id["nonce"], good.access["aud"] = "a-nonce", audience
		err := checker.Check(good.exchange(t)).Err()
		if wrong == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, wrong)
	}
}

// Switching MFA on changes the person, so that the old value is no longer expected.
func TestWhatIsChangedElsewhereIsNotExpectedToStay(t *testing.T) {
	for _, switched := range []bool{true, false} {
		checker := NewChecker()
		shown := func(name, enabled string) error {
			ex := readExample(t, name).exchange(t)
			ex.Body = bytes.ReplaceAll(compact(t, ex.Body), []byte(`"mfaEnabled":false`), []byte(`"mfaEnabled":`+enabled))
			require.Contains(t, string(ex.Body), `"mfaEnabled":`+enabled)
			return checker.Check(ex).Err()
		}
		require.NoError(t, shown("create-user", "false"))
		if switched {
			require.NoError(t, checker.Check(readExample(t, "enable-mfa").exchange(t)).Err())
			require.NoError(t, shown("read-user", "true"))
			continue
		}
		require.ErrorContains(t, shown("read-user", "true"), "/mfaEnabled")
	}
}

// A client that has to wait is told for how long, at the token endpoint too.
func TestTheTokenEndpointSaysHowLongToWait(t *testing.T) {
	limited := readExample(t, "oauth-error").exchange(t)
	limited.Status = 429
	require.ErrorContains(t, NewChecker().Check(limited).Err(), "header Retry-After")
	limited.Header.Set("Retry-After", "3")
	require.NoError(t, NewChecker().Check(limited).Err())
}

// A device is switched and unlocked by a call that answers with it, or with nothing.
func TestASwitchedDeviceNeedNotBeShown(t *testing.T) {
	for _, action := range []string{"unlock", "block", "unblock"} {
		ex := readExample(t, "enable-mfa").exchange(t)
		ex.Request.Method = "POST"
		ex.Request.URL.Path = strings.TrimSuffix(ex.Request.URL.Path, "/mfaEnabled") + "/devices/d1000000-0000-4000-8000-000000000001"
		ex.Request.Header.Set("Content-Type", "application/vnd.pingidentity.device."+action+"+json")
		ex.Request.Body, ex.Body = nil, nil
		for status, fine := range map[int]bool{204: true, 202: false} {
			ex.Status = status
			require.Equal(t, fine, NewChecker().Check(ex).Err() == nil, "%s answered %d: %v", action, status, NewChecker().Check(ex).Err())
		}
	}
}
