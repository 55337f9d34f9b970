package oauth

import (
	"cmp"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"

	"pingone-conformance/emulator/internal/browser"
	"pingone-conformance/emulator/internal/expiring"
	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// codeLifetime is ours: the vendor documents none, RFC 6749 section 4.1.2
// wants it short.
const codeLifetime = time.Minute

// tokenLifetime is fixed for the PingOne API and for ID tokens.
const tokenLifetime = time.Hour

// refreshLifetime is the default of refreshTokenDuration.
const refreshLifetime = 30 * 24 * time.Hour

const defaultCapacity = 10_000

// Options sets what differs between emulators.
type Options struct {
	// Capacity is how many flows, sessions, codes and revoked tokens are kept,
	// each; the oldest go first. 0 means 10,000.
	Capacity int
	// Flow and Browser are decisions of the packages below; nil: as documented.
	Flow    *flow.Decisions
	Browser *browser.Decisions
	// Decisions; nil: Documented.
	Decisions *Decisions
}

// Server answers for the authorization server. It has no lock of its own: its
// handlers and methods run while the tenant is locked.
type Server struct {
	decide    Decisions
	tenant    *tenant.Tenant
	engine    *flow.Engine
	sessions  *browser.Sessions
	signOns   *expiring.Map[*signOn]
	codes     *expiring.Map[*grantedCode]
	spent     *expiring.Map[*spentCode]
	refreshes *expiring.Map[*refreshGrant]
	revoked   *expiring.Map[struct{}]
	keys      *expiring.Map[[]jose.JSONWebKey] // by jwksUrl
	pushed    *expiring.Map[*pushedRequest]
	http      *http.Client
	ended     *expiring.Map[struct{}] // sessions that somebody signed off from
	former    []*key                  // of earlier processes, whose tokens hold
	asserted  *expiring.Map[struct{}] // assertions of clients that were used
	verified  *verified
	touched   bool               // an environment was changed, for whoever keeps it on disk
	recalled  map[string]*family // while what was kept is taken back
}

// New makes an authorization server for the tenant's environments.
func New(t *tenant.Tenant, o Options) *Server {
	capacity := cmp.Or(o.Capacity, defaultCapacity)
	return &Server{
		decide:    or(o.Decisions, Documented),
		tenant:    t,
		engine:    flow.New(t, or(o.Flow, flow.Documented)),
		sessions:  browser.NewSessions(t, or(o.Browser, browser.Documented), capacity),
		signOns:   expiring.New[*signOn](capacity),
		codes:     expiring.New[*grantedCode](capacity),
		spent:     expiring.New[*spentCode](capacity),
		refreshes: expiring.New[*refreshGrant](capacity),
		revoked:   expiring.New[struct{}](capacity),
		ended:     expiring.New[struct{}](capacity),
		asserted:  expiring.New[struct{}](capacity),
		verified:  newVerified(),
		keys:      expiring.New[[]jose.JSONWebKey](capacity),
		pushed:    expiring.New[*pushedRequest](capacity),
		http:      &http.Client{Timeout: keysTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
}

// Decide decides otherwise from now on. The tenant is locked.
func (s *Server) Decide(d Decisions, f flow.Decisions, b browser.Decisions) {
	s.decide, s.engine.Decisions, s.sessions.Decisions = d, f, b
}

// Forget ends all sign-ons and sessions and forgets all codes, refresh tokens and
// revocations. The tenant is locked.
func (s *Server) Forget() {
	for _, kept := range []interface{ Clear() }{s.sessions, s.signOns, s.codes, s.spent, s.refreshes, s.revoked, s.ended, s.pushed, s.asserted} {
		kept.Clear()
	}
	s.verified.clear()
}

// or is what was given, or what is documented.
func or[T any](given *T, documented func() T) T {
	if given != nil {
		return *given
	}
	return documented()
}

// visit is one call inside an environment that exists.
type visit struct {
	*wire.Call
	flow.Visit
}

// base is the environment's part of the authorization server.
func (v *visit) base() string { return v.Origin + "/" + v.Env.ID }

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
		return handle(&visit{Call: c, Visit: flow.Visit{Env: env, Now: s.tenant.Now(), Remote: c.Remote}})
	}
}

func (s *Server) route(operation, method, pattern string, handle func(*visit) *wire.Answer) wire.Route {
	return wire.Route{Operation: operation, Method: method, Pattern: "/{envID}" + pattern, Handler: s.inside(handle)}
}

// Ready makes what takes time, so that no call waits for it under the lock.
func (s *Server) Ready() { signingKey() }

// reading is a route that changes nothing.
func (s *Server) reading(operation, pattern string, handle func(*visit) *wire.Answer) wire.Route {
	r := s.route(operation, "GET", pattern, handle)
	r.Reads = true
	return r
}

// Routes are the paths of the authorization server, the flows and the sign-on page.
func (s *Server) Routes() []wire.Route {
	return append(s.flowRoutes(),
		s.route("authorize", "GET", "/as/authorize", s.authorize),
		s.route("authorize.post", "POST", "/as/authorize", s.authorize),
		s.route("resume", "GET", "/as/resume", s.resume),
		s.route("par", "POST", "/as/par", s.asClient(s.push)),
		s.route("deviceAuthorization", "POST", "/as/device_authorization", s.noDeviceGrant),
		s.reading("checksession", "/as/checksession", s.noSessionChecks),
		s.route("token", "POST", "/as/token", s.asClient(s.token)),
		s.reading("userinfo", "/as/userinfo", s.userinfo),
		s.route("userinfo.post", "POST", "/as/userinfo", s.userinfo),
		s.route("introspect", "POST", "/as/introspect", s.asClient(s.introspect)),
		s.route("revoke", "POST", "/as/revoke", s.asClient(s.revoke)),
		s.route("signoff", "GET", "/as/signoff", s.signoff),
		s.reading("discovery", "/as/.well-known/openid-configuration", s.discovery),
		s.reading("jwks", "/as/jwks", s.jwks),
	)
}

// UserDeleted ends everything that a person who no longer exists had open.
func (s *Server) UserDeleted(envID, userID string) {
	s.sessions.UserDeleted(envID, userID)
	s.signOns.DropIf(func(f *signOn) bool { return f.envID == envID && f.UserID == userID })
	s.codes.DropIf(func(g *grantedCode) bool { return g.envID == envID && g.userID == userID })
	s.refreshes.DropIf(func(g *refreshGrant) bool { return g.envID == envID && g.userID == userID })
}
