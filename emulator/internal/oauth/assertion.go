package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"pingone-conformance/emulator/internal/tenant"
)

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// rsaAlgorithms are what an application signs with a key that it publishes.
func rsaAlgorithms() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512}
}

// assertedCredentials are those of a client that authenticates by a JWT (RFC 7523
// section 2.2): the algorithm tells whether its secret or a key of its own signed it.
//
// https://developer.pingidentity.com/pingone-api/foundations/authentication-concepts/client-authentication-methods.html
func assertedCredentials(form url.Values) (credentials, bool) {
	token := form.Get("client_assertion")
	algorithm, issuer := unverified(token)
	sent := credentials{method: "CLIENT_SECRET_JWT", id: issuer, assertion: token}
	if strings.HasPrefix(algorithm, "RS") {
		sent.method = "PRIVATE_KEY_JWT"
	}
	ok := form.Get("client_assertion_type") == assertionType && issuer != ""
	return sent, ok && (!form.Has("client_id") || form.Get("client_id") == issuer)
}

// unverified is what a JWT says about itself before anybody has looked at its
// signature: the algorithm, and who made it.
func unverified(token string) (algorithm, issuer string) {
	signed, err := jose.ParseSignedCompact(token, append(rsaAlgorithms(), hmacAlgorithms()...))
	if err != nil {
		return "", ""
	}
	var claims struct {
		Issuer string `json:"iss"`
	}
	if json.Unmarshal(signed.UnsafePayloadWithoutVerification(), &claims) != nil {
		return "", ""
	}
	return signed.Signatures[0].Header.Algorithm, claims.Issuer
}

// checkAssertion holds a client's assertion against RFC 7523 section 3: about the
// client by itself, for this authorization server, and not for ever.
func (s *Server) checkAssertion(v *visit, app *tenant.Application, token string) error {
	c, err := s.verifyByClient(v, app, token)
	if err != nil {
		return err
	}
	until, expires := c.moment("exp")
	addressed := slices.ContainsFunc([]string{v.issuer(), v.issuer() + "/token", v.Origin + v.URL.Path}, c.addressed)
	if c.text("iss") != app.ID || c.text("sub") != app.ID || !expires || !c.alive(v.Now) || !addressed {
		return errors.New("the assertion is not the client's, not for this server, or not valid now")
	}
	return s.once(app.ID, c.text("jti"), v.Now, until)
}

// once refuses an assertion that was used already, as far as its jti tells (RFC 7523
// section 3).
func (s *Server) once(appID, jti string, now, until time.Time) error {
	if jti == "" {
		return nil
	}
	key := appID + " " + jti
	if _, used := s.asserted.Get(key, now); used {
		return errors.New("the assertion was used already")
	}
	s.asserted.Put(key, struct{}{}, now, until)
	return nil
}

// verifyByClient returns the claims of a JWT that an application has signed: with its
// secret, or with a key that it publishes.
func (s *Server) verifyByClient(v *visit, app *tenant.Application, token string) (Claims, error) {
	algorithm, _ := unverified(token)
	if !strings.HasPrefix(algorithm, "RS") {
		return s.verifyBySecret(v, "", token)
	}
	signed, err := jose.ParseSignedCompact(token, rsaAlgorithms())
	if err != nil {
		return nil, fmt.Errorf("parse token: %w", err)
	}
	named := signed.Signatures[0].Header.KeyID
	for _, key := range s.publishedKeys(app, v.Now) {
		if named != "" && key.KeyID != "" && named != key.KeyID {
			continue
		}
		if payload, err := signed.Verify(key); err == nil {
			return decodeClaims(payload)
		}
	}
	return nil, errors.New("no key of the client has signed the token")
}
