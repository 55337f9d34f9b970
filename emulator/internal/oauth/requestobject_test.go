package oauth

import (
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
)

func TestTestDevices(t *testing.T) {
	request := func(r *rig, more ...any) string {
		return signedBy(r.t, jose.HS256, []byte(r.app.Secret), r.hint(append([]any{"sub", nil, "pi.testDevice", "allow"}, more...)...))
	}
	start := func(t *testing.T) (*rig, *tenant.Device) {
		r := newRig(t)
		r.policy(r.app, "LoginMFA", loginAndMFA()...)
		d := r.addDevice(r.anna, "SMS", "+1.5125550101")
		d.TestMode = true
		return r, d
	}

	t.Run("a signed wish shows the passcode, and nothing is sent", func(t *testing.T) {
		r, _ := start(t)
		b := r.browser()
		state := b.passcodeFlow("request", request(r))
		otp := state.json("test.otp").String()
		require.Len(t, otp, 6)
		require.Empty(t, r.tenant.Outbox())
		require.Equal(t, otp, b.read(state).json("test.otp").String())
		require.Equal(t, flow.Completed, b.act(state, flow.CheckPasscode, object{"otp": otp}).json("status").String())
	})
	t.Run("an unsigned wish does not", func(t *testing.T) {
		r, _ := start(t)
		r.app.SupportUnsignedRequestObject = true
		state := r.browser().passcodeFlow("request", unsigned(t, r.hint("sub", nil, "pi.testDevice", "allow")))
		require.Equal(t, flow.PasscodeRequired, state.json("status").String())
		require.False(t, state.json("test").Exists())
	})
	t.Run("no wish does not, nor another word", func(t *testing.T) {
		r, _ := start(t)
		require.False(t, r.browser().passcodeFlow().json("test").Exists())
		require.False(t, r.browser().passcodeFlow("request", request(r, "pi.testDevice", "deny")).json("test").Exists())
	})
	t.Run("the passcode of a real device is never shown", func(t *testing.T) {
		r, d := start(t)
		d.TestMode = false
		require.False(t, r.browser().passcodeFlow("request", request(r)).json("test").Exists())
		require.Len(t, r.tenant.Outbox(), 1)
	})
}

func TestRequestObjects(t *testing.T) {
	sign := func(r *rig, more ...any) string {
		return signedBy(r.t, jose.HS512, []byte(r.app.Secret), r.hint(append([]any{"sub", nil}, more...)...))
	}
	t.Run("claims are parameters and win over those beside them", func(t *testing.T) {
		r := newRig(t)
		b := r.browser()
		answer := b.authorize("state", "outer", "scope", "nonsense", "request", sign(r, "state", "inner", "scope", "openid", "max_age", 60))
		require.Equal(t, flow.PasswordRequired, answer.json("status").String(), answer.body)
		b.login(answer, "anna", goodPassword)
		require.Equal(t, "inner", b.resume(answer).json("authorizeResponse.state").String())
	})
	t.Run("a signed subject names the person", func(t *testing.T) {
		r := mfaOnly(t)
		require.Equal(t, flow.PasscodeRequired, r.browser().authorize("request", sign(r, "sub", "anna")).json("status").String())
		one := signedBy(t, jose.HS256, []byte(r.app.Secret), r.hint())
		require.Equal(t, flow.PasscodeRequired, r.browser().authorize("request", one, "login_hint_token", one).json("status").String())
	})
	t.Run("unsigned is good where the client supports it", func(t *testing.T) {
		r := newRig(t)
		r.app.SupportUnsignedRequestObject = true
		answer := r.browser().authorize("response_mode", "-", "request", unsigned(t, Claims{"response_mode": "pi.flow"}))
		require.Equal(t, flow.PasswordRequired, answer.json("status").String(), answer.body)
	})
	t.Run("an unsigned subject names nobody", func(t *testing.T) {
		r := mfaOnly(t)
		r.app.SupportUnsignedRequestObject = true
		answer := r.browser().authorize("request", unsigned(t, Claims{"sub": "anna"}))
		require.Equal(t, flow.SignOnRequired, answer.json("status").String(), answer.body)
		require.Empty(t, r.tenant.Outbox())
	})
	t.Run("a signed subject is vouched for", func(t *testing.T) {
		r := newRig(t)
		r.policy(r.app, "Bypass", tenant.Action{Type: "MULTI_FACTOR_AUTHENTICATION", NoDevicesMode: "BYPASS"})
		require.Equal(t, flow.Completed, r.browser().authorize("request", sign(r, "sub", "anna")).json("status").String())
	})
	t.Run("claims about the JWT, and what cannot be in it, are no parameters", func(t *testing.T) {
		r := newRig(t)
		answer := r.browser().authorize("request", sign(r, "aud", []string{origin + r.path("/as")}, "request", "x", "request_uri", []string{"x"}, "pi.hint", []string{"x"}))
		require.Equal(t, flow.PasswordRequired, answer.json("status").String(), answer.body)
		r.app.Sent = map[string]any{"parRequirement": "REQUIRED"}
		requireProblem(t, r.browser().authorize("request", sign(r, "request_uri", "urn:x")), 400, "INVALID_DATA", "REQUIRED_VALUE", "request_uri")
	})
	t.Run("numbers and flags are written as a parameter has them", func(t *testing.T) {
		r := newRig(t)
		b := r.browser()
		b.signOn()
		r.pass(time.Minute)
		require.Equal(t, flow.Completed, b.authorize("request", sign(r, "max_age", 60, "state", true)).json("status").String())
		require.Equal(t, "true", b.authorize("request", sign(r, "state", true)).json("authorizeResponse.state").String())
		require.Equal(t, flow.PasswordRequired, b.authorize("request", sign(r, "max_age", 0)).json("status").String())
		requireProblem(t, b.authorize("request", sign(r, "max_age", 1.5)), 400, "INVALID_DATA", "INVALID_VALUE", "max_age")
	})
	t.Run("a subject that is the client itself names nobody", func(t *testing.T) {
		r := newRig(t)
		require.Equal(t, flow.PasswordRequired, r.browser().authorize("request", sign(r, "sub", r.app.ID)).json("status").String())
	})
	bad := map[string]func(r *rig) string{
		"with a subject who is disabled": func(r *rig) string { r.anna.Enabled = false; return sign(r, "sub", "anna") },
		"unsigned, with a signature": func(r *rig) string {
			r.app.SupportUnsignedRequestObject = true
			return unsigned(r.t, r.hint("sub", nil)) + "c2lnbmF0dXJl"
		},
		"signed, without its signature": func(r *rig) string {
			r.app.SupportUnsignedRequestObject = true
			token := sign(r)
			return token[:strings.LastIndexByte(token, '.')+1]
		},
		"unsigned, for somebody else": func(r *rig) string {
			r.app.SupportUnsignedRequestObject = true
			return unsigned(r.t, Claims{"aud": "https://auth.example.com"})
		},
		"unsigned, of another client": func(r *rig) string {
			r.app.SupportUnsignedRequestObject = true
			return unsigned(r.t, Claims{"iss": r.anna.ID})
		},
		"unsigned, expired": func(r *rig) string {
			r.app.SupportUnsignedRequestObject = true
			return unsigned(r.t, Claims{"exp": r.now.Unix()})
		},
		"unsigned where one must sign after all": func(r *rig) string {
			r.app.SupportUnsignedRequestObject, r.app.RequireSignedRequestObject = true, true
			return unsigned(r.t, Claims{})
		},
		"unsigned":                       func(r *rig) string { return unsigned(r.t, r.hint("sub", nil)) },
		"of another client":              func(r *rig) string { return sign(r, "client_id", r.tenant.NewID()) },
		"expired":                        func(r *rig) string { return sign(r, "exp", r.now.Unix()-1) },
		"for another environment":        func(r *rig) string { return sign(r, "aud", "https://auth.example.com") },
		"with a claim no parameter has":  func(r *rig) string { return sign(r, "scope", []string{"openid"}) },
		"with a subject who is nobody":   func(r *rig) string { return sign(r, "sub", "nobody") },
		"signed with another secret":     func(r *rig) string { return signedBy(r.t, jose.HS256, make([]byte, 64), r.hint()) },
		"rubbish":                        func(*rig) string { return "a.b.c" },
		"unsigned where signing is must": func(r *rig) string { r.app.RequireSignedRequestObject = true; return unsigned(r.t, r.hint()) },
		"signed by another application": func(r *rig) string {
			other := r.addApp("Other")
			return signedBy(r.t, jose.HS256, []byte(other.Secret), r.hint("iss", other.ID))
		},
	}
	for name, token := range bad {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			request := token(r)
			requireProblem(t, r.browser().authorize("request", request), 400, "INVALID_DATA", "INVALID_VALUE", "request")
			back := r.browser().authorize("request", request, "response_mode", "-", "redirect_uri", "https://evil.example.com").location()
			require.Equal(t, r.path("/signon/"), back.Path)
		})
	}
	t.Run("missing where the client must sign", func(t *testing.T) {
		r := newRig(t)
		r.app.RequireSignedRequestObject = true
		requireProblem(t, r.browser().authorize(), 400, "INVALID_DATA", "REQUIRED_VALUE", "request")
	})
	t.Run("by reference", func(t *testing.T) {
		requireProblem(t, newRig(t).browser().authorize("request_uri", "urn:x"), 400, "INVALID_DATA", "INVALID_VALUE", "request_uri")
	})
}
