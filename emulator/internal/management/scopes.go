package management

import (
	"strings"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/internal/lazy"
)

const maxScopes = 1000

// scopeName is what RFC 6749 section 3.3 allows in a scope.
var scopeName = lazy.Regexp(`^[\x21\x23-\x5B\x5D-\x7E]+$`)

func (s *Server) scopes() kind[*tenant.Scope] {
	return kind[*tenant.Scope]{
		operation: "scope", path: "/resources/{resourceID}/scopes", plural: "scopes", id: "scopeID",
		roles: []string{applicationDeveloper}, most: maxScopes,
		in: func(r *request) (tenant.Table[*tenant.Scope], error) {
			resource, err := lookUp(r.env.Resources, r.Path["resourceID"])
			if err != nil {
				return nil, err
			}
			return resource.Scopes, nil
		},
		fields: func(map[string]any) []field {
			return []field{
				text("name").must().within(1, 256).matching(scopeName),
				text("description").within(0, 1024),
				list("schemaAttributes", text("").within(1, 256)),
				list("mappedClaims", text("").within(1, 256)),
			}
		},
		name:  func(scope *tenant.Scope) string { return scope.Name },
		check: checkScope,
		make:  func() *tenant.Scope { return &tenant.Scope{Meta: s.t.NewMeta(time.Time{})} },
		fill: func(r *request, scope *tenant.Scope, body map[string]any) {
			scope.Name, scope.Description, scope.UpdatedAt = textAt(body, "name"), textAt(body, "description"), r.t.Now()
			scope.SchemaAttributes, scope.MappedClaims = textsAt(body, "schemaAttributes"), textsAt(body, "mappedClaims")
		},
		// The pages are silent about a scope that is still granted; it is refused here.
		deletable: func(r *request, scope *tenant.Scope) error {
			if tenant.BuiltInScope(r.env.Resources[r.Path["resourceID"]], scope) {
				return constraint("name", "A built-in scope cannot be removed.", nil)
			}
			return unreferenced("The scope is still granted to applications.", r.grantsOf(r.Path["resourceID"], scope.ID))
		},
		show: (*request).scope,
	}
}

// checkScope: names that begin with p1: belong to PingOne. On its own resource
// p1:read:user and p1:update:user can be given a suffix, elsewhere such names are
// refused. A built-in scope keeps its name; all else of it can be changed.
//
// https://developer.pingidentity.com/pingone-api/foundations/pingone-roles-scopes-and-permissions/
func checkScope(r *request, f *faults, body map[string]any, old *tenant.Scope) {
	name, resource := textAt(body, "name"), r.env.Resources[r.Path["resourceID"]]
	if old != nil && tenant.BuiltInScope(resource, old) {
		if name != "" && name != old.Name {
			f.add("INVALID_VALUE", "name", "The name of a built-in scope cannot change.", map[string]any{"allowedValues": []string{old.Name}})
		}
		return
	}
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
}

func (r *request) scope(scope *tenant.Scope) object {
	id := r.Path["resourceID"]
	body := object{
		"id": scope.ID, "name": scope.Name, "resource": ref(id),
		"createdAt": timestamp(scope.CreatedAt), "updatedAt": timestamp(scope.UpdatedAt),
	}
	body.addText("description", scope.Description).addList("schemaAttributes", scope.SchemaAttributes).addList("mappedClaims", scope.MappedClaims)
	return r.hal(r.resourceHref(id)+"/scopes/"+scope.ID, body, links{"resource": r.resourceHref(id)})
}
