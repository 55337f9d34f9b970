package management

import (
	"net/http"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

const maxResources = 500

func (s *Server) resourceRoutes() []route {
	roles := []string{ApplicationDev}
	return []route{
		{operation: "resource.list", method: http.MethodGet, path: "/resources", roles: roles, handle: s.listResources},
		{operation: "resource.create", method: http.MethodPost, path: "/resources", media: mediaJSON, roles: roles, handle: s.createResource},
		{operation: "resource.read", method: http.MethodGet, path: "/resources/{resourceID}", roles: roles, handle: s.readResource},
		{operation: "resource.update", method: http.MethodPut, path: "/resources/{resourceID}", media: mediaJSON, roles: roles, handle: s.updateResource},
		{operation: "resource.delete", method: http.MethodDelete, path: "/resources/{resourceID}", roles: roles, handle: s.deleteResource},
	}
}

func resourceFields() []field {
	return []field{
		text("name").must().within(1, 256),
		text("description").within(0, 1024),
		text("type").oneOf(tenant.ResourceCustom),
		text("audience").within(1, 1024),
		whole("accessTokenValiditySeconds").within(300, 2592000),
		text("introspectEndpointAuthMethod").oneOf("NONE", "CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST"),
	}
}

func (s *Server) listResources(r *request) (*wire.Answer, error) {
	var items []object
	for _, resource := range tenant.Sorted(r.env.Resources) {
		items = append(items, r.resource(resource))
	}
	return r.collection("resources", items), nil
}

func (s *Server) createResource(r *request) (*wire.Answer, error) {
	body, err := r.resourceBody("")
	if err != nil {
		return nil, err
	}
	if len(r.env.Resources) >= maxResources {
		return nil, wire.LicenseExceeded("resources", maxResources)
	}
	now := s.t.Now()
	resource := &tenant.Resource{ID: s.t.NewID(), Seq: s.t.Next(), Type: tenant.ResourceCustom, CreatedAt: now, UpdatedAt: now, Scopes: map[string]*tenant.Scope{}}
	fillResource(resource, body)
	r.env.Resources[resource.ID] = resource
	return created(r.resource(resource)), nil
}

func (r *request) resourceBody(self string) (map[string]any, error) {
	body, f, err := r.body(resourceFields())
	if err != nil {
		return nil, err
	}
	for _, other := range tenant.Sorted(r.env.Resources) {
		if other.ID != self && other.Name == textAt(body, "name") {
			f.taken("name", other.ID)
		}
	}
	return body, f.problem()
}

func fillResource(resource *tenant.Resource, body map[string]any) {
	resource.Name, resource.Description = textAt(body, "name"), textAt(body, "description")
	resource.Audience = textOr(body, "audience", resource.Name)
	resource.AccessTokenValiditySeconds = wholeAt(body, "accessTokenValiditySeconds", 3600)
	resource.IntrospectAuthMethod = textOr(body, "introspectEndpointAuthMethod", "CLIENT_SECRET_BASIC")
}

func (r *request) findResource() (*tenant.Resource, error) {
	if resource := r.env.Resources[r.Path["resourceID"]]; resource != nil {
		return resource, nil
	}
	return nil, wire.NotFound()
}

// findCustomResource refuses the built-in resources, which cannot be changed
// or removed. The pages do not give the refusal's code.
func (r *request) findCustomResource() (*tenant.Resource, error) {
	resource, err := r.findResource()
	if err != nil {
		return nil, err
	}
	if resource.Type != tenant.ResourceCustom {
		return nil, constraint("type", "A built-in resource cannot be changed or removed.", nil)
	}
	return resource, nil
}

func (s *Server) readResource(r *request) (*wire.Answer, error) {
	resource, err := r.findResource()
	if err != nil {
		return nil, err
	}
	return ok(r.resource(resource)), nil
}

func (s *Server) updateResource(r *request) (*wire.Answer, error) {
	resource, err := r.findCustomResource()
	if err != nil {
		return nil, err
	}
	body, err := r.resourceBody(resource.ID)
	if err != nil {
		return nil, err
	}
	fillResource(resource, body)
	resource.UpdatedAt = s.t.Now()
	return ok(r.resource(resource)), nil
}

// deleteResource removes a resource that no grant holds. The pages are silent
// about one that is still granted; it is refused here.
func (s *Server) deleteResource(r *request) (*wire.Answer, error) {
	resource, err := r.findCustomResource()
	if err != nil {
		return nil, err
	}
	if holders := r.grantsOf(resource.ID, ""); len(holders) > 0 {
		return nil, constraint("", "The resource is still granted to applications.", holders)
	}
	delete(r.env.Resources, resource.ID)
	return gone(), nil
}

// grantsOf lists the grants of a resource, or of one of its scopes.
func (r *request) grantsOf(resourceID, scopeID string) []string {
	var holders []string
	for _, a := range tenant.Sorted(r.env.Applications) {
		for _, g := range tenant.Sorted(a.Grants) {
			holds := scopeID == ""
			for _, id := range g.ScopeIDs {
				holds = holds || id == scopeID
			}
			if g.ResourceID == resourceID && holds {
				holders = append(holders, g.ID)
			}
		}
	}
	return holders
}

func (r *request) resourceHref(resource *tenant.Resource) string {
	return r.base() + "/resources/" + resource.ID
}

func (r *request) resource(resource *tenant.Resource) object {
	body := object{
		"id": resource.ID, "name": resource.Name, "type": resource.Type,
		"accessTokenValiditySeconds":   resource.AccessTokenValiditySeconds,
		"introspectEndpointAuthMethod": resource.IntrospectAuthMethod,
		"createdAt":                    timestamp(resource.CreatedAt), "updatedAt": timestamp(resource.UpdatedAt),
	}
	for name, value := range map[string]string{"description": resource.Description, "audience": resource.Audience} {
		if value != "" {
			body[name] = value
		}
	}
	self := r.resourceHref(resource)
	return r.hal(self, body, links{"scopes": self + "/scopes"})
}
