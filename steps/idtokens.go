package steps

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

// idTokens is what an ID token proves: its signature, of whom it speaks, and how they signed on.
func idTokens(r *suite.Registry, w *World) {
	r.Then(`^the ID token proves to "([^"]*)" that ([A-Z][a-z]+) signed on$`, w.idTokenProves)
	r.Then(`^the ID token says how ([A-Z][a-z]+) signed on(, and names no password)?$`, w.saysHow)
	r.Then(`^the ID token does not hold against a foreign key$`, w.holdsNotAgainstForeignKey)
}

// idTokenProves verifies the ID token as a relying party does: signature by the
// published keys, issuer, audience, expiry and nonce; then that it is about the person.
func (w *World) idTokenProves(ctx context.Context, a *Application, p *Person) (suite.Evidence, error) {
	if err := a.holding(); err != nil {
		return nil, err
	}
	keys, err := w.publishedKeys(ctx)
	if err != nil {
		return nil, err
	}
	raw := a.tokens.Get("id_token").String()
	if raw == "" {
		return nil, suite.Unlike(a.tokens, "id_token", "a token, since openid was asked for", "none")
	}
	token, err := verifyIDToken(ctx, raw, w.Issuer(), a.ID(), keys, w.Now)
	if err != nil {
		return nil, err
	}
	if err := w.about(a.tokens, "the ID token's sub", p, token.Subject); err != nil {
		return nil, err
	}
	if err := suite.Expect(a.tokens, "the ID token's nonce", a.tokensFor.asked.Get("nonce"), token.Nonce); err != nil {
		return nil, err
	}
	if token.AccessTokenHash != "" {
		if err := token.VerifyAccessToken(a.tokens.Get("access_token").String()); err != nil {
			return nil, fmt.Errorf("the ID token's at_hash: %w", err)
		}
	}
	return suite.Read(a.tokens, a, p), nil
}

// publishedKeys finds the keys where discovery says they are.
func (w *World) publishedKeys(ctx context.Context) ([]crypto.PublicKey, error) {
	browser := w.NewBrowser()
	discovery, err := browser.Discovery(ctx, w.Env())
	if err := suite.Must("read the discovery document", discovery, err, http.StatusOK); err != nil {
		return nil, err
	}
	if err := suite.Expect(discovery, "issuer in the discovery document", w.Issuer(), discovery.Get("issuer").String()); err != nil {
		return nil, err
	}
	jwks, err := browser.JWKS(ctx, w.Env(), discovery)
	if err := suite.Must("read the signing keys", jwks, err, http.StatusOK); err != nil {
		return nil, err
	}
	return understood(jwks)
}

// understood are the keys of a key set that a relying party can verify with; RFC 7517 section 5 has it ignore the others.
func understood(jwks *client.Exchange) ([]crypto.PublicKey, error) {
	var keys []crypto.PublicKey
	for _, text := range jwks.Get("keys").Array() {
		var key jose.JSONWebKey
		if json.Unmarshal([]byte(text.Raw), &key) == nil && key.IsPublic() && key.Use != "enc" {
			keys = append(keys, key.Key)
		}
	}
	if len(keys) == 0 {
		return nil, suite.Unlike(jwks, "the signing keys", "one that can be read", "none")
	}
	return keys, nil
}

// saysHow reads amr (RFC 8176). Which words PingOne has for a password and for a
// passcode is not documented: they are put on record.
func (w *World) saysHow(p *Person, noPassword string) (suite.Evidence, error) {
	if p.app == nil || p.app.tokensFor.person != p {
		return nil, fmt.Errorf("no application has tokens of a sign-on of %s: an earlier sentence has to exchange the code", p.label)
	}
	answer := p.app.tokens
	claims, err := claimsOf(answer.Get("id_token").String())
	if err != nil {
		return nil, fmt.Errorf("the ID token: %w", err)
	}
	var methods []string
	for _, m := range claims.Get("amr").Array() {
		methods = append(methods, m.String())
	}
	w.Outcome("amr in an ID token", strings.Join(methods, " "))
	if len(methods) == 0 {
		return nil, suite.Unlike(answer, "amr in the ID token", "the methods used", "none")
	}
	if noPassword != "" && slices.Contains(methods, "pwd") {
		return nil, suite.Unlike(answer, "amr in the ID token", "no pwd", strings.Join(methods, " "))
	}
	return suite.Read(answer, p), nil
}

// strangersKey is the public half of a key that has signed nothing. To hold a signature against it takes a modulus of the
// usual length and no factors of it, which to look for would take as long as ten scenarios.
var strangersKey = sync.OnceValues(func() (*rsa.PublicKey, error) {
	modulus := make([]byte, 2048/8)
	if _, err := rand.Read(modulus); err != nil {
		return nil, fmt.Errorf("make a foreign key: %w", err)
	}
	modulus[0] |= 0x80
	modulus[len(modulus)-1] |= 1
	return &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: 65537}, nil
})

// holdsNotAgainstForeignKey proves that the check of ID tokens can fail.
func (w *World) holdsNotAgainstForeignKey(ctx context.Context) (suite.Evidence, error) {
	stranger, err := strangersKey()
	if err != nil {
		return nil, err
	}
	var evidence suite.Evidence
	for _, label := range slices.Sorted(maps.Keys(w.apps)) {
		a := w.apps[label]
		if a.tokens == nil {
			continue
		}
		raw := a.tokens.Get("id_token").String()
		keys, err := w.publishedKeys(ctx)
		if err != nil {
			return nil, err
		}
		if _, err := verifyIDToken(ctx, raw, w.Issuer(), a.ID(), keys, w.Now); err != nil {
			return nil, err
		}
		if _, err := verifyIDToken(ctx, raw, w.Issuer(), a.ID(), []crypto.PublicKey{stranger}, w.Now); err == nil {
			return nil, fmt.Errorf("the ID token of %s holds against a key that never signed it", a.label)
		}
		evidence = evidence.And(suite.Read(a.tokens, a))
	}
	if evidence == nil {
		return nil, errors.New("no application has tokens: an earlier sentence has to exchange a code")
	}
	return evidence, nil
}

// verifyIDToken verifies a raw ID token as a relying party does (OpenID Connect
// Core 3.1.3.7): RS256 by one of the keys, issuer, audience and expiry at now.
func verifyIDToken(ctx context.Context, raw, issuer, clientID string, keys []crypto.PublicKey, now func() time.Time) (*oidc.IDToken, error) {
	verifier := oidc.NewVerifier(issuer, &oidc.StaticKeySet{PublicKeys: keys}, &oidc.Config{
		ClientID: clientID, SupportedSigningAlgs: []string{oidc.RS256}, Now: now,
	})
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("the ID token does not hold: %w", err)
	}
	return token, nil
}
