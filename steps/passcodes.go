package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"pingone-conformance/client"
	"pingone-conformance/internal/passcode"
	"pingone-conformance/suite"
)

// passcodes is one-time passcodes: asked for, given, wrong, old, and too many.
func passcodes(r *suite.Registry, w *World) {
	r.Then(`^PingOne asks ([A-Z][a-z]+) for a passcode before sign-on completes$`, w.asksForPasscode)
	r.Then(`^PingOne asks ([A-Z][a-z]+) for a passcode and for no password$`, w.asksOnlyForPasscode)
	r.Then(`^PingOne does not ask for a passcode$`, w.doesNotAskForPasscode)
	r.When(`^([A-Z][a-z]+) submits the passcode(?: \(step \d+\))?$`, w.submitsPasscode)
	r.When(`^([A-Z][a-z]+) tries a wrong passcode( as often as the device policy allows)?$`, w.triesWrongPasscode)
	r.When(`^([A-Z][a-z]+) tries (?:his|her|their) own passcode( in a browser without cookies)?$`, w.triesOwnPasscode)
	r.When(`^([A-Z][a-z]+) tries the old passcode$`, w.triesOldPasscode)
	r.When(`^([A-Z][a-z]+) tries the passcode of (?:his|her|their) earlier sign-on$`, w.triesSpentPasscode)
	r.When(`^([A-Z][a-z]+) tries the passcode of ([A-Z][a-z]+)$`, w.triesPasscodeOf)
	r.When(`^([A-Z][a-z]+)'s browser tries to send the passcode without naming the action$`, w.triesPlainJSON)
	r.When(`^([A-Z][a-z]+) tries to finish the flow of ([A-Z][a-z]+) with (?:his|her|their) passcode$`, w.triesToFinish)
	r.Then(`^PingOne refuses the passcode$`, func() (suite.Evidence, error) { return w.judge(w.passcodeRefused, aPasscode) })
	r.Then(`^the flow still asks ([A-Z][a-z]+) for a passcode$`, w.stillAsksForPasscode)
	r.Then(`^PingOne takes no more passcodes$`, w.takesNoMorePasscodes)
}

var errNoPasscodesHere = errors.New("no source of passcodes is configured: set PINGONE_PASSCODE")

func (w *World) asksForPasscode(p *Person) (suite.Evidence, error) {
	return w.flowStatus(p, otpRequired, "otp.check")
}

func (w *World) asksOnlyForPasscode(p *Person) (suite.Evidence, error) {
	evidence, err := w.asksForPasscode(p)
	if err != nil {
		return nil, err
	}
	if p.flow.Link("usernamePassword.check") != "" {
		return nil, suite.Unlike(p.flow, "the flow's links", "none for a password", "usernamePassword.check")
	}
	return evidence, nil
}

func (w *World) submitsPasscode(ctx context.Context, p *Person) error {
	code, err := w.readPasscode(ctx, p)
	if err != nil {
		return err
	}
	if err := w.tryPasscode(ctx, p, code); err != nil {
		return err
	}
	return suite.Must("submit the passcode", p.answer, nil, http.StatusOK)
}

// readPasscode gets the newest passcode that was sent to the person's device in the flow.
func (w *World) readPasscode(ctx context.Context, p *Person) (string, error) {
	if err := p.inFlow(); err != nil {
		return "", err
	}
	if p.device == nil {
		return "", fmt.Errorf("%s has no device to which a passcode could be sent: an earlier sentence has to register one", p.label)
	}
	if code := p.ahead; code != "" {
		p.ahead = ""
		return code, nil
	}
	code, err := w.passcodeFor(ctx, p, p.reachedBy(), p.flow)
	if err != nil {
		return "", err
	}
	p.passcodes = append(p.passcodes, code)
	return code, nil
}

// passcodeFor asks the place's source for a passcode; in replay the recording's stand-in is used.
func (w *World) passcodeFor(ctx context.Context, p *Person, device, flow *client.Exchange) (string, error) {
	var failed error
	code := w.Secret("passcode", func() string {
		var code string
		code, failed = w.askSource(ctx, p, device, flow)
		return code
	})
	if failed != nil {
		return "", fmt.Errorf("get the passcode of %s: %w", p.label, failed)
	}
	return code, nil
}

func (w *World) askSource(ctx context.Context, p *Person, registered, flow *client.Exchange) (string, error) {
	source := w.Place().Passcodes
	if source == nil {
		return "", errNoPasscodesHere
	}
	device := passcode.Device{
		ID: registered.Get("id").String(), Type: registered.Get("type").String(),
		Address: firstOf(registered, "phone", "email"),
	}
	var body []byte
	if flow != nil {
		body = flow.Body
		device.FlowID = flow.Get("id").String()
		device.Masked = masked(flow, device.ID)
	}
	return source.Passcode(ctx, device, body, askedSince(p.passcodedAt, flow))
}

// askedSince is the moment from which a passcode counts: when it was asked for, or
// as much earlier as the clock that stamps the message runs behind ours.
func askedSince(asked time.Time, flow *client.Exchange) time.Time {
	if flow == nil {
		return asked
	}
	theirs, err := http.ParseTime(flow.Header.Get("Date"))
	if behind := flow.At.Sub(theirs); err == nil && behind > time.Second {
		return asked.Add(-behind)
	}
	return asked
}

// masked is the device's address as the flow shows it to the person.
func masked(flow *client.Exchange, id string) string {
	for _, d := range flow.Get("_embedded.devices").Array() {
		if d.Get("id").String() == id {
			return d.Get("phone").String() + d.Get("email").String()
		}
	}
	return ""
}

// tryPasscode submits a passcode, whatever comes back.
func (w *World) tryPasscode(ctx context.Context, p *Person, code string) error {
	return w.act(p, aPasscode, p, func() (*client.Exchange, error) { return p.browser.CheckOTP(ctx, p.flow, code) })
}

// wrongPasscode is right once in a million.
const wrongPasscode = "000000"

func (w *World) triesWrongPasscode(ctx context.Context, p *Person, often string) error {
	times := 1
	if often != "" {
		var err error
		if times, err = w.wrongPasscodesAllowed(ctx, p); err != nil {
			return err
		}
	}
	for range times {
		if err := w.tryPasscode(ctx, p, wrongPasscode); err != nil {
			return err
		}
	}
	return nil
}

// ownPasscode is the newest one: read ahead by an earlier sentence, or read now.
func (w *World) ownPasscode(ctx context.Context, p *Person) (string, error) {
	if len(p.passcodes) > 0 {
		return p.passcodes[len(p.passcodes)-1], nil
	}
	return w.readPasscode(ctx, p)
}

func (w *World) triesOwnPasscode(ctx context.Context, p *Person, elsewhere string) error {
	code, err := w.ownPasscode(ctx, p)
	if err != nil {
		return err
	}
	if elsewhere == "" {
		return w.tryPasscode(ctx, p, code)
	}
	return w.act(p, aPasscode, p, func() (*client.Exchange, error) { return w.NewBrowser().CheckOTP(ctx, p.flow, code) })
}

func (w *World) triesOldPasscode(ctx context.Context, p *Person) error {
	if len(p.passcodes) == 0 {
		return fmt.Errorf("%s has no old passcode: an earlier sentence has to have a new one sent", p.label)
	}
	return w.tryPasscode(ctx, p, p.passcodes[0])
}

// triesSpentPasscode submits what has signed the person on before.
func (w *World) triesSpentPasscode(ctx context.Context, p *Person) error {
	if p.spent == "" {
		return fmt.Errorf("%s has not signed on with a passcode before: an earlier sentence has to", p.label)
	}
	return w.tryPasscode(ctx, p, p.spent)
}

// triesPasscodeOf submits what was sent to somebody else.
func (w *World) triesPasscodeOf(ctx context.Context, p, other *Person) error {
	if p == other {
		return fmt.Errorf("the passcode of %s is %s's own: name somebody else", other.label, p.label)
	}
	code, err := w.ownPasscode(ctx, other)
	if err != nil {
		return err
	}
	return w.tryPasscode(ctx, p, code)
}

// triesPlainJSON sends the right passcode with a media type that names no action.
func (w *World) triesPlainJSON(ctx context.Context, p *Person) error {
	code, err := w.ownPasscode(ctx, p)
	if err != nil {
		return err
	}
	return w.actAgainst(p, otherAction, p, func() (*client.Exchange, error) {
		return p.browser.FlowAction(ctx, p.flow, "otp.check", client.JSON, map[string]any{"otp": code})
	}, "INVALID_REQUEST", "INVALID_DATA", "REQUEST_FAILED")
}

// triesToFinish submits the right passcode of one person's flow with another person's cookies.
func (w *World) triesToFinish(ctx context.Context, intruder, owner *Person) error {
	code, err := w.ownPasscode(ctx, owner)
	if err != nil {
		return err
	}
	return w.act(intruder, otherAction, owner, func() (*client.Exchange, error) {
		return intruder.browser.CheckOTP(ctx, owner.flow, code)
	})
}

// passcodeRefused takes the documented code of a wrong passcode, and those that
// public sources give for too many of them.
func (w *World) passcodeRefused(ex *client.Exchange) error {
	const what = "a passcode that is not right"
	return inOrder(
		func() error { return refused(what, ex) },
		func() error {
			return errorCode(what, ex, "INVALID_DATA", "REQUEST_FAILED", "REQUEST_LIMITED", "INVALID_REQUEST")
		},
		func() error {
			return w.detail(what, ex, "INVALID_OTP", "QUOTA_EXCEEDED", "LIMIT_EXCEEDED", "NO_USABLE_DEVICES", "INVALID_VALUE")
		},
	)
}

func (w *World) stillAsksForPasscode(ctx context.Context, p *Person) (suite.Evidence, error) {
	if err := w.getsFlow(ctx, p); err != nil {
		return nil, err
	}
	return w.asksForPasscode(p)
}

// takesNoMorePasscodes wants the passcode refused, and those before it in this flow, or the flow failed: which of
// them comes after too many wrong ones is not documented.
func (w *World) takesNoMorePasscodes() (suite.Evidence, error) {
	newest, err := w.tried(aPasscode)
	if err != nil {
		return nil, err
	}
	w.Outcome("a passcode after too many wrong ones", summary(newest.answer))
	var evidence suite.Evidence
	for a := newest; a != nil; a = a.earlier {
		if a.flow != newest.flow {
			continue
		}
		evidence = evidence.And(a.evidence())
		if a.answer.Status == http.StatusOK && a.answer.Get("status").String() == failed {
			continue
		}
		if err := w.passcodeRefused(a.answer); err != nil {
			return evidence, err
		}
	}
	return evidence, nil
}

// doesNotAskForPasscode takes a flow that goes on or ends without a passcode, and a refusal;
// no passcode may have been asked for before.
func (w *World) doesNotAskForPasscode() (suite.Evidence, error) {
	const what = "sign-on of somebody whose MFA is off"
	a, err := w.tried(flowActions...)
	if err != nil {
		return nil, err
	}
	if a.before == otpRequired || a.before == deviceSelection || len(a.flow.passcodes) > 0 {
		return nil, suite.Unlike(a.answer, what, "no question for a passcode", "one before this answer")
	}
	return w.judge(func(ex *client.Exchange) error {
		w.Outcome(what, summary(ex))
		if ex.Status != http.StatusOK {
			return refused(what, ex)
		}
		if status := ex.Get("status").String(); status == otpRequired || status == deviceSelection || ex.Link("otp.check") != "" {
			return suite.Unlike(ex, what, "no question for a passcode", status)
		}
		return nil
	}, flowActions...)
}
