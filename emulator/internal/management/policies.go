package management

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

const maxPolicies = 500

var policyName = regexp.MustCompile(`^[a-zA-Z0-9_. -]+$`)

func (s *Server) policyRoutes() []route {
	roles := []string{EnvironmentAdmin}
	return []route{
		{operation: "signOnPolicy.list", method: http.MethodGet, path: "/signOnPolicies", roles: roles, handle: s.listPolicies},
		{operation: "signOnPolicy.create", method: http.MethodPost, path: "/signOnPolicies", media: mediaJSON, roles: roles, handle: s.createPolicy},
		{operation: "signOnPolicy.read", method: http.MethodGet, path: "/signOnPolicies/{policyID}", roles: roles, handle: s.readPolicy},
		{operation: "signOnPolicy.update", method: http.MethodPut, path: "/signOnPolicies/{policyID}", media: mediaJSON, roles: roles, handle: s.updatePolicy},
		{operation: "signOnPolicy.delete", method: http.MethodDelete, path: "/signOnPolicies/{policyID}", roles: roles, handle: s.deletePolicy},
	}
}

func (s *Server) listPolicies(r *request) (*wire.Answer, error) {
	var items []object
	for _, p := range tenant.Sorted(r.env.Policies) {
		items = append(items, r.policy(p))
	}
	return r.collection("signOnPolicies", items), nil
}

// policyBody reads a sign-on policy. The vendor's own example sends default as
// the word "false"; its model says boolean: both are taken, and answered as boolean.
//
// https://developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policies-1.html
func (r *request) policyBody(self string) (map[string]any, *faults, error) {
	body, f, err := r.body([]field{text("name").must().within(1, 256), text("description").within(0, 1024), flag("default").orWord()})
	if err != nil {
		return nil, nil, err
	}
	name := textAt(body, "name")
	if name != "" && !policyName.MatchString(name) && !nameURI(name) {
		f.add("INVALID_VALUE", "name", "The name holds characters that are not allowed.", map[string]any{"allowedPattern": policyName.String()})
	}
	for _, other := range tenant.Sorted(r.env.Policies) {
		if other.ID != self && other.Name == name {
			f.taken("name", other.ID)
		}
	}
	return body, f, nil
}

// nameURI: a name with a colon has to be an absolute URI.
func nameURI(name string) bool {
	u, err := url.Parse(name)
	return strings.Contains(name, ":") && err == nil && u.IsAbs()
}

func (s *Server) createPolicy(r *request) (*wire.Answer, error) {
	body, f, err := r.policyBody("")
	if err != nil {
		return nil, err
	}
	if flagAt(body, "default") {
		f.add("INVALID_VALUE", "default", "A policy becomes the default one by an update only.", map[string]any{"allowedValues": []string{"false"}})
	}
	if err := f.problem(); err != nil {
		return nil, err
	}
	if len(r.env.Policies) >= maxPolicies {
		return nil, wire.LicenseExceeded("signOnPolicies", maxPolicies)
	}
	now := s.t.Now()
	p := &tenant.SignOnPolicy{
		ID: s.t.NewID(), Seq: s.t.Next(), Name: textAt(body, "name"), Description: textAt(body, "description"),
		CreatedAt: now, UpdatedAt: now, Actions: map[string]*tenant.Action{},
	}
	r.env.Policies[p.ID] = p
	return created(r.policy(p)), nil
}

func (r *request) findPolicy() (*tenant.SignOnPolicy, error) {
	if p := r.env.Policies[r.Path["policyID"]]; p != nil {
		return p, nil
	}
	return nil, wire.NotFound()
}

func (s *Server) readPolicy(r *request) (*wire.Answer, error) {
	p, err := r.findPolicy()
	if err != nil {
		return nil, err
	}
	return ok(r.policy(p)), nil
}

// updatePolicy replaces a policy. Making one the default takes that from the
// former default. The pages are silent about a default without action and about
// an environment left without default: both are refused here.
func (s *Server) updatePolicy(r *request) (*wire.Answer, error) {
	p, err := r.findPolicy()
	if err != nil {
		return nil, err
	}
	body, f, err := r.policyBody(p.ID)
	if err != nil {
		return nil, err
	}
	isDefault := flagAt(body, "default")
	if p.Default && !isDefault && body["default"] != nil {
		f.add("CONSTRAINT_VIOLATION", "default", "Another policy has to become the default one first.", nil)
	}
	if isDefault && len(p.Actions) == 0 {
		f.add("CONSTRAINT_VIOLATION", "default", "The sign-on policy has no action yet.", nil)
	}
	if err := f.problem(); err != nil {
		return nil, err
	}
	if isDefault {
		for _, other := range r.env.Policies {
			other.Default = other == p
		}
	}
	p.Name, p.Description, p.UpdatedAt = textAt(body, "name"), textAt(body, "description"), s.t.Now()
	return ok(r.policy(p)), nil
}

// deletePolicy removes a policy with its actions, but never the default one.
// The pages are silent about a policy that is still assigned: it is refused
// here, naming the assignments.
func (s *Server) deletePolicy(r *request) (*wire.Answer, error) {
	p, err := r.findPolicy()
	if err != nil {
		return nil, err
	}
	if p.Default {
		return nil, constraint("", "Cannot delete a default policy.", nil)
	}
	var assignments []string
	for _, a := range tenant.Sorted(r.env.Applications) {
		for _, assignment := range tenant.Sorted(a.Assignments) {
			if assignment.PolicyID == p.ID {
				assignments = append(assignments, assignment.ID)
			}
		}
	}
	if len(assignments) > 0 {
		return nil, constraint("", "The policy is still assigned to applications.", assignments)
	}
	delete(r.env.Policies, p.ID)
	return gone(), nil
}

func (r *request) policyHref(p *tenant.SignOnPolicy) string {
	return r.base() + "/signOnPolicies/" + p.ID
}

func (r *request) policy(p *tenant.SignOnPolicy) object {
	body := object{
		"id": p.ID, "name": p.Name, "default": p.Default,
		"createdAt": timestamp(p.CreatedAt), "updatedAt": timestamp(p.UpdatedAt),
	}
	if p.Description != "" {
		body["description"] = p.Description
	}
	return r.hal(r.policyHref(p), body, links{"actions": r.policyHref(p) + "/actions"})
}
