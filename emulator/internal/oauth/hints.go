package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"

	"pingone-conformance/emulator/internal/tenant"
)

// hmacAlgorithms are what an application signs with its secret.
func hmacAlgorithms() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{jose.HS256, jose.HS384, jose.HS512}
}

// readHints finds out whom the request names. At most one hint may do so.
//
// https://developer.pingidentity.com/pingone-api/auth/auth-config-options/create-a-login_hint_token-jwt.html
func (s *Server) readHints(v *visit, p *parameters) *fault {
	var sent []string
	for _, name := range []string{"login_hint", "id_token_hint", "login_hint_token"} {
		if p.get(name) != "" {
			sent = append(sent, name)
		}
	}
	if len(sent) == 0 {
		return nil
	}
	if !s.decide.Hints(len(sent)) {
		return invalid(sent[len(sent)-1], "Only one hint may be sent.")
	}
	switch sent[len(sent)-1] {
	case "login_hint_token":
		u, err := s.personOfHintToken(v, p.app.ID, p.get("login_hint_token"))
		if err != nil {
			return invalid("login_hint_token", "The login hint token is not valid.")
		}
		p.hinted, p.signedHint = u, true
	case "id_token_hint":
		u, err := s.personOfIDToken(v, p.get("id_token_hint"))
		if err != nil {
			return invalid("id_token_hint", "Invalid ID token hint")
		}
		p.hinted = u
	default:
		// An unsigned hint is only that: one that names nobody changes nothing.
		p.hinted = person(v.Env, p.get("login_hint"))
	}
	return nil
}

// personOfHintToken verifies a login hint token: signed with the secret of the
// enabled application in iss (not necessarily the one that signs people on),
// addressed to this environment, within its times as far as it has any, and
// naming an enabled person by id or username in sub.
//
// What the token endpoint says about a bad one is undocumented; the reason stays
// inside, so that an answer does not tell who exists.
func (s *Server) personOfHintToken(v *visit, clientID, token string) (*tenant.User, error) {
	c, err := s.decide.HintClaims(func(token string) (Claims, error) { return s.verifyBySecret(v, clientID, token) }, token)
	if err != nil {
		return nil, err
	}
	if !s.decide.Vouches(c.text("iss"), clientID) {
		return nil, errors.New("the token was signed by another application")
	}
	if !s.decide.Addressed(c, v.issuer()) {
		return nil, errors.New("the token is for somebody else")
	}
	if !s.decide.Alive(c, v.Now) {
		return nil, errors.New("the token is not valid now")
	}
	u := s.decide.Named(v.Env, c.text("sub"))
	if u == nil || !u.Enabled {
		return nil, errors.New("the token names nobody who may sign on")
	}
	return u, nil
}

// verifyBySecret returns the claims of a JWT that is signed with the secret of
// the enabled application it names in iss.
func (s *Server) verifyBySecret(v *visit, clientID, token string) (Claims, error) {
	signed, err := jose.ParseSignedCompact(token, hmacAlgorithms())
	if err != nil {
		return nil, fmt.Errorf("parse token: %w", err)
	}
	for _, forbidden := range s.decide.ForbiddenHeaders() {
		if _, there := signed.Signatures[0].Header.ExtraHeaders[forbidden]; there {
			return nil, fmt.Errorf("the token has the header %s", forbidden)
		}
	}
	var unverified struct {
		Issuer string `json:"iss"`
	}
	if err := json.Unmarshal(signed.UnsafePayloadWithoutVerification(), &unverified); err != nil {
		return nil, fmt.Errorf("decode claims: %w", err)
	}
	app := s.decide.Signer(v.Env, unverified.Issuer, clientID)
	if app == nil || !app.Enabled {
		return nil, errors.New("the token was signed by no enabled application")
	}
	payload, err := s.decide.Verify(signed, validSecrets(app, v.Now))
	if err != nil {
		return nil, err
	}
	return decodeClaims(payload)
}

// validSecrets are an application's secret and, while it is kept after a
// rotation, the one before.
func validSecrets(app *tenant.Application, now time.Time) []string {
	secrets := []string{app.Secret}
	if app.Previous != nil && now.Before(app.Previous.ExpiresAt) {
		secrets = append(secrets, app.Previous.Secret)
	}
	return secrets
}

// personOfIDToken finds whom an ID token of this environment was issued for; it
// may have expired, as OpenID Connect Core section 3.1.2.1 has it.
func (s *Server) personOfIDToken(v *visit, token string) (*tenant.User, error) {
	c, err := s.verify(token)
	if err != nil {
		return nil, err
	}
	if c.text("iss") != v.issuer() || c.text("env") != v.Env.ID {
		return nil, errors.New("the token was issued elsewhere")
	}
	u := v.Env.Users[c.text("sub")]
	if u == nil {
		return nil, errors.New("the token names nobody")
	}
	return u, nil
}

// person finds somebody by id or username.
func person(env *tenant.Environment, name string) *tenant.User {
	if u := env.Users[name]; u != nil {
		return u
	}
	return env.UserByUsername(name)
}
