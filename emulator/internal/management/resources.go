package management

import (
	"slices"
	"time"

	"pingone-conformance/emulator/internal/tenant"
)

const maxResources = 500

func (s *Server) resources() kind[*tenant.Resource] {
	return kind[*tenant.Resource]{
		operation: "resource", path: "/resources", plural: "resources", id: "resourceID",
		roles: []string{applicationDeveloper}, most: maxResources,
		in:     func(r *request) (tenant.Table[*tenant.Resource], error) { return r.env.Resources, nil },
		fields: resourceFields,
		name:   func(resource *tenant.Resource) string { return resource.Name },
		make: func() *tenant.Resource {
			return &tenant.Resource{Meta: s.t.NewMeta(time.Time{}), Type: tenant.ResourceCustom, Secret: s.t.NewSecret(secretLength), Scopes: tenant.Table[*tenant.Scope]{}}
		},
		fill: fillResource,
		// The pages do not give the code of the refusal.
		changeable: func(_ *request, resource *tenant.Resource) error {
			if resource.Type != tenant.ResourceCustom {
				return constraint("type", "A built-in resource cannot be changed or removed.", nil)
			}
			return nil
		},
		// The pages are silent about a resource that is still granted; it is refused here.
		deletable: func(r *request, resource *tenant.Resource) error {
			return unreferenced("The resource is still granted to applications.", r.grantsOf(resource.ID, ""))
		},
		defaults: func(resource *tenant.Resource) object {
			if resource.Type != tenant.ResourceCustom {
				return object{}
			}
			return object{"applicationPermissionsSettings": object{"claimEnabled": false}}
		},
		added: func(r *request, resource *tenant.Resource) {
			r.t.AddCoreAttribute(r.env, "/resources/"+resource.ID+"/attributes", "sub", "${user.id}", "type")
		},
		show: (*request).resource,
	}
}

func resourceFields(map[string]any) []field {
	return []field{
		text("name").must().within(1, 256),
		text("description").within(0, 1024),
		text("type").oneOf(tenant.ResourceCustom),
		text("audience").within(1, 1024),
		group("applicationPermissionsSettings", flag("claimEnabled")),
		whole("accessTokenValiditySeconds").within(300, 2592000),
		text("introspectEndpointAuthMethod").oneOf("NONE", "CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST"),
	}
}

func fillResource(r *request, resource *tenant.Resource, body map[string]any) {
	resource.Name, resource.Description, resource.UpdatedAt = textAt(body, "name"), textAt(body, "description"), r.t.Now()
	resource.Audience = textOr(body, "audience", resource.Name)
	resource.AccessTokenValiditySeconds = wholeAt(body, "accessTokenValiditySeconds", 3600)
	resource.IntrospectAuthMethod = textOr(body, "introspectEndpointAuthMethod", "CLIENT_SECRET_BASIC")
}

// grantsOf lists the grants of a resource, or of one of its scopes.
func (r *request) grantsOf(resourceID, scopeID string) []string {
	var holders []string
	for _, a := range r.env.Applications.Sorted() {
		for _, g := range a.Grants.Sorted() {
			if g.ResourceID == resourceID && (scopeID == "" || slices.Contains(g.ScopeIDs, scopeID)) {
				holders = append(holders, g.ID)
			}
		}
	}
	return holders
}

func (r *request) resourceHref(id string) string { return r.base() + "/resources/" + id }

func (r *request) resource(resource *tenant.Resource) object {
	body := object{
		"id": resource.ID, "name": resource.Name, "type": resource.Type,
		"accessTokenValiditySeconds": resource.AccessTokenValiditySeconds, "introspectEndpointAuthMethod": resource.IntrospectAuthMethod,
		"createdAt": timestamp(resource.CreatedAt), "updatedAt": timestamp(resource.UpdatedAt),
	}
	body.addText("description", resource.Description).addText("audience", resource.Audience)
	self := r.resourceHref(resource.ID)
	more := links{"scopes": self + "/scopes", "attributes": self + "/attributes"}
	if resource.Type == tenant.ResourceCustom {
		more["secret"] = self + "/secret"
	}
	return r.hal(self, body, more)
}
