package management

import (
	"math"
	"net/http"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

func (s *Server) assignmentRoutes() []route {
	roles := []string{ApplicationDev}
	const all = "/applications/{appID}/signOnPolicyAssignments"
	const one = all + "/{assignmentID}"
	return []route{
		{operation: "assignment.list", method: http.MethodGet, path: all, roles: roles, handle: s.listAssignments},
		{operation: "assignment.create", method: http.MethodPost, path: all, media: mediaJSON, roles: roles, handle: s.createAssignment},
		{operation: "assignment.read", method: http.MethodGet, path: one, roles: roles, handle: s.readAssignment},
		{operation: "assignment.update", method: http.MethodPut, path: one, media: mediaJSON, roles: roles, handle: s.updateAssignment},
		{operation: "assignment.delete", method: http.MethodDelete, path: one, roles: roles, handle: s.deleteAssignment},
	}
}

func (s *Server) listAssignments(r *request) (*wire.Answer, error) {
	a, err := r.findApplication()
	if err != nil {
		return nil, err
	}
	var items []object
	for _, assignment := range tenant.Sorted(a.Assignments) {
		items = append(items, r.assignment(a, assignment))
	}
	return r.collection("signOnPolicyAssignments", items), nil
}

func (s *Server) createAssignment(r *request) (*wire.Answer, error) {
	a, err := r.findApplication()
	if err != nil {
		return nil, err
	}
	assignment := &tenant.Assignment{Seq: s.t.Next()}
	if err := r.fillAssignment(a, assignment); err != nil {
		return nil, err
	}
	assignment.ID = s.t.NewID()
	a.Assignments[assignment.ID] = assignment
	return created(r.assignment(a, assignment)), nil
}

// priority is the whole number from 1 that orders actions and assignments.
func priority() field { return whole("priority").must().within(1, math.MaxInt32) }

// fillAssignment reads the body into the assignment. A policy has to have an
// action before it can be assigned, and is assigned to an application once.
//
// https://developer.pingidentity.com/pingone-api/platform/applications/application-sign-on-policy-assignments.html
func (r *request) fillAssignment(a *tenant.Application, assignment *tenant.Assignment) error {
	body, f, err := r.body([]field{priority(), group("signOnPolicy", text("id").must()).must()})
	if err != nil {
		return err
	}
	id := textAt(body, "signOnPolicy.id")
	policy := r.env.Policies[id]
	switch {
	case id == "":
		// Already reported as missing.
	case policy == nil:
		f.add("INVALID_VALUE", "signOnPolicy.id", "There is no such sign-on policy.", nil)
	case len(policy.Actions) == 0:
		f.add("CONSTRAINT_VIOLATION", "signOnPolicy.id", "The sign-on policy has no action yet.", nil)
	}
	for _, other := range tenant.Sorted(a.Assignments) {
		if other.ID != assignment.ID && other.PolicyID == id {
			f.taken("signOnPolicy.id", other.ID)
		}
	}
	if err := f.problem(); err != nil {
		return err
	}
	assignment.PolicyID, assignment.Priority = id, wholeAt(body, "priority", 1)
	return nil
}

func (r *request) findAssignment() (*tenant.Application, *tenant.Assignment, error) {
	a, err := r.findApplication()
	if err != nil {
		return nil, nil, err
	}
	if assignment := a.Assignments[r.Path["assignmentID"]]; assignment != nil {
		return a, assignment, nil
	}
	return nil, nil, wire.NotFound()
}

func (s *Server) readAssignment(r *request) (*wire.Answer, error) {
	a, assignment, err := r.findAssignment()
	if err != nil {
		return nil, err
	}
	return ok(r.assignment(a, assignment)), nil
}

func (s *Server) updateAssignment(r *request) (*wire.Answer, error) {
	a, assignment, err := r.findAssignment()
	if err != nil {
		return nil, err
	}
	if err := r.fillAssignment(a, assignment); err != nil {
		return nil, err
	}
	return ok(r.assignment(a, assignment)), nil
}

func (s *Server) deleteAssignment(r *request) (*wire.Answer, error) {
	a, assignment, err := r.findAssignment()
	if err != nil {
		return nil, err
	}
	delete(a.Assignments, assignment.ID)
	return gone(), nil
}

func (r *request) assignment(a *tenant.Application, assignment *tenant.Assignment) object {
	body := object{
		"id": assignment.ID, "priority": assignment.Priority, "application": ref(a.ID), "signOnPolicy": ref(assignment.PolicyID),
	}
	return r.hal(r.applicationHref(a)+"/signOnPolicyAssignments/"+assignment.ID, body, links{
		"application": r.applicationHref(a), "signOnPolicy": r.base() + "/signOnPolicies/" + assignment.PolicyID,
	})
}
