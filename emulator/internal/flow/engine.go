package flow

import (
	"maps"
	"slices"
	"time"

	"pingone-conformance/emulator/internal/tenant"
)

// Engine runs the flows of a tenant. Its methods are called while the tenant is locked.
type Engine struct {
	Decisions
	tenant *tenant.Tenant
}

// New makes an engine that decides as it is given.
func New(t *tenant.Tenant, d Decisions) *Engine { return &Engine{Decisions: d, tenant: t} }

// Visit is where and when something happens to a flow.
type Visit struct {
	Env *tenant.Environment
	Now time.Time
	// Remote is the address that the person comes from.
	Remote string
}

// step is how far an action gets by itself.
type step int

const (
	stepDone   step = iota // nothing (more) to ask
	stepWaits              // the flow's status says for what
	stepFailed             // the flow's failure says why
)

// New makes a flow that has not begun.
func (e *Engine) New(r Request) *Flow {
	f := &Flow{ID: e.tenant.NewID()}
	f.reset(r)
	return f
}

func (f *Flow) reset(r Request) {
	*f = Flow{ID: f.ID, Request: r, Policies: r.Policies}
	if r.Hinted != nil {
		f.UserID, f.named = r.Hinted.ID, namedByHint
	}
}

// Adopt lets a flow that has not begun start from what somebody has proven before
// in its browser.
func (f *Flow) Adopt(u *tenant.User) {
	b := f.Request.Browser
	f.UserID, f.AuthTime, f.Methods, f.SessionID = u.ID, b.AuthTime, slices.Clone(b.Methods), b.ID
	f.provenAt = maps.Clone(b.ProvenAt)
}

// Begin begins the first of the flow's policies and runs it as far as it goes.
//
// https://developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policies-1.html
func (e *Engine) Begin(at Visit, f *Flow) {
	if len(f.Policies) == 0 {
		f.fail(&Failure{Code: "REQUEST_FAILED", Message: "There is no sign-on policy."})
		return
	}
	f.actions, f.next = nil, 0
	for _, action := range e.Order(f.Policies[0]) {
		f.actions = append(f.actions, *action)
	}
	e.run(at, f)
}

// run takes the flow through its actions until one needs the person, the policy
// is through, or it fails. A policy that fails makes way for the next one.
func (e *Engine) run(at Visit, f *Flow) {
	for f.next < len(f.actions) {
		if !e.Applies(at, f, &f.actions[f.next]) {
			f.next++
			continue
		}
		switch e.begin(at, f, &f.actions[f.next]) {
		case stepDone:
			f.next++
		case stepWaits:
			return
		case stepFailed:
			if len(f.Policies) == 1 {
				return
			}
			f.Policies, f.Failure = f.Policies[1:], nil
			e.Begin(at, f)
			return
		}
	}
	e.complete(at, f)
}

// begin starts an action. A policy that asks for profile data before anybody has
// signed on can be created, but the vendor says it needs a signed-in person: it
// fails here, and so does an action of a type that the emulator does not know.
func (e *Engine) begin(at Visit, f *Flow, action *tenant.Action) step {
	switch action.Type {
	case tenant.ActionLogin:
		return e.beginLogin(f)
	case tenant.ActionMFA:
		return e.beginMFA(at, f, action)
	case tenant.ActionProfiling:
		return e.beginProfiling(at, f, action)
	default:
		return f.fail(&Failure{Code: "REQUEST_FAILED", Message: "The emulator does not support the sign-on policy action " + action.Type + "."})
	}
}

// complete ends the flow and signs the person on in the browser.
func (e *Engine) complete(at Visit, f *Flow) {
	u := at.Env.Users[f.UserID]
	if u == nil || !f.Authenticated() {
		f.fail(&Failure{Code: "REQUEST_FAILED", Message: "The sign-on policy asked for no authentication."})
		return
	}
	e.Recognise(f)
	f.Status = Completed
	f.Challenge, f.Asked = Challenge{}, nil
	if f.AuthTime.IsZero() {
		f.AuthTime = at.Now
	}
	if b := f.Request.Browser; f.AuthTime.After(b.AuthTime) || b.UserID != u.ID {
		u.LastSignOnAt, u.LastSignOnIP = at.Now, at.Remote
	}
	f.Request.Browser.signedOn(f)
}

// done ends the action that the flow waits at and goes on.
func (e *Engine) done(at Visit, f *Flow) *Refusal {
	f.next++
	e.run(at, f)
	return f.failed()
}

// prove records a factor that the person has just proven, and goes on.
func (e *Engine) prove(at Visit, f *Flow, method string) *Refusal {
	if !slices.Contains(f.Methods, method) {
		f.Methods = append(f.Methods, method)
	}
	if f.provenAt == nil {
		f.provenAt = map[string]time.Time{}
	}
	f.provenAt[method] = at.Now
	f.AuthTime, f.Proofs = at.Now, f.Proofs+1
	e.Recognise(f)
	return e.done(at, f)
}

// Recognise gives the flow its session id: the browser's own, or a new one when
// somebody else has signed on there before.
func (e *Engine) Recognise(f *Flow) {
	switch b := f.Request.Browser; {
	case f.SessionID != "":
	case b.UserID == "" || b.UserID == f.UserID:
		f.SessionID = b.ID
	default:
		f.SessionID = e.tenant.NewID()
	}
}
