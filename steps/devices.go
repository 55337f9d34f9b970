package steps

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
	"pingone-conformance/internal/passcode"
	"pingone-conformance/suite"
)

// devices is MFA devices, and to which of them a passcode goes.
func devices(r *suite.Registry, w *World) {
	r.When(`^Priya registers an MFA device for ([A-Z][a-z]+)(?: \(step \d+\))?$`, func(ctx context.Context, p *Person) error {
		return w.registersDevice(ctx, p, "EMAIL")
	})
	r.When(`^Priya registers a text message device for ([A-Z][a-z]+)(?: \(step \d+\))?$`, func(ctx context.Context, p *Person) error {
		return w.registersDevice(ctx, p, "SMS")
	})
	r.Given(`^([A-Z][a-z]+) has another MFA device, for (text messages|e-mail)$`, w.hasAnotherDevice)
	r.Given(`^([A-Z][a-z]+) has an MFA device that waits for its activation$`, w.hasPendingDevice)
	r.Then(`^the device of ([A-Z][a-z]+) is ready for use$`, w.deviceIsReady)
	r.When(`^([A-Z][a-z]+) chooses (?:his|her|their) other device$`, w.choosesOtherDevice)
	r.Then(`^the passcode went to the device registered for ([A-Z][a-z]+)$`, func(ctx context.Context, p *Person) (suite.Evidence, error) {
		return w.wentTo(ctx, p, p.device, "device")
	})
	r.Then(`^the passcode went to the other device of ([A-Z][a-z]+)$`, func(ctx context.Context, p *Person) (suite.Evidence, error) {
		return w.wentTo(ctx, p, p.other, "other device")
	})
	r.Then(`^the address of the device is masked$`, w.addressIsMasked)
	r.Then(`^PingOne offers ([A-Z][a-z]+) text messages only$`, w.offersOnlyTexts)
}

// registersDevice registers a device of the wanted type, or the one that the
// chosen source of passcodes can read: an authenticator application for totp, a
// device in test mode for test-device. A person's first one is the default.
func (w *World) registersDevice(ctx context.Context, p *Person, kind string) error {
	ex, err := w.registered(ctx, p, kind)
	if err != nil {
		return err
	}
	if p.device == nil {
		p.device = ex
	} else {
		p.other = ex
	}
	return nil
}

func (w *World) registered(ctx context.Context, p *Person, kind string) (*client.Exchange, error) {
	body := w.deviceBody(kind)
	ex, err := w.Admin().CreateDevice(ctx, p.created, body)
	// The vendor's pages give 201 as the rule and 200 in one place.
	if err := suite.Must(fmt.Sprintf("register a device of type %s for %s", body["type"], p.label), ex, err, http.StatusCreated, http.StatusOK); err != nil {
		return nil, err
	}
	if body["type"] != "TOTP" {
		return ex, nil
	}
	err = w.Aside(func() error {
		ex, err = w.pairAuthenticator(ctx, p, ex)
		return err
	})
	return ex, err
}

func (w *World) deviceBody(kind string) map[string]any {
	place := w.Place()
	if place.PasscodeKind == passcode.KindTOTP {
		return map[string]any{"type": "TOTP"}
	}
	body := map[string]any{"type": kind}
	if kind == "EMAIL" {
		body["email"] = place.Email
	} else {
		body["phone"] = place.Phone
	}
	if place.PasscodeKind == passcode.KindTestDevice {
		body["testMode"] = true
	}
	return body
}

// pairAuthenticator activates a TOTP device with a passcode computed from its secret.
func (w *World) pairAuthenticator(ctx context.Context, p *Person, device *client.Exchange) (*client.Exchange, error) {
	if p.totpSecret = firstOf(device, "secret", "properties.secret"); p.totpSecret == "" {
		return nil, suite.Unlike(device, "the secret of the authenticator device", "some text", "none")
	}
	if totp, ok := w.Place().Passcodes.(*passcode.TOTP); ok {
		if err := totp.Pair(device.Get("id").String(), p.totpSecret); err != nil {
			return nil, fmt.Errorf("pair the authenticator of %s: %w", p.label, err)
		}
	}
	code, err := w.passcodeFor(ctx, p, device, nil)
	if err != nil {
		return nil, err
	}
	ex, err := w.Admin().ActivateDevice(ctx, device, code)
	return ex, suite.Must("activate the authenticator device of "+p.label, ex, err, http.StatusOK)
}

// firstOf returns the first of the members that the answer has.
func firstOf(ex *client.Exchange, paths ...string) string {
	for _, path := range paths {
		if v := ex.Get(path); given(v) {
			return v.String()
		}
	}
	return ""
}

func (w *World) hasAnotherDevice(ctx context.Context, p *Person, channel string) error {
	if p.device == nil {
		return fmt.Errorf("%s has no first device: an earlier sentence has to register one", p.label)
	}
	kind := "SMS"
	if channel == "e-mail" {
		kind = "EMAIL"
	}
	return w.registersDevice(ctx, p, kind)
}

// hasPendingDevice registers a device that is not in use until it is activated.
//
// https://developer.pingidentity.com/pingone-api/mfa/users/mfa-devices.html
func (w *World) hasPendingDevice(ctx context.Context, p *Person) error {
	body := map[string]any{"type": "EMAIL", "email": w.Place().Email, "status": "ACTIVATION_REQUIRED"}
	ex, err := w.Admin().CreateDevice(ctx, p.created, body)
	if err := suite.Must("register a device of "+p.label+" that waits for its activation", ex, err, http.StatusCreated, http.StatusOK); err != nil {
		return err
	}
	return suite.Expect(ex, "the status of the device", "ACTIVATION_REQUIRED", ex.Get("status").String())
}

func (w *World) deviceIsReady(p *Person) (suite.Evidence, error) {
	if p.device == nil {
		return nil, fmt.Errorf("%s has no device: an earlier sentence has to register one", p.label)
	}
	return suite.Read(p.device, p), suite.Expect(p.device, "the status of the device of "+p.label, "ACTIVE", p.device.Get("status").String())
}

func (w *World) choosesOtherDevice(ctx context.Context, p *Person) error {
	if p.other == nil {
		return fmt.Errorf("%s has no other device: an earlier sentence has to register one", p.label)
	}
	p.chosen = p.other
	return w.sendsToDevice(ctx, p, "choose the other device")
}

// selectsIfAsked selects a device where the flow sends no passcode before that was done, as the device policy may say: the one
// that the person expects passcodes at, if it is offered. It is no call of the published lists.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1/select-device.html
func (w *World) selectsIfAsked(ctx context.Context, p *Person) error {
	if p.flow.Get("status").String() != deviceSelection || p.device == nil {
		return nil
	}
	id := p.reachedBy().Get("id").String()
	offered := p.flow.Get("_embedded.devices").Array()
	if len(offered) > 0 && !slices.ContainsFunc(offered, func(d gjson.Result) bool { return d.Get("id").String() == id }) {
		id = offered[0].Get("id").String()
	}
	return w.Aside(func() error {
		p.passcodedAt = w.Now()
		ex, err := p.browser.SelectDevice(ctx, p.flow, id)
		if err := suite.Must("select a device", ex, err, http.StatusOK); err != nil {
			return err
		}
		w.wentOn(p, ex)
		w.Outcome("where a passcode goes", "the device policy has people select a device first")
		return nil
	})
}

// sendsToDevice has a passcode sent to the person's device, which the flow takes.
func (w *World) sendsToDevice(ctx context.Context, p *Person, doing string) error {
	p.passcodedAt, p.ahead = w.Now(), ""
	if err := w.act(p, otherAction, p, func() (*client.Exchange, error) {
		return p.browser.SelectDevice(ctx, p.flow, p.reachedBy().Get("id").String())
	}); err != nil {
		return err
	}
	return suite.Must(doing, p.answer, nil, http.StatusOK)
}

// wentTo looks at the device that the flow names. Where it names none, as it may, the device has to be among those that the
// flow offers, and the passcode is read from that very device.
func (w *World) wentTo(ctx context.Context, p *Person, device *client.Exchange, word string) (suite.Evidence, error) {
	if device == nil {
		return nil, fmt.Errorf("%s has no %s: an earlier sentence has to register one", p.label, word)
	}
	if err := p.inFlow(); err != nil {
		return nil, err
	}
	evidence, id := suite.Read(p.flow, p), device.Get("id").String()
	if selected := p.flow.Get("selectedDevice.id"); given(selected) {
		return evidence, suite.Expect(p.flow, "the device that the passcode went to", id, selected.String())
	}
	if !given(p.flow.Get("_embedded.devices")) {
		return nil, fmt.Errorf("the flow of %s, %s, shows no device: a passcode has to be asked for in it; %s", p.label, p.flow.Get("status").String(), p.flow)
	}
	if !slices.ContainsFunc(p.flow.Get("_embedded.devices").Array(), func(d gjson.Result) bool { return d.Get("id").String() == id }) {
		return nil, suite.Unlike(p.flow, "the devices offered", "the "+word+" of "+p.label+", "+id, "others")
	}
	if device != p.reachedBy() {
		return nil, fmt.Errorf("%s expects passcodes at another device than the %s: an earlier sentence has to choose it", p.label, word)
	}
	code, err := w.readPasscode(ctx, p)
	if err != nil {
		return nil, err
	}
	p.ahead = code
	w.Outcome("to which device a passcode went", "the flow does not say; it offers the device, and the passcode was read from it")
	return evidence, nil
}

// addressIsMasked looks at the newest flow answer: it shows devices, each with asterisks
// in its address, and nowhere the full address of a device of the person's.
func (w *World) addressIsMasked() (suite.Evidence, error) {
	p := w.actor
	if p == nil {
		return nil, errNothingStarted
	}
	if err := p.inFlow(); err != nil {
		return nil, err
	}
	shown := p.flow.Get("_embedded.devices").Array()

	for _, d := range shown {
		if d.Get("type").String() == "TOTP" {
			continue
		}

		if address := d.Get("phone").String() + d.Get("email").String(); !strings.Contains(address, "*") {
			return nil, suite.Unlike(p.flow, "the address of the device", "asterisks in it", fmt.Sprintf("%q", address))
		}
	}
	if len(shown) == 0 || p.device == nil {
		return nil, fmt.Errorf("the flow of %s shows no device whose address could be masked: an earlier sentence has to have a passcode sent; %s", p.label, p.flow)
	}
	for _, device := range []*client.Exchange{p.device, p.other} {
		for _, member := range []string{"phone", "email"} {
			if device == nil {
				continue
			}
			if full := device.Get(member).String(); full != "" && p.flow.Says(full) {
				return nil, suite.Unlike(p.flow, "the flow's answer", "the device's "+member+" masked", "the whole of it")
			}
		}
	}
	return suite.Read(p.flow, p), nil
}

// offersOnlyTexts wants every device that the flow offers to be one for text messages.
func (w *World) offersOnlyTexts(p *Person) (suite.Evidence, error) {
	evidence, err := w.asksForPasscode(p)
	if err != nil {
		return nil, err
	}
	offered := p.flow.Get("_embedded.devices").Array()
	if len(offered) == 0 {
		return nil, suite.Unlike(p.flow, "the devices offered", "at least one", "none")
	}
	for _, d := range offered {
		if kind := d.Get("type").String(); kind != "SMS" {
			return nil, suite.Unlike(p.flow, "the devices offered", "SMS only, as the action says", kind)
		}
	}
	return evidence, nil
}
