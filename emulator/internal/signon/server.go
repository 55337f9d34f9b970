package signon

import (
	"strings"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

const (
	// flowLifetime slides: each call on a flow gives it another 15 minutes.
	//
	// https://developer.pingidentity.com/pingone-api/auth/flows.html
	flowLifetime = 15 * time.Minute
	// sessionLifetime is the Max-Age that the vendor's example shows for ST.
	sessionLifetime = 30 * 24 * time.Hour
	// codeLifetime is ours: the vendor documents none, RFC 6749 section 4.1.2
	// wants it short.
	codeLifetime = time.Minute
	// tokenLifetime is fixed for the PingOne API and for ID tokens.
	tokenLifetime = time.Hour
	// refreshLifetime is the default of refreshTokenDuration.
	refreshLifetime = 30 * 24 * time.Hour

	defaultCapacity = 10_000
)

// Options sets what differs between emulators.
type Options struct {
	// Capacity is how many flows, sessions, codes and revoked tokens are kept,
	// each; the oldest go first. 0 means 10,000.
	Capacity int
}

// Server answers for the authorization server. It has no lock of its own: its
// handlers and methods run while the tenant is locked.
type Server struct {
	tenant    *tenant.Tenant
	flows     *shelf[*flow]
	sessions  *shelf[*session]
	codes     *shelf[*grantedCode]
	spent     *shelf[*issuedTokens]
	refreshes *shelf[*refreshGrant]
	revoked   *shelf[struct{}]
}

// New makes an authorization server for the tenant's environments.
func New(t *tenant.Tenant, o Options) *Server {
	capacity := o.Capacity
	if capacity <= 0 {
		capacity = defaultCapacity
	}
	signingKey() // made here, so that no call waits for it under the lock
	return &Server{
		tenant:    t,
		flows:     newShelf[*flow](capacity),
		sessions:  newShelf[*session](capacity),
		codes:     newShelf[*grantedCode](capacity),
		spent:     newShelf[*issuedTokens](capacity),
		refreshes: newShelf[*refreshGrant](capacity),
		revoked:   newShelf[struct{}](capacity),
	}
}

// visit is one call inside an environment that exists.
type visit struct {
	*wire.Call
	env *tenant.Environment
	now time.Time
}

// base is the environment's part of the authorization server.
func (v *visit) base() string { return v.Origin + "/" + v.env.ID }

// issuer names the environment's authorization server in tokens; hints and
// request objects are addressed to it.
func (v *visit) issuer() string { return v.base() + "/as" }

// inside finds the environment of the path. One that does not exist is 404.
func (s *Server) inside(handle func(*visit) *wire.Answer) wire.Handler {
	return func(c *wire.Call) *wire.Answer {
		env := s.tenant.Environment(c.Path["envID"])
		if env == nil {
			return wire.NotFound().Answer(c.ID)
		}
		return handle(&visit{Call: c, env: env, now: s.tenant.Now()})
	}
}

// Routes are the paths of the authorization server, the flows and the sign-on page.
func (s *Server) Routes() []wire.Route {
	route := func(operation, method, pattern string, handle func(*visit) *wire.Answer) wire.Route {
		return wire.Route{Operation: operation, Method: method, Pattern: "/{envID}" + pattern, Handler: s.inside(handle)}
	}
	routes := []wire.Route{
		route("authorize", "GET", "/as/authorize", s.authorize),
		route("authorize.post", "POST", "/as/authorize", s.authorize),
		route("resume", "GET", "/as/resume", s.resume),
		route("token", "POST", "/as/token", s.token),
		route("userinfo", "GET", "/as/userinfo", s.userinfo),
		route("userinfo.post", "POST", "/as/userinfo", s.userinfo),
		route("introspect", "POST", "/as/introspect", s.introspect),
		route("revoke", "POST", "/as/revoke", s.revoke),
		route("signoff", "GET", "/as/signoff", s.signoff),
		route("discovery", "GET", "/as/.well-known/openid-configuration", s.discovery),
		route("jwks", "GET", "/as/jwks", s.jwks),
		route("flow.read", "GET", "/flows/{flowID}", s.readFlow),
		route("flow.unknownAction", "POST", "/flows/{flowID}", s.unknownAction),
		route("signOnPage", "GET", "/signon/", s.signOnPage),
	}
	for rel, act := range s.actions() {
		r := route("flow."+rel, "POST", "/flows/{flowID}", s.acting(rel, act))
		r.MediaType = strings.ToLower(mediaTypeOf(rel)) // media types have no case
		routes = append(routes, r)
	}
	return routes
}

// UserDeleted ends everything that a person who no longer exists had open.
func (s *Server) UserDeleted(envID, userID string) {
	s.flows.dropIf(func(f *flow) bool { return f.envID == envID && f.userID == userID })
	s.codes.dropIf(func(g *grantedCode) bool { return g.envID == envID && g.userID == userID })
	s.refreshes.dropIf(func(g *refreshGrant) bool { return g.envID == envID && g.userID == userID })
	s.sessions.dropIf(func(b *session) bool { return b.envID == envID && b.userID == userID })
}
