package contract

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// answered is a call of a story: an example, and how it differs.
type answered struct {
	example string
	by      func(*client.Exchange)
}

// told checks a story and wants all but its last call to keep the contract.
func told(t *testing.T, story ...answered) Report {
	t.Helper()
	checker := NewChecker()
	for i, one := range story {
		ex := readExample(t, one.example).exchange(t)
		ex.Body = compact(t, ex.Body)
		if one.by != nil {
			one.by(ex)
		}
		report := checker.Check(ex)
		if i == len(story)-1 {
			return report
		}
		require.NoError(t, report.Err(), "call %d, %s", i+1, one.example)
	}
	return Report{}
}

// readAgain asks for what an example has created.
func readAgain(id string) func(*client.Exchange) {
	return func(ex *client.Exchange) {
		ex.Request.Method, ex.Request.URL.Path, ex.Request.Body, ex.Status = "GET", ex.Request.URL.Path+"/"+id, nil, 200
		ex.Request.Header.Del("Content-Type")
	}
}

const deviceID = "d1000000-0000-4000-8000-000000000001"

// A state stays what it was, until a person may have got it wrong once too often.
func TestAStateIsHeldUntilSomethingMayHaveChangedIt(t *testing.T) {
	blocked := both(readAgain(deviceID), replace(`"UNBLOCKED"`, `"BLOCKED"`))
	locked := both(readAgain(deviceID), replace(`"UNLOCKED"`, `"LOCKED"`))
	resetting := func(ex *client.Exchange) {
		ex.Request.Header.Set("Content-Type", vnd+"password.reset+json")
		ex.Request.Body = []byte(`{"currentPassword":"a password for examples","newPassword":"another password for examples"}`)
	}
	media := func(action string) func(*client.Exchange) {
		return func(ex *client.Exchange) { ex.Request.Header.Set("Content-Type", vnd+action) }
	}
	for _, row := range []struct {
		what    string
		between []answered
		last    func(*client.Exchange)
		held    bool
	}{
		{"nothing else", nil, readAgain(deviceID), false},
		{"nothing, and it is blocked", nil, blocked, true},
		{"nothing, and it is locked", nil, locked, true},
		{"a wrong password", []answered{{"error-wrong-password", nil}}, locked, false},
		{"a wrong passcode", []answered{{"error-wrong-password", both(media("otp.check+json"), sent(`{"otp":"000000"}`))}}, locked, false},
		{"a wrong password, and it is blocked", []answered{{"error-wrong-password", nil}}, blocked, false},
		{"a new password in the flow", []answered{{"authorize", nil}, {"flow-completed", resetting}}, blocked, false},
		{"a right password", []answered{{"authorize", nil}, {"flow-otp-required", nil}}, blocked, true},
		{"a flow that is only read", []answered{{"authorize", nil}, {"read-flow", nil}}, blocked, true},
		{"a refusal of something else", []answered{{"error-required-value", nil}}, blocked, true},
		{"a refused look", []answered{{"error-no-token", nil}}, blocked, true},
	} {
		t.Run(row.what, func(t *testing.T) {
			story := append([]answered{{"create-sms-device", nil}}, row.between...)
			err := told(t, append(story, answered{"create-sms-device", row.last})...).Err()
			if row.held {
				require.ErrorContains(t, err, "is not what it was before")
				return
			}
			require.NoError(t, err)
		})
	}
}

// States of other kinds are held just so, and a refusal teaches nothing.
func TestWhatIsReadAgainIsWhatItWas(t *testing.T) {
	const population = "b1000000-0000-4000-8000-000000000001"
	passwordRead := func(ex *client.Exchange) {
		ex.Request.Method, ex.Request.Body = "GET", nil
		ex.Request.Header.Del("Content-Type")
	}
	active := func(ex *client.Exchange) {
		ex.Request.Body = []byte(strings.Replace(string(ex.Request.Body), `"type"`, `"status":"ACTIVE","type"`, 1))
	}
	for _, row := range []struct {
		what  string
		story []answered
		held  bool
	}{
		{"a population", []answered{{"create-population", nil}, {"create-population", readAgain(population)}}, false},
		{"a population that is the default now", []answered{{"create-population", nil}, {"create-population", both(readAgain(population), replace(`"default":false`, `"default":true`))}}, true},
		{"a password", []answered{{"set-password", nil}, {"set-password", passwordRead}}, false},
		{"a password that must be changed now", []answered{{"set-password", nil}, {"set-password", both(passwordRead, replace(`"status":"OK"`, `"status":"MUST_CHANGE_PASSWORD"`))}}, true},
		{"a device that was made active and is blocked by a wrong passcode", []answered{{"create-sms-device", active}, {"error-wrong-password", nil}, {"create-sms-device", both(readAgain(deviceID), replace(`"status":"ACTIVE"`, `"status":"BLOCKED"`))}}, false},
		{"a device that was made active and is blocked by nothing", []answered{{"create-sms-device", active}, {"create-sms-device", both(readAgain(deviceID), replace(`"status":"ACTIVE"`, `"status":"BLOCKED"`))}}, true},
		{"an application after a refusal", []answered{{"create-application", nil}, {"error-no-token", nil}, {"read-application", nil}}, false},
	} {
		t.Run(row.what, func(t *testing.T) {
			err := told(t, row.story...).Err()
			if row.held {
				require.ErrorContains(t, err, "is not what it was before")
				return
			}
			require.NoError(t, err)
		})
	}
}

// The whole number or address of a person or a device stands in no answer of a flow, unless it is what the
// person signs on with.
func TestNoFlowShowsANumberOrAnAddressInFull(t *testing.T) {
	number := both(replace(`"username"`, `"mobilePhone":"+1.5125550144","primaryPhone":"+1 512 555 0166","username"`), func(ex *client.Exchange) {
		ex.Request.Body = []byte(strings.Replace(string(ex.Request.Body), `"email"`, `"mobilePhone":"+1.5125550144","primaryPhone":"+1 512 555 0166","email"`, 1))
	})
	named := both(replace(`"username":"anna"`, `"username":"anna@example.com"`), func(ex *client.Exchange) {
		ex.Request.Body = []byte(strings.Replace(string(ex.Request.Body), `"anna"`, `"anna@example.com"`, 1))
	})
	for _, row := range []struct {
		what string
		user func(*client.Exchange)
		text string
		full bool
	}{
		{"nothing of them", number, "*******44", false},
		{"the device's number as it was sent", nil, "+1.5125550155", true},
		{"the device's number as it was answered", nil, "+15125550155", true},
		{"the device's number in digits", nil, "15125550155", true},
		{"another number", nil, "15125550156", false},
		{"the person's number", number, "+1.5125550144", true},
		{"the person's number in digits", number, "15125550144", true},
		{"the person's other number", number, "+1 512 555 0166", true},
		{"the person's other number in digits", number, "15125550166", true},
		{"the person's address", nil, "anna@example.com", true},
		{"the person's address, which is the username", named, "anna@example.com", false},
	} {
		t.Run(row.what, func(t *testing.T) {
			err := told(t, answered{"create-user", row.user}, answered{"create-sms-device", nil}, answered{"authorize", nil},
				answered{"read-flow", replace(`"resumeUrl"`, `"hint":"sent to `+row.text+`","resumeUrl"`)}).Err()
			if row.full {
				require.ErrorContains(t, err, "one in full, not shown")
				require.NotContains(t, err.Error(), row.text)
				return
			}
			require.NoError(t, err)
		})
	}
}

// A passcode stands in a flow only once a device was made to be tested.
func TestOnlyATestDeviceShowsItsPasscode(t *testing.T) {
	testing := func(mode string) func(*client.Exchange) {
		return func(ex *client.Exchange) {
			ex.Request.Body = []byte(strings.Replace(string(ex.Request.Body), `"type"`, `"testMode":`+mode+`,"type"`, 1))
		}
	}
	shown := answered{"flow-otp-required", replace(`"bypassAllowed"`, `"test":{"otp":"123456"},"bypassAllowed"`)}
	user, start := answered{"create-user", nil}, answered{"authorize", nil}
	require.NoError(t, told(t, user, answered{"create-sms-device", testing("true")}, start, shown).Err())
	require.NoError(t, told(t, user, answered{"create-sms-device", testing("true")}, answered{"create-email-device", nil}, start, shown).Err())
	require.Error(t, told(t, user, answered{"create-sms-device", testing("false")}, start, shown).Err())
	require.Error(t, told(t, user, answered{"create-sms-device", nil}, start, shown).Err())
}

// What a person changes in a flow is no longer what it was created with.
func TestAProfileThatIsUpdatedInAFlowIsKnownAnew(t *testing.T) {
	updated := func(ex *client.Exchange) {
		ex.Request.Header.Set("Content-Type", vnd+"user.update+json")
		ex.Request.Body = []byte(`{"email":"anna.b@example.com"}`)
	}
	moved := replace(`"email":"anna@example.com"`, `"email":"anna.b@example.com"`)
	user, start, asked := answered{"create-user", nil}, answered{"authorize", nil}, answered{"flow-profile-data-required", nil}
	require.ErrorContains(t, told(t, user, start, asked, answered{"read-user", moved}).Err(), "/email is not what")
	require.NoError(t, told(t, user, start, asked, answered{"flow-completed", updated}, answered{"read-user", moved}).Err())
	require.ErrorContains(t, told(t, user, start, asked, answered{"flow-completed", updated}, answered{"read-user", both(moved, replace(`"given":"Anna"`, `"given":"Anne"`))}).Err(), "/name/given is not what", "the rest stays")

	tokens := func(ex *client.Exchange) {
		good := goodTokens()
		good.id["email"] = "anna.b@example.com"
		*ex = *good.exchange(t)
	}
	begun := []answered{{"create-application", nil}, user, {"authorize", func(ex *client.Exchange) { ex.Request.URL.RawQuery += "&scope=openid" }}, asked}
	ended := []answered{{"resume", nil}, {"oauth-error", tokens}}
	require.NoError(t, told(t, slices.Concat(begun, []answered{{"flow-completed", updated}}, ended)...).Err())
	require.ErrorContains(t, told(t, slices.Concat(begun, []answered{{"flow-completed", nil}}, ended)...).Err(), "/id_token/claims/email")
}

// A page that another one led to need not show the whole list, wherever it stands.
func TestAPageThatIsLedToIsOneOfSeveral(t *testing.T) {
	second := func(ex *client.Exchange) {
		ex.Request.URL.RawQuery = "page=2"
		replace(`,"next":{"href":"https://api.pingone.com/v1/environments/`+environmentID+`/users?cursor=abc"}`, ``)(ex)
		replace(`users?limit=1`, `users?page=2`)(ex)
	}
	leading := replace(`users?cursor=abc`, `users?page=2`)
	require.NoError(t, told(t, answered{"list-users", leading}, answered{"list-users", second}).Err())
	require.ErrorContains(t, told(t, answered{"list-users", nil}, answered{"list-users", second}).Err(), "/count")
}

// The secret that was read is the application's, also after the application was read again.
func TestAnApplicationsSecretOutlastsALook(t *testing.T) {
	asking := func(secret string) func(*client.Exchange) {
		return func(ex *client.Exchange) {
			worker := goodTokens()
			worker.id = nil
			for _, name := range []string{"sub", "sid", "acr", "auth_time"} {
				delete(worker.access, name)
			}
			*ex = *worker.exchange(t)
			ex.Request.Body = []byte("grant_type=client_credentials")
			ex.Request.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(applicationID+":"+secret)))
		}
	}
	for secret, says := range map[string]string{"a-secret~with.the_characters-of-a-real-one": "", "another": "the client secret is not the application's"} {
		err := told(t, answered{"create-application", nil}, answered{"read-application-secret", nil}, answered{"read-application", nil}, answered{"oauth-error", asking(secret)}).Err()
		if says == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, says)
	}
}

// A sign-on counts from when authorize was answered, once the person has shown a factor in it.
func TestASignOnBeginsWithTheAuthorization(t *testing.T) {
	const begun, later = "Thu, 15 Jan 2026 09:00:00 GMT", "Thu, 15 Jan 2026 09:01:00 GMT"
	media := func(action string) func(*client.Exchange) {
		return func(ex *client.Exchange) { ex.Request.Header.Set("Content-Type", vnd+action) }
	}
	for _, row := range []struct {
		what   string
		proven answered
		fails  bool
	}{
		{"a passcode", answered{"flow-completed", nil}, true},
		{"a password", answered{"flow-completed", both(media("usernamePassword.check+json"), sent(`{"username":"anna","password":"a password for examples"}`))}, true},
		{"nothing but consent", answered{"flow-completed", both(media("user.consent+json"), sent(`{}`))}, false},
	} {
		t.Run(row.what, func(t *testing.T) {
			tokens := func(ex *client.Exchange) {
				good := goodTokens()
				good.id["auth_time"], good.access["auth_time"] = 1768460000, 1768460000 // two hours before
				*ex = *good.exchange(t)
				header("Date", later)(ex)
			}
			authorize := func(ex *client.Exchange) {
				ex.Request.URL.RawQuery += "&scope=openid"
				header("Date", begun)(ex)
			}
			err := told(t, answered{"create-application", nil}, answered{"create-user", nil}, answered{"create-sms-device", nil},
				answered{"authorize", authorize}, answered{"read-flow", nil}, row.proven, answered{"resume", nil}, answered{"oauth-error", tokens}).Err()
			if row.fails {
				require.ErrorContains(t, err, "not before the sign-on began, 2026-01-15T09:00:00Z")
				return
			}
			require.NoError(t, err)
		})
	}
}

// A token names the policy that ran: one of those that were assigned.
func TestATokensPolicyIsOneThatWasAssigned(t *testing.T) {
	for policy, says := range map[string]string{"Example_Policy": "", "Another_Policy": "the sign-on policy that ran, Example_Policy"} {
		tokens := func(ex *client.Exchange) {
			good := goodTokens()
			good.id["acr"], good.access["acr"] = policy, policy
			*ex = *good.exchange(t)
		}
		err := told(t, answered{"create-application", nil}, answered{"create-sign-on-policy", nil}, answered{"assign-sign-on-policy", nil}, answered{"create-user", nil}, answered{"create-sms-device", nil},
			answered{"authorize", func(ex *client.Exchange) { ex.Request.URL.RawQuery += "&scope=openid" }}, answered{"read-flow", nil}, answered{"flow-completed", nil}, answered{"resume", nil}, answered{"oauth-error", tokens}).Err()
		if says == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, says)
	}
}

// The first cookie of a session is told of once.
func TestTheFirstSessionCookieIsObservedOnce(t *testing.T) {
	first := func(report Report) bool {
		return slices.ContainsFunc(report.Observations, func(f Finding) bool { return f.Where == "first cookie ST" })
	}
	other := both(replaceHeader("Set-Cookie", "ST=", "ST-NO-SS="))
	require.True(t, first(told(t, answered{"authorize", nil})))
	require.False(t, first(told(t, answered{"authorize", nil}, answered{"authorize", nil})))
	require.False(t, first(told(t, answered{"authorize", nil}, answered{"authorize", other}, answered{"authorize", nil})))
	require.True(t, first(told(t, answered{"authorize", other}, answered{"authorize", nil})))
}

func TestTimesAreComparedAsFarAsBothAreWritten(t *testing.T) {
	for _, row := range []struct {
		a, b string
		same bool
	}{
		{"2026-01-15T09:00:00.123Z", "2026-01-15T09:00:00.123Z", true},
		{"2026-01-15T09:00:00.123Z", "2026-01-15T09:00:00.124Z", false},
		{"2026-01-15T09:00:00.123Z", "2026-01-15T09:00:00Z", true},
		{"2026-01-15T09:00:00.123Z", "2026-01-15T09:00:01Z", false},
		{"2026-01-15T09:00:00.1Z", "2026-01-15T09:00:00.123Z", true},
		{"2026-01-15T09:00:00.2Z", "2026-01-15T09:00:00.123Z", false},
		{"2026-01-15T09:00:00.12Z", "2026-01-15T09:00:00.129Z", true},
		{"2026-01-15T09:00:00.12Z", "2026-01-15T09:00:00.139Z", false},
		{"2026-01-15T09:00:00.123456789Z", "2026-01-15T09:00:00.1234567891Z", true},
		{"2026-01-15T09:00:00.123456789Z", "2026-01-15T09:00:00.1234567881Z", false},
		{"", "", true},
		{"yesterday", "yesterday", true},
		{"yesterday", "2026-01-15T09:00:00.123Z", false},
		{"2026-01-15T09:00:00.123Z", "yesterday", false},
		{"yesterday", "today", false},
		{"", "0001-01-01T00:00:00.000Z", false},
	} {
		require.Equal(t, row.same, SameTime(row.a, row.b), "%s and %s", row.a, row.b)
	}
}

func TestUnusualFractionsAreToldOfOnce(t *testing.T) {
	require.Equal(t, []int{0, 6}, fractions([]any{"2026-01-15T09:00:00.123456Z", "2026-01-15T09:00:00Z", "2026-01-15T10:00:00Z", "2026-01-15T09:00:00.123Z", "yesterday"}))
}

// What was switched may be shown as it was for a moment, which is no state that it has to keep; once it is shown, it stays.
func TestASwitchThatIsShownLate(t *testing.T) {
	on := func(shown string) answered {
		return answered{"read-user", func(ex *client.Exchange) { replace(`"mfaEnabled":false`, `"mfaEnabled":`+shown)(ex) }}
	}
	story := []answered{{"create-user", nil}, on("false"), {"enable-mfa", nil}, on("false"), on("true"), on("true")}
	require.NoError(t, told(t, story...).Err())
	require.ErrorContains(t, told(t, append(story, on("false"))...).Err(), "/mfaEnabled is not what it was before")
}
