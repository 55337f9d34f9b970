package management

import (
	"net/http"
	"slices"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// maxEnvironments bounds the emulator's memory.
const maxEnvironments = 100

// softDelete is how long a deleted production environment could be restored.
const softDelete = 30 * 24 * time.Hour

// environmentsRoutes are those that belong to no environment.
func (s *Server) environmentsRoutes() []wire.Route {
	return []wire.Route{
		{Operation: "environment.list", Method: http.MethodGet, Pattern: "/v1/environments", Handler: s.anyWorker(s.listEnvironments)},
		{Operation: "environment.create", Method: http.MethodPost, Pattern: "/v1/environments", MediaType: mediaJSON, Handler: s.anyWorker(s.createEnvironment)},
	}
}

func (s *Server) environmentRoutes() []route {
	return []route{
		{operation: "environment.read", method: http.MethodGet, roles: AllRoles(), handle: s.readEnvironment},
		{operation: "environment.update", method: http.MethodPut, media: mediaJSON, roles: []string{environmentAdmin}, handle: s.updateEnvironment},
		{operation: "environment.delete", method: http.MethodDelete, roles: []string{environmentAdmin}, handle: s.deleteEnvironment},
		{operation: "environment.type.update", method: http.MethodPut, path: "/type", media: mediaJSON, roles: []string{environmentAdmin}, handle: s.updateEnvironmentType},
		{operation: "billOfMaterials.read", method: http.MethodGet, path: "/billOfMaterials", roles: []string{environmentAdmin}, handle: readBillOfMaterials},
		{operation: "billOfMaterials.update", method: http.MethodPut, path: "/billOfMaterials", media: mediaJSON, roles: []string{environmentAdmin}, handle: updateBillOfMaterials},
	}
}

// anyWorker lets every worker application through that holds any role at all.
func (s *Server) anyWorker(handle func(*wire.Call, *tenant.Application) (*wire.Answer, error)) wire.Handler {
	return func(call *wire.Call) *wire.Answer {
		caller, known := s.o.Authenticate(call.Bearer())
		if !known {
			return wire.AccessFailed().Answer(call.ID)
		}
		worker := s.workerOf(caller)
		if worker == nil || len(worker.Roles) == 0 {
			return wire.Forbidden().Answer(call.ID)
		}
		answer, err := handle(call, worker)
		if err != nil {
			return refusal(call, err)
		}
		return answer
	}
}

func (s *Server) listEnvironments(call *wire.Call, worker *tenant.Application) (*wire.Answer, error) {
	mine := slices.DeleteFunc(s.t.Environments(), func(e *tenant.Environment) bool { return !slices.Contains(worker.RoleEnvironments, e.ID) })
	environments := listing[*tenant.Environment]{
		things: mine,
		seq:    func(e *tenant.Environment) int { return e.Seq },
		attribute: func(e *tenant.Environment, name string) any {
			return map[string]any{"id": e.ID, "name": e.Name, "organization.id": e.OrganizationID, "license.id": e.LicenseID, "status": e.Status}[name]
		},
		show: func(e *tenant.Environment) object {
			r := &request{Call: call, t: s.t, decide: &s.decide, o: &s.o, env: e}
			return r.environment(expands(call, "billOfMaterials"))
		},
	}
	filters := filterable{"id": {"eq"}, "name": {"eq", "sw"}, "organization.id": {"eq"}, "license.id": {"eq"}, "status": {"eq"}}
	return page(call, call.URL.Query(), "environments", environments, paging{usual: 1000, most: 5000}, filters, nil)
}

func environmentFields() []field {
	return []field{
		text("name").must().within(1, 256),
		text("description").within(0, 1024),
		text("type").must().oneOf("SANDBOX", "PRODUCTION"),
		text("region").must().oneOf("NA", "EU", "CA", "AP", "AU", "SG"),
		group("license", text("id").must()).must(),
		group("billOfMaterials", list("products", productField())),
	}
}

func productField() field { return group("", text("type").must().within(1, 256)) }

func (s *Server) createEnvironment(call *wire.Call, worker *tenant.Application) (*wire.Answer, error) {
	r := &request{Call: call, t: s.t, decide: &s.decide, o: &s.o}
	body, f, err := r.body(environmentFields()...)
	if err != nil {
		return nil, err
	}
	s.uniqueEnvironment(f, body, "")
	if err := f.problem(); err != nil {
		return nil, err
	}
	if len(s.t.Environments()) >= maxEnvironments {
		return nil, wire.LicenseExceeded("environments", maxEnvironments)
	}
	caller, _ := s.o.Authenticate(call.Bearer())
	r.env = s.t.AddEnvironment(tenant.EnvironmentSpec{
		OrganizationID: s.t.Environment(caller.EnvironmentID).OrganizationID, // that of the caller
		Name:           textAt(body, "name"), Description: textAt(body, "description"), Type: textAt(body, "type"), Region: textAt(body, "region"),
		LicenseID: textAt(body, "license.id"), Methods: s.o.Methods,
	})
	materials, _ := at(body, "billOfMaterials").(map[string]any)
	if materials == nil {
		materials = map[string]any{"products": []any{map[string]any{"type": "PING_ONE_BASE"}}}
	}
	r.env.Sent = kept(body, "billOfMaterials")
	r.setBillOfMaterials(materials)
	// PingOne gives whoever creates an environment its roles there; Environment
	// Admin comes with it here, since the caller has it for the organization.
	worker.RoleEnvironments = append(worker.RoleEnvironments, r.env.ID)
	return created(r.environment(true)), nil
}

func (s *Server) uniqueEnvironment(f *faults, body map[string]any, self string) {
	for _, e := range s.t.Environments() {
		if e.ID != self && e.Name == textAt(body, "name") {
			f.taken("name", e.ID)
		}
	}
}

// taken reports a value that another thing already has.
func (f *faults) taken(target, existingID string) {
	f.add("UNIQUENESS_VIOLATION", target, "The value is already in use.", map[string]any{"existingId": existingID})
}

func (s *Server) readEnvironment(r *request) (*wire.Answer, error) {
	return ok(r.environment(expands(r.Call, "billOfMaterials"))), nil
}

func expands(call *wire.Call, name string) bool { return call.URL.Query().Get("expand") == name }

func (s *Server) updateEnvironment(r *request) (*wire.Answer, error) {
	body, f, err := r.body(environmentFields()...)
	if err != nil {
		return nil, err
	}
	s.uniqueEnvironment(f, body, r.env.ID)
	if region := textAt(body, "region"); region != "" && region != r.env.Region {
		f.add("INVALID_VALUE", "region", "The region cannot change.", map[string]any{"allowedValues": []string{r.env.Region}})
	}
	if err := f.problem(); err != nil {
		return nil, err
	}
	r.env.Name, r.env.Description, r.env.Type = textAt(body, "name"), textAt(body, "description"), textAt(body, "type")
	r.env.LicenseID = textAt(body, "license.id")
	r.env.Sent, r.env.UpdatedAt = kept(body, "billOfMaterials"), s.t.Now()
	return ok(r.environment(false)), nil
}

// deleteEnvironment removes a sandbox at once and marks a production
// environment as pending. The pages are silent about the environment that holds
// the caller itself; it is refused here.
func (s *Server) deleteEnvironment(r *request) (*wire.Answer, error) {
	if r.caller.EnvironmentID == r.env.ID {
		return nil, constraint("", "The environment holds the application that asks.", []string{r.caller.ClientID})
	}
	if r.env.Type == "PRODUCTION" {
		r.env.Status, r.env.SoftDeletedAt = "DELETE_PENDING", s.t.Now()
		return gone(), nil
	}
	for id := range r.env.Users {
		s.o.UserDeleted(r.env.ID, id)
	}
	s.t.RemoveEnvironment(r.env.ID)
	r.worker.RoleEnvironments = slices.DeleteFunc(r.worker.RoleEnvironments, func(id string) bool { return id == r.env.ID })
	return gone(), nil
}

// constraint is the refusal of a deletion or change that others depend on.
func constraint(target, message string, referenced []string) error {
	detail := wire.Detail{Code: "CONSTRAINT_VIOLATION", Target: target, Message: message}
	if len(referenced) > 0 {
		detail.InnerError = map[string]any{"referencedValues": referenced}
	}
	return wire.RequestFailed(detail)
}

// unreferenced refuses what others still refer to.
func unreferenced(message string, by []string) error {
	if len(by) > 0 {
		return constraint("", message, by)
	}
	return nil
}

// environment shows an environment: what was sent, and nothing invented beside it.
func (r *request) environment(withProducts bool) object {
	e := r.env
	body := layered(e.Sent, object{
		"id": e.ID, "name": e.Name, "type": e.Type, "region": e.Region, "status": e.Status,
		"organization": ref(e.OrganizationID), "license": ref(e.LicenseID),
		"createdAt": timestamp(e.CreatedAt), "updatedAt": timestamp(e.UpdatedAt),
	})
	body.addText("description", e.Description)
	if e.Status == "DELETE_PENDING" {
		body["softDeletedAt"] = timestamp(e.SoftDeletedAt)
		body["hardDeleteAllowedAt"] = timestamp(e.SoftDeletedAt.Add(softDelete))
	}
	all := map[string]link{
		"self":         {r.base()},
		"organization": {r.Origin + "/v1/organizations/" + e.OrganizationID},
		"license":      {r.Origin + "/v1/organizations/" + e.OrganizationID + "/licenses/" + e.LicenseID},
	}
	for _, child := range []string{
		"populations", "users", "groups", "applications", "resources", "signOnPolicies", "deviceAuthenticationPolicies", "billOfMaterials", "schemas",
		"identityProviders", "passwordPolicies", "notificationsPolicies", "languages", "themes", "images", "agreements", "flowPolicies",
	} {
		all[child] = link{r.base() + "/" + child}
	}
	body["_links"] = all
	if withProducts {
		body["billOfMaterials"] = r.billOfMaterials()
	}
	return body
}

// updateEnvironmentType makes a sandbox of a production environment, or the reverse.
//
// https://developer.pingidentity.com/pingone-api/platform/environments/update-environment-type.html
func (s *Server) updateEnvironmentType(r *request) (*wire.Answer, error) {
	body, err := r.good(text("type").must().oneOf("SANDBOX", "PRODUCTION"))
	if err != nil {
		return nil, err
	}
	r.env.Type, r.env.UpdatedAt = textAt(body, "type"), s.t.Now()
	return ok(r.environment(false)), nil
}

func readBillOfMaterials(r *request) (*wire.Answer, error) {
	return ok(r.hal(r.base()+"/billOfMaterials", r.billOfMaterials(), nil)), nil
}

// updateBillOfMaterials replaces the products of an environment.
//
// https://developer.pingidentity.com/pingone-api/platform/bill-of-materials-bom/update-bill-of-materials.html
func updateBillOfMaterials(r *request) (*wire.Answer, error) {
	body, err := r.good(list("products", productField()).must())
	if err != nil {
		return nil, err
	}
	r.setBillOfMaterials(body)
	r.env.UpdatedAt = r.t.Now()
	return readBillOfMaterials(r)
}

func (r *request) setBillOfMaterials(body map[string]any) {
	r.env.BillOfMaterials, r.env.Products = kept(body), nil
	for _, product := range objectsAt(body, "products") {
		r.env.Products = append(r.env.Products, textAt(product, "type"))
	}
}

func (r *request) billOfMaterials() object {
	dated := object{"createdAt": timestamp(r.env.CreatedAt), "updatedAt": timestamp(r.env.UpdatedAt)}
	if r.env.BillOfMaterials != nil {
		return layered(r.env.BillOfMaterials, dated)
	}
	products := []object{}
	for _, product := range r.env.Products {
		products = append(products, object{"type": product})
	}
	return layered(object{"products": products, "solutionType": "CUSTOMER"}, dated)
}
