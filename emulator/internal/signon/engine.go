package signon

import (
	"slices"

	"pingone-conformance/emulator/internal/tenant"
)

// step is how far an action gets by itself.
type step int

const (
	stepDone   step = iota // nothing (more) to ask
	stepWaits              // the flow's status says for what
	stepFailed             // the flow's failure says why
)

// start begins the first of the flow's policies and runs it as far as it goes.
//
// https://developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policies-1.html
func (s *Server) start(v *visit, f *flow) {
	if len(f.policies) == 0 {
		f.fail(&failure{Code: "REQUEST_FAILED", Message: "There is no sign-on policy."})
		return
	}
	f.actions, f.next = nil, 0
	for _, action := range f.policies[0].ByPriority() {
		f.actions = append(f.actions, *action)
	}
	if s.tenant.Deviates("policy-order-ignored") {
		slices.Reverse(f.actions)
	}
	s.run(v, f)
}

// run takes the flow through its actions until one needs the person, the policy
// is through, or it fails. A policy that fails makes way for the next one.
func (s *Server) run(v *visit, f *flow) {
	for f.next < len(f.actions) {
		switch s.begin(v, f, &f.actions[f.next]) {
		case stepDone:
			f.next++
		case stepWaits:
			return
		case stepFailed:
			if len(f.policies) == 1 {
				f.status = statusFailed
				return
			}
			f.policies, f.failure = f.policies[1:], nil
			s.start(v, f)
			return
		}
	}
	s.complete(v, f)
}

// begin starts an action. A policy that asks for profile data before anybody has
// signed on can be created, but the vendor says it needs a signed-in person: it
// fails here, and so does an action of a type that the emulator does not know.
func (s *Server) begin(v *visit, f *flow, action *tenant.Action) step {
	switch action.Type {
	case "LOGIN":
		return s.beginLogin(f)
	case "MULTI_FACTOR_AUTHENTICATION":
		return s.beginMFA(v, f, action)
	case "PROGRESSIVE_PROFILING":
		return s.beginProfiling(v, f, action)
	default:
		return f.fail(&failure{Code: "REQUEST_FAILED", Message: "The emulator does not support the sign-on policy action " + action.Type + "."})
	}
}

func (f *flow) fail(reason *failure) step {
	f.status, f.failure = statusFailed, reason
	return stepFailed
}

func (f *flow) wait(status string) step {
	f.status = status
	return stepWaits
}

// complete ends the flow and signs the person on in the browser.
func (s *Server) complete(v *visit, f *flow) {
	u := v.env.Users[f.userID]
	if u == nil || !f.authenticated() {
		f.fail(&failure{Code: "REQUEST_FAILED", Message: "The sign-on policy asked for no authentication."})
		return
	}
	s.recognise(f)
	f.status = statusCompleted
	f.passcode, f.asked = passcode{}, nil
	if f.authTime.IsZero() {
		f.authTime = v.now
	}
	if f.authTime.After(f.browser.authTime) || f.browser.userID != u.ID {
		u.LastSignOnAt, u.LastSignOnIP = v.now, v.Remote
	}
	f.browser.signedOn(f)
}

// action is the one that the flow waits at.
func (f *flow) action() *tenant.Action { return &f.actions[f.next] }

// done ends the action that the flow waits at and goes on.
func (s *Server) done(v *visit, f *flow) {
	f.next++
	s.run(v, f)
}
