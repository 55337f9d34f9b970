package emulator_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

// TestAForeignClientUsesARefreshTokenTwice: the second use is refused, and what the first one gave ends with it
// where the application protects itself against replays.
//
// https://developer.pingidentity.com/pingone-api/platform/applications/applications-1/create-application-oidc-protocol.html
func TestAForeignClientUsesARefreshTokenTwice(t *testing.T) {
	for _, row := range []struct {
		what     string
		settings object
		survives bool
	}{
		{"protected by default", nil, false},
		{"protected", object{"additionalRefreshTokenReplayProtectionEnabled": true}, false},
		{"not protected", object{"additionalRefreshTokenReplayProtectionEnabled": false}, true},
	} {
		t.Run(row.what, func(t *testing.T) {
			p := newParty(t, row.settings)
			first := p.tokens(p.browser())
			second, err := p.refreshed(first.RefreshToken)
			require.NoError(t, err)
			require.NotEqual(t, first.RefreshToken, second.RefreshToken, "it rolls")
			_, err = p.refreshed(first.RefreshToken)
			refusedBy(t, err, http.StatusBadRequest, "invalid_grant")
			userinfo, introspection := p.alive(second)
			require.Equal(t, []bool{row.survives, row.survives}, []bool{userinfo, introspection}, "the access token that the first use gave")
			_, err = p.refreshed(second.RefreshToken)
			if row.survives {
				require.NoError(t, err)
				return
			}
			refusedBy(t, err, http.StatusBadRequest, "invalid_grant")
		})
	}
}

// TestAForeignClientPushesItsRequest by RFC 9126, to an application that takes no other.
func TestAForeignClientPushesItsRequest(t *testing.T) {
	p := newParty(t, object{"parRequirement": "REQUIRED", "pkceEnforcement": "S256_REQUIRED"})
	verifier := oauth2.GenerateVerifier()
	pushed, err := url.Parse(p.config.AuthCodeURL("a state", oauth2.S256ChallengeOption(verifier), oidc.Nonce("a nonce")))
	require.NoError(t, err)
	plain := p.open(p.browser(), pushed.String())
	require.Equal(t, "invalid_request", plain.to.Query().Get("error"), "%d %s", plain.status, plain.to)

	status, answer := p.post(p.endpoint("pushed_authorization_request_endpoint"), pushed.Query())
	require.Equal(t, http.StatusCreated, status, answer.Raw)
	require.Equal(t, int64(60), answer.Get("expires_in").Int())
	authorize := p.config.Endpoint.AuthURL + "?" + url.Values{"client_id": {p.id()}, "request_uri": {answer.Get("request_uri").String()}}.Encode()
	back := p.signOn(p.browser(), authorize)
	require.Equal(t, "a state", back.to.Query().Get("state"))
	tokens, err := p.config.Exchange(p.ctx, back.to.Query().Get("code"), oauth2.VerifierOption(verifier))
	require.NoError(t, err)
	raw, _ := tokens.Extra("id_token").(string)
	id, err := p.provider.VerifierContext(p.ctx, &oidc.Config{ClientID: p.id()}).Verify(p.ctx, raw)
	require.NoError(t, err)
	require.Equal(t, "a nonce", id.Nonce)
	require.NoError(t, id.VerifyAccessToken(tokens.AccessToken))

	again := p.open(p.browser(), authorize)
	require.Empty(t, again.to.Query().Get("flowId"), "a pushed request is good once")
	p.config.ClientSecret = "wrong"
	status, answer = p.post(p.endpoint("pushed_authorization_request_endpoint"), pushed.Query())
	require.Equal(t, http.StatusUnauthorized, status)
	require.Equal(t, "invalid_client", answer.Get("error").String())
}

// assertion is a client's JWT by RFC 7523.
func (p *party) assertion(key jose.SigningKey, audience string) []oauth2.AuthCodeOption {
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT"))
	require.NoError(p.t, err)
	claims, err := json.Marshal(object{
		"iss": p.id(), "sub": p.id(), "aud": audience, "jti": uuid.NewString(), "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(),
	})
	require.NoError(p.t, err)
	signed, err := signer.Sign(claims)
	require.NoError(p.t, err)
	compact, err := signed.CompactSerialize()
	require.NoError(p.t, err)
	return []oauth2.AuthCodeOption{
		oauth2.SetAuthURLParam("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), oauth2.SetAuthURLParam("client_assertion", compact),
	}
}

// TestAForeignClientAuthenticatesByAJWT that its secret signs, or a key that it publishes: in the application, or at an address.
func TestAForeignClientAuthenticatesByAJWT(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	published, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "shop-1", Use: "sig", Algorithm: string(jose.RS256)}}})
	require.NoError(t, err)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/jwk-set+json")
		_, _ = w.Write(published)
	}))
	t.Cleanup(site.Close)
	private := jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "shop-1"}}
	bySecret := func(p *party) jose.SigningKey { return jose.SigningKey{Algorithm: jose.HS256, Key: []byte(p.secret())} }
	byKey := func(*party) jose.SigningKey { return private }
	for _, row := range []struct {
		what     string
		settings object
		right    func(*party) jose.SigningKey
		wrong    func(*party) jose.SigningKey
	}{
		{"its secret", object{"tokenEndpointAuthMethod": "CLIENT_SECRET_JWT"}, bySecret, byKey},
		{"a key in the application", object{"tokenEndpointAuthMethod": "PRIVATE_KEY_JWT", "jwks": string(published)}, byKey, bySecret},
		{"a key at an address", object{"tokenEndpointAuthMethod": "PRIVATE_KEY_JWT", "jwksUrl": site.URL}, byKey, bySecret},
	} {
		t.Run(row.what, func(t *testing.T) {
			p := newParty(t, row.settings)
			p.config.ClientSecret, p.config.Endpoint.AuthStyle = "", oauth2.AuthStyleInParams
			code := func() string { return p.signOn(p.browser(), p.config.AuthCodeURL("s")).to.Query().Get("code") }
			exchanged := func(options []oauth2.AuthCodeOption) error {
				_, err := p.config.Exchange(p.ctx, code(), options...)
				return err
			}
			good := p.assertion(row.right(p), p.endpoint("token_endpoint"))
			require.NoError(t, exchanged(good))
			refusedBy(t, exchanged(good), http.StatusUnauthorized, "invalid_client") // its jti was used
			require.NoError(t, exchanged(p.assertion(row.right(p), p.endpoint("issuer"))))
			refusedBy(t, exchanged(p.assertion(row.right(p), "https://elsewhere.example.com")), http.StatusUnauthorized, "invalid_client")
			refusedBy(t, exchanged(p.assertion(row.wrong(p), p.endpoint("token_endpoint"))), http.StatusUnauthorized, "invalid_client")
			refusedBy(t, exchanged(nil), http.StatusUnauthorized, "invalid_client")
		})
	}
}

var (
	formAction = regexp.MustCompile(`(?s)<form[^>]*method="post"[^>]*action="([^"]*)"`)
	formInput  = regexp.MustCompile(`<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"`)
)

// TestAForeignClientIsAnsweredByAForm: what a browser would send is what the application is answered.
//
// https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html
func TestAForeignClientIsAnsweredByAForm(t *testing.T) {
	p := newParty(t, nil)
	const state = `a "state" & <more>`
	page := p.signOn(p.browser(), p.config.AuthCodeURL(state, oauth2.SetAuthURLParam("response_mode", "form_post")))
	require.Equal(t, http.StatusOK, page.status)
	require.Empty(t, page.to.String())
	action := formAction.FindStringSubmatch(page.page)
	require.NotNil(t, action, page.page)
	require.Equal(t, backTo, html.UnescapeString(action[1]))
	sent := url.Values{}
	for _, input := range formInput.FindAllStringSubmatch(page.page, -1) {
		sent.Add(html.UnescapeString(input[1]), html.UnescapeString(input[2]))
	}
	require.Equal(t, []string{state}, sent["state"])
	_, err := p.config.Exchange(p.ctx, sent.Get("code"))
	require.NoError(t, err)
}

// TestAForeignClientFindsErrorsInTheFragment where its response type puts its answers.
func TestAForeignClientFindsErrorsInTheFragment(t *testing.T) {
	p := newParty(t, object{"grantTypes": []string{"AUTHORIZATION_CODE", "IMPLICIT"}, "responseTypes": []string{"CODE", "ID_TOKEN"}})
	hybrid := oauth2.SetAuthURLParam("response_type", "code id_token")
	for _, row := range []struct {
		what, code string
		options    []oauth2.AuthCodeOption
	}{
		{"nobody has signed on", "login_required", []oauth2.AuthCodeOption{hybrid, oidc.Nonce("n"), oauth2.SetAuthURLParam("prompt", "none")}},
		{"no nonce", "invalid_request", []oauth2.AuthCodeOption{hybrid}},
		{"an ID token without openid", "invalid_scope", []oauth2.AuthCodeOption{hybrid, oidc.Nonce("n"), oauth2.SetAuthURLParam("scope", "profile")}},
		{"a response type that it has not", "unsupported_response_type", []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("response_type", "token id_token"), oidc.Nonce("n")}},
		{"a mode of its own", "login_required", []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("response_mode", "fragment"), oauth2.SetAuthURLParam("prompt", "none")}},
	} {
		t.Run(row.what, func(t *testing.T) {
			back := p.open(p.browser(), p.config.AuthCodeURL("a state", row.options...))
			require.Equal(t, http.StatusFound, back.status, back.page)
			require.Equal(t, backTo, back.to.Scheme+"://"+back.to.Host+back.to.Path)
			require.Empty(t, back.to.RawQuery)
			fragment, err := url.ParseQuery(back.to.Fragment)
			require.NoError(t, err)
			require.Equal(t, row.code, fragment.Get("error"), back.to)
			require.Equal(t, "a state", fragment.Get("state"))
		})
	}
	back := p.signOn(p.browser(), p.config.AuthCodeURL("a state", hybrid, oidc.Nonce("n")))
	fragment, err := url.ParseQuery(back.to.Fragment)
	require.NoError(t, err)
	id, err := p.provider.VerifierContext(p.ctx, &oidc.Config{ClientID: p.id()}).Verify(p.ctx, fragment.Get("id_token"))
	require.NoError(t, err)
	require.Equal(t, "n", id.Nonce)
	_, err = p.config.Exchange(p.ctx, fragment.Get("code"))
	require.NoError(t, err)
}

// TestAForeignClientSignsOff: the session's tokens are refused from then on, unless the application says that they are
// not to be held against it.
func TestAForeignClientSignsOff(t *testing.T) {
	for _, row := range []struct {
		what     string
		settings object
		survives bool
	}{
		{"as it is", nil, false},
		{"without validation", object{"skipTokenSessionValidation": true}, true},
	} {
		t.Run(row.what, func(t *testing.T) {
			p := newParty(t, row.settings)
			anna := p.browser()
			tokens, others := p.tokens(anna), p.tokens(p.browser())
			raw, _ := tokens.Extra("id_token").(string)
			off := p.open(anna, p.endpoint("end_session_endpoint")+"?"+url.Values{"id_token_hint": {raw}, "post_logout_redirect_uri": {byeTo}, "state": {"bye now"}}.Encode())
			require.Equal(t, http.StatusFound, off.status, off.page)
			require.Equal(t, byeTo+"?state=bye+now", off.to.String())
			userinfo, introspection := p.alive(tokens)
			require.Equal(t, []bool{row.survives, row.survives}, []bool{userinfo, introspection})
			_, err := p.refreshed(tokens.RefreshToken)
			if row.survives {
				require.NoError(t, err)
			} else {
				refusedBy(t, err, http.StatusBadRequest, "invalid_grant")
			}
			userinfo, introspection = p.alive(others)
			require.True(t, userinfo && introspection, "another browser's session is another matter")
			silent := p.open(anna, p.config.AuthCodeURL("s", oauth2.SetAuthURLParam("prompt", "none")))
			require.Equal(t, "login_required", silent.to.Query().Get("error"), "the browser has no session any more")
		})
	}
}
