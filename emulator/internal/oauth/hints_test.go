package oauth

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
)

func signedBy(t *testing.T, algorithm jose.SignatureAlgorithm, key any, c Claims, header ...string) string {
	t.Helper()
	options := &jose.SignerOptions{}
	for i := 0; i+1 < len(header); i += 2 {
		options.WithHeader(jose.HeaderKey(header[i]), header[i+1])
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
	require.NoError(t, err)
	payload, err := json.Marshal(c)
	require.NoError(t, err)
	signed, err := signer.Sign(payload)
	require.NoError(t, err)
	token, err := signed.CompactSerialize()
	require.NoError(t, err)
	return token
}

func unsigned(t *testing.T, c Claims) string {
	t.Helper()
	payload, err := json.Marshal(c)
	require.NoError(t, err)
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString(payload) + "."
}

// hint are the claims of a good login hint token for anna.
func (r *rig) hint(more ...any) Claims {
	c := Claims{
		"iss": r.app.ID, "sub": r.anna.ID, "aud": origin + "/" + r.env.ID + "/as",
		"iat": r.now.Unix(), "exp": r.now.Add(5 * time.Minute).Unix(), "jti": "1",
	}
	for i := 0; i+1 < len(more); i += 2 {
		c[more[i].(string)] = more[i+1]
		if more[i+1] == nil {
			delete(c, more[i].(string))
		}
	}
	return c
}

func mfaOnly(t *testing.T) *rig {
	r := newRig(t)
	r.policy(r.app, "MFAOnly", tenant.Action{
		Type: "MULTI_FACTOR_AUTHENTICATION", Methods: map[string]bool{"sms": true, "email": false},
	})
	r.addDevice(r.anna, "SMS", "+1.5125550101")
	return r
}

func TestMFAOnlyJourney(t *testing.T) {
	r := mfaOnly(t)
	b := r.browser()
	token := signedBy(t, jose.HS256, []byte(r.app.Secret), r.hint())
	state := b.authorize("redirect_uri", "-", "scope", "-", "login_hint_token", token)
	require.Equal(t, 200, state.StatusCode, state.body)
	require.Equal(t, flow.PasscodeRequired, state.json("status").String(), state.body)
	require.Equal(t, "*******01", state.json("_embedded.devices.0.phone").String())
	require.True(t, state.json(`_links.signOnPage`).Exists())
	require.False(t, state.json("_embedded.user").Exists(), "a hint alone shows nobody's name")
	require.False(t, state.json("session").Exists())
	require.False(t, state.json(`_links.session\.reset`).Exists())
	require.False(t, state.json("test").Exists())

	done := b.act(state, flow.CheckPasscode, object{"otp": r.sent().OTP})
	require.Equal(t, flow.Completed, done.json("status").String(), done.body)
	require.Equal(t, r.anna.ID, done.json("_embedded.user.id").String())
	code := b.resume(state).json("authorizeResponse.code").String()
	tokens := r.token("grant_type", "authorization_code", "code", code)
	require.Equal(t, 200, tokens.StatusCode, tokens.body)
	require.Equal(t, "email openid phone profile", tokens.json("scope").String())
	id := r.verifyID(tokens.json("id_token").String())
	require.Equal(t, []any{"otp"}, id["amr"])
	require.Equal(t, "MFAOnly", id["acr"])
}

func TestGoodHintTokens(t *testing.T) {
	tests := map[string]func(r *rig) string{
		"HS384":               func(r *rig) string { return signedBy(r.t, jose.HS384, []byte(r.app.Secret), r.hint()) },
		"HS512 with typ":      func(r *rig) string { return signedBy(r.t, jose.HS512, []byte(r.app.Secret), r.hint(), "typ", "JWT") },
		"username as subject": func(r *rig) string { return signedBy(r.t, jose.HS256, []byte(r.app.Secret), r.hint("sub", "anna")) },
		"no times at all": func(r *rig) string {
			return signedBy(r.t, jose.HS256, []byte(r.app.Secret), r.hint("iat", nil, "exp", nil, "jti", nil))
		},
		"from this moment on": func(r *rig) string {
			return signedBy(r.t, jose.HS256, []byte(r.app.Secret), r.hint("nbf", r.now.Unix()))
		},
		"audience in a list": func(r *rig) string {
			return signedBy(r.t, jose.HS256, []byte(r.app.Secret), r.hint("aud", []string{"x", origin + "/" + r.env.ID + "/as"}))
		},
		"signed by another enabled application": func(r *rig) string {
			other := r.addApp("Signer")
			other.Type = "WORKER"
			return signedBy(r.t, jose.HS256, []byte(other.Secret), r.hint("iss", other.ID))
		},
		"signed with the secret before a rotation": func(r *rig) string {
			old := r.app.Secret
			r.app.Secret = r.tenant.NewSecret(64)
			r.app.Previous = &tenant.PreviousSecret{Secret: old, ExpiresAt: r.now.Add(time.Hour)}
			return signedBy(r.t, jose.HS256, []byte(old), r.hint())
		},
	}
	for name, token := range tests {
		t.Run(name, func(t *testing.T) {
			r := mfaOnly(t)
			state := r.browser().authorize("login_hint_token", token(r))
			require.Equal(t, flow.PasscodeRequired, state.json("status").String(), state.body)
		})
	}
}

func TestBadHintTokens(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	sign := func(r *rig, c Claims, header ...string) string {
		return signedBy(r.t, jose.HS256, []byte(r.app.Secret), c, header...)
	}
	tests := map[string]func(r *rig) string{
		"signed with another application's secret": func(r *rig) string {
			return signedBy(r.t, jose.HS256, []byte(r.addApp("Other").Secret), r.hint())
		},
		"altered": func(r *rig) string {
			token := []byte(sign(r, r.hint()))
			token[len(token)-10] ^= 1
			return string(token)
		},
		"alg none":                func(r *rig) string { return unsigned(r.t, r.hint()) },
		"RS256":                   func(r *rig) string { return signedBy(r.t, jose.RS256, rsaKey, r.hint()) },
		"RS256 by the server":     func(r *rig) string { token, _ := signingKey().sign(r.hint()); return token },
		"cty header":              func(r *rig) string { return sign(r, r.hint(), "cty", "JWT") },
		"enc header":              func(r *rig) string { return sign(r, r.hint(), "enc", "A128GCM") },
		"expired":                 func(r *rig) string { return sign(r, r.hint("exp", r.now.Unix())) },
		"not yet valid":           func(r *rig) string { return sign(r, r.hint("nbf", r.now.Add(time.Minute).Unix())) },
		"expiry that is no time":  func(r *rig) string { return sign(r, r.hint("exp", "tomorrow")) },
		"for another environment": func(r *rig) string { return sign(r, r.hint("aud", origin+"/"+r.tenant.NewID()+"/as")) },
		"for no audience":         func(r *rig) string { return sign(r, r.hint("aud", nil)) },
		"for nobody":              func(r *rig) string { return sign(r, r.hint("sub", r.tenant.NewID())) },
		"without a subject":       func(r *rig) string { return sign(r, r.hint("sub", nil)) },
		"for a disabled person":   func(r *rig) string { r.anna.Enabled = false; return sign(r, r.hint()) },
		"of an unknown issuer":    func(r *rig) string { return sign(r, r.hint("iss", r.tenant.NewID())) },
		"without an issuer":       func(r *rig) string { return sign(r, r.hint("iss", nil)) },
		"of a disabled signer": func(r *rig) string {
			other := r.addApp("Disabled")
			other.Enabled = false
			return signedBy(r.t, jose.HS256, []byte(other.Secret), r.hint("iss", other.ID))
		},
		"signed with a secret whose time is over": func(r *rig) string {
			r.app.Previous = &tenant.PreviousSecret{Secret: r.tenant.NewSecret(64), ExpiresAt: r.now}
			return signedBy(r.t, jose.HS256, []byte(r.app.Previous.Secret), r.hint())
		},
		"no JWT":        func(*rig) string { return "rubbish" },
		"no JSON in it": func(r *rig) string { return sign(r, r.hint()) + ".x" },
	}
	for name, token := range tests {
		t.Run(name, func(t *testing.T) {
			r := mfaOnly(t)
			hint := token(r)
			answer := r.browser().authorize("login_hint_token", hint)
			requireProblem(t, answer, 400, "INVALID_DATA", "INVALID_VALUE", "login_hint_token")
			require.Empty(t, r.tenant.Outbox())
			require.Zero(t, held(r.server.signOns), "no flow is left waiting")

			back := r.browser().authorize("login_hint_token", hint, "response_mode", "-").location()
			require.Equal(t, "shop.example.com", back.Host)
			require.Equal(t, "invalid_request", back.Query().Get("error"))
		})
	}
}

func TestHints(t *testing.T) {
	t.Run("two at once are refused", func(t *testing.T) {
		r := mfaOnly(t)
		token := signedBy(t, jose.HS256, []byte(r.app.Secret), r.hint())
		requireProblem(t, r.browser().authorize("login_hint", "anna", "login_hint_token", token), 400, "INVALID_DATA", "INVALID_VALUE", "login_hint_token")
		require.Empty(t, r.tenant.Outbox())
	})
	t.Run("a token for another person than the session's is refused", func(t *testing.T) {
		r := mfaOnly(t)
		ben := r.addUser("ben")
		r.addDevice(ben, "SMS", "+1.5125550102")
		b := r.browser()
		state := b.authorize("login_hint_token", signedBy(t, jose.HS256, []byte(r.app.Secret), r.hint()))
		b.act(state, flow.CheckPasscode, object{"otp": r.sent().OTP})
		sent := len(r.tenant.Outbox())
		answer := b.authorize("login_hint_token", signedBy(t, jose.HS256, []byte(r.app.Secret), r.hint("sub", ben.ID)))
		requireProblem(t, answer, 400, "INVALID_DATA", "INVALID_VALUE", "login_hint_token")
		require.Len(t, r.tenant.Outbox(), sent)
		same := b.authorize("login_hint_token", signedBy(t, jose.HS256, []byte(r.app.Secret), r.hint()))
		require.Equal(t, flow.Completed, same.json("status").String(), "the session's own person is welcome")
	})
	t.Run("none leaves the person unknown, and user.lookup names one", func(t *testing.T) {
		r := mfaOnly(t)
		b := r.browser()
		state := b.authorize()
		require.Equal(t, flow.SignOnRequired, state.json("status").String(), state.body)
		requireProblem(t, b.act(state, flow.LookUpUser, object{"username": "nobody"}), 400, "INVALID_DATA", "INVALID_VALUE", "username")
		requireProblem(t, b.act(state, flow.CheckPasscode, object{"otp": "123456"}), 400, "INVALID_REQUEST", "INVALID_VALUE", "Content-Type")
		waiting := b.act(state, flow.LookUpUser, object{"username": "anna"})
		require.Equal(t, flow.PasscodeRequired, waiting.json("status").String(), waiting.body)
		require.False(t, waiting.json("_embedded.user").Exists())
	})
	t.Run("a plain hint names the person too", func(t *testing.T) {
		require.Equal(t, flow.PasscodeRequired, mfaOnly(t).browser().authorize("login_hint", "anna").json("status").String())
	})
	t.Run("a plain hint at nobody is only a hint", func(t *testing.T) {
		require.Equal(t, flow.SignOnRequired, mfaOnly(t).browser().authorize("login_hint", "nobody").json("status").String())
	})
	t.Run("at a policy that begins with a password, the password is asked for", func(t *testing.T) {
		r := newRig(t)
		r.policy(r.app, "LoginMFA", loginAndMFA()...)
		r.addDevice(r.anna, "SMS", "+1.5125550101")
		r.addUser("ben")
		b := r.browser()
		state := b.authorize("login_hint_token", signedBy(t, jose.HS256, []byte(r.app.Secret), r.hint()))
		require.Equal(t, flow.PasswordRequired, state.json("status").String(), state.body)
		require.Empty(t, r.tenant.Outbox())
		requireProblem(t, b.login(state, "ben", goodPassword), 400, "INVALID_DATA", "INVALID_VALUE", "username")
		require.Equal(t, flow.PasscodeRequired, b.login(state, "anna", goodPassword).json("status").String())
	})
	t.Run("BYPASS lets a person without devices pass on a signed hint", func(t *testing.T) {
		r := newRig(t)
		r.policy(r.app, "Bypass", tenant.Action{Type: "MULTI_FACTOR_AUTHENTICATION", NoDevicesMode: "BYPASS"})
		token := signedBy(t, jose.HS256, []byte(r.app.Secret), r.hint())
		done := r.browser().authorize("login_hint_token", token)
		require.Equal(t, flow.Completed, done.json("status").String(), done.body)
		tokens := r.exchange(done.json("authorizeResponse.code").String())
		require.NotContains(t, r.verifyID(tokens.json("id_token").String()), "amr")

		straight := r.browser().authorize("login_hint_token", token, "response_mode", "-").location()
		require.NotEmpty(t, straight.Query().Get("code"))

		require.Equal(t, flow.Failed, r.browser().authorize("login_hint", "anna").json("status").String())
	})
	t.Run("BLOCK fails the flow at once", func(t *testing.T) {
		r := newRig(t)
		r.policy(r.app, "Block", tenant.Action{Type: "MULTI_FACTOR_AUTHENTICATION"})
		token := signedBy(t, jose.HS256, []byte(r.app.Secret), r.hint())
		failed := r.browser().authorize("login_hint_token", token)
		require.Equal(t, flow.Failed, failed.json("status").String(), failed.body)
		require.Equal(t, "NO_USABLE_DEVICES", failed.json("error.code").String())
		back := r.browser().authorize("login_hint_token", token, "response_mode", "-").location()
		require.Equal(t, "access_denied", back.Query().Get("error"))
	})
	t.Run("an ID token of this environment names its person", func(t *testing.T) {
		r := newRig(t)
		id := r.exchange(r.browser().code()).json("id_token").String()
		require.Equal(t, "login_required", r.browser().authorize("id_token_hint", id, "prompt", "none").json("error").String())
		requireProblem(t, r.browser().authorize("id_token_hint", id+"x"), 400, "INVALID_DATA", "INVALID_VALUE", "id_token_hint")

		r.policy(r.app, "MFA", tenant.Action{Type: "MULTI_FACTOR_AUTHENTICATION"})
		r.addDevice(r.anna, "EMAIL", "anna@example.com")
		require.Equal(t, flow.SignOnRequired, r.browser().authorize().json("status").String(), "without a hint it has to be asked who signs on")
		require.Equal(t, flow.PasscodeRequired, r.browser().authorize("id_token_hint", id).json("status").String())
		r.env.RemoveUser(r.anna)
		requireProblem(t, r.browser().authorize("id_token_hint", id), 400, "INVALID_DATA", "INVALID_VALUE", "id_token_hint")
	})
}
