package emulator

import (
	"net/http"
	"sync"

	"pingone-conformance/emulator/internal/deviation"
	"pingone-conformance/emulator/internal/management"
	"pingone-conformance/emulator/internal/oauth"
	"pingone-conformance/emulator/internal/variation"
	"pingone-conformance/emulator/internal/wire"
)

// behaviour is in which ways the emulator answers otherwise, which may change while it runs.
type behaviour struct {
	mu         sync.Mutex
	deviations deviation.Set
	variations variation.Set
}

// join makes the management API and the authorization server on the tenant.
func (s *Server) join() {
	s.signOn = oauth.New(s.tenant, oauth.Options{Capacity: s.options.limits.kept})
	s.manage = management.New(s.tenant, management.Options{
		Authenticate: authenticate(s.signOn), UserDeleted: s.signOn.UserDeleted, MaxUsers: s.options.MaxUsers, MaxPolicies: s.options.MaxPolicies,
	})
}

// behave answers in these ways from now on: the decisions of all packages, and the
// routes and what is done around every call.
func (s *Server) behave(deviations, variations []string) error {
	deviate, err := deviation.NewSet(deviations)
	if err != nil {
		return err
	}
	vary, err := variation.NewSet(variations)
	if err != nil {
		return err
	}
	s.behaviour.mu.Lock()
	defer s.behaviour.mu.Unlock()
	decisions := deviate.Decisions()
	vary.Decide(&decisions.Tenant, &decisions.Flow)
	s.decide(decisions)
	routes := append(s.manage.Routes(), s.signOn.Routes()...)
	s.faults.Cover(routes)
	work := vary.Start(s.signOn.Issued, s.options.Varied)
	router, err := wire.NewRouter(routes, wire.RouterOptions{
		Lock: s.tenant, Reading: s.tenant.Reading(), NewID: s.tenant.NewID, Now: s.tenant.Now,
		Wrap: append(s.middleware(work, deviate), s.signOn.VerifyTokens, s.signOn.FetchKeys), Origin: s.options.PublicURL,
		Allows:   func(call *wire.Call, origin string) bool { return s.signOn.Allows(call, origin, s.options.StrictCORS) },
		Answered: s.answered,
	})
	if err != nil {
		return err
	}
	handler := work.Addresses(router)
	s.router.Store(&handler)
	s.behaviour.deviations, s.behaviour.variations = deviate, vary
	return nil
}

func (s *Server) decide(all *deviation.Decisions) {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	s.tenant.Decisions = all.Tenant
	s.signOn.Decide(all.OAuth, all.Flow, all.Browser)
	s.manage.Decide(all.Management)
}

// ServePingOne answers PingOne's paths as the emulator behaves now.
func (s *Server) servePingOne(w http.ResponseWriter, r *http.Request) {
	(*s.router.Load()).ServeHTTP(w, r)
}

// middleware is what every call of PingOne's paths goes through.
func (s *Server) middleware(variations *variation.Work, deviations deviation.Set) []wire.Middleware {
	all := []wire.Middleware{s.warmed}
	if s.keeper != nil {
		all = append(all, s.keep)
	}
	if s.options.Latency > 0 {
		all = append(all, s.late)
	}
	all = append(all, s.faults.Wrap)
	if variations != nil {
		all = append(all, variations.Wrap)
	}
	if deviate := deviations.Middleware(); deviate != nil {
		all = append(all, deviate)
	}
	return all
}

// warmed lets PingOne's paths wait for the key, outside the lock; the emulator's own
// pages answer before.
func (s *Server) warmed(next wire.Handler) wire.Handler {
	return func(call *wire.Call) *wire.Answer {
		<-s.warm
		return next(call)
	}
}

// late waits before it answers, but not past the end of the caller's patience or the emulator.
func (s *Server) late(next wire.Handler) wire.Handler {
	return func(call *wire.Call) *wire.Answer {
		wire.Pause(s.options.Latency, call.Done, s.closing)
		return next(call)
	}
}

// SetDeviations breaks PingOne's contract in these ways from now on, and in no others.
// A name that does not exist is an error, and nothing changes.
func (s *Server) SetDeviations(names ...string) error {
	_, variations := s.behaves()
	return s.behave(names, variations)
}

// SetVariations answers otherwise in these ways from now on, and in no others; "all"
// means all.
func (s *Server) SetVariations(names ...string) error {
	deviations, _ := s.behaves()
	return s.behave(deviations, names)
}

// SetFaults replaces what goes wrong.
func (s *Server) SetFaults(faults ...Fault) error { return s.faults.Set(faults) }

// behaves are the names of the deviations and variations that are switched on.
func (s *Server) behaves() (deviations, variations []string) {
	s.behaviour.mu.Lock()
	defer s.behaviour.mu.Unlock()
	return s.behaviour.deviations.Names(), s.behaviour.variations.Names()
}
