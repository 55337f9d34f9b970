package signon

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// This file holds what deviations need more than a word for. Without one that is
// switched on, every function here is what its name says and nothing else.

// stranger is a UUID that nothing in any emulator has.
const stranger = "deadbeef-dead-4eef-8ead-beefdeadbeef"

// refuseNobody refuses a name that nobody has like a wrong password.
func (s *Server) refuseNobody() *wire.Problem {
	if s.tenant.Deviates("unknown-username-told") {
		p := wire.NotFound()
		return &p
	}
	return wrongCredentials()
}

// passesMFA is for a flow in which nobody is asked for a passcode.
func (s *Server) passesMFA(f *flow) bool {
	return f.authenticated() && s.tenant.Deviates("mfa-skipped")
}

// letsPass is for a passcode that is not the right one.
func (s *Server) letsPass(f *flow, given string) bool {
	return s.tenant.Deviates("passcode-not-checked") ||
		s.tenant.Deviates("passcode-expiry-ignored") && given == f.passcode.sent.Code ||
		s.tenant.Deviates("old-passcode-accepted") && given == f.passcode.former.Code
}

// takesAnyBrowser is for a call without the cookies of the flow's browser.
func (s *Server) takesAnyBrowser(v *visit) bool {
	tokens := sessionTokens(v.Header)
	if len(tokens) == 0 {
		return s.tenant.Deviates("cookie-not-required")
	}
	_, alive := s.sessions.get(tokens[0], v.now)
	return alive && s.tenant.Deviates("cookie-of-any-browser")
}

// sessionOfAnybody is, for a browser that brings no session, the newest of the
// environment in which somebody has signed on; nil without the deviation.
func (s *Server) sessionOfAnybody(v *visit) *session {
	if !s.tenant.Deviates("session-of-any-browser") {
		return nil
	}
	for element := s.sessions.order.Back(); element != nil; element = element.Prev() {
		if b := element.Value.(*shelved[*session]).value; b.envID == v.env.ID && b.userID != "" {
			return b
		}
	}
	return nil
}

// goneAt is when a flow is forgotten: when it says that it expires.
func (s *Server) goneAt(f *flow) time.Time {
	if s.tenant.Deviates("flow-never-expires") {
		return f.expiresAt.Add(sessionLifetime)
	}
	return f.expiresAt
}

// spared says whether a person who was asked before is left in peace.
func (s *Server) spared(before, within bool) bool {
	switch {
	case s.tenant.Deviates("interval-ignored"):
		return false
	case s.tenant.Deviates("interval-endless"):
		return before
	default:
		return before && within
	}
}

// insists says whether an attribute may not be left out.
func (s *Server) insists(attribute tenant.ProfileAttribute) bool {
	if attribute.Required {
		return !s.tenant.Deviates("required-skippable")
	}
	return s.tenant.Deviates("optional-not-skippable")
}

// returned is a parameter of the authorization request that comes back as it was.
func (s *Server) returned(name, value string) string {
	switch {
	case s.tenant.Deviates(name + "-dropped"):
		return ""
	case s.tenant.Deviates(name+"-altered") && value != "":
		return strings.ToLower(value) + "-"
	default:
		return value
	}
}

// applicationFor is the application of a client id.
func (s *Server) applicationFor(v *visit, id, redirectURI string) *tenant.Application {
	app := v.env.Applications[id]
	if app == nil && s.tenant.Deviates("client-unknown-accepted") {
		for _, other := range tenant.Sorted(v.env.Applications) {
			for _, uri := range other.RedirectURIs {
				if uri == redirectURI {
					return other
				}
			}
		}
	}
	return app
}

// grantsOf are an application's grants.
func (s *Server) grantsOf(env *tenant.Environment, app *tenant.Application) []*tenant.Grant {
	switch {
	case s.tenant.Deviates("grant-ignored"):
		return nil
	case !s.tenant.Deviates("grant-not-required"):
		return tenant.Sorted(app.Grants)
	}
	var all []*tenant.Grant
	for _, r := range tenant.Sorted(env.Resources) {
		grant := &tenant.Grant{ResourceID: r.ID}
		for _, scope := range tenant.Sorted(r.Scopes) {
			grant.ScopeIDs = append(grant.ScopeIDs, scope.ID)
		}
		all = append(all, grant)
	}
	return all
}

// hintClaims are the claims of a login hint token whose signature holds.
func (s *Server) hintClaims(v *visit, token string) (claims, error) {
	if c, unsigned := unsignedClaims(token); unsigned && s.tenant.Deviates("hint-unsigned-accepted") {
		return c, nil
	}
	c, err := s.verifyBySecret(v, token)
	if err != nil {
		return nil, err
	}
	if s.tenant.Deviates("hint-of-own-application-only") && c.text("iss") != v.URL.Query().Get("client_id") {
		return nil, errors.New("the token was signed by another application")
	}
	return c, nil
}

// hinted is whom a login hint token names, by id or username.
func (s *Server) hinted(v *visit, name string) *tenant.User {
	u := person(v.env, name)
	switch {
	case u != nil && u.ID != name && s.tenant.Deviates("hint-username-unknown"):
		return nil
	case u == nil && s.tenant.Deviates("hint-subject-ignored"):
		for _, other := range tenant.Sorted(v.env.Users) {
			if other.MFAEnabled && len(other.Devices) > 0 {
				u = other
			}
		}
	}
	return u
}

// bendAccessClaims are the claims of an access token.
func (s *Server) bendAccessClaims(c claims) claims {
	_, about := c["sub"]
	switch {
	case !about: // a worker's: without it nothing else would be seen
	case s.tenant.Deviates("token-issuer-wrong"):
		c["iss"] = "https://issuer.example.com/as"
	case s.tenant.Deviates("token-subject-wrong"):
		c["sub"] = stranger
	case s.tenant.Deviates("token-client-wrong"):
		c["client_id"] = stranger
	}
	return c
}

// bendIDClaims are the claims of an ID token.
func (s *Server) bendIDClaims(c claims) claims {
	switch {
	case s.tenant.Deviates("id-token-audience-wrong"):
		c["aud"] = stranger
	case s.tenant.Deviates("id-token-expired"):
		if issued, isNumber := c["iat"].(int64); isNumber {
			c["iat"], c["exp"] = issued-2*int64(tokenLifetime/time.Second), issued-int64(tokenLifetime/time.Second)
		}
	case s.tenant.Deviates("methods-missing"):
		delete(c, "amr")
	case s.tenant.Deviates("methods-wrong"):
		c["amr"] = []string{methodPassword}
	}
	return c
}

// foreignKey is a key that no key set shows, under the name of the one that is shown.
var foreignKey = sync.OnceValues(func() (*key, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("make a foreign key: %w", err)
	}
	k := &key{id: signingKey().id, private: private}
	k.signer, err = jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: private, KeyID: k.id}}, nil)
	if err != nil {
		return nil, fmt.Errorf("sign with a foreign key: %w", err)
	}
	return k, nil
})

// signIDToken signs with the key that is published.
func (s *Server) signIDToken(c claims) (string, error) {
	switch {
	case s.tenant.Deviates("id-token-unsigned"):
		return unsignedToken(c)
	case s.tenant.Deviates("id-token-foreign-key"):
		k, err := foreignKey()
		if err != nil {
			return "", err
		}
		return k.sign(c)
	default:
		return signingKey().sign(c)
	}
}

func unsignedToken(c claims) (string, error) {
	payload, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("encode claims: %w", err)
	}
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`))
	return header + "." + base64.RawURLEncoding.EncodeToString(payload) + ".", nil
}
