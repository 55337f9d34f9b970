package steps

import (
	"context"
	"net/http"

	"pingone-conformance/internal/names"
	"pingone-conformance/internal/passcode"
	"pingone-conformance/suite"
)

// policies is sign-on policies, their actions, and their assignment to applications.
func policies(r *suite.Registry, w *World) {
	r.When(`^Priya creates the sign-on policy "([^"]*)"(?: \(step \d+\))?$`, w.createsPolicy)
	r.When(`^Priya adds a login action to the policy(?: \(step \d+\))?$`, w.addsLogin)
	r.When(`^Priya adds an action to the policy that asks for an (optional|required) mobile phone number(?: \(step \d+\))?$`, w.addsProfiling)
	r.When(`^Priya adds an MFA action to the policy(?: \(step \d+\))?$`, func(ctx context.Context) error { return w.addsMFA(ctx, 10, nil) })
	r.When(`^Priya adds an action to the policy that sends a passcode by text message(?: \(step \d+\))?$`, w.addsTextMessages)
	r.When(`^Priya assigns the policy to "([^"]*)"(?: \(step \d+\))?$`, w.assignsPolicy)
}

// The published constants of the progressive profiling action.
const (
	promptText     = "Please provide the following information."
	promptInterval = 3600 // seconds
	mobilePhone    = "mobilePhone"
)

func (w *World) createsPolicy(ctx context.Context, label string) error {
	ex, err := w.Admin().CreateSignOnPolicy(ctx, w.Env(), map[string]any{
		"name": w.Named(label), "description": label + ", made by " + names.Prefix, "default": false,
	})
	if err := suite.Must("create the sign-on policy "+label, ex, err, http.StatusCreated); err != nil {
		return err
	}
	w.Created("the sign-on policy "+label, ex)
	w.policy = &policy{label: label, created: ex}
	w.policies[label] = w.policy
	return nil
}

// addAction adds one action to the current policy. Actions go with their policy:
// PingOne refuses to delete the last one of a policy on its own.
func (w *World) addAction(ctx context.Context, what string, body map[string]any) error {
	p, err := w.currentPolicy()
	if err != nil {
		return err
	}
	ex, err := w.Admin().CreateSignOnPolicyAction(ctx, p.created, body)
	return suite.Must("add "+what+" to the sign-on policy", ex, err, http.StatusCreated)
}

func (w *World) addsLogin(ctx context.Context) error {
	return w.addAction(ctx, "a login action", map[string]any{"priority": 1, "type": "LOGIN"})
}

// addsProfiling adds the published progressive profiling action for the mobile phone number.
func (w *World) addsProfiling(ctx context.Context, kind string) error {
	if err := w.addAction(ctx, "a progressive profiling action", profilingBody(mobilePhone, kind == "required")); err != nil {
		return err
	}
	w.policy.promptText, w.policy.attribute = promptText, mobilePhone
	return nil
}

// profilingBody is the published body of the action, for one attribute.
func profilingBody(attribute string, required bool) map[string]any {
	return map[string]any{
		"priority": 50, "type": "PROGRESSIVE_PROFILING", "promptText": promptText,
		"promptIntervalSeconds": promptInterval, "preventMultiplePromptsPerFlow": false,
		"attributes": []map[string]any{{"name": attribute, "required": required}},
	}
}

// addsMFA adds an MFA action that takes every kind of device the suite registers.
// With a TOTP device the action has to allow authenticator applications too.
func (w *World) addsMFA(ctx context.Context, priority int, changes map[string]any) error {
	body := map[string]any{
		"priority": priority, "type": "MULTI_FACTOR_AUTHENTICATION",
		"sms": map[string]any{"enabled": true}, "email": map[string]any{"enabled": true},
	}
	if w.Place().PasscodeKind == passcode.KindTOTP {
		body["authenticator"] = map[string]any{"enabled": true}
	}
	for member, value := range changes {
		body[member] = value
	}
	return w.addAction(ctx, "an MFA action", body)
}

func (w *World) addsTextMessages(ctx context.Context) error {
	return w.addsMFA(ctx, 5, map[string]any{"email": map[string]any{"enabled": false}})
}

func (w *World) assignsPolicy(ctx context.Context, a *Application) error {
	p, err := w.currentPolicy()
	if err != nil {
		return err
	}
	ex, err := w.Admin().AssignSignOnPolicy(ctx, a.created, map[string]any{
		"priority": 10, "signOnPolicy": map[string]any{"id": p.created.Get("id").String()},
	})
	if err := suite.Must("assign the policy to "+a.label, ex, err, http.StatusCreated); err != nil {
		return err
	}
	w.Created("the assignment of the policy to "+a.label, ex)
	a.policy = p
	return nil
}
