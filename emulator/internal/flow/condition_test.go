package flow

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

// when is an action with a condition.
func when(action tenant.Action, condition object) tenant.Action {
	action.Sent = object{"condition": condition}
	return action
}

func olderThan(factor string, seconds float64) object {
	return object{"secondsSince": "${session.lastSignOn.withAuthenticator." + factor + ".at}", "greater": seconds}
}

func TestConditionsOfActions(t *testing.T) {
	equals := func(variable, value string) object { return object{"value": "${" + variable + "}", "equals": value} }
	from := func(ranges ...any) object {
		return object{"contains": "${flow.request.http.remoteIp}", "ipRange": ranges}
	}
	for name, row := range map[string]struct {
		condition object // of the second factor
		status    string // after the password
	}{
		"her population":           {equals("user.population.id", "members"), PasscodeRequired},
		"another population":       {equals("user.population.id", "others"), Completed},
		"her attribute":            {equals("user.name.given", "Anna"), PasscodeRequired},
		"an attribute she lacks":   {equals("user.title", "Tester"), Completed},
		"her group":                {object{"value": "${user.memberOfGroupIDs}", "contains": "staff"}, PasscodeRequired},
		"a group she is not in":    {object{"value": "${user.memberOfGroupIDs}", "contains": "board"}, Completed},
		"from here":                {from("127.0.0.0/8"), PasscodeRequired},
		"from elsewhere":           {from("192.0.2.0/24"), Completed},
		"not from here":            {object{"not": from("127.0.0.0/8")}, Completed},
		"one of two":               {object{"or": []any{from("192.0.2.0/24"), equals("user.username", "anna")}}, PasscodeRequired},
		"both of two":              {object{"and": []any{from("192.0.2.0/24"), equals("user.username", "anna")}}, Completed},
		"herself":                  {equals("user.id", "her id"), PasscodeRequired},
		"enabled":                  {object{"value": "${user.enabled}", "equals": true}, PasscodeRequired},
		"not enabled":              {object{"value": "${user.enabled}", "equals": false}, Completed},
		"with a second factor":     {object{"value": "${user.mfaEnabled}", "equals": true}, PasscodeRequired},
		"without a second factor":  {object{"value": "${user.mfaEnabled}", "equals": false}, Completed},
		"signed on from there":     {equals("user.lastSignOn.remoteIp", "192.0.2.7"), PasscodeRequired},
		"signed on a minute ago":   {object{"secondsSince": "${user.lastSignOn.at}", "greater": 59.0}, PasscodeRequired},
		"not longer than a minute": {object{"secondsSince": "${user.lastSignOn.at}", "greater": 60.0}, Completed},
		"never done before":        {olderThan("mfa", 3600), PasscodeRequired},
		"long since the password":  {olderThan("pwd", 60), Completed},
		"one that cannot be right": {object{"sunny": true}, Completed},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "anna@example.com")
			b.anna.PopulationID, b.anna.Groups, b.anna.Profile["name"] = "members", []string{"staff"}, object{"given": "Anna"}
			b.anna.LastSignOnAt, b.anna.LastSignOnIP = b.Now.Add(-time.Minute), "192.0.2.7"
			if row.condition["equals"] == "her id" {
				row.condition["equals"] = b.anna.ID
			}
			f := b.begin(Request{}, login, when(mfa, row.condition))
			b.play(f, move{CheckPassword, right, "", row.status})
		})
	}
	b := newBench(t)
	first := b.begin(Request{}, when(login, equals("user.username", "anna")), login)
	require.Equal(t, PasswordRequired, first.Status, "of nobody yet, nothing is true")
}

// TestSignOnThatIsTooLongAgo: a condition on the time since a sign-on has the factor
// proven again in a browser that has proven it before, and only then.
func TestSignOnThatIsTooLongAgo(t *testing.T) {
	b := newBench(t)
	browser := &Browser{ID: "browser"}
	policy := when(login, olderThan("pwd", 3600))
	signOn := func() *Flow {
		f := b.New(Request{Browser: browser})
		if browser.UserID != "" {
			f.Adopt(b.anna)
		}
		p := &tenant.SignOnPolicy{Meta: b.tenant.NewMeta(b.Now), Actions: tenant.Table[*tenant.Action]{}}
		p.Actions.Add(&policy)
		f.Policies = []*tenant.SignOnPolicy{p}
		b.Begin(b.Visit, f)
		return f
	}
	first := signOn()
	require.Equal(t, PasswordRequired, first.Status)
	b.play(first, move{CheckPassword, right, "", Completed})
	b.Now = b.Now.Add(time.Hour)
	require.Equal(t, Completed, signOn().Status, "an hour is not more than an hour")
	b.Now = b.Now.Add(time.Second)
	again := signOn()
	require.Equal(t, PasswordRequired, again.Status)
	b.play(again, move{CheckPassword, right, "", Completed})
	require.Equal(t, Completed, signOn().Status, "it has just been proven again")
}

func TestABrowserKeepsWhatWasProvenInItBefore(t *testing.T) {
	b := newBench(t, "anna@example.com")
	here := &Browser{ID: "browser"}
	b.play(b.begin(Request{Browser: here}, login, mfa), move{CheckPassword, right, "", PasscodeRequired}, move{CheckPasscode, object{"otp": "sent"}, "", Completed})
	at := b.Now
	b.Now = b.Now.Add(time.Minute)
	b.play(b.begin(Request{Browser: here}, login), move{CheckPassword, right, "", Completed})
	require.Equal(t, map[string]time.Time{Password: b.Now, Passcode: at}, here.ProvenAt)
}

// Whoever is disabled after the flow began changes no password in it.
func TestADisabledPersonChangesNoPassword(t *testing.T) {
	const fresh = "Another-Harbour-9"
	recover := login
	recover.RecoveryEnabled = true
	for name, row := range map[string]struct {
		before, after move
	}{
		"that has to be changed": {move{CheckPassword, right, "", MustChangePassword}, move{ResetPassword, object{"currentPassword": goodPassword, "newPassword": fresh}, "ACCOUNT_NOT_USABLE", MustChangePassword}},
		"that was forgotten":     {move{ForgotPassword, object{"username": "anna"}, "", RecoveryCodeRequired}, move{RecoverPassword, object{"recoveryCode": "sent", "newPassword": fresh}, "INVALID_VALUE", RecoveryCodeRequired}},
	} {
		for _, enabled := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t)
				b.tenant.SetPassword(b.anna, goodPassword, true)
				f := b.begin(Request{}, recover)
				b.play(f, row.before)
				after := row.after
				if after.action == RecoverPassword {
					after.input["recoveryCode"] = b.anna.Recovery.Code
				}
				b.anna.Enabled = enabled
				if enabled {
					after.refusal, after.status = "", Completed
				}
				b.play(f, after)
				require.Equal(t, enabled, b.tenant.CheckPassword(b.anna, fresh).OK)
			})
		}
	}
}

func TestALockedPersonRecoversNothing(t *testing.T) {
	b := newBench(t)
	recover := login
	recover.RecoveryEnabled = true
	f := b.begin(Request{}, recover)
	b.play(f, move{ForgotPassword, object{"username": "anna"}, "", RecoveryCodeRequired})
	b.anna.LockedAt = b.Now
	b.play(f, move{RecoverPassword, object{"recoveryCode": b.anna.Recovery.Code, "newPassword": "Another-Harbour-9"}, "INVALID_VALUE", RecoveryCodeRequired})
}
