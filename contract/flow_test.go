package contract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// What a flow's answer has to say: what its address, its authorization and its earlier answers said.
func TestWhatAFlowSaysOfItself(t *testing.T) {
	const (
		own  = `https://auth.pingone.com/` + environmentID + `/flows/` + flowID
		fine = ""
	)
	later := func(at string) func(*client.Exchange) {
		return both(header("Date", "Thu, 15 Jan 2026 09:00:00 GMT"), replace(`"expiresAt":"2026-01-15T09:15:00.123`, `"expiresAt":"2026-01-15T`+at))
	}
	leading := func(rel, to string) func(*client.Exchange) {
		return replace(`"`+rel+`":{"href":"`+own+`"`, `"`+rel+`":{"href":"`+to+`"`)
	}
	linking := func(rel, to string) func(*client.Exchange) {
		return replace(`"_links":{`, `"_links":{"`+rel+`":{"href":"`+to+`"},`)
	}
	named := func(username string) func(*client.Exchange) {
		return sent(`{"username":"` + username + `","password":"a password for examples"}`)
	}
	for _, row := range []struct {
		what, example string
		by            func(*client.Exchange)
		broken        string // rule and place
	}{
		{"another flow of its own address", "read-flow", leading("self", "https://auth.pingone.com/"+environmentID+"/flows/"+userID), ruleSelf + " /_links/self/href"},
		{"its address without TLS at another host", "read-flow", leading("self", "http://auth.example.com/"+environmentID+"/flows/"+flowID), ruleSelf + " /_links/self/href"},
		{"a password for another flow", "read-flow", leading("usernamePassword.check", own+"0"), ruleLink + " /_links/usernamePassword.check/href"},
		{"a forgotten password at another host", "read-flow", leading("password.forgot", "https://auth.example.com/"), ruleLink + " /_links/password.forgot/href"},
		{"a device for another flow", "flow-otp-required", leading("device.select", own+"0"), ruleLink + " /_links/device.select/href"},
		{"profile data for another flow", "flow-profile-data-required", leading("user.update", own+"0"), ruleLink + " /_links/user.update/href"},
		{"an action to come, anywhere", "read-flow", linking("user.dance", "https://elsewhere.example.com/"), fine},
		{"a page for another flow", "read-flow", replace(`/signon/?flowId=`+flowID, `/signon/?flowId=`+userID), ruleLink + " /_links/signOnPage/href"},
		{"a page for no flow", "read-flow", replace(`/signon/?flowId=`+flowID, `/signon/`), ruleLink + " /_links/signOnPage/href"},
		{"a page for another flow at an address that is none", "read-flow", replace(`/signon/?flowId=`+flowID, `/signon/%zz?flowId=`+flowID), ruleLink + " /_links/signOnPage/href"},
		{"to be resumed at another host", "read-flow", replace(`"resumeUrl":"https://auth.pingone.com`, `"resumeUrl":"https://auth.example.com`), ruleFlow + " /resumeUrl"},
		{"to be resumed elsewhere", "read-flow", replace(`/as/resume?`, `/as/resumed?`), ruleFlow + " /resumeUrl"},
		{"to be resumed with more said", "flow-otp-required", replace(`/as/resume?flowId=`, `/as/resume?more=1&flowId=`), ruleKept + " /resumeUrl"},
		{"another environment", "read-flow", replace(`"environment":{"id":"e0`, `"environment":{"id":"e9`), ruleParent + " /environment/id"},
		{"another application", "read-flow", replace(`"Example Shop"`, `"Example Bank"`), ruleFlow + " /_embedded/application/name"},

		{"an end within the time that clocks differ by", "read-flow", later("09:25:00.000"), fine},
		{"an end that is too late", "read-flow", later("09:25:00.001"), ruleFuture + " /expiresAt"},
		{"the same end in an answer without a date", "read-flow", replace(`"expiresAt":"2026-01-15T09:15`, `"expiresAt":"2026-01-15T09:25`), fine},
		{"the same end as before", "flow-otp-required", func(*client.Exchange) {}, fine},
		{"a later end than before", "flow-otp-required", replace(`"expiresAt":"2026-01-15T09:15`, `"expiresAt":"2026-01-15T09:16`), fine},
		{"an end when it begins", "read-flow", replace(`"expiresAt":"2026-01-15T09:15`, `"expiresAt":"2026-01-15T09:00`), ruleTimes + " /expiresAt"},

		{"somebody else than who was named", "flow-otp-required", named("ben"), ruleFlow + " /_embedded/user/username"},
		{"who was named, in capitals", "flow-otp-required", named("ANNA"), fine},
		{"another name than the person's", "flow-otp-required", replace(`"username":"anna"`, `"username":"anne"`), ruleFlow + " /_embedded/user/username"},
		{"another given name than the person's", "flow-otp-required", replace(`"given":"Anna"`, `"given":"Anne"`), ruleFlow + " /_embedded/user/name/given"},
		{"no name of the person", "flow-otp-required", replace(`,"name":{"given":"Anna","family":"Example"}`, ``), fine},

		{"a device that was not asked for", "flow-otp-required", both(media("device.select+json"), sent(`{"device":{"id":"d9000000-0000-4000-8000-000000000001"}}`)), ruleFlow + " /selectedDevice/id"},
		{"the device that was asked for", "flow-otp-required", both(media("device.select+json"), sent(`{"device":{"id":"`+deviceID+`"}}`)), fine},
		{"a device selected and none offered", "read-flow", replace(`"resumeUrl"`, `"selectedDevice":{"id":"d9000000-0000-4000-8000-000000000001"},"resumeUrl"`), fine},
		{"a number that ends otherwise", "flow-otp-required", replace(`"*******55"`, `"*******05"`), ruleFlow + " /_embedded/devices/0/phone"},
		{"no number at all", "flow-otp-required", replace(`,"phone":"*******55"`, ``), "flow#/required /_embedded/devices/0/phone"},
		{"the second device of another kind", "flow-device-selection-required", replace(`"type":"EMAIL"`, `"type":"VOICE"`), ruleFlow + " /_embedded/devices/1/type"},
		{"an address that begins otherwise", "flow-device-selection-required", replace(`"a***@example.com"`, `"b***@example.com"`), ruleFlow + " /_embedded/devices/1/email"},
		{"an address at another host", "flow-device-selection-required", replace(`"a***@example.com"`, `"a***@example.org"`), ruleFlow + " /_embedded/devices/1/email"},
		{"an address with a letter too many", "flow-device-selection-required", replace(`"a***@example.com"`, `"ann***@example.com"`), ruleMasked + " /_embedded/devices/1/email"},

		{"an attribute that has to be given, and need not", "flow-profile-data-required", replace(`"required":false`, `"required":true`), ruleEcho + " /_embedded/attributes/0/required"},
		{"an attribute of the other name that no action asks for", "flow-profile-data-required", replace(`"name":"mobilePhone"`, `"schemaPropertyName":"email"`), ruleEcho + " /_embedded/attributes/0/schemaPropertyName"},
		{"an attribute of the other name", "flow-profile-data-required", replace(`"name":"mobilePhone"`, `"schemaPropertyName":"mobilePhone"`), fine},
		{"an attribute without a word whether it has to be given", "flow-profile-data-required", replace(`,"required":false`, ``), fine},

		{"a passcode to be checked before the password", "read-flow", linking("otp.check", own), ruleFlow + " /_links/otp.check"},
		{"a device to be selected before the password", "read-flow", linking("device.select", own), ruleFlow + " /_links/device.select"},
		{"profile data before the password", "read-flow", linking("user.update", own), ruleFlow + " /_links/user.update"},
		{"profile data before the passcode", "flow-otp-required", linking("user.update", own), ruleFlow + " /_links/user.update"},
		{"profile data before the device", "flow-device-selection-required", linking("user.update", own), ruleFlow + " /_links/user.update"},
		{"a passcode before the new password", "flow-must-change-password", linking("otp.check", own), ruleFlow + " /_links/otp.check"},
		{"a device before the new password", "flow-must-change-password", linking("device.select", own), ruleFlow + " /_links/device.select"},
		{"profile data before the new password", "flow-must-change-password", linking("user.update", own), ruleFlow + " /_links/user.update"},
	} {
		t.Run(row.what, func(t *testing.T) {
			var broken []string
			for _, f := range after(t, row.example, row.by).Violations {
				broken = append(broken, f.Rule+" "+f.Where)
			}
			if row.broken == fine {
				require.Empty(t, broken)
				return
			}
			require.Contains(t, broken, row.broken)
		})
	}
}

// Who starts the session anew may be somebody else; who does not, is not.
func TestASessionThatIsResetMayBeAnothers(t *testing.T) {
	other := both(replace(`"user":{"id":"b2`, `"user":{"id":"b9`), replace(`"session":{"id":"f1`, `"session":{"id":"f2`))
	story := []answered{{"create-application", nil}, {"authorize", nil}, {"flow-otp-required", nil}}
	sessions := func(last answered) (Report, bool) {
		report := told(t, append(story, last)...)
		return report, len(wants(report, "/session/id")) > 0
	}
	reset, observed := sessions(answered{"flow-otp-required", both(media("session.reset+json"), sent(`{}`), other)})
	require.NoError(t, reset.Err())
	require.False(t, observed)
	same, observed := sessions(answered{"flow-completed", other})
	require.ErrorContains(t, same.Err(), "/_embedded/user/id does not belong to this flow")
	require.True(t, observed)
	_, observed = sessions(answered{"flow-completed", nil})
	require.False(t, observed, "it is the same")
	_, observed = sessions(answered{"flow-completed", replace(`"session":{"id":"f1000000-0000-4000-8000-000000000001"},`, ``)})
	require.False(t, observed, "there is none")
}

// Who did not see the authorization cannot say what it asked for.
func TestACodeInAFlowWasAskedForThere(t *testing.T) {
	user, ended := answered{"create-user", nil}, answered{"resume-in-pi-flow", nil}
	require.NoError(t, told(t, user, answered{"authorize-in-pi-flow", nil}, ended).Err())
	require.NoError(t, told(t, user, answered{"read-flow", nil}, ended).Err(), "nobody saw what was asked for")
	require.NoError(t, told(t, user, ended).Err())
	err := told(t, user, answered{"authorize", nil}, ended).Err()
	require.ErrorContains(t, err, "/authorizeResponse/code does not go where it may (want the code in a redirect: response_mode is not pi.flow")
	require.NotContains(t, err.Error(), aCode)
	require.ErrorContains(t, told(t, user, answered{"authorize-in-pi-flow", nil}, answered{"resume-in-pi-flow", replace(`,"state":"a state"`, ``)}).Err(), `want "a state", got nothing`)
	require.ErrorContains(t, told(t, user, answered{"authorize-in-pi-flow", nil}, ended, answered{"resume-in-pi-flow", func(ex *client.Exchange) {
		ex.Request.URL.RawQuery = "flowId=" + userID
		replace(flowID, userID)(ex)
	}}).Err(), "want a code of its own")
}

// A prompt is held against the actions that were seen; where none was, it may be any.
func TestAPromptIsThatOfAnAction(t *testing.T) {
	user, start, asked := answered{"create-user", nil}, answered{"authorize", nil}, answered{"flow-profile-data-required", replace(`Please tell us`, `Do tell us`)}
	action := answered{"create-profiling-action", nil}
	require.NoError(t, told(t, user, start, asked).Err())
	require.ErrorContains(t, told(t, action, user, start, asked).Err(), "want the promptText of an action")
	require.NoError(t, told(t, answered{"create-mfa-action", nil}, user, start, asked).Err(), "another action prompts for nothing")
	other := answered{"create-profiling-action", func(ex *client.Exchange) {
		for _, text := range []*[]byte{&ex.Body, &ex.Request.Body} {
			*text = []byte(strings.NewReplacer("Please tell us", "Do tell us", "a2000000-0000-4000-8000-000000000002", "a2000000-0000-4000-8000-000000000009").Replace(string(*text)))
		}
	}}
	require.NoError(t, told(t, action, other, user, start, asked).Err())
	required := answered{"create-profiling-action", func(ex *client.Exchange) {
		for _, text := range []*[]byte{&ex.Body, &ex.Request.Body} {
			*text = []byte(strings.NewReplacer(`"required":false`, `"required":true`, `"required": false`, `"required": true`).Replace(string(*text)))
		}
	}}
	silent := answered{"flow-profile-data-required", replace(`,"required":false`, ``)}
	require.NoError(t, told(t, required, user, start, silent).Err(), "whether it has to be given need not be said")
	require.ErrorContains(t, told(t, required, user, start, answered{"flow-profile-data-required", nil}).Err(), "/_embedded/attributes/0/required is not what was sent (want true, got false)")
	require.NoError(t, told(t, action, user, start, answered{"flow-otp-required", replace(`"bypassAllowed"`, `"promptText":"x","bypassAllowed"`)}).Err(), "nothing is prompted for")
}

func TestWhatAMaskLeaves(t *testing.T) {
	for _, row := range []struct {
		member, written string
		masked          bool
	}{
		{"phone", "*******55", true}, {"phone", "+*.*******5", true}, {"phone", "**********", true}, {"phone", "", true},
		{"phone", "******155", false}, {"phone", "5*****5", false}, {"phone", "55", false}, {"phone", "55****", false}, {"phone", "*****55 ", false},
		{"email", "ab****@example.com", true}, {"email", "****@example.com", true}, {"email", "é*é@example.com", true}, {"email", "a * b@example.com", true}, {"email", "", true},
		{"email", "abc***@example.com", false}, {"email", "ab@example.com", false}, {"email", "a*bc@example.com", false}, {"email", "ab@*.example.com", false},
	} {
		c := &call{op: &operation{name: "Read Flow"}}
		c.maskedAddress(claims{row.member: row.written}, "_embedded")
		require.Equal(t, row.masked, len(c.report.Violations) == 0, row.written)
		for _, f := range c.report.Violations {
			require.Equal(t, []string{"/_embedded/" + row.member, ruleMasked}, []string{f.Where, f.Rule})
			require.NotContains(t, f.Got, row.written)
		}
	}
}

// A device that nobody has seen may be somebody's all the same; where others were seen, it is told of.
func TestADeviceThatNobodyHasSeen(t *testing.T) {
	told := func(story ...answered) bool {
		report := told(t, append(story, answered{"flow-otp-required", nil})...)
		require.NoError(t, report.Err())
		for _, f := range report.Observations {
			if f.Where == "/_embedded/devices/0/id" && f.Want == "a device this scenario created" {
				return true
			}
		}
		return false
	}
	require.False(t, told(answered{"create-user", nil}, answered{"authorize", nil}))
	require.False(t, told(answered{"create-user", nil}, answered{"create-sms-device", nil}, answered{"authorize", nil}))
	require.True(t, told(answered{"create-user", nil}, answered{"create-email-device", nil}, answered{"authorize", nil}))
	c := &call{op: &operation{name: "Read Flow"}}
	for _, known := range []claims{{"type": "SMS"}, {"type": "SMS", "phone": "+15125550155", "status": deviceInUse}} {
		c.sameDevice(claims{"type": "SMS", "phone": "*******55"}, known)
		c.sameDevice(claims{"type": "SMS"}, known)
	}
	require.Empty(t, c.report.Violations, "what one does not say, the other may")
	c.sameDevice(claims{"type": "SMS", "phone": "2*******55"}, claims{"type": "SMS", "phone": "+15125550155"}, "d")
	require.Equal(t, []string{"/d/phone"}, where(c.report.Violations))
}

// A number is looked for without its punctuation as well, if it is long enough to be no other.
func TestHowANumberOrAnAddressIsLookedFor(t *testing.T) {
	for written, plain := range map[string]string{
		"+1.5125550144": "15125550144", "+1234567890": "1234567890", "+123456789": "", "anna1234567890@example.com": "", "1234567890": "", "": "",
	} {
		m := newMemory()
		m.contact(written)
		want := map[string]bool{}
		for _, one := range []string{written, plain} {
			if one != "" {
				want[one] = true
			}
		}
		require.Equal(t, want, m.contacts, written)
	}
}
