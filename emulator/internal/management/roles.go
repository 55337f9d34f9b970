package management

import (
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// roleNames are the roles that can be assigned; only those of AllRoles open
// anything here.
//
// https://developer.pingidentity.com/pingone-api/platform/roles.html
func roleNames() []string {
	return append(AllRoles(), "Organization Admin", "Identity Data Read Only", "Configuration Read Only", "Application Owner", "Help Desk Admin")
}

// roleID is the id of a role: one and the same in every environment.
func roleID(name string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://api.pingone.com/v1/roles/"+name)).String()
}

func roleOf(id string) (name string, known bool) {
	for _, name := range roleNames() {
		if roleID(name) == id {
			return name, true
		}
	}
	return "", false
}

func (s *Server) rolesRoutes() []wire.Route {
	return []wire.Route{
		{Operation: "role.list", Method: http.MethodGet, Pattern: "/v1/roles", Handler: s.anyWorker(listRoles)},
		{Operation: "role.read", Method: http.MethodGet, Pattern: "/v1/roles/{roleID}", Handler: s.anyWorker(readRole)},
	}
}

func listRoles(call *wire.Call, _ *tenant.Application) (*wire.Answer, error) {
	var items []object
	for _, name := range roleNames() {
		items = append(items, role(call, name))
	}
	return ok(collectionBody(selfOf(call, nil), "roles", items, len(items), nil)), nil
}

func readRole(call *wire.Call, _ *tenant.Application) (*wire.Answer, error) {
	name, known := roleOf(call.Path["roleID"])
	if !known {
		return nil, wire.NotFound()
	}
	return ok(role(call, name)), nil
}

func role(call *wire.Call, name string) object {
	return object{
		"_links": map[string]link{"self": {call.Origin + "/v1/roles/" + roleID(name)}}, "id": roleID(name), "name": name,
		"description": "The role " + name, "applicableTo": []string{"ORGANIZATION", "ENVIRONMENT", "POPULATION", "APPLICATION"},
	}
}

func roleAssignmentFields() []field {
	return []field{
		group("role", text("id").must()).must(),
		group("scope", text("id").must(), text("type").must().oneOf("ORGANIZATION", "ENVIRONMENT", "POPULATION", "APPLICATION")).must(),
	}
}

func roleExists(_ *request, f *faults, body map[string]any) {
	if id := textAt(body, "role.id"); id != "" {
		if _, known := roleOf(id); !known {
			f.add("INVALID_VALUE", "role.id", "There is no such role.", nil)
		}
	}
}

// rolesOf are the role assignments of a worker application as they are now, by
// environment.
func (r *request) takeRoles() {
	app := r.env.Applications[r.Path["appID"]]
	app.Roles, app.RoleEnvironments = nil, nil
	for _, assignment := range r.env.RecordsAt(r.below("/applications/{appID}/roleAssignments")).Sorted() {
		name, _ := roleOf(textAt(assignment.Sent, "role.id"))
		if !slices.Contains(app.Roles, name) {
			app.Roles = append(app.Roles, name)
		}
		if id := textAt(assignment.Sent, "scope.id"); textAt(assignment.Sent, "scope.type") == "ENVIRONMENT" && !slices.Contains(app.RoleEnvironments, id) {
			app.RoleEnvironments = append(app.RoleEnvironments, id)
		}
	}
}

// AssignRoles gives a worker application roles in an environment, as the API would.
func AssignRoles(t *tenant.Tenant, home *tenant.Environment, worker *tenant.Application, environmentID string, roles ...string) {
	worker.Roles, worker.RoleEnvironments = roles, []string{environmentID}
	for _, name := range roles {
		t.AddRecord(home, "/applications/"+worker.ID+"/roleAssignments", map[string]any{
			"role": map[string]any{"id": roleID(name)}, "scope": map[string]any{"id": environmentID, "type": "ENVIRONMENT"},
		}, nil)
	}
}

// organizationRoutes answer what environments say about their organization and
// licence. They are those of the environments that the caller may see.
func (s *Server) organizationRoutes() []wire.Route {
	const one = "/v1/organizations/{orgID}"
	route := func(operation, pattern string, handle func(*wire.Call, *tenant.Environment) object) wire.Route {
		return wire.Route{Operation: operation, Method: http.MethodGet, Pattern: pattern, Handler: s.anyWorker(
			func(call *wire.Call, worker *tenant.Application) (*wire.Answer, error) {
				for _, e := range s.t.Environments() {
					organization, license := call.Path["orgID"], call.Path["licenseID"]
					if slices.Contains(worker.RoleEnvironments, e.ID) && (organization == "" || organization == e.OrganizationID) &&
						(license == "" || license == e.LicenseID) {
						return ok(handle(call, e)), nil
					}
				}
				return nil, wire.NotFound()
			})}
	}
	listed := func(plural string, show func(*wire.Call, *tenant.Environment) object) func(*wire.Call, *tenant.Environment) object {
		return func(call *wire.Call, e *tenant.Environment) object {
			return collectionBody(selfOf(call, nil), plural, []object{show(call, e)}, 1, nil)
		}
	}
	return []wire.Route{
		route("organization.list", "/v1/organizations", listed("organizations", organization)),
		route("organization.read", one, organization),
		route("license.list", one+"/licenses", listed("licenses", license)),
		route("license.read", one+"/licenses/{licenseID}", license),
	}
}

func organization(call *wire.Call, e *tenant.Environment) object {
	self := call.Origin + "/v1/organizations/" + e.OrganizationID
	return object{
		"_links": map[string]link{"self": {self}, "licenses": {self + "/licenses"}, "environments": {call.Origin + "/v1/environments"}},
		"id":     e.OrganizationID, "name": "Organization of " + e.Name, "type": "INTERNAL",
		"createdAt": timestamp(e.CreatedAt), "updatedAt": timestamp(e.UpdatedAt),
	}
}

func license(call *wire.Call, e *tenant.Environment) object {
	above := call.Origin + "/v1/organizations/" + e.OrganizationID
	return object{
		"_links": map[string]link{"self": {above + "/licenses/" + e.LicenseID}, "organization": {above}},
		"id":     e.LicenseID, "name": "License of the emulator", "package": "TRIAL", "status": "ACTIVE", "organization": ref(e.OrganizationID),
		"beginsAt": timestamp(e.CreatedAt), "expiresAt": timestamp(e.CreatedAt.Add(365 * 24 * time.Hour)), "assignedEnvironmentsCount": 1,
	}
}
