package management

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

const maxRecords = 1000

// collection is a list of things that the emulator stores and answers in full, and
// that sign-on does not look at: see the decisions about what is left out.
type collection struct {
	// operation and plural are as in kind; path is below the environment, and may
	// name the thing that the list belongs to, as in "/groups/{groupID}/memberOfGroups".
	operation, path, plural string
	roles                   []string
	fields                  []field
	// unique is the member that no two may share, "" when they may.
	unique   string
	defaults object
	// builtIn says that nobody creates, replaces or deletes one.
	builtIn bool
	// readOnly are members that are left alone when they are sent.
	readOnly []string
	// filters are what the list can be filtered by besides id.
	filters []string
	// owner says whether the thing exists that the list belongs to; nil when it
	// belongs to the environment alone.
	owner func(*request) error
	check func(*request, *faults, map[string]any)
	// onlyDefault says that there is always a default one, which others may become.
	onlyDefault bool
	// added is told of a new record, changed of any change.
	added   func(*request, *tenant.Record)
	changed func(*request)
	more    func(r *request, self string, members object) links
}

func (s *Server) collectionRoutes() []route {
	var routes []route
	for _, c := range slices.Concat(s.collections(), s.partCollections()) {
		all := s.records(c).routes()
		if c.builtIn {
			all = slices.DeleteFunc(all, func(r route) bool { return r.method != http.MethodGet })
		}
		routes = append(routes, all...)
	}
	return routes
}

// records are the five operations on a collection.
func (s *Server) records(c collection) kind[*tenant.Record] {
	k := kind[*tenant.Record]{
		operation: c.operation, path: c.path, plural: c.plural, id: "recordID", roles: c.roles, most: maxRecords,
		in: func(r *request) (tenant.Table[*tenant.Record], error) {
			if c.owner != nil {
				if err := c.owner(r); err != nil {
					return nil, err
				}
			}
			return r.env.RecordsAt(r.below(c.path)), nil
		},
		fields: func(map[string]any) []field { return c.fields },
		check: func(r *request, f *faults, body map[string]any, old *tenant.Record) {
			c.uniqueIn(r, f, body, old)
			c.fixedIn(f, body, old)
			if c.onlyDefault && old != nil && old.Default && body["default"] == false {
				f.add("CONSTRAINT_VIOLATION", "default", "Another one has to become the default one first.", nil)
			}
			if c.check != nil {
				c.check(r, f, body)
			}
		},
		make: func() *tenant.Record { return &tenant.Record{Meta: s.t.NewMeta(time.Time{})} },
		fill: func(r *request, record *tenant.Record, body map[string]any) {
			record.UpdatedAt = r.t.Now()
			if c.onlyDefault && flagAt(body, "default") {
				makeDefault(r.env.RecordsAt(r.below(c.path)), record)
			}
		},
		deletable: func(r *request, record *tenant.Record) error {
			switch {
			case record.Default:
				return constraint("", "The default one cannot be deleted.", nil)
			case record.Fixed != nil:
				return constraint("", "What is built in cannot be deleted.", nil)
			}
			return nil
		},
		added: c.added, changed: c.changed, hidden: c.readOnly,
		defaults: func(*tenant.Record) object { return c.defaults },
		show:     func(r *request, record *tenant.Record) object { return c.show(r, record) },
	}
	k.list = func(r *request, records tenant.Table[*tenant.Record]) (*wire.Answer, error) {
		return c.page(r, k, records)
	}
	return k
}

func makeDefault(records tenant.Table[*tenant.Record], chosen *tenant.Record) {
	for _, other := range records {
		other.Default = other == chosen
	}
}

// below is a path with its variables filled in from the call's.
func (r *request) below(path string) string {
	for name, value := range r.Path {
		path = strings.Replace(path, "{"+name+"}", value, 1)
	}
	return path
}

func (c collection) uniqueIn(r *request, f *faults, body map[string]any, old *tenant.Record) {
	value := at(body, c.unique)
	if c.unique == "" || value == nil {
		return
	}
	for _, other := range r.env.RecordsAt(r.below(c.path)).Sorted() {
		if other != old && held(other, c.unique) == value {
			f.taken(c.unique, other.ID)
		}
	}
}

// held is a member as it is answered: what is built in is not among what was sent.
func held(record *tenant.Record, member string) any {
	if fixed := at(record.Fixed, member); fixed != nil {
		return fixed
	}
	return at(record.Sent, member)
}

// fixedIn refuses to change what cannot be changed.
func (c collection) fixedIn(f *faults, body map[string]any, old *tenant.Record) {
	if old == nil {
		return
	}
	for name, value := range old.Fixed {
		if sent := body[name]; sent != nil && sent != value && !slices.Contains(c.readOnly, name) {
			f.add("INVALID_VALUE", name, "The value cannot change.", map[string]any{"allowedValues": []any{value}})
		}
	}
}

func (c collection) show(r *request, record *tenant.Record) object {
	self := r.base() + r.below(c.path) + "/" + record.ID
	body := layered(record.Fixed, object{"id": record.ID, "createdAt": timestamp(record.CreatedAt), "updatedAt": timestamp(record.UpdatedAt)})
	if c.onlyDefault {
		body["default"] = record.Default
	}
	var more links
	if c.more != nil {
		more = c.more(r, self, body)
	}
	return r.hal(self, body, more)
}

func (c collection) page(r *request, k kind[*tenant.Record], records tenant.Table[*tenant.Record]) (*wire.Answer, error) {
	all := listing[*tenant.Record]{
		things: records.Sorted(),
		seq:    func(record *tenant.Record) int { return record.Seq },
		attribute: func(record *tenant.Record, name string) any {
			if name == "id" {
				return record.ID
			}
			return held(record, name)
		},
		show: func(record *tenant.Record) object { return k.shown(r, record) },
	}
	filters := filterable{"id": {"eq"}}
	for _, name := range c.filters {
		filters[name] = []string{"eq", "sw"}
	}
	return page(r.Call, r.query(), c.plural, all, paging{usual: 100, most: 1000}, filters, links{"environment": r.base()})
}

// has is an owner that is a thing of the table.
func has[T tenant.Thing](things func(*request) tenant.Table[T], variable string) func(*request) error {
	return func(r *request) error {
		_, err := lookUp(things(r), r.Path[variable])
		return err
	}
}

// recordsAt are the records of a list that belongs to the environment alone.
func recordsAt(path string) func(*request) tenant.Table[*tenant.Record] {
	return func(r *request) tenant.Table[*tenant.Record] { return r.env.RecordsAt(path) }
}

// refersTo is a check that a member names a record that exists.
func refersTo(member, path string) func(*request, *faults, map[string]any) {
	return func(r *request, f *faults, body map[string]any) {
		if id := textAt(body, member); id != "" && r.env.RecordsAt(path)[id] == nil {
			f.add("INVALID_VALUE", member, "There is no such thing.", nil)
		}
	}
}

func (r *request) identityProviderType(id string) string {
	if provider := r.env.RecordsAt("/identityProviders")[id]; provider != nil {
		return textAt(provider.Sent, "type")
	}
	return ""
}

// emptyLists are lists that links lead to and that nothing fills here.
func emptyLists() []route {
	var routes []route
	for _, list := range []struct {
		operation, path, plural string
		roles                   []string
	}{
		{"user.linkedAccounts.list", "/users/{userID}/linkedAccounts", "linkedAccounts", []string{identityDataAdmin}},
		{"flowPolicyAssignment.list", "/applications/{appID}/flowPolicyAssignments", "flowPolicyAssignments", []string{applicationDeveloper}},
		{"flowPolicy.list", "/flowPolicies", "flowPolicies", []string{environmentAdmin, applicationDeveloper}},
	} {
		routes = append(routes, route{operation: list.operation, method: http.MethodGet, path: list.path, roles: list.roles, handle: func(r *request) (*wire.Answer, error) {
			if _, aboutUser := r.Path["userID"]; aboutUser {
				if _, err := r.findUser(); err != nil {
					return nil, err
				}
			}
			if _, aboutApplication := r.Path["appID"]; aboutApplication {
				if _, err := r.findApplication(); err != nil {
					return nil, err
				}
			}
			return r.collection(list.plural, nil), nil
		}})
	}
	return routes
}
