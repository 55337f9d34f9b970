package steps

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
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
		"name": w.NamedPolicy(label), "description": label + ", made by " + names.Prefix, "default": false,
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
	p, err := w.currentPolicy()
	if err != nil {
		return err
	}
	if named, is := body[devicePolicy].(map[string]any); is {
		p.devices, _ = named["id"].(string)
	}
	ex, err := w.Admin().CreateSignOnPolicyAction(ctx, p.created, body)
	if err == nil && wantsDevicePolicy(ex, body) {
		return w.addsMFAWithPolicy(ctx, ex, body)
	}
	return suite.Must("add an MFA action to the sign-on policy", ex, err, http.StatusCreated)
}

const devicePolicy = "deviceAuthenticationPolicy"

// wantsDevicePolicy tells whether an action was refused for want of the device policy that one of the vendor's pages
// requires and another does without.
//
// https://developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policy-actions/create-sign-on-policy-action-multi_factor_authentication.html
func wantsDevicePolicy(ex *client.Exchange, body map[string]any) bool {
	if body[devicePolicy] != nil || refused("", ex) != nil {
		return false
	}
	return slices.ContainsFunc(ex.Get("details").Array(), func(d gjson.Result) bool {
		return strings.HasPrefix(strings.TrimLeft(d.Get("target").String(), "$./"), devicePolicy)
	})
}

// addsMFAWithPolicy creates the refused action anew, with the environment's default device policy. It is no call of
// the published lists.
func (w *World) addsMFAWithPolicy(ctx context.Context, refusal *client.Exchange, body map[string]any) error {
	return w.Aside(func() error {
		l, err := w.read(ctx, "list the device policies", "deviceAuthenticationPolicies", func() (*client.Exchange, error) {
			return w.Admin().ReadDeviceAuthenticationPolicies(ctx, w.Env())
		})
		if err != nil {
			return err
		}
		for _, one := range l.items() {
			if one.Get("default").Bool() {
				body[devicePolicy] = map[string]any{"id": one.Get("id").String()}
			}
		}
		if body[devicePolicy] == nil {
			return suite.Unlike(l.pages[0], "the device policies", "a default one for the MFA action", "none")
		}
		w.Overcome(refusal, "an MFA action without "+devicePolicy+".id", "refused: created with the environment's default device policy")
		return w.addAction(ctx, "an MFA action with a device policy", body)
	})
}

func (w *World) addsTextMessages(ctx context.Context) error {
	return w.addsMFA(ctx, 5, map[string]any{"email": map[string]any{"enabled": false}})
}

// usualNumber is the published priority of an assignment.
const usualNumber = 10

func (w *World) assignsPolicy(ctx context.Context, a *Application) error {
	return w.assigns(ctx, a, usualNumber)
}

func (w *World) assigns(ctx context.Context, a *Application, priority int) error {
	p, err := w.currentPolicy()
	if err != nil {
		return err
	}
	ex, err := w.Admin().AssignSignOnPolicy(ctx, a.created, map[string]any{
		"priority": priority, "signOnPolicy": map[string]any{"id": p.created.Get("id").String()},
	})
	if err := suite.Must("assign the policy to "+a.label, ex, err, http.StatusCreated); err != nil {
		return err
	}
	w.Created("the assignment of the policy to "+a.label, ex)
	a.policy = p
	return nil
}
