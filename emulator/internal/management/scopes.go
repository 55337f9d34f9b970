package management

import (
	"net/http"
	"regexp"
	"strings"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

const maxScopes = 1000

// scopeName is what RFC 6749 section 3.3 allows in a scope.
var scopeName = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]+$`)

func (s *Server) scopeRoutes() []route {
	roles := []string{ApplicationDev}
	const all, one = "/resources/{resourceID}/scopes", "/resources/{resourceID}/scopes/{scopeID}"
	return []route{
		{operation: "scope.list", method: http.MethodGet, path: all, roles: roles, handle: s.listScopes},
		{operation: "scope.create", method: http.MethodPost, path: all, media: mediaJSON, roles: roles, handle: s.createScope},
		{operation: "scope.read", method: http.MethodGet, path: one, roles: roles, handle: s.readScope},
		{operation: "scope.update", method: http.MethodPut, path: one, media: mediaJSON, roles: roles, handle: s.updateScope},
		{operation: "scope.delete", method: http.MethodDelete, path: one, roles: roles, handle: s.deleteScope},
	}
}

func (s *Server) listScopes(r *request) (*wire.Answer, error) {
	resource, err := r.findResource()
	if err != nil {
		return nil, err
	}
	var items []object
	for _, scope := range tenant.Sorted(resource.Scopes) {
		items = append(items, r.scope(resource, scope))
	}
	return r.collection("scopes", items), nil
}

func (s *Server) createScope(r *request) (*wire.Answer, error) {
	resource, err := r.findResource()
	if err != nil {
		return nil, err
	}
	body, err := r.scopeBody(resource, "")
	if err != nil {
		return nil, err
	}
	if len(resource.Scopes) >= maxScopes {
		return nil, wire.LicenseExceeded("scopes", maxScopes)
	}
	now := s.t.Now()
	scope := &tenant.Scope{ID: s.t.NewID(), Seq: s.t.Next(), CreatedAt: now, UpdatedAt: now}
	fillScope(scope, body)
	resource.Scopes[scope.ID] = scope
	return created(r.scope(resource, scope)), nil
}

// scopeBody reads a scope. Names that begin with p1: belong to PingOne: on its
// own resource p1:read:user and p1:update:user can be given a suffix, elsewhere
// such names are refused.
//
// https://developer.pingidentity.com/pingone-api/foundations/pingone-roles-scopes-and-permissions/
func (r *request) scopeBody(resource *tenant.Resource, self string) (map[string]any, error) {
	body, f, err := r.body([]field{
		text("name").must().within(1, 256).matching(scopeName),
		text("description").within(0, 1024),
		list("schemaAttributes", text("").within(1, 256)),
		list("mappedClaims", text("").within(1, 256)),
	})
	if err != nil {
		return nil, err
	}
	name := textAt(body, "name")
	variant := strings.HasPrefix(name, "p1:read:user:") || strings.HasPrefix(name, "p1:update:user:")
	switch {
	case name == "":
		// Already reported.
	case resource.Type == tenant.ResourcePingOne && !variant:
		f.add("INVALID_VALUE", "name", "Only variants of PingOne's own scopes can be made here.",
			map[string]any{"allowedPattern": "^p1:(read|update):user:.+$"})
	case resource.Type != tenant.ResourcePingOne && strings.HasPrefix(name, "p1:"):
		f.add("INVALID_VALUE", "name", "Names that begin with p1: are reserved.", nil)
	}
	for _, other := range tenant.Sorted(resource.Scopes) {
		if other.ID != self && other.Name == name {
			f.taken("name", other.ID)
		}
	}
	return body, f.problem()
}

func fillScope(scope *tenant.Scope, body map[string]any) {
	scope.Name, scope.Description = textAt(body, "name"), textAt(body, "description")
	scope.SchemaAttributes, scope.MappedClaims = textsAt(body, "schemaAttributes"), textsAt(body, "mappedClaims")
}

func (r *request) findScope() (*tenant.Resource, *tenant.Scope, error) {
	resource, err := r.findResource()
	if err != nil {
		return nil, nil, err
	}
	if scope := resource.Scopes[r.Path["scopeID"]]; scope != nil {
		return resource, scope, nil
	}
	return nil, nil, wire.NotFound()
}

// findOwnScope refuses the scopes that came with the environment.
func (r *request) findOwnScope() (*tenant.Resource, *tenant.Scope, error) {
	resource, scope, err := r.findScope()
	if err == nil && tenant.BuiltInScope(resource, scope) {
		err = constraint("name", "A built-in scope cannot be changed or removed.", nil)
	}
	return resource, scope, err
}

func (s *Server) readScope(r *request) (*wire.Answer, error) {
	resource, scope, err := r.findScope()
	if err != nil {
		return nil, err
	}
	return ok(r.scope(resource, scope)), nil
}

func (s *Server) updateScope(r *request) (*wire.Answer, error) {
	resource, scope, err := r.findOwnScope()
	if err != nil {
		return nil, err
	}
	body, err := r.scopeBody(resource, scope.ID)
	if err != nil {
		return nil, err
	}
	fillScope(scope, body)
	scope.UpdatedAt = s.t.Now()
	return ok(r.scope(resource, scope)), nil
}

// deleteScope removes a scope that no grant holds. The pages are silent about
// one that is still granted; it is refused here.
func (s *Server) deleteScope(r *request) (*wire.Answer, error) {
	resource, scope, err := r.findOwnScope()
	if err != nil {
		return nil, err
	}
	if holders := r.grantsOf(resource.ID, scope.ID); len(holders) > 0 {
		return nil, constraint("", "The scope is still granted to applications.", holders)
	}
	delete(resource.Scopes, scope.ID)
	return gone(), nil
}

func (r *request) scope(resource *tenant.Resource, scope *tenant.Scope) object {
	body := object{
		"id": scope.ID, "name": scope.Name, "resource": ref(resource.ID),
		"createdAt": timestamp(scope.CreatedAt), "updatedAt": timestamp(scope.UpdatedAt),
	}
	if scope.Description != "" {
		body["description"] = scope.Description
	}
	if len(scope.SchemaAttributes) > 0 {
		body["schemaAttributes"] = scope.SchemaAttributes
	}
	if len(scope.MappedClaims) > 0 {
		body["mappedClaims"] = scope.MappedClaims
	}
	self := r.resourceHref(resource)
	return r.hal(self+"/scopes/"+scope.ID, body, links{"resource": self})
}
