package steps

import (
	"context"
	"errors"
	"net/http"

	"pingone-conformance/suite"
)

// circumstances is what has happened before a scenario begins: who is registered, who has
// begun to sign on, and how much time has passed.
func circumstances(r *suite.Registry, w *World) {
	r.Given(`^([A-Z][a-z]+) is registered$`, func(ctx context.Context, name string) error { return w.register(ctx, name, nil, false) })
	r.Given(`^([A-Z][a-z]+) is registered in another population$`, w.registerElsewhere)
	r.Given(`^([A-Z][a-z]+) is registered with a password that (?:he|she|they) must change$`, func(ctx context.Context, name string) error {
		return w.register(ctx, name, nil, true)
	})
	r.Given(`^([A-Z][a-z]+) is registered with the mobile phone number "([^"]*)"$`, func(ctx context.Context, name, phone string) error {
		return w.register(ctx, name, map[string]any{mobilePhone: phone}, false)
	})
	r.Given(`^([A-Z][a-z]+) is registered with an MFA device$`, func(ctx context.Context, name string) error { return w.registerWithDevice(ctx, name, "EMAIL") })
	r.Given(`^([A-Z][a-z]+) is registered with a text message device$`, func(ctx context.Context, name string) error {
		return w.registerWithDevice(ctx, name, "SMS")
	})
	r.Given(`^([A-Z][a-z]+) is registered with MFA but without a device$`, w.registerWithMFA)
	r.Given(`^([A-Z][a-z]+) is registered with an MFA device, but without MFA$`, w.registerWithoutMFA)
	r.Given(`^Priya has removed the mobile phone number of ([A-Z][a-z]+)$`, w.removedPhone)

	r.Given(`^([A-Z][a-z]+) has begun to sign on to "([^"]*)"( in another browser)?$`, w.hasBegun)
	r.Given(`^([A-Z][a-z]+) has been asked for (?:his|her|their) mobile phone number by "([^"]*)"$`, w.hasBeenAskedForPhone)
	r.Given(`^([A-Z][a-z]+) has been asked for a passcode by "([^"]*)"( with a login hint token)?$`, w.hasBeenAskedForPasscode)
	r.Given(`^([A-Z][a-z]+) has changed (?:his|her|their) password at "([^"]*)"$`, w.hasChangedPassword)
	r.Given(`^([A-Z][a-z]+) has had a new passcode sent$`, w.hasNewPasscodeSent)
	r.Given(`^([A-Z][a-z]+) has had a passcode sent to (?:his|her|their) other device as well$`, w.hasBothSent)
	r.Given(`^([A-Z][a-z]+) has given (?:his|her|their) mobile phone number to "([^"]*)"$`, w.hasGivenPhone)
	r.Given(`^([A-Z][a-z]+) has signed on to "([^"]*)"( with PKCE| with a login hint token)?$`, w.hasSignedOn)

	r.Given(`^(\d+) minutes have passed$`, w.travel)
	r.Given(`^([A-Z][a-z]+) has kept the flow open for (\d+) minutes$`, w.keptOpen)
}

// needsPopulation makes sure of the population of everybody whom a set-up registers.
func (w *World) needsPopulation(ctx context.Context) error {
	if w.populations[everybody] != "" {
		return nil
	}
	if !w.authenticated {
		if err := w.authenticate(ctx); err != nil {
			return err
		}
	}
	return w.createsPopulation(ctx, everybody)
}

func (w *World) register(ctx context.Context, name string, changes map[string]any, mustChange bool) error {
	if err := w.needsPopulation(ctx); err != nil {
		return err
	}
	p := w.newPerson(name)
	return inOrder(
		func() error { return w.createUser(ctx, p, w.populations[everybody], changes) },
		func() error { return w.setPassword(ctx, p, mustChange) },
	)
}

// registerElsewhere registers somebody whom no list of everybody else has.
func (w *World) registerElsewhere(ctx context.Context, name string) error {
	const others = "Other people"
	if err := w.needsPopulation(ctx); err != nil { // and with it the administrator's token
		return err
	}
	if err := w.createsPopulation(ctx, others); err != nil {
		return err
	}
	return w.createUser(ctx, w.newPerson(name), w.populations[others], nil)
}

func (w *World) registerWithMFA(ctx context.Context, name string) error {
	return inOrder(
		func() error { return w.register(ctx, name, nil, false) },
		func() error { return w.enablesMFA(ctx, w.people[name]) },
	)
}

func (w *World) registerWithDevice(ctx context.Context, name, kind string) error {
	return inOrder(
		func() error { return w.registerWithMFA(ctx, name) },
		func() error { return w.registersDevice(ctx, w.people[name], kind) },
	)
}

// registerWithoutMFA switches MFA off again: the device alone would do.
func (w *World) registerWithoutMFA(ctx context.Context, name string) error {
	if err := w.registerWithDevice(ctx, name, "EMAIL"); err != nil {
		return err
	}
	p := w.people[name]
	ex, err := w.Admin().UpdateMFAEnabled(ctx, p.created, map[string]any{"mfaEnabled": false})
	p.mfa = ex
	return suite.Must("switch MFA off for "+name, ex, err, mfaSwitched...)
}

// hasBegun sends the authorization request and gets the flow.
func (w *World) hasBegun(ctx context.Context, p *Person, a *Application, elsewhere string) error {
	if elsewhere != "" {
		p.browser, p.bound = w.NewBrowser(), false
	}
	return inOrder(
		func() error { return w.asksToSignOn(ctx, p, a) },
		func() error { return w.getsFlow(ctx, p) },
	)
}

// hasChangedPassword begins with a password that has to be changed.
func (w *World) hasChangedPassword(ctx context.Context, p *Person, a *Application) error {
	return inOrder(
		func() error { return w.hasBegun(ctx, p, a, "") },
		func() error { return w.submitsPassword(ctx, p) },
		func() error { return w.changesPassword(ctx, p) },
	)
}

func (w *World) hasBeenAskedForPhone(ctx context.Context, p *Person, a *Application) error {
	return inOrder(
		func() error { return w.hasBegun(ctx, p, a, "") },
		func() error { return w.submitsPassword(ctx, p) },
		func() error { return seen(w.asksForPhone(p)) },
	)
}

func (w *World) hasBeenAskedForPasscode(ctx context.Context, p *Person, a *Application, withHint string) error {
	begin := func() error {
		return inOrder(
			func() error { return w.hasBegun(ctx, p, a, "") },
			func() error { return w.submitsPassword(ctx, p) },
		)
	}
	if withHint != "" {
		begin = func() error { return w.startsWithHint(ctx, a, p, a) }
	}
	return inOrder(begin, func() error { return seen(w.asksForPasscode(p)) })
}

func (w *World) hasNewPasscodeSent(ctx context.Context, p *Person) error {
	if _, err := w.readPasscode(ctx, p); err != nil {
		return err
	}
	return w.sendsToDevice(ctx, p, "have a new passcode sent")
}

// hasBothSent reads the passcode that the first device got before another one is sent.
func (w *World) hasBothSent(ctx context.Context, p *Person) error {
	if _, err := w.readPasscode(ctx, p); err != nil {
		return err
	}
	return w.choosesOtherDevice(ctx, p)
}

// examplePhone is what people give who are asked for a number in passing.
const examplePhone = "+1.5125550123"

func (w *World) hasGivenPhone(ctx context.Context, p *Person, a *Application) error {
	return inOrder(
		func() error { return w.hasBeenAskedForPhone(ctx, p, a) },
		func() error { return w.givesPhone(ctx, p, examplePhone) },
		func() error { return seen(w.flowStatus(p, completed, "")) },
	)
}

// hasSignedOn brings a sign-on to its end, whatever the policy asks for.
func (w *World) hasSignedOn(ctx context.Context, p *Person, a *Application, how string) error {
	var changes map[string]string
	switch how {
	case " with PKCE":
		changes = w.withPKCE(p)
	case " with a login hint token":
		token, err := w.hintFor(a, p)
		if err != nil {
			return err
		}
		changes = hinted(token)
	}
	return inOrder(
		func() error { return w.startFlow(ctx, p, a, changes) },
		func() error { return w.bringsToEnd(ctx, p, a) },
		func() error { return seen(w.receivesCode(a)) },
	)
}

// answerEverything gives the flow what it asks for until it is complete.
func (w *World) answerEverything(ctx context.Context, p *Person) error {
	for range 5 {
		var err error
		switch status := p.flow.Get("status").String(); status {
		case completed:
			return nil
		case passwordRequired:
			err = w.submitsPassword(ctx, p)
		case profileRequired:
			err = w.givesPhone(ctx, p, examplePhone)
		case deviceSelection:
			err = w.selectsIfAsked(ctx, p)
		case otpRequired:
			err = w.submitsPasscode(ctx, p)
		default:
			return suite.Unlike(p.flow, "the flow's status", "one that can be answered", status)
		}
		if err != nil {
			return err
		}
	}
	return suite.Unlike(p.flow, "the flow", "complete after five answers", p.flow.Get("status").String())
}

func (w *World) removedPhone(ctx context.Context, p *Person) error {
	ex, err := w.Admin().PatchUser(ctx, p.created, map[string]any{mobilePhone: nil})
	if err := suite.Must("remove the mobile phone number of "+p.label, ex, err, http.StatusOK); err != nil {
		return err
	}
	if left := ex.Get(mobilePhone); given(left) {
		return suite.Unlike(ex, "the mobile phone number of "+p.label+", which was removed", "none", left.Raw)
	}
	p.read, p.changed = ex, false
	return nil
}

// keptOpen lets time pass in pieces that are shorter than a flow's 15 minutes of rest.
func (w *World) keptOpen(ctx context.Context, p *Person, minutes int) error {
	const piece = 10
	if _, err := w.readPasscode(ctx, p); err != nil {
		return err
	}
	for ; minutes > 0; minutes -= piece {
		if err := w.travel(min(piece, minutes)); err != nil {
			return err
		}
		if err := w.getsFlow(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// travel lets minutes pass on the clock of the environment. A recording has them behind it.
func (w *World) travel(minutes int) error {
	place := w.Place()
	if place.Session.Replaying() {
		return nil
	}
	if place.Advance == nil {
		return errors.New("the clock of this environment cannot be set forward: scenarios with @time-travel need the emulator")
	}
	place.Advance(minutes)
	return nil
}
