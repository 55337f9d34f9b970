package steps

import (
	"context"
	"crypto"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/tidwall/gjson"

	"pingone-conformance/client"
)

var (
	exchangesCode = sentence(`{text} exchanges the code for tokens`)
	holdsToken    = sentence(`{text} holds an access token for {name}`)
	idTokenProves = sentence(`the ID token proves to {text} that {name} signed on`)
	saysHow       = sentence(`the ID token says how {name} signed on(, and names no password)?`)
)

func tokenSentences(sc book, w *World) {
	sc.When(exchangesCode, w.exchangesCode)
	sc.Then(holdsToken, w.holdsAccessToken)
	sc.Then(idTokenProves, w.idTokenProves)
	sc.Then(saysHow, w.saysHow)
}

func (w *World) exchangesCode(ctx context.Context, label string) error {
	a, err := w.app(label)
	if err != nil {
		return err
	}
	ex, err := w.redeem(ctx, a, nil)
	if err := w.must("exchange the authorization code", ex, err, http.StatusOK); err != nil {
		return err
	}
	a.tokens = ex
	return nil
}

// redeem sends the code to the token endpoint as the application would, changed by changes.
func (w *World) redeem(ctx context.Context, a *application, changes map[string]string) (*client.Exchange, error) {
	if a.code == "" && changes["code"] == "" {
		return nil, fmt.Errorf("%s has no authorization code: an earlier sentence has to receive one", a.label)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {a.code}, "redirect_uri": {a.redirectURI}}
	if p := w.lastFor(a); p != nil && p.verifier != "" {
		form.Set("code_verifier", p.verifier)
	}
	for name, value := range changes {
		form.Set(name, value)
	}
	return w.newBrowser().Token(ctx, w.env(), form, a.id(), a.secret, a.authMethod)
}

func (w *World) tokensOf(label string) (*application, error) {
	a, err := w.app(label)
	if err != nil {
		return nil, err
	}
	if a.tokens == nil {
		return nil, fmt.Errorf("%s has no tokens: an earlier sentence has to exchange a code", label)
	}
	return a, nil
}

// holdsAccessToken wants a bearer token that was issued to the application for the person.
func (w *World) holdsAccessToken(label, name string) error {
	a, err := w.tokensOf(label)
	if err != nil {
		return err
	}
	p, err := w.person(name)
	if err != nil {
		return err
	}
	if kind := a.tokens.Get("token_type").String(); !strings.EqualFold(kind, "Bearer") {
		return w.unlike("token_type", "Bearer", kind)
	}
	if a.tokens.Get("expires_in").Int() <= 0 {
		return w.unlike("expires_in", "a number of seconds", a.tokens.Get("expires_in").Raw)
	}
	claims, err := claimsOf(a.tokens.Get("access_token").String())
	if err != nil {
		return fmt.Errorf("the access token: %w", err)
	}
	if err := w.expect("the access token's client_id", a.id(), claims.Get("client_id").String()); err != nil {
		return err
	}
	return w.expect("the access token's sub", p.id(), claims.Get("sub").String())
}

// claimsOf reads a JWT's claims without verifying it.
func claimsOf(token string) (gjson.Result, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return gjson.Result{}, fmt.Errorf("it has %d parts, not the three of a signed JWT", len(parts))
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return gjson.Result{}, fmt.Errorf("its claims are not base64url: %w", err)
	}
	return gjson.ParseBytes(payload), nil
}

// idTokenProves verifies the ID token as a relying party does: signature by the
// published keys, issuer, audience, expiry and nonce; then that it is about the person.
func (w *World) idTokenProves(ctx context.Context, label, name string) error {
	a, err := w.tokensOf(label)
	if err != nil {
		return err
	}
	p, err := w.person(name)
	if err != nil {
		return err
	}
	keys, err := w.publishedKeys(ctx)
	if err != nil {
		return err
	}
	raw := a.tokens.Get("id_token").String()
	if raw == "" {
		return w.unlike("id_token", "a token, since openid was asked for", "none")
	}
	token, err := verifyIDToken(ctx, raw, w.issuer(), a.id(), keys, w.place.Session.Now)
	if err != nil {
		return err
	}
	if err := w.expect("the ID token's nonce", p.authorize.Get("nonce"), token.Nonce); err != nil {
		return err
	}
	if token.AccessTokenHash != "" {
		if err := token.VerifyAccessToken(a.tokens.Get("access_token").String()); err != nil {
			return fmt.Errorf("the ID token's at_hash: %w", err)
		}
	}
	return w.expect("the ID token's sub", p.id(), token.Subject)
}

// publishedKeys finds the keys where discovery says they are.
func (w *World) publishedKeys(ctx context.Context) ([]crypto.PublicKey, error) {
	browser := w.newBrowser()
	discovery, err := browser.Discovery(ctx, w.env())
	if err := w.must("read the discovery document", discovery, err, http.StatusOK); err != nil {
		return nil, err
	}
	if err := w.expect("issuer in the discovery document", w.issuer(), discovery.Get("issuer").String()); err != nil {
		return nil, err
	}
	jwks, err := browser.JWKS(ctx, w.env(), discovery)
	if err := w.must("read the signing keys", jwks, err, http.StatusOK); err != nil {
		return nil, err
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(jwks.Body, &set); err != nil {
		return nil, fmt.Errorf("the signing keys cannot be read: %w", err)
	}
	var keys []crypto.PublicKey
	for _, key := range set.Keys {
		keys = append(keys, key.Key)
	}
	return keys, nil
}

// saysHow reads amr (RFC 8176). Which words PingOne has for a password and for a
// passcode is not documented: they are put on record.
func (w *World) saysHow(name, noPassword string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	if p.app == nil || p.app.tokens == nil {
		return fmt.Errorf("no application has tokens for %s: an earlier sentence has to exchange a code", name)
	}
	claims, err := claimsOf(p.app.tokens.Get("id_token").String())
	if err != nil {
		return fmt.Errorf("the ID token: %w", err)
	}
	var methods []string
	for _, m := range claims.Get("amr").Array() {
		methods = append(methods, m.String())
	}
	w.observeOutcome("amr in an ID token", strings.Join(methods, " "))
	if len(methods) == 0 {
		return w.unlike("amr in the ID token", "the methods used", "none")
	}
	if noPassword != "" && slices.Contains(methods, "pwd") {
		return w.unlike("amr in the ID token", "no pwd", strings.Join(methods, " "))
	}
	return nil
}
