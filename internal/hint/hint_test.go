package hint_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/hint"
)

// secret has the length and the characters of an application secret of PingOne.
func secret() string { return strings.Repeat("aZ09~._-", 8) }

// claims are those of an ordinary token.
func claims() hint.Claims {
	at := time.Date(2026, 1, 15, 9, 0, 0, 999, time.UTC)
	return hint.Claims{
		Issuer: "app-id", Subject: "user-id", Audience: "https://auth.pingone.com/env-id/as",
		IssuedAt: at, Expires: at.Add(5 * time.Minute), ID: "token-id",
	}
}

// open splits a token into its decoded header and claims and its signature.
func open(t *testing.T, token string) (header, body map[string]any, signature []byte) {
	t.Helper()
	parts := strings.Split(token, ".")
	require.Len(t, parts, 3)
	for i, into := range []*map[string]any{&header, &body} {
		text, err := base64.RawURLEncoding.DecodeString(parts[i])
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, into))
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	require.NoError(t, err)
	return header, body, signature
}

// mac is the signature as RFC 7515 defines it, computed without the library.
func mac(token, key string) []byte {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(token[:strings.LastIndex(token, ".")]))
	return m.Sum(nil)
}

func TestTokenIsWhatPingOneDocuments(t *testing.T) {
	token, err := hint.Token(secret(), claims())
	require.NoError(t, err)
	header, body, signature := open(t, token)
	require.Equal(t, map[string]any{"alg": "HS256", "typ": "JWT"}, header)
	require.Equal(t, map[string]any{
		"iss": "app-id", "sub": "user-id", "aud": "https://auth.pingone.com/env-id/as",
		"iat": 1768467600.0, "exp": 1768467900.0, "jti": "token-id",
	}, body)
	require.Equal(t, mac(token, secret()), signature, "the key is the secret's UTF-8 bytes")

	again, err := hint.Token(secret(), claims())
	require.NoError(t, err)
	require.Equal(t, token, again, "replay compares tokens by their text")
}

func TestTokenLeavesOutWhatIsEmpty(t *testing.T) {
	token, err := hint.Token(secret(), hint.Claims{Issuer: "app-id", Subject: "user-id", Audience: "issuer"})
	require.NoError(t, err)
	_, body, _ := open(t, token)
	require.Equal(t, map[string]any{"iss": "app-id", "sub": "user-id", "aud": "issuer"}, body)
}

func TestTokenAsMakesTheFormsThatScenariosSend(t *testing.T) {
	for name, c := range map[string]struct {
		form   hint.Form
		header map[string]any
		signed bool
	}{
		"a forbidden header":  {hint.Form{Header: map[string]any{"cty": "JWT"}}, map[string]any{"alg": "HS256", "typ": "JWT", "cty": "JWT"}, true},
		"unsigned":            {hint.Form{Algorithm: hint.None}, map[string]any{"alg": "none", "typ": "JWT"}, false},
		"unsigned otherwise":  {hint.Form{Algorithm: "nOnE"}, map[string]any{"alg": "nOnE", "typ": "JWT"}, false},
		"unsigned with a cty": {hint.Form{Algorithm: hint.None, Header: map[string]any{"cty": "JWT"}}, map[string]any{"alg": "none", "typ": "JWT", "cty": "JWT"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			token, err := hint.TokenAs(c.form, secret(), claims())
			require.NoError(t, err)
			header, body, signature := open(t, token)
			require.Equal(t, c.header, header)
			require.Equal(t, "user-id", body["sub"])
			if !c.signed {
				require.Empty(t, signature)
				return
			}
			require.Equal(t, mac(token, secret()), signature)
		})
	}
}

func TestTokenOfAnotherKeyHasAnotherSignature(t *testing.T) {
	mine, err := hint.Token(secret(), claims())
	require.NoError(t, err)
	other, err := hint.Token(strings.ToLower(secret()), claims())
	require.NoError(t, err)
	require.NotEqual(t, mine, other)
	require.Equal(t, mine[:strings.LastIndex(mine, ".")], other[:strings.LastIndex(other, ".")])
}

func TestTokenSaysWhatCannotBeSigned(t *testing.T) {
	for name, c := range map[string]struct {
		form   hint.Form
		secret string
		says   string
	}{
		"no secret":              {hint.Form{}, "", "the application's secret is empty: was it read?"},
		"a short secret":         {hint.Form{}, strings.Repeat("x", 31), "has 31 bytes, and HS256 needs at least 32 (RFC 7518 section 3.2)"},
		"an algorithm not known": {hint.Form{Algorithm: "RS256"}, secret(), `algorithm "RS256" is not known`},
		"a header that is none":  {hint.Form{Algorithm: hint.None, Header: map[string]any{"cty": math.Inf(1)}}, secret(), "a header that is no JSON"},
		"a signed one likewise":  {hint.Form{Header: map[string]any{"cty": math.Inf(1)}}, secret(), "signing with HS256"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := hint.TokenAs(c.form, c.secret, claims())
			require.ErrorContains(t, err, "making a login_hint_token: ")
			require.ErrorContains(t, err, c.says)
			if len(c.secret) > 0 {
				require.NotContains(t, err.Error(), c.secret)
			}
		})
	}
}

func TestRequestObjectHoldsTheParameters(t *testing.T) {
	token, err := hint.RequestObject(secret(), "app-id", "issuer", map[string]any{hint.TestDevice: hint.TestDeviceAllow, "scope": "openid"})
	require.NoError(t, err)
	header, body, signature := open(t, token)
	require.Equal(t, map[string]any{"alg": "HS256", "typ": "JWT"}, header)
	require.Equal(t, map[string]any{"iss": "app-id", "aud": "issuer", "pi.testDevice": "allow", "scope": "openid"}, body)
	require.Equal(t, mac(token, secret()), signature)
}

func TestRequestObjectSaysWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		secret string
		params map[string]any
		says   string
	}{
		"an issuer among the parameters":   {secret(), map[string]any{"iss": "x"}, "iss is no parameter"},
		"an audience among the parameters": {secret(), map[string]any{"aud": "x"}, "aud is no parameter"},
		"a parameter that is no JSON":      {secret(), map[string]any{"x": math.Inf(1)}, "claims that are no JSON"},
		"a short secret":                   {"short", nil, "HS256 needs at least 32"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := hint.RequestObject(c.secret, "app-id", "issuer", c.params)
			require.ErrorContains(t, err, "making a request object: ")
			require.ErrorContains(t, err, c.says)
		})
	}
}
