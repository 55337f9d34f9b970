package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"pingone-conformance/client"
	"pingone-conformance/internal/passcode"
)

var (
	asksForPasscode    = sentence(`PingOne asks {name} for a passcode before sign-on completes`)
	asksOnlyPasscode   = sentence(`PingOne asks {name} for a passcode and for no password`)
	wentToDevice       = sentence(`the passcode went to the device registered for {name}`)
	addressMasked      = sentence(`the address of the device is masked`)
	submitsPasscode    = sentence(`{name} submits the passcode`)
	errNoPasscodesHere = errors.New("no source of passcodes is configured: set PINGONE_PASSCODE")
)

func passcodeSentences(sc book, w *World) {
	sc.Then(asksForPasscode, w.asksForPasscode)
	sc.Then(asksOnlyPasscode, w.asksOnlyForPasscode)
	sc.Then(wentToDevice, w.wentToDevice)
	sc.Then(addressMasked, w.addressIsMasked)
	sc.When(submitsPasscode, w.submitsPasscode)
}

func (w *World) asksForPasscode(name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	return w.flowStatus(p, otpRequired, "otp.check")
}

func (w *World) asksOnlyForPasscode(name string) error {
	if err := w.asksForPasscode(name); err != nil {
		return err
	}
	if w.people[name].flow.Link("usernamePassword.check") != "" {
		return w.unlike("the flow's links", "none for a password", "usernamePassword.check")
	}
	return nil
}

func (w *World) wentToDevice(name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	if p.flow == nil || p.device == nil {
		return fmt.Errorf("%s has no flow or no device: an earlier sentence has to start and register them", name)
	}
	return w.expect("the device that the passcode went to", p.device.Get("id").String(), p.flow.Get("selectedDevice.id").String())
}

// addressIsMasked wants an address with asterisks for each device in the flow's
// newest answer, and no full address anywhere in it.
func (w *World) addressIsMasked() error {
	for _, p := range w.inOrderOfNames() {
		if p.device == nil {
			continue
		}
		for _, member := range []string{"phone", "email"} {
			full := p.device.Get(member).String()
			if full != "" && strings.Contains(string(w.last.Body), full) {
				return w.unlike("the flow's answer", "the device's "+member+" masked", "the whole of it")
			}
		}
	}
	for _, d := range w.last.Get("_embedded.devices").Array() {
		if d.Get("type").String() == "TOTP" {
			continue
		}
		if shown := d.Get("phone").String() + d.Get("email").String(); !strings.Contains(shown, "*") {
			return w.unlike("the address of the device", "asterisks in it", fmt.Sprintf("%q", shown))
		}
	}
	return nil
}

func (w *World) submitsPasscode(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	code, err := w.readPasscode(ctx, p)
	if err != nil {
		return err
	}
	if err := w.tryPasscode(ctx, p, code); err != nil {
		return err
	}
	return w.must("submit the passcode", p.answer, nil, http.StatusOK)
}

// readPasscode gets the newest passcode that was sent to the person's device in the flow.
func (w *World) readPasscode(ctx context.Context, p *person) (string, error) {
	code, err := w.passcodeFor(ctx, p, p.flow)
	if err != nil {
		return "", err
	}
	p.passcodes = append(p.passcodes, code)
	return code, nil
}

// passcodeFor asks the place's source for a passcode; in replay the recording's stand-in is used.
func (w *World) passcodeFor(ctx context.Context, p *person, flow *client.Exchange) (string, error) {
	var failed error
	code := w.place.Session.Secret("passcode", func() string {
		var code string
		code, failed = w.askSource(ctx, p, flow)
		return code
	})
	if failed != nil {
		return "", fmt.Errorf("get the passcode of %s: %w", p.label, failed)
	}
	return code, nil
}

func (w *World) askSource(ctx context.Context, p *person, flow *client.Exchange) (string, error) {
	source := w.place.Passcodes
	if source == nil {
		return "", errNoPasscodesHere
	}
	device := passcode.Device{
		ID: p.device.Get("id").String(), Type: p.device.Get("type").String(),
		Address: firstOf(p.device, "phone", "email"),
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
func (w *World) tryPasscode(ctx context.Context, p *person, code string) error {
	return w.act(p, func() (*client.Exchange, error) { return p.browser.CheckOTP(ctx, p.flow, code) })
}
