package management

import (
	"net/url"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// This file holds what deviations need more than a word for. Without one that is
// switched on, every function here is what its name says and nothing else.

// authenticate says who calls.
func (s *Server) authenticate(call *wire.Call) (Principal, bool) {
	caller, known := s.o.Authenticate(call.Bearer())
	if known {
		return caller, true
	}
	lenient := "bearer-not-verified"
	if call.Bearer() == "" {
		lenient = "bearer-not-required"
	}
	env := s.t.Environment(call.Path["envID"])
	if env == nil || !s.t.Deviates(lenient) {
		return caller, false
	}
	for _, a := range tenant.Sorted(env.Applications) {
		if a.Type == "WORKER" {
			return Principal{EnvironmentID: env.ID, ClientID: a.ID, Worker: true}, true
		}
	}
	return caller, false
}

// misread loses the query parameters that are ignored.
func (s *Server) misread(r *request) {
	for _, name := range []string{"filter", "limit"} {
		if !s.t.Deviates(name+"-ignored") || !r.URL.Query().Has(name) {
			continue
		}
		query := r.URL.Query()
		query.Del(name)
		r.URL = withQuery(r.URL, query)
	}
}

func withQuery(u *url.URL, query url.Values) *url.URL {
	changed := *u
	changed.RawQuery = query.Encode()
	return &changed
}

// lets says whether a check of a body is off.
func (f *faults) lets(deviation string) bool { return f.lenient != nil && f.lenient(deviation) }
