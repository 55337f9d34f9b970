package oauth

import (
	"strings"
	"time"

	"pingone-conformance/emulator/internal/tenant"
)

// Principal is whom a bearer token belongs to.
type Principal struct {
	EnvironmentID string
	ClientID      string
	UserID        string // "" for an application's own token
	Worker        bool   // the token of a WORKER application: its roles decide
	Scopes        []string
	ExpiresAt     time.Time
}

// Authenticate verifies an access token of this emulator: signature, expiry,
// revocation, and that environment, application and person still exist and are
// enabled. It returns false for anything else.
func (s *Server) Authenticate(bearer string) (Principal, bool) {
	p, _, ok := s.verifyAccess(bearer, s.tenant.Now())
	return p, ok
}

func (s *Server) verifyAccess(bearer string, now time.Time) (Principal, Claims, bool) {
	c, err := s.verify(bearer)
	if err != nil {
		return Principal{}, nil, false
	}
	expires, _ := c.moment("exp") // without one it has expired long ago
	digest := digest(bearer)
	if !expires.After(now) {
		s.verified.drop(digest)
	}
	_, revoked := s.revoked.Look(digest, now)
	env := s.tenant.Environment(c.text("env"))
	if s.decide.Expired(expires, now) || revoked || env == nil {
		return Principal{}, nil, false
	}
	// An ID token, which is no credential, names no client_id.
	app := env.Applications[c.text("client_id")]
	u := env.Users[c.text("sub")]
	if app == nil || !app.Enabled || c["sub"] != nil && (u == nil || !u.Enabled) {
		return Principal{}, nil, false
	}
	if _, ended := s.ended.Look(c.text("sid"), now); ended && !app.Setting("skipTokenSessionValidation", false) {
		return Principal{}, nil, false
	}
	return principal(env, app, c, expires), c, true
}

func principal(env *tenant.Environment, app *tenant.Application, c Claims, expires time.Time) Principal {
	return Principal{
		EnvironmentID: env.ID, ClientID: app.ID, UserID: c.text("sub"),
		Worker: app.Type == "WORKER" && c["sub"] == nil, Scopes: strings.Fields(c.text("scope")), ExpiresAt: expires,
	}
}
