package seed

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"pingone-conformance/emulator/internal/management"
	"pingone-conformance/emulator/internal/tenant"
)

// Options are what a seed may leave open.
type Options struct {
	// Methods are those of an environment's default device policy.
	Methods []string
	// MaxUsers and MaxPolicies are how many an environment may have; 0: the usual.
	MaxUsers, MaxPolicies int
}

// maker makes one environment.
type maker struct {
	*Document
	api    *api
	t      *tenant.Tenant
	o      Options
	env    *tenant.Environment
	ids    map[string]*value // that the document gives
	made   map[*value]*tenant.Application
	faults []error
}

// Apply makes what the document says, in a tenant that holds nothing, whose lock the
// caller has. Its error lists what PingOne would refuse, with file, line and member.
func (d *Document) Apply(t *tenant.Tenant, o Options) error {
	if len(t.Environments()) > 0 {
		return errors.New("a seed fills an empty emulator only")
	}
	api, err := open(t, o)
	if err != nil {
		return err
	}
	defer api.close()
	m := &maker{Document: d, api: api, t: t, o: o, ids: map[string]*value{}, made: map[*value]*tenant.Application{}}
	for _, v := range d.root.items("environments") {
		m.environment(v)
	}
	for i, v := range d.root.items("environments") {
		if m.faults == nil {
			m.roles(v, t.Environments()[i+1]) // the first is the api's own
		}
	}
	return errors.Join(m.faults...)
}

func (m *maker) report(v *value, format string, args ...any) {
	m.faults = append(m.faults, m.fault(v, format, args...))
}

func (m *maker) environment(v *value) {
	for _, other := range m.t.Environments() {
		if other.Name == v.text("name") {
			m.report(v.at("name"), "another environment has this name already")
			return
		}
	}
	products := v.texts("products")
	if products == nil {
		products = []string{"PING_ONE_BASE", "PING_ONE_MFA"}
	}
	methods := v.texts("deviceMethods")
	if methods == nil {
		methods = m.o.Methods
	}
	m.env = m.t.AddEnvironment(tenant.EnvironmentSpec{
		Name: v.text("name"), Description: v.text("description"), Type: cmp.Or(v.text("type"), "SANDBOX"), Region: cmp.Or(v.text("region"), "NA"),
		OrganizationID: v.text("organizationId"), LicenseID: v.text("licenseId"), Products: products, Methods: methods,
	})
	m.env.PasswordPolicyID = cmp.Or(v.text("passwordPolicyId"), m.env.PasswordPolicyID)
	if id := m.id(v); id != "" {
		m.t.RenameEnvironment(m.env, id)
	}
	m.records(v)
	m.makeRoom(v)
	for _, step := range []func(*value){m.populations, m.resources, m.devicePolicies, m.policies, m.applications, m.users} {
		step(v)
	}
	if m.faults == nil {
		m.records(v) // what was created has brought some of its own
	}
}

// makeRoom removes the default ones that a new environment comes with and the seed has itself.
func (m *maker) makeRoom(v *value) {
	makeRoom(m.env.Populations, v.items("populations"), func(p *tenant.Population) string { return p.Name })
	makeRoom(m.env.DevicePolicies, v.items("deviceAuthenticationPolicies"), devicePolicyName)
	makeRoom(m.env.Policies, v.items("signOnPolicies"), func(p *tenant.SignOnPolicy) string { return p.Name })
}

func makeRoom[T tenant.Thing](things tenant.Table[T], items []*value, name func(T) string) {
	for id, thing := range things {
		if slices.ContainsFunc(items, func(v *value) bool { return v.text("name") == name(thing) || v.flag("default", false) }) {
			delete(things, id)
		}
	}
}

// id is the one that the seed gives a thing, "" when it gives none.
func (m *maker) id(v *value) string {
	id := v.text("id")
	if other := m.ids[id]; id != "" && other != nil {
		m.report(v.at("id"), "line %d has the same id", other.line)
	}
	m.ids[id] = v
	return id
}

// create makes a thing with a call of the API, and gives it the seed's id.
func create[T tenant.Thing](m *maker, v *value, path string, things tenant.Table[T], body map[string]any) (made T, ok bool) {
	return createAs(m, v, path, "application/json", things, body)
}

func createAs[T tenant.Thing](m *maker, v *value, path, media string, things tenant.Table[T], body map[string]any) (made T, ok bool) {
	answer, refused := m.api.call(http.MethodPost, m.env.ID, path, media, body)
	if refused != nil {
		m.explain(v, refused)
		return made, false
	}
	id, _ := answer["id"].(string)
	made = things[id]
	m.rename(v, made.GetMeta(), func() { delete(things, id); things.Add(made) })
	return made, true
}

// rename gives a thing the id that the seed has for it, if any.
func (m *maker) rename(v *value, meta *tenant.Meta, moved func()) {
	if id := m.id(v); id != "" {
		was := meta.ID
		meta.ID = id
		if was != id {
			moved()
			m.moveRecords(was, id)
		}
	}
}

// moveRecords lets the records of a thing follow it to another id.
func (m *maker) moveRecords(was, id string) {
	for path, list := range m.env.Records {
		if moved := strings.ReplaceAll(path, "/"+was+"/", "/"+id+"/"); moved != path {
			delete(m.env.Records, path)
			m.env.Records[moved] = list
		}
	}
}

// explain says why the API refuses a thing.
func (m *maker) explain(v *value, refused *refusal) {
	for _, detail := range refused.Details {
		message := detail.Message
		for _, known := range []string{"allowedValues", "allowedPattern", "unsatisfiedRequirements", "maximumValue"} {
			if more := detail.InnerError[known]; more != nil {
				message += fmt.Sprintf(" (%s: %v)", known, more)
			}
		}
		at := v.at(detail.Target)
		if last := detail.Target[strings.LastIndex(detail.Target, ".")+1:]; last != "" && !strings.HasSuffix(at.path, last) {
			message = last + ": " + message
		}
		m.report(at, "%s", message)
	}
	if len(refused.Details) == 0 {
		m.report(v, "%s", refused.Message)
	}
}

// body is what a call sends of a thing: its members but those that are the seed's own,
// and what stands under more.
func body(v *value, own ...string) map[string]any {
	sent, _ := v.plain().(map[string]any)
	more, _ := sent["more"].(map[string]any)
	maps.DeleteFunc(sent, func(name string, _ any) bool {
		return name == "id" || name == "more" || slices.Contains(own, name)
	})
	maps.Copy(sent, more)
	return sent
}

// find is the id of the thing that a member names by name or id; "" with a report when
// there is none.
func find[T tenant.Thing](m *maker, v *value, what string, things tenant.Table[T], name func(T) string) string {
	asked := v.textOf()
	var names []string
	for _, thing := range things.Sorted() {
		if thing.GetMeta().ID == asked || name(thing) == asked {
			return thing.GetMeta().ID
		}
		names = append(names, name(thing))
	}
	m.report(v, "there is no %s %q in this environment; there are %s", what, asked, strings.Join(names, ", "))
	return ""
}

func ref(id string) map[string]any { return map[string]any{"id": id} }

// roles are in which environments a worker's roles hold; all environments are known by now.
func (m *maker) roles(v *value, env *tenant.Environment) {
	m.env = env
	for _, item := range v.items("applications") {
		worker := m.made[item] // there are no faults, so it was made
		if worker.Type != "WORKER" {
			continue
		}
		worker.Roles, worker.RoleEnvironments = item.texts("roles"), item.texts("roleEnvironments")
		if item.members["roles"] == nil {
			worker.Roles = management.AllRoles()
		}
		if item.members["roleEnvironments"] == nil {
			worker.RoleEnvironments = []string{env.ID}
		}
		for n, id := range worker.RoleEnvironments {
			if m.t.Environment(id) == nil {
				m.report(item.at(fmt.Sprintf("roleEnvironments[%d]", n)), "there is no environment %s", id)
			}
		}
	}
}
