package oauth

import (
	"slices"
	"sort"

	"pingone-conformance/emulator/internal/tenant"
)

const scopeOpenID = "openid"

// grantedScopes is what an application gets of the scopes it asks for.
//
// With none asked for, that is all it was granted. Scopes it was not granted are
// left out; with nothing left the request fails. openid itself needs no grant: the
// vendor's first workflow asks for it without one. Scopes of PingOne's API and of a
// custom resource, or of two custom resources, do not mix; OpenID's mix with either.
//
// https://developer.pingidentity.com/pingone-api/foundations/pingone-roles-scopes-and-permissions/
// and https://developer.pingidentity.com/pingone-api/getting-started/simple-sso-workflow
func (s *Server) grantedScopes(env *tenant.Environment, app *tenant.Application, asked []string) ([]string, *fault) {
	allowed := s.allowedScopes(env, app)
	if len(asked) == 0 {
		for name, of := range allowed {
			if !of.implied {
				asked = append(asked, name)
			}
		}
		sort.Strings(asked)
	}
	var granted []string
	resources := map[string]bool{}
	for _, name := range asked {
		of, ok := allowed[name]
		if !ok || slices.Contains(granted, name) {
			continue
		}
		granted = append(granted, name)
		if of.resource.Type != tenant.ResourceOpenID {
			resources[of.resource.ID] = true
		}
	}
	switch {
	case len(resources) > 1:
		return nil, refused("invalid_scope", "May not request scopes for multiple resources")
	case len(granted) == 0:
		return nil, refused("invalid_scope", "At least one scope must be granted")
	}
	return granted, nil
}

// allowance is a scope that an application may have; implied means that the
// scope itself was not granted.
type allowance struct {
	resource *tenant.Resource
	implied  bool
}

func (s *Server) allowedScopes(env *tenant.Environment, app *tenant.Application) map[string]allowance {
	allowed := map[string]allowance{}
	for _, grant := range s.decide.Grants(env, app) {
		resource := env.Resources[grant.ResourceID]
		if resource == nil {
			continue
		}
		for _, id := range grant.ScopeIDs {
			if scope := resource.Scopes[id]; scope != nil {
				allowed[scope.Name] = allowance{resource: resource}
			}
		}
	}
	if _, explicit := allowed[scopeOpenID]; !explicit {
		allowed[scopeOpenID] = allowance{resource: env.ResourceOfType(tenant.ResourceOpenID), implied: true}
	}
	return allowed
}

// audience is the resource that scopes belong to; nil when they are OpenID's only.
func (s *Server) audience(env *tenant.Environment, app *tenant.Application, scopes []string) *tenant.Resource {
	allowed := s.allowedScopes(env, app)
	for _, name := range scopes {
		if of, ok := allowed[name]; ok && of.resource.Type != tenant.ResourceOpenID {
			return of.resource
		}
	}
	return nil
}
