package management

import (
	"net/http"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

const maxPopulations = 5000

func (s *Server) populationRoutes() []route {
	// The pages name Environment Admin in one place and Identity Data Admin in another.
	roles := []string{EnvironmentAdmin, IdentityDataAdmin}
	return []route{
		{operation: "population.list", method: http.MethodGet, path: "/populations", roles: roles, handle: s.listPopulations},
		{operation: "population.create", method: http.MethodPost, path: "/populations", media: mediaJSON, roles: roles, handle: s.createPopulation},
		{operation: "population.read", method: http.MethodGet, path: "/populations/{populationID}", roles: roles, handle: s.readPopulation},
		{operation: "population.update", method: http.MethodPut, path: "/populations/{populationID}", media: mediaJSON, roles: roles, handle: s.updatePopulation},
		{operation: "population.delete", method: http.MethodDelete, path: "/populations/{populationID}", roles: roles, handle: s.deletePopulation},
	}
}

func (s *Server) listPopulations(r *request) (*wire.Answer, error) {
	var entries []entry
	for _, p := range tenant.Sorted(r.env.Populations) {
		entries = append(entries, entry{
			seq:       p.Seq,
			attribute: func(name string) any { return map[string]any{"id": p.ID, "name": p.Name}[name] },
			show:      func() object { return r.population(p) },
		})
	}
	filters := filterable{"id": {"eq"}, "name": {"eq", "sw"}}
	return page(r.Call, "populations", entries, paging{usual: 100, most: 1000}, filters, links{"environment": r.base()})
}

func (r *request) populationBody(self string) (map[string]any, *faults, error) {
	body, f, err := r.body([]field{
		text("name").must().within(1, 256),
		text("description").within(0, 1024),
		flag("default"),
		text("preferredLanguage").within(1, 64),
		group("passwordPolicy", text("id").must()),
		group("theme", text("id").must()),
		list("alternativeIdentifiers", text("").within(1, 256)),
	})
	if err != nil {
		return nil, nil, err
	}
	for _, other := range tenant.Sorted(r.env.Populations) {
		if other.ID != self && other.Name == textAt(body, "name") {
			f.taken("name", other.ID)
		}
	}
	if id := textAt(body, "passwordPolicy.id"); id != "" && id != r.env.PasswordPolicyID {
		f.add("INVALID_VALUE", "passwordPolicy.id", "There is no such password policy.", map[string]any{"allowedValues": []string{r.env.PasswordPolicyID}})
	}
	return body, f, nil
}

func (s *Server) createPopulation(r *request) (*wire.Answer, error) {
	body, f, err := r.populationBody("")
	if err != nil {
		return nil, err
	}
	if err := f.problem(); err != nil {
		return nil, err
	}
	if len(r.env.Populations) >= maxPopulations {
		return nil, wire.LicenseExceeded("populations", maxPopulations)
	}
	p := &tenant.Population{ID: s.t.NewID(), Seq: s.t.Next(), CreatedAt: s.t.Now()}
	r.env.Populations[p.ID] = p
	s.fillPopulation(r, p, body)
	return created(r.population(p)), nil
}

func (s *Server) fillPopulation(r *request, p *tenant.Population, body map[string]any) {
	p.Name, p.Description, p.UpdatedAt = textAt(body, "name"), textAt(body, "description"), s.t.Now()
	p.Sent = rest(body, "name", "description", "default", "userCount")
	if flagAt(body, "default") {
		for _, other := range r.env.Populations {
			other.Default = other == p
		}
	}
}

func (r *request) findPopulation() (*tenant.Population, error) {
	if p := r.env.Populations[r.Path["populationID"]]; p != nil {
		return p, nil
	}
	return nil, wire.NotFound()
}

func (s *Server) readPopulation(r *request) (*wire.Answer, error) {
	p, err := r.findPopulation()
	if err != nil {
		return nil, err
	}
	return ok(r.population(p)), nil
}

func (s *Server) updatePopulation(r *request) (*wire.Answer, error) {
	p, err := r.findPopulation()
	if err != nil {
		return nil, err
	}
	body, f, err := r.populationBody(p.ID)
	if err != nil {
		return nil, err
	}
	if p.Default && body["default"] == false {
		f.add("CONSTRAINT_VIOLATION", "default", "Another population has to become the default one first.", nil)
	}
	if err := f.problem(); err != nil {
		return nil, err
	}
	s.fillPopulation(r, p, body)
	return ok(r.population(p)), nil
}

// deletePopulation removes an empty population that is neither the default nor the last.
func (s *Server) deletePopulation(r *request) (*wire.Answer, error) {
	p, err := r.findPopulation()
	if err != nil {
		return nil, err
	}
	switch {
	case len(r.env.Populations) == 1:
		return nil, constraint("", "The environment must contain at least one population.", nil)
	case p.Default:
		return nil, constraint("", "The default population cannot be deleted.", nil)
	case r.env.UserCount(p.ID) > 0:
		return nil, constraint("", "The population still has users.", nil)
	}
	delete(r.env.Populations, p.ID)
	return gone(), nil
}

func (r *request) population(p *tenant.Population) object {
	body := object{"preferredLanguage": "en"}
	body.overlay(p.Sent).overlay(object{
		"id": p.ID, "name": p.Name, "default": p.Default, "userCount": r.env.UserCount(p.ID),
		"createdAt": timestamp(p.CreatedAt), "updatedAt": timestamp(p.UpdatedAt),
	})
	if p.Description != "" {
		body["description"] = p.Description
	}
	return r.hal(r.base()+"/populations/"+p.ID, body, nil)
}
