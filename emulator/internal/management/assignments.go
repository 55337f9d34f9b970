package management

import (
	"math"
	"time"

	"pingone-conformance/emulator/internal/tenant"
)

// assignments: a policy is assigned to an application once. Sources disagree about a
// policy that has no action yet: it is taken here.
//
// https://developer.pingidentity.com/pingone-api/platform/applications/application-sign-on-policy-assignments.html
func (s *Server) assignments() kind[*tenant.Assignment] {
	return kind[*tenant.Assignment]{
		operation: "assignment", path: "/applications/{appID}/signOnPolicyAssignments", plural: "signOnPolicyAssignments", id: "assignmentID",
		roles: []string{applicationDeveloper},
		in: func(r *request) (tenant.Table[*tenant.Assignment], error) {
			a, err := r.findApplication()
			if err != nil {
				return nil, err
			}
			return a.Assignments, nil
		},
		fields: func(map[string]any) []field {
			return []field{priority(), group("signOnPolicy", text("id").must()).must()}
		},
		check: checkAssignment,
		make:  func() *tenant.Assignment { return &tenant.Assignment{Meta: s.t.NewMeta(time.Time{})} },
		fill: func(_ *request, a *tenant.Assignment, body map[string]any) {
			a.PolicyID, a.Priority = textAt(body, "signOnPolicy.id"), wholeAt(body, "priority", 1)
		},
		show: (*request).assignment,
	}
}

// priority is the whole number from 1 that orders actions and assignments.
func priority() field { return whole("priority").must().within(1, math.MaxInt32) }

func checkAssignment(r *request, f *faults, body map[string]any, old *tenant.Assignment) {
	id := textAt(body, "signOnPolicy.id")
	policy := r.env.Policies[id]
	switch {
	case id == "":
		// Already reported as missing.
	case policy == nil:
		f.add("INVALID_VALUE", "signOnPolicy.id", "There is no such sign-on policy.", nil)
	}
	for _, other := range r.env.Applications[r.Path["appID"]].Assignments.Sorted() {
		if other != old && other.PolicyID == id {
			f.taken("signOnPolicy.id", other.ID)
		}
	}
}

func (r *request) assignment(a *tenant.Assignment) object {
	application := r.applicationHref(r.Path["appID"])
	body := object{"id": a.ID, "priority": a.Priority, "application": ref(r.Path["appID"]), "signOnPolicy": ref(a.PolicyID)}
	return r.hal(application+"/signOnPolicyAssignments/"+a.ID, body, links{
		"application": application, "signOnPolicy": r.policyHref(a.PolicyID),
	})
}
