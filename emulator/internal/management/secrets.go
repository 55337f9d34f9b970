package management

import (
	"net/http"
	"slices"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

func (s *Server) secretRoutes() []route {
	roles := []string{ApplicationDev}
	const path = "/applications/{appID}/secret"
	return []route{
		{operation: "application.secret.read", method: http.MethodGet, path: path, roles: roles, handle: s.readSecret},
		{operation: "application.secret.rotate", method: http.MethodPost, path: path, roles: roles, handle: s.rotateSecret},
		{operation: "application.secret.deletePrevious", method: http.MethodDelete, path: path, roles: roles, handle: s.deletePreviousSecret},
	}
}

// secretOf is the application whose secret the caller may see: neither its own
// nor one of an application with roles that the caller lacks.
func (r *request) secretOf() (*tenant.Application, error) {
	a, err := r.findApplication()
	if err != nil {
		return nil, err
	}
	lacks := slices.ContainsFunc(a.Roles, func(role string) bool { return !slices.Contains(r.worker.Roles, role) })
	if a.ID == r.caller.ClientID || lacks {
		return nil, wire.Forbidden()
	}
	return a, nil
}

func (s *Server) readSecret(r *request) (*wire.Answer, error) {
	a, err := r.secretOf()
	if err != nil {
		return nil, err
	}
	return ok(s.secret(r, a)), nil
}

// rotateSecret makes a new secret. The former one stays valid until
// previous.expiresAt when the body names that; without a body it ends at once.
func (s *Server) rotateSecret(r *request) (*wire.Answer, error) {
	a, err := r.secretOf()
	if err != nil {
		return nil, err
	}
	var previous *tenant.PreviousSecret
	if len(r.Body) > 0 {
		future := func(value string) bool {
			at, err := time.Parse(time.RFC3339, value)
			return err == nil && at.After(s.t.Now())
		}
		body, f, err := r.body([]field{group("previous", text("expiresAt").must().satisfying(future))})
		if err != nil {
			return nil, err
		}
		if err := f.problem(); err != nil {
			return nil, err
		}
		if until, err := time.Parse(time.RFC3339, textAt(body, "previous.expiresAt")); err == nil {
			previous = &tenant.PreviousSecret{Secret: a.Secret, ExpiresAt: until}
		}
	}
	a.Secret, a.Previous = s.t.NewSecret(secretLength), previous
	return ok(s.secret(r, a)), nil
}

func (s *Server) deletePreviousSecret(r *request) (*wire.Answer, error) {
	a, err := r.secretOf()
	if err != nil {
		return nil, err
	}
	if a.Previous == nil {
		return nil, wire.NotFound()
	}
	a.Previous = nil
	return gone(), nil
}

func (s *Server) secret(r *request, a *tenant.Application) object {
	body := object{"secret": a.Secret}
	if p := a.Previous; p != nil && p.ExpiresAt.After(s.t.Now()) {
		previous := object{"secret": p.Secret, "expiresAt": timestamp(p.ExpiresAt)}
		if !p.LastUsed.IsZero() {
			previous["lastUsed"] = timestamp(p.LastUsed)
		}
		body["previous"] = previous
	}
	return r.hal(r.applicationHref(a)+"/secret", body, links{"application": r.applicationHref(a)})
}
