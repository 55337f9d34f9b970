package steps

import (
	"context"
	"fmt"
	"net/http"
)

var (
	asksPeopleForPhone = sentence(`{text} asks people for an? (optional|required) mobile phone number`)
	asksBothFactors    = sentence(`{text} asks people for a password and a passcode`)
	sendsOnlyPasscode  = sentence(`{text} sends people a passcode and nothing else`)
	ownDevicePolicy    = sentence(`{text} sends people a passcode under a device policy (of its own|without text messages)`)
	anotherApplication = sentence(`{text} is another application`)
)

// people is the population of everybody whom a scenario's set-up registers.
const people = "People"

func setupSentences(sc book, w *World) {
	sc.Given(asksPeopleForPhone, w.asksPeopleForPhone)
	sc.Given(asksBothFactors, w.asksBothFactors)
	sc.Given(sendsOnlyPasscode, w.sendsOnlyPasscode)
	sc.Given(ownDevicePolicy, w.ownDevicePolicy)
	sc.Given(anotherApplication, w.createsApplicationWithSecret)
}

// setUp creates an application that may ask for the scopes and is assigned a
// policy of the actions that add adds; then the population.
func (w *World) setUp(ctx context.Context, label, resource string, scopes []string, add func(context.Context) error) error {
	return inOrder(
		func() error { return w.getsWorkerToken(ctx) },
		func() error { return w.createsApplicationWithSecret(ctx, label) },
		func() error { return w.listsResources(ctx) },
		func() error { return w.listsScopes(ctx, resource) },
		func() error { return w.grants(ctx, label, scopes...) },
		func() error { return w.createsPolicy(ctx, "Policy of "+label) },
		func() error { return add(ctx) },
		func() error { return w.assignsPolicy(ctx, label) },
		func() error { return w.createsPopulation(ctx, people) },
	)
}

// inOrder runs one after the other up to the first error.
func inOrder(deeds ...func() error) error {
	for _, deed := range deeds {
		if err := deed(); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) createsApplicationWithSecret(ctx context.Context, label string) error {
	return inOrder(
		func() error { return w.createsWebApplication(ctx, label) },
		func() error { return w.readsSecret(ctx, label) },
	)
}

func (w *World) asksPeopleForPhone(ctx context.Context, label, kind string) error {
	return w.setUp(ctx, label, "PingOne API", []string{"p1:read:user"}, func(ctx context.Context) error {
		return inOrder(
			func() error { return w.addsLogin(ctx) },
			func() error { return w.addsProfiling(ctx, mobilePhone, kind == "required", nil) },
		)
	})
}

func (w *World) asksBothFactors(ctx context.Context, label string) error {
	return w.setUp(ctx, label, "openid", []string{"openid", "profile"}, func(ctx context.Context) error {
		return inOrder(
			func() error { return w.addsLogin(ctx) },
			func() error { return w.addsMFA(ctx, 10, nil) },
		)
	})
}

func (w *World) sendsOnlyPasscode(ctx context.Context, label string) error {
	return w.setUp(ctx, label, "openid", []string{"openid", "profile"}, w.addsTextMessages)
}

// ownDevicePolicy is the newer page's 17th call, made before the action so that
// the action can name it.
func (w *World) ownDevicePolicy(ctx context.Context, label, kind string) error {
	return w.setUp(ctx, label, "openid", []string{"openid", "profile"}, func(ctx context.Context) error {
		ex, err := w.admin.CreateDeviceAuthenticationPolicy(ctx, w.env(), w.devicePolicyBody(label, kind == "of its own"))
		if err := w.must("create the device authentication policy", ex, err, http.StatusCreated); err != nil {
			return err
		}
		// Noted before the sign-on policy it is bound to, so that it is deleted after it.
		w.createdFirst("the device authentication policy of "+label, ex)
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
		"name": w.named("Device policy of " + label), "default": false, "forSignOnPolicy": false,
		"sms": method(sms, 0), "email": method(true, 0), "voice": method(false, 0),
		"totp": authenticator, "mobile": mobile,
	}
}

func duration(n int, unit string) map[string]any {
	return map[string]any{"duration": n, "timeUnit": unit}
}

// travel lets minutes pass on the clock of the environment. A recording has them behind it.
func (w *World) travel(minutes int) error {
	if w.place.Session.Replaying() {
		return nil
	}
	if w.place.Advance == nil {
		return fmt.Errorf("the clock of this environment cannot be set forward: scenarios with @time-travel need the emulator")
	}
	w.place.Advance(minutes)
	return nil
}
