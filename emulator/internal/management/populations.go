package management

import (
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

const maxPopulations = 5000

func (s *Server) populations() kind[*tenant.Population] {
	return kind[*tenant.Population]{
		operation: "population", path: "/populations", plural: "populations", id: "populationID",
		// The pages name Environment Admin in one place and Identity Data Admin in another.
		roles: []string{environmentAdmin, identityDataAdmin}, most: maxPopulations,
		in:   func(r *request) (tenant.Table[*tenant.Population], error) { return r.env.Populations, nil },
		list: s.listPopulations,
		fields: func(map[string]any) []field {
			return []field{
				text("name").must().within(1, 256),
				text("description").within(0, 1024),
				flag("default"),
				text("preferredLanguage").within(1, 64),
				group("passwordPolicy", text("id").must()),
				group("theme", text("id").must()),
				list("alternativeIdentifiers", text("").within(1, 256)),
			}
		},
		name:      func(p *tenant.Population) string { return p.Name },
		check:     checkPopulation,
		make:      func() *tenant.Population { return &tenant.Population{Meta: s.t.NewMeta(s.t.Now())} },
		fill:      fillPopulation,
		deletable: populationDeletable,
		defaults:  func(*tenant.Population) object { return object{"preferredLanguage": "en"} },
		show:      (*request).population,
	}
}

func (s *Server) listPopulations(r *request, populations tenant.Table[*tenant.Population]) (*wire.Answer, error) {
	all := listing[*tenant.Population]{
		things:    populations.Sorted(),
		seq:       func(p *tenant.Population) int { return p.Seq },
		attribute: func(p *tenant.Population, name string) any { return map[string]any{"id": p.ID, "name": p.Name}[name] },
		show:      func(p *tenant.Population) object { return s.populations().shown(r, p) },
	}
	filters := filterable{"id": {"eq"}, "name": {"eq", "sw"}}
	return page(r.Call, r.query(), "populations", all, paging{usual: 100, most: 1000}, filters, links{"environment": r.base()})
}

func checkPopulation(r *request, f *faults, body map[string]any, old *tenant.Population) {
	refersTo("passwordPolicy.id", "/passwordPolicies")(r, f, body)
	refersTo("theme.id", "/themes")(r, f, body)
	if old != nil && old.Default && body["default"] == false {
		f.add("CONSTRAINT_VIOLATION", "default", "Another population has to become the default one first.", nil)
	}
}

// fillPopulation also takes the default from the one that had it.
func fillPopulation(r *request, p *tenant.Population, body map[string]any) {
	p.Name, p.Description, p.UpdatedAt = textAt(body, "name"), textAt(body, "description"), r.t.Now()
	if flagAt(body, "default") {
		for _, other := range r.env.Populations {
			other.Default = other == p
		}
	}
}

func populationDeletable(r *request, p *tenant.Population) error {
	switch {
	case len(r.env.Populations) == 1:
		return constraint("", "The environment must contain at least one population.", nil)
	case p.Default:
		return constraint("", "The default population cannot be deleted.", nil)
	case !r.decide.Vacant(r.env.UserCount(p.ID)):
		return constraint("", "The population still has users.", nil)
	}
	return nil
}

func (r *request) population(p *tenant.Population) object {
	body := object{
		"id": p.ID, "name": p.Name, "default": p.Default, "userCount": r.env.UserCount(p.ID),
		"createdAt": timestamp(p.CreatedAt), "updatedAt": timestamp(p.UpdatedAt),
	}
	body.addText("description", p.Description)
	if theme := r.env.DefaultRecord("/themes"); theme != nil && at(p.Sent, "theme") == nil {
		body["theme"] = ref(theme.ID)
	}
	return r.hal(r.base()+"/populations/"+p.ID, body, nil)
}
