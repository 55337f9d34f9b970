package management

import (
	"strconv"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// grants: the resource's own scopes only, one grant for a resource, and no scope
// name that another grant already has.
//
// https://developer.pingidentity.com/pingone-api/platform/applications/application-resource-grants.html
func (s *Server) grants() kind[*tenant.Grant] {
	return kind[*tenant.Grant]{
		operation: "grant", path: "/applications/{appID}/grants", plural: "grants", id: "grantID",
		roles: []string{applicationDeveloper},
		in: func(r *request) (tenant.Table[*tenant.Grant], error) {
			a, err := r.findApplication()
			if err != nil {
				return nil, err
			}
			if !grantable(a) {
				return nil, wire.NotFound()
			}
			return a.Grants, nil
		},
		fields: func(map[string]any) []field {
			return []field{
				group("resource", text("id").must()).must(),
				list("scopes", group("", text("id").must())).must().notEmpty(),
			}
		},
		check:   checkGrant,
		allowed: noGrantToWorker,
		make:    func() *tenant.Grant { return &tenant.Grant{Meta: s.t.NewMeta(time.Time{})} },
		fill: func(r *request, g *tenant.Grant, body map[string]any) {
			g.ResourceID, g.ScopeIDs, g.UpdatedAt = textAt(body, "resource.id"), nil, r.t.Now()
			for _, scope := range objectsAt(body, "scopes") {
				g.ScopeIDs = append(g.ScopeIDs, textAt(scope, "id"))
			}
		},
		show: (*request).grant,
	}
}

func noGrantToWorker(r *request, body map[string]any) error {
	resource := r.env.Resources[textAt(body, "resource.id")]
	if r.env.Applications[r.Path["appID"]].Type == "WORKER" && resource.Type != tenant.ResourceOpenID {
		return constraint("resource.id", "A worker application takes no grant but of openid: its rights are its roles.", nil)
	}
	return nil
}

func checkGrant(r *request, f *faults, body map[string]any, old *tenant.Grant) {
	id := textAt(body, "resource.id")
	resource := r.env.Resources[id]
	if resource == nil {
		if id != "" {
			f.add("INVALID_VALUE", "resource.id", "There is no such resource.", nil)
		}
		return
	}
	taken := map[string]bool{} // names of scopes that other grants have
	for _, other := range r.env.Applications[r.Path["appID"]].Grants.Sorted() {
		switch granted := r.env.Resources[other.ResourceID]; {
		case other == old:
		case other.ResourceID == id:
			f.taken("resource.id", other.ID)
		case granted != nil:
			for _, scopeID := range other.ScopeIDs {
				if scope := granted.Scopes[scopeID]; scope != nil {
					taken[scope.Name] = true
				}
			}
		}
	}
	for i, item := range objectsAt(body, "scopes") {
		scopeID, target := textAt(item, "id"), "scopes["+strconv.Itoa(i)+"].id"
		scope := resource.Scopes[scopeID]
		switch {
		case scopeID == "":
			// Already reported as missing.
		case scope == nil:
			f.add("INVALID_VALUE", target, "The resource has no such scope.", nil)
		case taken[scope.Name]:
			f.add("UNIQUENESS_VIOLATION", target, "Scopes of one name cannot be granted twice.", nil)
		default:
			taken[scope.Name] = true
		}
	}
}

func (r *request) grant(g *tenant.Grant) object {
	scopes := []object{}
	for _, id := range g.ScopeIDs {
		scopes = append(scopes, ref(id))
	}
	application := r.applicationHref(r.Path["appID"])
	body := object{
		"id": g.ID, "application": ref(r.Path["appID"]), "resource": ref(g.ResourceID), "scopes": scopes,
		"createdAt": timestamp(g.CreatedAt), "updatedAt": timestamp(g.UpdatedAt),
	}
	return r.hal(application+"/grants/"+g.ID, body, links{"application": application, "resource": r.resourceHref(g.ResourceID)})
}
