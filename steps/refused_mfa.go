package steps

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"pingone-conformance/client"
)

var (
	triesWrongPasscode = sentence(`{name} tries a wrong passcode(?: {int} times)?`)
	triesOwnPasscode   = sentence(`{name} tries {his} own passcode( in a browser without cookies)?`)
	triesOldPasscode   = sentence(`{name} tries the old passcode`)
	refusesPasscode    = sentence(`PingOne refuses the passcode`)
	stillAsksPasscode  = sentence(`the flow still asks {name} for a passcode`)
	noneCompleted      = sentence(`no sign-on has been completed`)
	choosesOther       = sentence(`{name} chooses {his} other device`)
	wentToOther        = sentence(`the passcode went to the other device of {name}`)
	goesNoFurther      = sentence(`sign-on goes no further`)
	doesNotAskPasscode = sentence(`PingOne does not ask for a passcode`)
	takesNoMore        = sentence(`PingOne takes no more passcodes`)
	triesPlainJSON     = sentence(`{name}'s browser tries to send the passcode without naming the action`)
	triesToFinish      = sentence(`{name} tries to finish the flow of {name} with {his} passcode`)
)

func refusedMFASentences(sc book, w *World) {
	sc.When(triesWrongPasscode, w.triesWrongPasscode)
	sc.When(triesOwnPasscode, w.triesOwnPasscode)
	sc.When(triesOldPasscode, w.triesOldPasscode)
	sc.Then(refusesPasscode, w.refusesPasscode)
	sc.Then(stillAsksPasscode, w.stillAsksForPasscode)
	sc.Then(noneCompleted, w.noSignOnCompleted)
	sc.When(choosesOther, w.choosesOtherDevice)
	sc.Then(wentToOther, w.wentToOtherDevice)
	sc.Then(goesNoFurther, w.goesNoFurther)
	sc.Then(doesNotAskPasscode, w.doesNotAskForPasscode)
	sc.Then(takesNoMore, w.takesNoMorePasscodes)
	sc.When(triesPlainJSON, w.triesPlainJSON)
	sc.When(triesToFinish, w.triesToFinish)
}

// wrongPasscode is right once in a million.
const wrongPasscode = "000000"

func (w *World) triesWrongPasscode(ctx context.Context, name, times string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	n := 1
	if times != "" {
		if n, err = strconv.Atoi(times); err != nil {
			return fmt.Errorf("%q is no number: %w", times, err)
		}
	}
	for range n {
		if err := w.tryPasscode(ctx, p, wrongPasscode); err != nil {
			return err
		}
	}
	return nil
}

// ownPasscode is the newest one: read ahead by an earlier sentence, or read now.
func (w *World) ownPasscode(ctx context.Context, name string) (*person, string, error) {
	p, err := w.person(name)
	if err != nil {
		return nil, "", err
	}
	if len(p.passcodes) > 0 {
		return p, p.passcodes[len(p.passcodes)-1], nil
	}
	code, err := w.readPasscode(ctx, p)
	return p, code, err
}

func (w *World) triesOwnPasscode(ctx context.Context, name, elsewhere string) error {
	p, code, err := w.ownPasscode(ctx, name)
	if err != nil {
		return err
	}
	if elsewhere == "" {
		return w.tryPasscode(ctx, p, code)
	}
	return w.act(p, func() (*client.Exchange, error) { return w.newBrowser().CheckOTP(ctx, p.flow, code) })
}

func (w *World) triesOldPasscode(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	if len(p.passcodes) == 0 {
		return fmt.Errorf("%s has no old passcode: an earlier sentence has to have a new one sent", name)
	}
	return w.tryPasscode(ctx, p, p.passcodes[0])
}

// refusesPasscode takes the documented code of a wrong passcode, and those that
// public sources give for too many of them.
func (w *World) refusesPasscode() error {
	const what = "a passcode that is not right"
	return inOrder(
		func() error { return w.refused(what, w.last) },
		func() error {
			return w.code(what, w.last, "INVALID_DATA", "REQUEST_FAILED", "REQUEST_LIMITED", "INVALID_REQUEST")
		},
		func() error {
			return w.detail(what, w.last, "INVALID_OTP", "QUOTA_EXCEEDED", "LIMIT_EXCEEDED", "NO_USABLE_DEVICES", "INVALID_VALUE")
		},
	)
}

func (w *World) stillAsksForPasscode(ctx context.Context, name string) error {
	if err := w.getsFlow(ctx, name); err != nil {
		return err
	}
	return w.asksForPasscode(name)
}

// noSignOnCompleted wants no flow complete.
func (w *World) noSignOnCompleted(ctx context.Context) error {
	return w.eachFlowAgain(ctx, func(*person, *client.Exchange) error { return nil })
}

func (w *World) choosesOtherDevice(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	if p.other == nil {
		return fmt.Errorf("%s has no other device: an earlier sentence has to register one", name)
	}
	// The first device of a person is the default one; what comes from now on is for the other.
	p.device, p.other = p.other, p.device
	p.passcodedAt = w.place.Session.Now()
	if err := w.selectDevice(ctx, p, p.device); err != nil {
		return err
	}
	return w.must("choose the other device", p.answer, nil, http.StatusOK)
}

func (w *World) wentToOtherDevice(name string) error { return w.wentToDevice(name) }

// goesNoFurther wants a refusal, or a flow that has failed: neither a passcode to be given nor completion.
func (w *World) goesNoFurther() error {
	const what = "sign-on without a usable device"
	w.proof.spoken()
	w.observeOutcome(what, seenAs(w.last))
	if w.last.Status == http.StatusOK {
		if status := w.last.Get("status").String(); status == completed || status == otpRequired {
			return w.unlike(what, "no way on", status)
		}
		return nil
	}
	return w.refused(what, w.last)
}

// doesNotAskForPasscode takes a flow that goes on or ends without a passcode, and a refusal.
func (w *World) doesNotAskForPasscode() error {
	const what = "sign-on of somebody whose MFA is off"
	w.observeOutcome(what, seenAs(w.last))
	if w.last.Status != http.StatusOK {
		return w.refused(what, w.last)
	}
	w.proof.spoken()
	if status := w.last.Get("status").String(); status == otpRequired || status == deviceSelection || w.last.Link("otp.check") != "" {
		return w.unlike(what, "no question for a passcode", status)
	}
	return nil
}

// takesNoMorePasscodes wants the passcode refused, or the flow failed: which of
// them comes after too many wrong ones is not documented.
func (w *World) takesNoMorePasscodes() error {
	w.observeOutcome("a passcode after too many wrong ones", seenAs(w.last))
	if w.last.Status == http.StatusOK && w.last.Get("status").String() == failed {
		w.proof.spoken()
		return nil
	}
	return w.refusesPasscode()
}

func (w *World) triesPlainJSON(ctx context.Context, name string) error {
	p, code, err := w.ownPasscode(ctx, name)
	if err != nil {
		return err
	}
	return w.act(p, func() (*client.Exchange, error) {
		return p.browser.FlowAction(ctx, p.flow, "otp.check", client.JSON, map[string]any{"otp": code})
	})
}

// triesToFinish submits the right passcode of one person's flow with another person's cookies.
func (w *World) triesToFinish(ctx context.Context, intruder, owner string) error {
	other, err := w.person(intruder)
	if err != nil {
		return err
	}
	p, code, err := w.ownPasscode(ctx, owner)
	if err != nil {
		return err
	}
	return w.act(p, func() (*client.Exchange, error) { return other.browser.CheckOTP(ctx, p.flow, code) })
}
