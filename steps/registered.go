package steps

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"pingone-conformance/client"
)

var (
	isRegistered        = sentence(`{name} is registered`)
	mustChange          = sentence(`{name} is registered with a password that {his} must change`)
	registeredWithPhone = sentence(`{name} is registered with the mobile phone number {text}`)
	registeredWithMFA   = sentence(`{name} is registered with an MFA device`)
	registeredWithSMS   = sentence(`{name} is registered with a text message device`)
	withoutDevice       = sentence(`{name} is registered with MFA but without a device`)
	withoutMFA          = sentence(`{name} is registered with an MFA device, but without MFA`)
	anotherDevice       = sentence(`{name} has another MFA device, for (text messages|e-mail)`)
	hasBegun            = sentence(`{name} has begun to sign on to {text}( in another browser)?`)
	hasBeenAskedPhone   = sentence(`{name} has been asked for {his} mobile phone number by {text}`)
	hasBeenAskedCode    = sentence(`{name} has been asked for a passcode by {text}( with a login hint token)?`)
	hasGivenPhone       = sentence(`{name} has given {his} mobile phone number to {text}`)
	hasSignedOn         = sentence(`{name} has signed on to {text}( with PKCE| with a login hint token)?`)
	removedPhone        = sentence(`Priya has removed the mobile phone number of {name}`)
	minutesPassed       = sentence(`{int} minutes have passed`)
	keptOpen            = sentence(`{name} has kept the flow open for {int} minutes`)
	newPasscodeSent     = sentence(`{name} has had a new passcode sent`)
)

func registeredSentences(sc book, w *World) {
	sc.Given(isRegistered, func(ctx context.Context, name string) error { return w.register(ctx, name, nil, false) })
	sc.Given(mustChange, func(ctx context.Context, name string) error { return w.register(ctx, name, nil, true) })
	sc.Given(registeredWithPhone, func(ctx context.Context, name, phone string) error {
		return w.register(ctx, name, map[string]any{mobilePhone: phone}, false)
	})
	sc.Given(registeredWithMFA, func(ctx context.Context, name string) error { return w.registerWithDevice(ctx, name, "EMAIL") })
	sc.Given(registeredWithSMS, func(ctx context.Context, name string) error { return w.registerWithDevice(ctx, name, "SMS") })
	sc.Given(withoutDevice, w.registerWithMFA)
	sc.Given(withoutMFA, func(ctx context.Context, name string) error { return w.registerWithoutMFA(ctx, name) })
	sc.Given(anotherDevice, w.hasAnotherDevice)
	sc.Given(hasBegun, w.hasBegun)
	sc.Given(hasBeenAskedPhone, w.hasBeenAskedForPhone)
	sc.Given(hasBeenAskedCode, w.hasBeenAskedForPasscode)
	sc.Given(hasGivenPhone, w.hasGivenPhone)
	sc.Given(hasSignedOn, w.hasSignedOn)
	sc.Given(removedPhone, w.removedPhone)
	sc.Given(minutesPassed, w.minutesPassed)
	sc.Given(keptOpen, w.keptOpen)
	sc.Given(newPasscodeSent, w.hasNewPasscodeSent)
}

func (w *World) register(ctx context.Context, name string, changes map[string]any, mustChange bool) error {
	p := w.newPerson(name)
	return inOrder(
		func() error { return w.createUser(ctx, p, w.populations[people], changes) },
		func() error { return w.setPassword(ctx, p, mustChange) },
	)
}

func (w *World) registerWithMFA(ctx context.Context, name string) error {
	return inOrder(
		func() error { return w.register(ctx, name, nil, false) },
		func() error { return w.enablesMFA(ctx, name) },
	)
}

func (w *World) registerWithDevice(ctx context.Context, name, kind string) error {
	return inOrder(
		func() error { return w.registerWithMFA(ctx, name) },
		func() error { return w.registersDevice(ctx, name, kind) },
	)
}

// registerWithoutMFA switches MFA off again: the device alone would do.
func (w *World) registerWithoutMFA(ctx context.Context, name string) error {
	if err := w.registerWithDevice(ctx, name, "EMAIL"); err != nil {
		return err
	}
	ex, err := w.admin.UpdateMFAEnabled(ctx, w.people[name].created, map[string]any{"mfaEnabled": false})
	return w.must("switch MFA off for "+name, ex, err, http.StatusOK)
}

func (w *World) hasAnotherDevice(ctx context.Context, name, channel string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	first, kind := p.device, "SMS"
	if channel == "e-mail" {
		kind = "EMAIL"
	}
	if err := w.registersDevice(ctx, name, kind); err != nil {
		return err
	}
	p.other, p.device = p.device, first
	return nil
}

// hasBegun sends the authorization request and gets the flow.
func (w *World) hasBegun(ctx context.Context, name, label, elsewhere string) error {
	if elsewhere != "" {
		p, err := w.person(name)
		if err != nil {
			return err
		}
		p.browser = w.newBrowser()
	}
	return inOrder(
		func() error { return w.asksToSignOn(ctx, name, label) },
		func() error { return w.getsFlow(ctx, name) },
	)
}

func (w *World) hasBeenAskedForPhone(ctx context.Context, name, label string) error {
	return inOrder(
		func() error { return w.hasBegun(ctx, name, label, "") },
		func() error { return w.submitsPassword(ctx, name) },
		func() error { return w.asksForPhone(name) },
	)
}

func (w *World) hasBeenAskedForPasscode(ctx context.Context, name, label, hinted string) error {
	begin := func() error {
		return inOrder(
			func() error { return w.hasBegun(ctx, name, label, "") },
			func() error { return w.submitsPassword(ctx, name) },
		)
	}
	if hinted != "" {
		begin = func() error { return w.startsWithHint(ctx, label, name) }
	}
	return inOrder(begin, func() error { return w.asksForPasscode(name) })
}

// examplePhone is what people give who are asked for a number in passing.
const examplePhone = "+1.5125550123"

func (w *World) hasGivenPhone(ctx context.Context, name, label string) error {
	return inOrder(
		func() error { return w.hasBeenAskedForPhone(ctx, name, label) },
		func() error { return w.givesPhone(ctx, name, examplePhone) },
		w.signOnIsComplete,
	)
}

// hasSignedOn brings a sign-on to its end, whatever the policy asks for.
func (w *World) hasSignedOn(ctx context.Context, name, label, how string) error {
	p, a, err := w.personAndApp(name, label)
	if err != nil {
		return err
	}
	changes, err := w.waysToSignOn(p, a, how)
	if err != nil {
		return err
	}
	return w.signOn(ctx, p, a, changes)
}

func (w *World) waysToSignOn(p *person, a *application, how string) (map[string]string, error) {
	switch how {
	case " with PKCE":
		return w.withPKCE(p), nil
	case " with a login hint token":
		token, err := w.hintFor(a, p)
		return map[string]string{"response_mode": "pi.flow", "login_hint_token": token}, err
	}
	return nil, nil
}

func (w *World) signOn(ctx context.Context, p *person, a *application, changes map[string]string) error {
	return inOrder(
		func() error { return w.startFlow(ctx, p, a, changes) },
		func() error { return w.getsFlow(ctx, p.label) },
		func() error { return w.answerEverything(ctx, p) },
		func() error { return w.resumes(ctx, p.label) },
		func() error { return w.receivesCode(a.label) },
	)
}

// answerEverything gives the flow what it asks for until it is complete.
func (w *World) answerEverything(ctx context.Context, p *person) error {
	for range 5 {
		var err error
		switch status := p.flow.Get("status").String(); status {
		case completed:
			return nil
		case passwordRequired:
			err = w.submitsPassword(ctx, p.label)
		case profileRequired:
			err = w.givesPhone(ctx, p.label, examplePhone)
		case otpRequired:
			err = w.submitsPasscode(ctx, p.label)
		default:
			return w.unlike("the flow's status", "one that can be answered", status)
		}
		if err != nil {
			return err
		}
	}
	return w.unlike("the flow", "complete after five answers", p.flow.Get("status").String())
}

func (w *World) removedPhone(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	ex, err := w.admin.PatchUser(ctx, p.created, map[string]any{mobilePhone: nil})
	if err := w.must("remove the mobile phone number of "+name, ex, err, http.StatusOK); err != nil {
		return err
	}
	if left := ex.Get(mobilePhone); left.Exists() {
		return w.unlike("the mobile phone number of "+name+", which was removed", "none", left.Raw)
	}
	return nil
}

func (w *World) minutesPassed(count string) error {
	minutes, err := strconv.Atoi(count)
	if err != nil {
		return fmt.Errorf("%q is no number of minutes: %w", count, err)
	}
	return w.travel(minutes)
}

// keptOpen lets time pass in pieces that are shorter than a flow's 15 minutes of rest.
func (w *World) keptOpen(ctx context.Context, name, count string) error {
	minutes, err := strconv.Atoi(count)
	if err != nil {
		return fmt.Errorf("%q is no number of minutes: %w", count, err)
	}
	const piece = 10
	if err := w.readAhead(ctx, name); err != nil {
		return err
	}
	for ; minutes > 0; minutes -= piece {
		if err := w.travel(min(piece, minutes)); err != nil {
			return err
		}
		if err := w.getsFlow(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// readAhead reads the newest passcode and keeps it for later.
func (w *World) readAhead(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	_, err = w.readPasscode(ctx, p)
	return err
}

func (w *World) hasNewPasscodeSent(ctx context.Context, name string) error {
	if err := w.readAhead(ctx, name); err != nil {
		return err
	}
	p := w.people[name]
	p.passcodedAt = w.place.Session.Now()
	if err := w.selectDevice(ctx, p, p.device); err != nil {
		return err
	}
	return w.must("have a new passcode sent", p.answer, nil, http.StatusOK)
}

// selectDevice has a passcode sent to a device, whatever comes back.
func (w *World) selectDevice(ctx context.Context, p *person, device *client.Exchange) error {
	return w.act(p, func() (*client.Exchange, error) {
		return p.browser.SelectDevice(ctx, p.flow, device.Get("id").String())
	})
}
