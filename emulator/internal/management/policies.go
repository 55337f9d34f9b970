package management

import (
	"maps"
	"net/url"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/internal/lazy"
)

var policyName = lazy.Regexp(`^[a-zA-Z0-9_. -]+$`)

// policies are the sign-on policies. The vendor's own example sends default as the
// word "false"; its model says boolean: both are taken, and answered as boolean.
//
// https://developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policies-1.html
func (s *Server) policies() kind[*tenant.SignOnPolicy] {
	return kind[*tenant.SignOnPolicy]{
		operation: "signOnPolicy", path: "/signOnPolicies", plural: "signOnPolicies", id: "policyID",
		roles: []string{environmentAdmin}, most: s.o.MaxPolicies,
		in: func(r *request) (tenant.Table[*tenant.SignOnPolicy], error) { return r.env.Policies, nil },
		fields: func(map[string]any) []field {
			return []field{text("name").must().within(1, 256), text("description").within(0, 1024), flag("default").orWord()}
		},
		name:  func(p *tenant.SignOnPolicy) string { return p.Name },
		check: checkPolicy,
		make: func() *tenant.SignOnPolicy {
			return &tenant.SignOnPolicy{Meta: s.t.NewMeta(time.Time{}), Actions: tenant.Table[*tenant.Action]{}}
		},
		fill:      fillPolicy,
		deletable: policyDeletable,
		show:      (*request).policy,
	}
}

// checkPolicy: a policy becomes the default one by an update only. The pages are
// silent about a default without action and about an environment left without
// default: both are refused here.
func checkPolicy(_ *request, f *faults, body map[string]any, old *tenant.SignOnPolicy) {
	if name := textAt(body, "name"); name != "" && !policyName.Get().MatchString(name) && !nameURI(name) {
		f.add("INVALID_VALUE", "name", "The name holds characters that are not allowed.", map[string]any{"allowedPattern": policyName.Get().String()})
	}
	switch isDefault := flagAt(body, "default"); {
	case old == nil && isDefault:
		f.add("INVALID_VALUE", "default", "A policy becomes the default one by an update only.", map[string]any{"allowedValues": []string{"false"}})
	case old == nil:
	case old.Default && !isDefault && body["default"] != nil:
		f.add("CONSTRAINT_VIOLATION", "default", "Another policy has to become the default one first.", nil)
	case isDefault && len(old.Actions) == 0:
		f.add("CONSTRAINT_VIOLATION", "default", "The sign-on policy has no action yet.", nil)
	}
}

// nameURI: a name with a colon has to be an absolute URI.
func nameURI(name string) bool {
	u, err := url.Parse(name)
	return strings.Contains(name, ":") && err == nil && u.IsAbs()
}

// fillPolicy also takes the default from the one that had it.
func fillPolicy(r *request, p *tenant.SignOnPolicy, body map[string]any) {
	p.Name, p.Description, p.UpdatedAt = textAt(body, "name"), textAt(body, "description"), r.t.Now()
	if flagAt(body, "default") {
		for _, other := range r.env.Policies {
			other.Default = other == p
		}
	}
}

// policyDeletable: never the default one. Sources disagree about one that is still
// assigned: it is taken here, and its assignments go with it.
func policyDeletable(r *request, p *tenant.SignOnPolicy) error {
	if p.Default {
		return constraint("", "Cannot delete a default policy.", nil)
	}
	for _, a := range r.env.Applications {
		maps.DeleteFunc(a.Assignments, func(_ string, assignment *tenant.Assignment) bool { return assignment.PolicyID == p.ID })
	}
	return nil
}

func (r *request) policyHref(id string) string { return r.base() + "/signOnPolicies/" + id }

func (r *request) policy(p *tenant.SignOnPolicy) object {
	body := object{
		"id": p.ID, "name": p.Name, "default": p.Default,
		"createdAt": timestamp(p.CreatedAt), "updatedAt": timestamp(p.UpdatedAt),
	}
	body.addText("description", p.Description)
	return r.hal(r.policyHref(p.ID), body, links{"actions": r.policyHref(p.ID) + "/actions"})
}
