package browser

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
)

// What went wrong is told in the words of the error body, with what its details name.
func TestErrorText(t *testing.T) {
	for body, want := range map[string]string{
		`{"message":"It failed.","details":[{"target":"scope","message":"Unknown."},{"target":"prompt","message":"Odd."}]}`: "It failed. scope: Unknown. prompt: Odd.",
		`{"message":"It failed."}`: "It failed.",
		`{"code":"INVALID_DATA"}`:  "The sign-on request is not valid.",
		"rubbish":                  "The sign-on request is not valid.",
		"":                         "The sign-on request is not valid.",
	} {
		require.Equal(t, want, ErrorText(body), body)
	}
}

func TestWords(t *testing.T) {
	require.Equal(t, "Sign on", Words(flow.PasswordRequired))
	require.Equal(t, "ASSERTION_REQUIRED", Words("ASSERTION_REQUIRED"), "a state without words is named")
}

// Browsers fill in what they know, and offer the right keys.
func TestWhatBrowsersAreToldOfAField(t *testing.T) {
	for name, want := range map[string]string{"mobilePhone": "tel", "email": "email", "name.given": "given-name", "title": "on"} {
		require.Equal(t, want, autocompleteOf(name), name)
	}
	for status, want := range map[string][]Field{
		flow.PasscodeRequired: {{Name: "otp", Label: "Passcode", Type: "text", Required: true, Autocomplete: "one-time-code", Mode: "numeric"}},
		flow.RecoveryCodeRequired: {
			{Name: "recoveryCode", Label: "Recovery code", Type: "text", Required: true, Autocomplete: "one-time-code"},
			{Name: "newPassword", Label: "New password", Type: "password", Required: true, Autocomplete: "new-password"},
		},
		flow.Completed: nil,
	} {
		_, fields := forms(status)
		require.Equal(t, want, fields, status)
	}
}

// A page has the one form of the state, and a button for each other thing that the flow takes there.
func TestWhatAPageAsks(t *testing.T) {
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	all := tenant.New(tenant.Options{Now: func() time.Time { return now }})
	engine, env := flow.New(all, flow.Documented()), all.AddEnvironment(tenant.EnvironmentSpec{Name: "Test", Methods: []string{"email", "sms", "totp"}})
	anna := &tenant.User{Meta: all.NewMeta(now), Enabled: true, MFAEnabled: true, Profile: map[string]any{"username": "anna"}, Devices: tenant.Table[*tenant.Device]{}}
	all.SetPassword(anna, "Quiet-Harbour-52", false)
	env.PutUser(anna)
	var devices []*tenant.Device
	for _, d := range []tenant.Device{{Type: "EMAIL", Email: "anna@example.com"}, {Type: "TOTP", Secret: "JBSWY3DPEHPK3PXP"}} {
		d.Meta, d.Status = tenant.Meta{ID: d.Type}, "ACTIVE"
		anna.Devices.Add(&d)
		devices = append(devices, &d)
	}
	env.DefaultDevicePolicy().DeviceSelection = "ALWAYS_DISPLAY_DEVICES"
	policy := &tenant.SignOnPolicy{Meta: all.NewMeta(now), Actions: tenant.Table[*tenant.Action]{}}
	attributes := []tenant.ProfileAttribute{{Name: "mobilePhone"}, {Name: "title"}}
	for i, action := range []tenant.Action{{Type: tenant.ActionLogin, RecoveryEnabled: true}, {Type: tenant.ActionMFA}, {Type: tenant.ActionProfiling, PromptText: "Please.", Attributes: attributes}} {
		action.Meta, action.Priority = all.NewMeta(now), i+1
		policy.Actions.Add(&action)
	}
	visit := flow.Visit{Env: env, Now: now}
	var f *flow.Flow
	begin := func() {
		f = engine.New(flow.Request{Policies: []*tenant.SignOnPolicy{policy}, Browser: &flow.Browser{}})
		engine.Begin(visit, f)
	}
	act := func(action string, input map[string]any) func() {
		return func() { require.Nil(t, engine.Act(visit, f, action, input), action) }
	}
	choose := func(id string) map[string]any { return map[string]any{"device": map[string]any{"id": id}} }
	another := Other{Label: "Sign on as somebody else", Action: flow.ResetSession}
	again := Other{Label: "Send another code", Action: flow.SendRecoveryCode}
	button := func(label, id string) Other {
		return Other{Label: label, Action: flow.SelectDevice, Body: `{"device":{"id":"` + id + `"}}`}
	}
	for _, row := range []struct {
		act   func()
		asked Page
	}{
		{begin, Page{Title: "Sign on", Action: flow.CheckPassword, Others: []Other{{Label: "Forgot your password?", Action: flow.ForgotPassword, Field: "username"}}}},
		{act(flow.ForgotPassword, map[string]any{"username": "anna"}), Page{Title: "Enter the recovery code that was sent to you", Action: flow.RecoverPassword, Others: []Other{again}}},
		{begin, Page{Title: "Sign on", Action: flow.CheckPassword, Others: []Other{{Label: "Forgot your password?", Action: flow.ForgotPassword, Field: "username"}}}},
		{act(flow.CheckPassword, map[string]any{"username": "anna", "password": "Quiet-Harbour-52"}), Page{
			Title: "Where should the passcode go?", Action: flow.SelectDevice, Others: []Other{another}, Devices: []Device{{"EMAIL", "EMAIL an****@example.com", "E-mail"}, {"TOTP", "TOTP", "Authenticator app"}},
		}},
		{act(flow.SelectDevice, choose("EMAIL")), Page{
			Title: "Enter your passcode", Action: flow.CheckPasscode, Others: []Other{button("Send another passcode", "EMAIL"), button("Use another device: Authenticator app", "TOTP"), another},
		}},
		{act(flow.SelectDevice, choose("TOTP")), Page{Title: "Enter your passcode", Action: flow.CheckPasscode, Others: []Other{button("Use another device: E-mail an****@example.com", "EMAIL"), another}}},
		{func() {
			act(flow.SelectDevice, choose("EMAIL"))()
			act(flow.CheckPasscode, map[string]any{"otp": f.Challenge.Sent.Code})()
		}, Page{
			Title: "One more thing", Action: flow.UpdateUser, Prompt: "Please.", Others: []Other{{Label: "Skip", Action: flow.UpdateUser, Body: "{}"}, another},
			Fields: []Field{{Name: "mobilePhone", Label: "Mobile Phone", Type: "tel", Autocomplete: "tel"}, {Name: "title", Label: "Title", Type: "text", Autocomplete: "on"}},
		}},
		{func() { f.Asked[1].Required = true }, Page{
			Title: "One more thing", Action: flow.UpdateUser, Prompt: "Please.", Others: []Other{another},
			Fields: []Field{{Name: "mobilePhone", Label: "Mobile Phone", Type: "tel", Autocomplete: "tel"}, {Name: "title", Label: "Title", Type: "text", Required: true, Autocomplete: "on"}},
		}},
		{act(flow.UpdateUser, map[string]any{"title": "Dr"}), Page{Title: "You are signed on"}},
	} {
		row.act()
		row.asked.Status, row.asked.Application = f.Status, "Shop"
		if row.asked.Fields == nil {
			_, row.asked.Fields = forms(f.Status)
		}
		require.Equal(t, row.asked, Page{Application: "Shop"}.Ask(f, devices), f.Status)
	}
}
