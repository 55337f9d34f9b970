package tenant

import (
	"maps"
	"slices"
)

// The two resources that every environment has, found by their type.
//
// https://developer.pingidentity.com/pingone-api/foundations/pingone-roles-scopes-and-permissions/
const (
	ResourceOpenID = "OPENID_CONNECT"

	ResourcePingOne = "PINGONE_API"

	ResourceCustom = "CUSTOM"
)

// PingOneAudience is the aud of access tokens for PingOne's own API.
const PingOneAudience = "https://api.pingone.com"

func openIDScopes() []string {
	return []string{"address", "email", "offline_access", "openid", "phone", "profile"}
}

func pingOneScopes() []string {
	return []string{
		"p1:create:device", "p1:create:pairingKey", "p1:delete:device", "p1:delete:sessions", "p1:read:device",
		"p1:read:pairingKey", "p1:read:sessions", "p1:read:user", "p1:read:userPassword", "p1:reset:userPassword",
		"p1:update:device", "p1:update:user", "p1:update:userMfaEnabled", "p1:validate:userPassword",
	}
}

func (t *Tenant) addBuiltInResources(e *Environment) {
	openID := t.addResource(e, "openid", ResourceOpenID, "", openIDScopes())
	claims := openIDClaims()
	for _, name := range slices.Sorted(maps.Keys(claims)) {
		t.AddRecord(e, "/resources/"+openID.ID+"/attributes", map[string]any{"name": name, "value": claims[name]}, map[string]any{"name": name, "type": "PREDEFINED"})
	}
	pingOne := t.addResource(e, "PingOne API", ResourcePingOne, PingOneAudience, pingOneScopes())
	for _, scope := range pingOne.Scopes {
		if scope.Name == "p1:read:user" || scope.Name == "p1:update:user" {
			scope.SchemaAttributes = []string{"*"}
		}
	}
}

func (t *Tenant) addResource(e *Environment, name, kind, audience string, scopes []string) *Resource {
	now := t.Now()
	r := &Resource{
		Meta: t.NewMeta(now), Name: name, Type: kind, Audience: audience, Description: builtInDescriptions()[kind],
		AccessTokenValiditySeconds: 3600, IntrospectAuthMethod: "NONE",
		Scopes: Table[*Scope]{},
	}
	for _, scope := range scopes {
		r.Scopes.Add(&Scope{Meta: t.NewMeta(now), Name: scope, Description: "The built-in scope " + scope})
	}
	e.Resources.Add(r)
	return r
}

func builtInDescriptions() map[string]string {
	return map[string]string{
		ResourceOpenID:  "The scopes of OpenID Connect",
		ResourcePingOne: "What people may do to themselves in PingOne",
	}
}

// ResourceOfType returns the environment's resource of a built-in type.
func (e *Environment) ResourceOfType(kind string) *Resource {
	return e.Resources.First(func(r *Resource) bool { return r.Type == kind })
}

// BuiltInScope says whether a scope came with the environment.
func BuiltInScope(r *Resource, s *Scope) bool {
	switch r.Type {
	case ResourceOpenID:
		return slices.Contains(openIDScopes(), s.Name)
	case ResourcePingOne:
		return slices.Contains(pingOneScopes(), s.Name)
	default:
		return false
	}
}
