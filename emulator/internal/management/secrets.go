package management

import (
	"bytes"
	"net/http"
	"slices"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

func secretRoutes() []route {
	roles := []string{applicationDeveloper}
	const path, ofResource = "/applications/{appID}/secret", "/resources/{resourceID}/secret"
	return []route{
		{operation: "application.secret.read", method: http.MethodGet, path: path, roles: roles, handle: on((*request).secretOf, readSecret)},
		{operation: "application.secret.rotate", method: http.MethodPost, path: path, roles: roles, handle: on((*request).secretOf, rotateSecret)},
		{operation: "resource.secret.read", method: http.MethodGet, path: ofResource, roles: roles, handle: on((*request).secretResource, readResourceSecret)},
		{operation: "resource.secret.rotate", method: http.MethodPost, path: ofResource, roles: roles, handle: on((*request).secretResource, rotateResourceSecret)},
		{operation: "application.secret.deletePrevious", method: http.MethodDelete, path: path, roles: roles, handle: on((*request).secretOf, deletePreviousSecret)},
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
	if a.System() || a.Protocol != protocolOIDC {
		return nil, wire.NotFound()
	}
	if a.ID == r.caller.ClientID || lacks {
		return nil, wire.Forbidden()
	}
	return a, nil
}

func readSecret(r *request, a *tenant.Application) (*wire.Answer, error) { return ok(r.secret(a)), nil }

// rotateSecret makes a new secret. The former one stays valid until
// previous.expiresAt when the body names that; without a body it ends at once.
func rotateSecret(r *request, a *tenant.Application) (*wire.Answer, error) {
	var previous *tenant.PreviousSecret
	if body := bytes.TrimSpace(r.Body); len(body) > 0 && string(body) != "null" {
		future := func(value string) bool {
			at, err := time.Parse(time.RFC3339, value)
			return err == nil && at.After(r.t.Now())
		}
		body, err := r.good(group("previous", text("expiresAt").must().satisfying(future)))
		if err != nil {
			return nil, err
		}
		if until, err := time.Parse(time.RFC3339, textAt(body, "previous.expiresAt")); err == nil {
			previous = &tenant.PreviousSecret{Secret: a.Secret, ExpiresAt: until}
		}
	}
	a.Secret, a.Previous = r.t.NewSecret(secretLength), previous
	return ok(r.secret(a)), nil
}

func deletePreviousSecret(_ *request, a *tenant.Application) (*wire.Answer, error) {
	if a.Previous == nil {
		return nil, wire.NotFound()
	}
	a.Previous = nil
	return gone(), nil
}

func (r *request) secret(a *tenant.Application) object {
	body := object{"secret": a.Secret}
	if p := a.Previous; p != nil && p.ExpiresAt.After(r.t.Now()) {
		previous := object{"secret": p.Secret, "expiresAt": timestamp(p.ExpiresAt)}
		if !p.LastUsed.IsZero() {
			previous["lastUsed"] = timestamp(p.LastUsed)
		}
		body["previous"] = previous
	}
	return r.hal(r.applicationHref(a.ID)+"/secret", body, links{"application": r.applicationHref(a.ID)})
}

// secretResource is the custom resource whose secret the path names; the built-in
// ones have none.
func (r *request) secretResource() (*tenant.Resource, error) {
	resource, err := lookUp(r.env.Resources, r.Path["resourceID"])
	if err == nil && resource.Type != tenant.ResourceCustom {
		return nil, wire.NotFound()
	}
	return resource, err
}

// readResourceSecret shows the secret with which a resource would introspect tokens.
//
// https://developer.pingidentity.com/pingone-api/platform/resources/resource-secret.html
func readResourceSecret(r *request, resource *tenant.Resource) (*wire.Answer, error) {
	self := r.resourceHref(resource.ID)
	return ok(r.hal(self+"/secret", object{"secret": resource.Secret}, links{"resource": self})), nil
}

func rotateResourceSecret(r *request, resource *tenant.Resource) (*wire.Answer, error) {
	resource.Secret = r.t.NewSecret(secretLength)
	return readResourceSecret(r, resource)
}
