package management

import (
	"net/http"
	"strconv"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

func (s *Server) grantRoutes() []route {
	roles := []string{ApplicationDev}
	const all, one = "/applications/{appID}/grants", "/applications/{appID}/grants/{grantID}"
	return []route{
		{operation: "grant.list", method: http.MethodGet, path: all, roles: roles, handle: s.listGrants},
		{operation: "grant.create", method: http.MethodPost, path: all, media: mediaJSON, roles: roles, handle: s.createGrant},
		{operation: "grant.read", method: http.MethodGet, path: one, roles: roles, handle: s.readGrant},
		{operation: "grant.update", method: http.MethodPut, path: one, media: mediaJSON, roles: roles, handle: s.updateGrant},
		{operation: "grant.delete", method: http.MethodDelete, path: one, roles: roles, handle: s.deleteGrant},
	}
}

func (s *Server) listGrants(r *request) (*wire.Answer, error) {
	a, err := r.findApplication()
	if err != nil {
		return nil, err
	}
	var items []object
	for _, g := range tenant.Sorted(a.Grants) {
		items = append(items, r.grant(a, g))
	}
	return r.collection("grants", items), nil
}

func (s *Server) createGrant(r *request) (*wire.Answer, error) {
	a, err := r.findApplication()
	if err != nil {
		return nil, err
	}
	now := s.t.Now()
	g := &tenant.Grant{Seq: s.t.Next(), CreatedAt: now, UpdatedAt: now}
	if err := r.fillGrant(a, g); err != nil {
		return nil, err
	}
	g.ID = s.t.NewID()
	a.Grants[g.ID] = g
	return created(r.grant(a, g)), nil
}

// fillGrant reads the body into the grant: the resource's own scopes only, one
// grant for a resource, and no scope name that another grant already has.
//
// https://developer.pingidentity.com/pingone-api/platform/applications/application-resource-grants.html
func (r *request) fillGrant(a *tenant.Application, g *tenant.Grant) error {
	body, f, err := r.body([]field{
		group("resource", text("id").must()).must(),
		list("scopes", group("", text("id").must())).must().notEmpty(),
	})
	if err != nil {
		return err
	}
	resource := r.env.Resources[textAt(body, "resource.id")]
	if resource == nil && textAt(body, "resource.id") != "" {
		f.add("INVALID_VALUE", "resource.id", "There is no such resource.", nil)
	}
	var scopes []string
	if resource != nil {
		scopes = r.grantedScopes(f, a, g, resource, objectsAt(body, "scopes"))
	}
	if err := f.problem(); err != nil {
		return err
	}
	if a.Type == "WORKER" && resource.Type != tenant.ResourceOpenID {
		return constraint("resource.id", "A worker application takes no grant but of openid: its rights are its roles.", nil)
	}
	g.ResourceID, g.ScopeIDs = resource.ID, scopes
	return nil
}

func (r *request) grantedScopes(f *faults, a *tenant.Application, g *tenant.Grant, resource *tenant.Resource, sent []map[string]any) []string {
	elsewhere := map[string]bool{}
	for _, other := range tenant.Sorted(a.Grants) {
		if other.ID == g.ID {
			continue
		}
		if other.ResourceID == resource.ID {
			f.taken("resource.id", other.ID)
		}
		for _, id := range other.ScopeIDs {
			if otherResource := r.env.Resources[other.ResourceID]; otherResource != nil && other.ResourceID != resource.ID && otherResource.Scopes[id] != nil {
				elsewhere[otherResource.Scopes[id].Name] = true
			}
		}
	}
	var scopes []string
	seen := map[string]bool{}
	for i, item := range sent {
		id, target := textAt(item, "id"), "scopes["+strconv.Itoa(i)+"].id"
		scope := resource.Scopes[id]
		switch {
		case id == "":
			// Already reported as missing.
		case scope == nil:
			f.add("INVALID_VALUE", target, "The resource has no such scope.", nil)
		case elsewhere[scope.Name] || seen[id]:
			f.add("UNIQUENESS_VIOLATION", target, "Scopes of one name cannot be granted twice.", nil)
		default:
			seen[id] = true
			scopes = append(scopes, id)
		}
	}
	return scopes
}

func (r *request) findGrant() (*tenant.Application, *tenant.Grant, error) {
	a, err := r.findApplication()
	if err != nil {
		return nil, nil, err
	}
	if g := a.Grants[r.Path["grantID"]]; g != nil {
		return a, g, nil
	}
	return nil, nil, wire.NotFound()
}

func (s *Server) readGrant(r *request) (*wire.Answer, error) {
	a, g, err := r.findGrant()
	if err != nil {
		return nil, err
	}
	return ok(r.grant(a, g)), nil
}

func (s *Server) updateGrant(r *request) (*wire.Answer, error) {
	a, g, err := r.findGrant()
	if err != nil {
		return nil, err
	}
	if err := r.fillGrant(a, g); err != nil {
		return nil, err
	}
	g.UpdatedAt = s.t.Now()
	return ok(r.grant(a, g)), nil
}

func (s *Server) deleteGrant(r *request) (*wire.Answer, error) {
	a, g, err := r.findGrant()
	if err != nil {
		return nil, err
	}
	delete(a.Grants, g.ID)
	return gone(), nil
}

func (r *request) grant(a *tenant.Application, g *tenant.Grant) object {
	scopes := []object{}
	for _, id := range g.ScopeIDs {
		scopes = append(scopes, ref(id))
	}
	body := object{
		"id": g.ID, "application": ref(a.ID), "resource": ref(g.ResourceID), "scopes": scopes,
		"createdAt": timestamp(g.CreatedAt), "updatedAt": timestamp(g.UpdatedAt),
	}
	return r.hal(r.applicationHref(a)+"/grants/"+g.ID, body, links{
		"application": r.applicationHref(a), "resource": r.base() + "/resources/" + g.ResourceID,
	})
}
