package steps

import (
	"context"
	"fmt"
	"net/http"

	"pingone-conformance/client"
	"pingone-conformance/internal/passcode"
)

var (
	registersDevice = sentence(`Priya registers an MFA device for {name}`)
	registersSMS    = sentence(`Priya registers a text message device for {name}`)
	deviceReady     = sentence(`the device of {name} is ready for use`)
)

const kindTOTP = passcode.KindTOTP

func deviceSentences(sc book, w *World) {
	sc.When(registersDevice, func(ctx context.Context, name string) error { return w.registersDevice(ctx, name, "EMAIL") })
	sc.When(registersSMS, func(ctx context.Context, name string) error { return w.registersDevice(ctx, name, "SMS") })
	sc.Then(deviceReady, w.deviceIsReady)
}

// registersDevice registers a device of the wanted type, or the one that the
// chosen source of passcodes can read: an authenticator application for totp, a
// device in test mode for test-device.
func (w *World) registersDevice(ctx context.Context, name, kind string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	body := w.deviceBody(kind)
	ex, err := w.admin.CreateDevice(ctx, p.created, body)
	// The vendor's pages give 201 as the rule and 200 in one place.
	if err := w.must(fmt.Sprintf("register a device of type %s for %s", body["type"], name), ex, err, http.StatusCreated, http.StatusOK); err != nil {
		return err
	}
	p.device = ex
	if body["type"] == "TOTP" {
		return w.aside(func() error { return w.pairAuthenticator(ctx, p) })
	}
	return nil
}

func (w *World) deviceBody(kind string) map[string]any {
	if w.place.PasscodeKind == passcode.KindTOTP {
		return map[string]any{"type": "TOTP"}
	}
	body := map[string]any{"type": kind}
	if kind == "EMAIL" {
		body["email"] = w.place.Email
	} else {
		body["phone"] = w.place.Phone
	}
	if w.place.PasscodeKind == passcode.KindTestDevice {
		body["testMode"] = true
	}
	return body
}

// pairAuthenticator activates a TOTP device with a passcode computed from its secret.
func (w *World) pairAuthenticator(ctx context.Context, p *person) error {
	p.totpSecret = firstOf(p.device, "secret", "properties.secret")
	if p.totpSecret == "" {
		return w.unlike("the secret of the authenticator device", "some text", "none")
	}
	if totp, ok := w.place.Passcodes.(*passcode.TOTP); ok {
		if err := totp.Pair(p.device.Get("id").String(), p.totpSecret); err != nil {
			return fmt.Errorf("pair the authenticator of %s: %w", p.label, err)
		}
	}
	code, err := w.passcodeFor(ctx, p, nil)
	if err != nil {
		return err
	}
	ex, err := w.admin.ActivateDevice(ctx, p.device, code)
	if err := w.must("activate the authenticator device of "+p.label, ex, err, http.StatusOK); err != nil {
		return err
	}
	p.device = ex
	return nil
}

// firstOf returns the first of the members that the answer has.
func firstOf(ex *client.Exchange, paths ...string) string {
	for _, path := range paths {
		if v := ex.Get(path); v.Exists() {
			return v.String()
		}
	}
	return ""
}

func (w *World) deviceIsReady(name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	if p.device == nil {
		return fmt.Errorf("%s has no device: an earlier sentence has to register one", name)
	}
	return w.expect("the status of the device of "+name, "ACTIVE", p.device.Get("status").String())
}
