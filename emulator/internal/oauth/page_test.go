package oauth

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
)

// escaped is an action's media type as it stands in the page.
func escaped(action string) string {
	return strings.ReplaceAll(mediaTypeOf(action), "+", "&#43;")
}

func TestSignOnPage(t *testing.T) {
	visit := func(b *userAgent, query string) *reply { return b.send("GET", b.path("/signon/"+query), "", "") }

	t.Run("shows the one form of each state", func(t *testing.T) {
		r := newRig(t)
		r.app.Name = `<b>Shop</b> & Sons`
		actions := append(loginAndMFA(), profiling)
		r.policy(r.app, "All", actions...)
		r.env.DefaultDevicePolicy().DeviceSelection = "ALWAYS_DISPLAY_DEVICES"
		device := r.addDevice(r.anna, "SMS", "+1.5125550101")
		b := r.browser()
		state := b.authorize()
		query := "?flowId=" + state.json("id").String()
		shows := func(parts ...string) {
			t.Helper()
			shown := visit(b, query)
			require.Equal(t, 200, shown.StatusCode)
			require.Contains(t, shown.Header.Get("Content-Security-Policy"), "default-src 'none'")
			require.Contains(t, shown.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'")
			require.Contains(t, shown.body, "&lt;b&gt;Shop&lt;/b&gt; &amp; Sons")
			require.NotContains(t, shown.body, "<b>Shop")
			for _, part := range parts {
				require.Contains(t, shown.body, part)
			}
		}
		shows(`name="username"`, `name="password" type="password"`, "no identity provider")
		require.NotContains(t, visit(b, query).body, "Forgot your password?", "the policy does not offer it")
		b.login(state, "anna", goodPassword)
		shows(`name="device.id"`, device.ID, "SMS *******01")
		b.act(state, flow.SelectDevice, object{"device": object{"id": device.ID}})
		shows(`name="otp"`, ">Send another passcode<", `data-body="{&#34;device&#34;:{&#34;id&#34;:&#34;`+device.ID, escaped(flow.SelectDevice), ">Sign on as somebody else<")
		other := r.addDevice(r.anna, "TOTP", "JBSWY3DPEHPK3PXP")
		shows(">Use another device: Authenticator app<", other.ID)
		require.Equal(t, 1, strings.Count(visit(b, query).body, ">Send another passcode<"))
		b.act(state, flow.CheckPasscode, object{"otp": r.sent().OTP})
		shows(`name="mobilePhone" type="tel" autocomplete="tel" autofocus`, "<h1>One more thing</h1>", "Mobile Phone", profiling.PromptText, ">Skip<")
		b.act(state, flow.UpdateUser, object{})
		shows("Continue to the application", "/as/resume?flowId=")
	})
	t.Run("shows the other states too", func(t *testing.T) {
		r := newRig(t)
		r.policy(r.app, "Recovery", tenant.Action{Type: "LOGIN", RecoveryEnabled: true})
		b := r.browser()
		state := b.authorize()
		shown := func() string { return visit(b, "?flowId="+state.json("id").String()).body }
		require.Contains(t, shown(), `data-field="username">Forgot your password?<`)
		require.Contains(t, shown(), escaped(flow.ForgotPassword))
		b.act(state, flow.ForgotPassword, object{"username": "anna"})
		require.Contains(t, shown(), `name="recoveryCode"`)
		require.Contains(t, shown(), ">Send another code<")
		r.anna.Lifecycle = map[string]any{"status": tenant.VerificationRequired}
		state = b.authorize()
		b.login(state, "anna", goodPassword)
		require.Contains(t, shown(), `name="verificationCode"`)
		require.Contains(t, shown(), escaped(flow.SendVerificationCode))
		r.anna.Lifecycle = nil
		r.tenant.SetPassword(r.anna, goodPassword, true)
		state = b.authorize()
		b.login(state, "anna", goodPassword)
		require.Contains(t, visit(b, "?flowId="+state.json("id").String()).body, `name="currentPassword"`)
		r = mfaOnly(t)
		b = r.browser()
		require.Contains(t, visit(b, "?flowId="+b.authorize().json("id").String()).body, `name="username"`)
	})
	t.Run("shows the error that authorize sends it", func(t *testing.T) {
		b := newRig(t).browser()
		target := b.authorize("redirect_uri", "https://evil.example.com", "response_mode", "-").Header.Get("Location")
		shown := b.send("GET", target, "", "")
		require.Contains(t, shown.body, "redirect_uri")
		require.Contains(t, visit(b, "?error=<script>").body, "is not valid")
		require.NotContains(t, visit(b, `?error={"message":"%3Cscript%3Ex"}`).body, "<script>x")
	})
	t.Run("keeps a flow to the browser that started it", func(t *testing.T) {
		r := newRig(t)
		state := r.browser().authorize()
		shown := visit(r.browser(), "?flowId="+state.json("id").String())
		require.Equal(t, 401, shown.StatusCode)
		require.NotContains(t, shown.body, r.app.Name)
		require.Equal(t, 404, visit(r.browser(), "").StatusCode)
	})
	t.Run("says goodbye", func(t *testing.T) {
		require.Contains(t, visit(newRig(t).browser(), "?signedOff=true").body, "signed off")
	})
}
