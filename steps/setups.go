package steps

import (
	"context"
	"net/http"

	"pingone-conformance/suite"
)

// setups is whole applications with their sign-on policies, each in one sentence.
func setups(r *suite.Registry, w *World) {
	r.Given(`^"([^"]*)" asks people for an? (optional|required) mobile phone number$`, w.asksPeopleForPhone)
	r.Given(`^"([^"]*)" asks people for an optional mobile phone number and (is switched off|requires PKCE)$`, w.asksWithSettings)
	r.Given(`^"([^"]*)" asks people for a mobile phone number and, unless it has asked for something, for a nickname$`, w.asksPeopleOnce)
	r.Given(`^"([^"]*)" runs another policy first that asks people for a password alone$`, w.runsAnotherFirst)
	r.Given(`^"([^"]*)" sends people a passcode and lets those pass who have no device$`, w.letsPassWithoutDevice)
	r.Given(`^"([^"]*)" asks people for a password and a passcode$`, w.asksBothFactors)
	r.Given(`^"([^"]*)" asks people for a passcode, and was told last to ask for a password first$`, w.asksInAnotherOrder)
	r.Given(`^"([^"]*)" sends people a passcode and nothing else$`, w.sendsOnlyPasscode)
	r.Given(`^"([^"]*)" sends people a passcode under a device policy (of its own|without text messages)$`, w.sendsUnderDevicePolicy)
	r.Given(`^"([^"]*)" is another application$`, w.createsApplicationWithSecret)
}

// setUp creates an application that may ask for the scopes and is assigned a
// policy of the actions that add adds; then the population.
func (w *World) setUp(ctx context.Context, label, resource string, scopes []string, add func() error) error {
	return w.prepare(ctx, label, w.granting(ctx, label, resource, scopes...), add)
}

// granting grants an application scopes of a resource, which it looks for.
func (w *World) granting(ctx context.Context, label, resource string, scopes ...string) func() error {
	return func() error {
		return inOrder(
			func() error { return w.listsResources(ctx) },
			func() error { return w.listsScopes(ctx, resource) },
			func() error { return w.grants(ctx, w.apps[label], scopes...) },
		)
	}
}

// prepare is setUp with any grant.
func (w *World) prepare(ctx context.Context, label string, grant, add func() error) error {
	return w.prepareWith(ctx, label, nil, grant, add)
}

// prepareWith is prepare for an application with other settings than the published ones.
func (w *World) prepareWith(ctx context.Context, label string, settings map[string]any, grant, add func() error) error {
	return inOrder(
		func() error { return w.authenticate(ctx) },
		func() error { return w.createsWith(ctx, label, settings) },
		func() error { return w.readsSecret(ctx, w.apps[label]) },
		grant,
		func() error { return w.createsPolicy(ctx, "Policy of "+label) },
		add,
		func() error { return w.assignsPolicy(ctx, w.apps[label]) },
		func() error { return w.needsPopulation(ctx) },
	)
}

func (w *World) createsApplicationWithSecret(ctx context.Context, label string) error {
	return inOrder(
		func() error { return w.createsWebApplication(ctx, label) },
		func() error { return w.readsSecret(ctx, w.apps[label]) },
	)
}

func (w *World) asksPeopleForPhone(ctx context.Context, label, kind string) error {
	return w.setUp(ctx, label, "PingOne API", []string{"p1:read:user"}, func() error {
		return inOrder(
			func() error { return w.addsLogin(ctx) },
			func() error { return w.addsProfiling(ctx, kind) },
		)
	})
}

func (w *World) asksWithSettings(ctx context.Context, label, state string) error {
	settings := map[string]any{"enabled": false}
	if state == "requires PKCE" {
		settings = map[string]any{"pkceEnforcement": "REQUIRED"}
	}
	return w.prepareWith(ctx, label, settings, w.granting(ctx, label, "PingOne API", "p1:read:user"), func() error {
		return inOrder(
			func() error { return w.addsLogin(ctx) },
			func() error { return w.addsProfiling(ctx, "optional") },
		)
	})
}

// asksPeopleOnce adds two actions for profile data, of which neither wants to be the second one in a flow.
func (w *World) asksPeopleOnce(ctx context.Context, label string) error {
	return w.setUp(ctx, label, "PingOne API", []string{"p1:read:user"}, func() error {
		if err := w.addsLogin(ctx); err != nil {
			return err
		}
		for i, attribute := range []string{mobilePhone, "nickname"} {
			body := profilingBody(attribute, false)
			body["priority"], body["preventMultiplePromptsPerFlow"] = 50+i, true
			if err := w.addAction(ctx, "a progressive profiling action", body); err != nil {
				return err
			}
		}
		w.policy.promptText, w.policy.attribute = promptText, mobilePhone
		return nil
	})
}

// runsAnotherFirst assigns a second policy with a number that is lower, and as a text higher, than that of the first.
func (w *World) runsAnotherFirst(ctx context.Context, a *Application) error {
	return inOrder(
		func() error { return w.createsPolicy(ctx, "Other policy of "+a.label) },
		func() error { return w.addsLogin(ctx) },
		func() error { return w.assigns(ctx, a, usualNumber-1) },
	)
}

// letsPassWithoutDevice goes with a login hint token only, says the page.
func (w *World) letsPassWithoutDevice(ctx context.Context, label string) error {
	return w.setUp(ctx, label, "openid", []string{"openid", "profile"}, func() error {
		return w.addsMFA(ctx, 5, map[string]any{"email": map[string]any{"enabled": false}, "noDevicesMode": "BYPASS"})
	})
}

func (w *World) asksBothFactors(ctx context.Context, label string) error {
	return w.setUp(ctx, label, "openid", []string{"openid", "profile"}, func() error {
		return inOrder(
			func() error { return w.addsLogin(ctx) },
			func() error { return w.addsMFA(ctx, 10, nil) },
		)
	})
}

// asksInAnotherOrder adds the action that is to run first last, with numbers whose order is another one as texts.
func (w *World) asksInAnotherOrder(ctx context.Context, label string) error {
	return w.setUp(ctx, label, "openid", []string{"openid", "profile"}, func() error {
		return inOrder(
			func() error { return w.addsMFA(ctx, 10, nil) },
			func() error {
				return w.addAction(ctx, "a login action", map[string]any{"priority": 9, "type": "LOGIN"})
			},
		)
	})
}

func (w *World) sendsOnlyPasscode(ctx context.Context, label string) error {
	return w.setUp(ctx, label, "openid", []string{"openid", "profile"}, func() error { return w.addsTextMessages(ctx) })
}

// sendsUnderDevicePolicy makes the newer page's 17th call before the action, so that the
// action can name it.
func (w *World) sendsUnderDevicePolicy(ctx context.Context, label, kind string) error {
	return w.setUp(ctx, label, "openid", []string{"openid", "profile"}, func() error {
		ex, err := w.Admin().CreateDeviceAuthenticationPolicy(ctx, w.Env(), w.devicePolicyBody(label, kind == "of its own"))
		if err := suite.Must("create the device authentication policy", ex, err, http.StatusCreated); err != nil {
			return err
		}
		// Noted before the sign-on policy it is bound to, so that it is deleted after it.
		w.CreatedFirst("the device authentication policy of "+label, ex)
		return w.addsMFA(ctx, 5, map[string]any{
			"email": map[string]any{"enabled": false}, "deviceAuthenticationPolicy": map[string]any{"id": ex.Get("id").String()},
		})
	})
}

// devicePolicyBody is the published one, without the members that only push and
// legacy devices need, with text messages or without.
func (w *World) devicePolicyBody(label string, sms bool) map[string]any {
	method := func(enabled bool, coolDown int) map[string]any {
		return map[string]any{"enabled": enabled, "otp": map[string]any{
			"failure":  map[string]any{"count": 3, "coolDown": duration(coolDown, "MINUTES")},
			"lifeTime": duration(30, "MINUTES"),
		}}
	}
	authenticator := map[string]any{"enabled": true, "otp": map[string]any{
		"failure": map[string]any{"count": 3, "coolDown": duration(2, "MINUTES")},
	}}
	mobile := map[string]any{"enabled": false, "otp": map[string]any{
		"failure": map[string]any{"count": 3, "coolDown": duration(2, "MINUTES")},
		"window":  map[string]any{"stepSize": duration(30, "SECONDS")},
	}}
	return map[string]any{
		"name": w.Named("Device policy of " + label), "default": false, "forSignOnPolicy": false,
		"sms": method(sms, 0), "email": method(true, 0), "voice": method(false, 0),
		"totp": authenticator, "mobile": mobile,
	}
}

func duration(n int, unit string) map[string]any {
	return map[string]any{"duration": n, "timeUnit": unit}
}
