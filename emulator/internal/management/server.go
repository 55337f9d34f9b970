package management

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// Roles that a worker application may hold, by PingOne's names.
//
// https://developer.pingidentity.com/pingone-api/foundations/pingone-roles-scopes-and-permissions/
const environmentAdmin = "Environment Admin"
const identityDataAdmin = "Identity Data Admin"
const applicationDeveloper = "Client Application Developer"

// AllRoles are the roles that the whole management API here takes.
func AllRoles() []string { return []string{environmentAdmin, identityDataAdmin, applicationDeveloper} }

// environmentPath is where all that belongs to one environment lives.
const environmentPath = "/v1/environments/{envID}"

const mediaJSON = "application/json"
const mediaVendor = "application/vnd.pingidentity."

// Principal is who a bearer token speaks for.
type Principal struct {
	EnvironmentID string
	ClientID      string
	UserID        string // "" for a client of its own
	Worker        bool
	Scopes        []string
}

// Options is what management needs from outside.
type Options struct {
	// Authenticate says who a bearer token speaks for; false when it is
	// unknown, garbled or expired.
	Authenticate func(bearer string) (Principal, bool)
	// UserDeleted is called when a person is deleted, so that sessions end; may be nil.
	UserDeleted func(environmentID, userID string)
	// Methods are the device methods that the default device policy of an
	// environment created over the API has switched on; nil means email alone, as PingOne does.
	Methods []string
	// MaxUsers and MaxPolicies are how many people and sign-on policies an environment
	// may have; 0: as PingOne's page has it.
	MaxUsers, MaxPolicies int
	// Decisions; nil: Documented.
	Decisions *Decisions
}

// PingOne's limits for one environment: people of a trial, which no plan is below, and
// sign-on policies.
//
// https://docs.pingidentity.com/pingone/getting_started_with_pingone/p1_platform_limits.html
const (
	DefaultMaxUsers    = 1_000_000
	DefaultMaxPolicies = 100
)

// Server answers the management API from a tenant.
type Server struct {
	decide Decisions
	t      *tenant.Tenant
	o      Options
}

// New makes a Server on a tenant. Its routes run under the tenant's lock.
func New(t *tenant.Tenant, o Options) *Server {
	if o.UserDeleted == nil {
		o.UserDeleted = func(string, string) {}
	}
	if o.Methods == nil {
		o.Methods = []string{"email"}
	}
	o.MaxUsers, o.MaxPolicies = cmp.Or(o.MaxUsers, DefaultMaxUsers), cmp.Or(o.MaxPolicies, DefaultMaxPolicies)
	decide := Documented()
	if o.Decisions != nil {
		decide = *o.Decisions
	}
	return &Server{t: t, o: o, decide: decide}
}

// Decide decides otherwise from now on. The tenant is locked; Routes are to be asked for
// anew.
func (s *Server) Decide(d Decisions) { s.decide = d }

// request is one authorized call.
type request struct {
	*wire.Call
	t      *tenant.Tenant
	decide *Decisions
	o      *Options
	env    *tenant.Environment
	caller Principal
	worker *tenant.Application // the caller's application, nil for a person
}

// handler answers a request, or refuses it with a wire.Problem as the error.
type handler func(*request) (*wire.Answer, error)

// route is a wire.Route before authorization: path is below the environment.
type route struct {
	operation string
	method    string
	path      string
	media     string // "" for a call without body
	roles     []string
	self      string // scope with which people may do it to themselves
	handle    handler
}

// Routes are all routes of the management API.
func (s *Server) Routes() []wire.Route {
	var routes []wire.Route
	for _, list := range [][]route{
		s.environmentRoutes(), s.applications().routes(), {patchRoute()}, secretRoutes(), s.grants().routes(), s.assignments().routes(),
		s.resources().routes(), s.scopes().routes(), s.policies().routes(), s.actions().routes(), s.populations().routes(),
		s.collectionRoutes(), membershipRoutes(), emptyLists(), imageRoutes(), themeRoutes(), s.userRoutes(), s.passwordRoutes(), s.deviceRoutes(), s.devicePolicies().routes(),
	} {
		for _, r := range list {
			routes = append(routes, wire.Route{
				Operation: r.operation, Method: r.method, Pattern: environmentPath + r.path, MediaType: strings.ToLower(r.media), Handler: s.guard(r), // media types have no case
			})
		}
	}
	routes = slices.Concat(routes, s.environmentsRoutes(), s.rolesRoutes(), s.organizationRoutes())
	for i := range routes {
		routes[i].Reads = routes[i].Method == http.MethodGet
	}
	return routes
}

// guard authorizes a call before its route sees it.
func (s *Server) guard(r route) wire.Handler {
	return func(call *wire.Call) *wire.Answer {
		request, err := s.authorize(r, call)
		if err != nil {
			return refusal(call, err)
		}
		if r.method == http.MethodDelete && !s.decide.Deletes(r.operation) {
			return gone()
		}
		answer, err := r.handle(request)
		if err != nil {
			return refusal(call, err)
		}
		return answer
	}
}

func refusal(call *wire.Call, err error) *wire.Answer {
	var problem wire.Problem
	if !errors.As(err, &problem) {
		problem = wire.UnexpectedError()
	}
	return problem.Answer(call.ID)
}

func (s *Server) authorize(r route, call *wire.Call) (*request, error) {
	env := s.t.Environment(call.Path["envID"])
	caller, known := s.o.Authenticate(call.Bearer())
	if !known && env != nil {
		caller, known = s.decide.Stranger(env, call.Bearer())
	}
	if !known {
		return nil, wire.AccessFailed()
	}
	request := &request{Call: call, t: s.t, decide: &s.decide, o: &s.o, caller: caller, env: env}
	switch {
	case request.env == nil && s.t.WasRemoved(call.Path["envID"]):
		return nil, wire.NotFound()
	case request.env == nil:
		// PingOne answers 403, not 404, for an environment that never was.
		return nil, wire.Forbidden()
	}
	if caller.UserID != "" {
		if !mayDoToSelf(r, request) {
			return nil, wire.Forbidden()
		}
		return request, nil
	}
	request.worker = s.workerOf(caller)
	if request.worker == nil || !s.decide.HoldsRole(request.worker, request.env, r.roles) {
		return nil, wire.Forbidden()
	}
	return request, nil
}

func (s *Server) workerOf(caller Principal) *tenant.Application {
	home := s.t.Environment(caller.EnvironmentID)
	if !caller.Worker || home == nil {
		return nil
	}
	return home.Applications[caller.ClientID]
}

// mayDoToSelf: people act on themselves only, and only with the scope for it.
func mayDoToSelf(r route, request *request) bool {
	c := request.caller
	return r.self != "" && c.EnvironmentID == request.env.ID && request.decide.Self(c.UserID, request.Path["userID"]) && slices.Contains(c.Scopes, r.self)
}

// on gives a handler the thing that the path names.
func on[T any](find func(*request) (T, error), handle func(*request, T) (*wire.Answer, error)) handler {
	return func(r *request) (*wire.Answer, error) {
		thing, err := find(r)
		if err != nil {
			return nil, err
		}
		return handle(r, thing)
	}
}

// created answers 201 with the new thing and where it is.
func created(body object) *wire.Answer {
	answer := wire.HAL(http.StatusCreated, body)
	if self := body.selfLink(); self != "" {
		answer.With("Location", self)
	}
	return answer
}

func ok(body object) *wire.Answer { return wire.HAL(http.StatusOK, body) }

func gone() *wire.Answer { return wire.Empty(http.StatusNoContent) }
