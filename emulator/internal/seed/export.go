package seed

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"pingone-conformance/emulator/internal/tenant"
)

// Export writes all that a tenant holds as a seed, as YAML. The caller has its lock.
// Applied and written again, it is the same byte for byte. The tenant is as it was. Times of creation, sessions,
// flows and passcodes under way are no part of it.
func Export(t *tenant.Tenant) ([]byte, error) {
	environments, seq := t.Environments(), t.Data().Seq
	var opened *api
	var err error
	t.Drawing(rand.Reader, func() { opened, err = open(t, Options{}) }) // the tenant's own source is for what is made
	if err != nil {
		return nil, err
	}
	defer func() { opened.close(); t.Data().Seq = seq }()
	all := []any{}
	for _, env := range environments {
		w := &writer{api: opened, env: env}
		all = append(all, w.environment())
	}
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(node(map[string]any{"seed": 1, "environments": all}, definitions.Get())); err != nil {
		return nil, fmt.Errorf("write a seed: %w", err)
	}
	return text.Bytes(), nil
}

// JSON turns a seed into JSON.
func JSON(text []byte) ([]byte, error) {
	var faults []error
	d, err := parse("seed", text, &faults)
	if err = errors.Join(append(faults, err)...); err != nil {
		return nil, err
	}
	out, err := json.MarshalIndent(d.root.plain(), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write a seed as JSON: %w", err)
	}
	return append(out, '\n'), nil
}

type writer struct {
	api *api
	env *tenant.Environment
}

type object = map[string]any

func (w *writer) environment() object {
	e := w.env
	products := []any{}
	for _, product := range e.Products {
		products = append(products, product)
	}
	return full(object{
		"records": records(e),
		"id":      e.ID, "name": e.Name, "description": e.Description, "type": e.Type, "region": e.Region, "products": products,
		"organizationId": e.OrganizationID, "licenseId": e.LicenseID, "passwordPolicyId": e.PasswordPolicyID,
		"populations": w.things("population", "/populations", "populations", nil),
		"resources": w.things("resource", "/resources", "resources", func(r object) {
			w.drop(r, "type")
			r["scopes"] = w.things("scope", "/resources/"+r["id"].(string)+"/scopes", "scopes", nil)
		}),
		"deviceAuthenticationPolicies": w.things("devicePolicy", "/deviceAuthenticationPolicies", "deviceAuthenticationPolicies", nil),
		"signOnPolicies": w.things("signOnPolicy", "/signOnPolicies", "signOnPolicies", func(p object) {
			p["actions"] = w.things("action", "/signOnPolicies/"+p["id"].(string)+"/actions", "actions", func(a object) {
				w.name(a, "deviceAuthenticationPolicy", func(id string) string { return e.DevicePolicies[id].Name })
			})
		}),
		"applications": w.things("application", "/applications", "applications", w.application),
		"users":        w.things("user", "/users?limit=1000", "users", w.user),
	})
}

// records are those of an environment, as they are.
func records(e *tenant.Environment) any {
	var plain any
	encoded, err := json.Marshal(e.Records)
	if err != nil || len(e.Records) == 0 {
		return ""
	}
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	if err := decoder.Decode(&plain); err != nil { // what was encoded decodes
		return ""
	}
	return plain
}

// computed are the members that the API adds by itself.
func computed() []string {
	return []string{
		"_links", "environment", "createdAt", "updatedAt", "userCount", "forSignOnPolicy", "account", "emailVerified", "identityProvider",
		"lifecycle", "lastSignOn", "verifyStatus", "resource", "application", "user", "lock", "block",
	}
}

// things lists what a path holds, in the seed's words; what the schema does not know
// goes under more.
func (w *writer) things(kind, path, plural string, change func(object)) []any {
	known := definitions.Get().members["$defs"].members[kind].members["properties"].members
	all := []any{}
	for _, thing := range w.api.list(w.env.ID, path, plural) {
		w.drop(thing, computed()...)
		if kind == "action" {
			w.drop(thing, "signOnPolicy")
		}
		if change != nil {
			change(thing)
		}
		more := object{}
		for name, member := range thing {
			if known[name] == nil {
				more[name] = member
				delete(thing, name)
			}
		}
		if len(more) > 0 {
			thing["more"] = more
		}
		all = append(all, full(thing))
	}
	return all
}

func (w *writer) drop(thing object, names ...string) {
	maps.DeleteFunc(thing, func(name string, _ any) bool { return slices.Contains(names, name) })
}

// full leaves out what is empty.
func full(thing object) object {
	maps.DeleteFunc(thing, func(_ string, member any) bool {
		list, isList := member.([]any)
		return member == "" || isList && len(list) == 0
	})
	return thing
}

// name puts the name of a thing in the place of its reference.
func (w *writer) name(thing object, member string, name func(id string) string) {
	if reference, is := thing[member].(object); is {
		thing[member] = name(reference["id"].(string))
	}
}

func (w *writer) application(a object) {
	app := w.env.Applications[a["id"].(string)]
	a["secret"] = app.Secret
	if app.Type == "WORKER" {
		a["roles"], a["roleEnvironments"] = texts(app.Roles), texts(app.RoleEnvironments)
	}
	var grants, assignments []any
	for _, g := range app.Grants.Sorted() {
		resource := w.env.Resources[g.ResourceID]
		var scopes []any
		for _, id := range g.ScopeIDs {
			scopes = append(scopes, resource.Scopes[id].Name)
		}
		grants = append(grants, object{"id": g.ID, "resource": resource.Name, "scopes": scopes})
	}
	for _, assignment := range app.Assignments.Sorted() {
		assignments = append(assignments, object{
			"id": assignment.ID, "signOnPolicy": w.env.Policies[assignment.PolicyID].Name, "priority": assignment.Priority,
		})
	}
	a["grants"], a["signOnPolicyAssignments"] = grants, assignments
}

// texts is a list that is written even when it is empty: none is not all.
func texts(list []string) []string { return append([]string{}, list...) }

func (w *writer) user(shown object) {
	u := w.env.Users[shown["id"].(string)]
	w.name(shown, "population", func(id string) string { return w.env.Populations[id].Name })
	if u.EmailVerified {
		shown["emailVerified"] = true
	}
	if len(u.Lifecycle) > 0 {
		shown["lifecycle"] = u.Lifecycle
	}
	shown["verifyStatus"] = u.VerifyStatus
	if u.Password.Set {
		shown["password"] = passwordOf(u.Password)
	}
	if len(u.Prompted) > 0 {
		prompted := object{}
		for name, at := range u.Prompted {
			prompted[name] = at.UTC().Format(time.RFC3339Nano)
		}
		shown["prompted"] = prompted
	}
	if len(u.Devices) == 0 {
		return
	}
	shown["devices"] = w.things("device", "/users/"+u.ID+"/devices", "devices", func(d object) {
		device := u.Devices[d["id"].(string)]
		d["policy"], d["passcode"], d["secret"] = "", device.Passcode, device.Secret
		if policy := w.env.DevicePolicies[device.PolicyID]; policy != nil {
			d["policy"] = policy.Name
		}
		if device.Blocked {
			d["blocked"] = true
		}
	})
}

func passwordOf(p tenant.Password) object {
	encode := base64.StdEncoding.EncodeToString
	history := []any{}
	for _, former := range p.History {
		history = append(history, encode(former))
	}
	password := full(object{"scheme": p.Scheme, "hash": encode(p.Hash), "salt": encode(p.Salt), "history": history})
	if p.ForceChange {
		password["forceChange"] = true
	}
	if !p.ChangedAt.IsZero() {
		password["changedAt"] = p.ChangedAt.UTC().Format(time.RFC3339Nano)
	}
	return password
}

// node orders members as the schema does, and puts texts that look like something else
// in quotes.
func node(v any, schema *value) *yaml.Node {
	schema = resolved(schema)
	switch v := v.(type) {
	case object:
		known := schema.members["properties"]
		var order []string
		if known != nil {
			order = known.names
		}
		names := slices.SortedFunc(maps.Keys(v), func(a, b string) int {
			if i, j := slices.Index(order, a), slices.Index(order, b); i != j {
				return i - j
			}
			return strings.Compare(a, b)
		})
		out := &yaml.Node{Kind: yaml.MappingNode}
		for _, name := range names {
			inner := &value{}
			if known != nil && known.members[name] != nil {
				inner = known.members[name]
			}
			out.Content = append(out.Content, scalar(name), node(v[name], inner))
		}
		return out
	case []any:
		out := &yaml.Node{Kind: yaml.SequenceNode}
		for _, item := range v {
			inner := &value{}
			if items := schema.members["items"]; items != nil {
				inner = items
			}
			out.Content = append(out.Content, node(item, inner))
		}
		return out
	case json.Number:
		tag := "!!int"
		if strings.Contains(v.String(), ".") {
			tag = "!!float"
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: v.String()}
	case string:
		return scalar(escaped(v))
	}
	return scalar(v)
}

func scalar(v any) *yaml.Node {
	var out yaml.Node
	if err := out.Encode(v); err != nil {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"} // plain values always encode
	}
	return &out
}

// nextOf is the path, below the environment, of the page after one; "" after the last.
func nextOf(page object, envID string) string {
	links, _ := page["_links"].(object)
	next, _ := links["next"].(object)
	href, _ := next["href"].(string)
	u, err := url.Parse(href)
	if err != nil || href == "" {
		return ""
	}
	return strings.TrimPrefix(u.RequestURI(), "/v1/environments/"+envID)
}
