package steps

import (
	"context"
	"net/http"

	"pingone-conformance/internal/names"
)

var (
	createsPolicy    = sentence(`Priya creates the sign-on policy {text}`)
	addsLogin        = sentence(`Priya adds a login action to the policy`)
	addsProfiling    = sentence(`Priya adds an action to the policy that asks for an (optional|required) mobile phone number`)
	addsMFA          = sentence(`Priya adds an MFA action to the policy`)
	addsTextMessages = sentence(`Priya adds an action to the policy that sends a passcode by text message`)
	assignsPolicy    = sentence(`Priya assigns the policy to {text}`)
)

// The published constants of the progressive profiling action.
const (
	promptText     = "Please provide the following information."
	promptInterval = 3600 // seconds
	mobilePhone    = "mobilePhone"
)

func policySentences(sc book, w *World) {
	sc.When(createsPolicy, w.createsPolicy)
	sc.When(addsLogin, w.addsLogin)
	sc.When(addsProfiling, func(ctx context.Context, kind string) error {
		return w.addsProfiling(ctx, mobilePhone, kind == "required", nil)
	})
	sc.When(addsMFA, func(ctx context.Context) error { return w.addsMFA(ctx, 10, nil) })
	sc.When(addsTextMessages, w.addsTextMessages)
	sc.When(assignsPolicy, w.assignsPolicy)
}

func (w *World) createsPolicy(ctx context.Context, label string) error {
	ex, err := w.admin.CreateSignOnPolicy(ctx, w.env(), map[string]any{
		"name": w.named(label), "description": label + ", made by " + names.Prefix, "default": false,
	})
	if err := w.must("create the sign-on policy "+label, ex, err, http.StatusCreated); err != nil {
		return err
	}
	w.created("the sign-on policy "+label, ex)
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
	ex, err := w.admin.CreateSignOnPolicyAction(ctx, p.created, body)
	return w.must("add "+what+" to the sign-on policy", ex, err, http.StatusCreated)
}

func (w *World) addsLogin(ctx context.Context) error {
	return w.addAction(ctx, "a login action", map[string]any{"priority": 1, "type": "LOGIN"})
}

// addsProfiling adds the published progressive profiling action for one attribute, changed by changes.
func (w *World) addsProfiling(ctx context.Context, attribute string, required bool, changes map[string]any) error {
	body := profilingBody(attribute, required)
	for member, value := range changes {
		body[member] = value
	}
	if err := w.addAction(ctx, "a progressive profiling action", body); err != nil {
		return err
	}
	w.policy.promptText, w.policy.attribute = promptText, attribute
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
	if w.place.PasscodeKind == kindTOTP {
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

func (w *World) assignsPolicy(ctx context.Context, label string) error {
	a, err := w.app(label)
	if err != nil {
		return err
	}
	p, err := w.currentPolicy()
	if err != nil {
		return err
	}
	ex, err := w.admin.AssignSignOnPolicy(ctx, a.created, map[string]any{
		"priority": 10, "signOnPolicy": map[string]any{"id": p.created.Get("id").String()},
	})
	if err := w.must("assign the policy to "+label, ex, err, http.StatusCreated); err != nil {
		return err
	}
	w.created("the assignment of the policy to "+label, ex)
	return nil
}
