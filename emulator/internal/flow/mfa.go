package flow

import (
	"cmp"
	"slices"
	"time"

	"pingone-conformance/emulator/internal/tenant"
)

// beginMFA asks for a second factor (or, where the policy has no LOGIN before
// it, for the only one) unless it was given already.
//
// Without a person it asks who signs on. A person with MFA off or without a
// usable device is refused, unless the action says BYPASS and a signed hint
// vouches for the person.
//
// https://developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policy-actions.html
func (e *Engine) beginMFA(at Visit, f *Flow, action *tenant.Action) step {
	if !e.WantsPasscode(f) {
		return stepDone
	}
	if f.UserID == "" {
		return f.wait(SignOnRequired)
	}
	if e.PasswordFirst(f) {
		return f.wait(PasswordRequired)
	}
	u := f.person(at)
	if u == nil {
		return f.fail(&Failure{Code: "ACCOUNT_NOT_USABLE", Message: "The account cannot be used."})
	}
	devices := e.UsableDevices(at, f)
	ready := slices.DeleteFunc(slices.Clone(devices), func(d *tenant.Device) bool { return d.LockUntil.After(at.Now) })
	switch {
	case len(devices) == 0 && e.Excuses(f, action):
		f.excused = true
		return stepDone
	case len(ready) == 0:
		return f.fail(noUsableDevices(devices))
	case f.Request.Silent:
		return f.wait(PasscodeRequired) // refused before anybody sees it, so nothing is sent
	}
	switch selection := e.DevicePolicy(at.Env, action).DeviceSelection; {
	case selection == "ALWAYS_DISPLAY_DEVICES", selection == "PROMPT_TO_SELECT" && len(devices) > 1:
		return f.wait(DeviceSelectionRequired)
	default:
		e.challenge(at, f, u, ready[0])
		return stepWaits
	}
}

// challenge selects a device and sends it a new passcode; the one before is
// worth nothing from then on. A test device is sent none, and an authenticator
// makes its own.
func (e *Engine) challenge(at Visit, f *Flow, u *tenant.User, d *tenant.Device) {
	f.Challenge = Challenge{DeviceID: d.ID, Former: f.Challenge.Sent, FormerDeviceID: f.Challenge.DeviceID}
	f.wait(PasscodeRequired)
	if d.Type == "TOTP" {
		return
	}
	method := e.DevicePolicy(at.Env, f.Action()).Method(d.Type)
	f.Challenge.Sent = tenant.OTP{Code: e.tenant.NewPasscode(d, method.OTPLength), ExpiresAt: at.Now.Add(method.LifeTime)}
	if !e.Sends(d) {
		return
	}
	e.tenant.Send(tenant.Message{
		EnvironmentID: at.Env.ID, UserID: u.ID, DeviceID: d.ID, FlowID: f.ID,
		Channel: d.Type, To: cmp.Or(d.Phone, d.Email), OTP: f.Challenge.Sent.Code, SentAt: at.Now,
	})
}

// selectDevice chooses among the person's devices; choosing the same again
// sends another passcode.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1/select-device.html
func (e *Engine) selectDevice(at Visit, f *Flow, input map[string]any) *Refusal {
	device, ok := input["device"].(map[string]any)
	if !ok {
		return invalid("REQUIRED_VALUE", "device.id", "A required value is missing.")
	}
	id, refusal := text(device, "id")
	if refusal != nil {
		return refusal
	}
	u := f.person(at)
	if u == nil {
		return unusable()
	}
	devices := e.UsableDevices(at, f)
	i := slices.IndexFunc(devices, func(d *tenant.Device) bool { return d.ID == id })
	if i < 0 {
		return invalid("INVALID_VALUE", "device.id", "The device is not one of the person's usable devices.")
	}
	d := e.Chosen(devices, i)
	if d.LockUntil.After(at.Now) {
		return coolingDown(d.LockUntil)
	}
	e.challenge(at, f, u, d)
	return nil
}

// checkPasscode takes the passcode. Wrong and expired ones count; the last that the
// device policy allows locks the device for its cool-down and uses the passcode
// up. How PingOne leaves the flow then is undocumented: here it stays
// OTP_REQUIRED, where nothing but a new selection helps.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1/check-one-time-password-otp.html
func (e *Engine) checkPasscode(at Visit, f *Flow, input map[string]any) *Refusal {
	given, refusal := text(input, "otp")
	if refusal != nil {
		return refusal
	}
	u := f.person(at)
	if u == nil {
		return unusable()
	}
	d := u.Devices[f.Challenge.DeviceID]
	if !slices.Contains(e.UsableDevices(at, f), d) {
		return impossible("NO_USABLE_DEVICES", "The device is not usable any more.", nil)
	}
	if d.LockUntil.After(at.Now) || f.Challenge.exhausted {
		return coolingDown(slices.MaxFunc([]time.Time{d.LockUntil, at.Now}, time.Time.Compare))
	}
	method := e.DevicePolicy(at.Env, f.Action()).Method(d.Type)
	if !e.Matches(f.Challenge, d, given, at.Now) {
		d.Failures++
		if e.Ends(CheckPasscode) {
			f.fail(&Failure{Code: "INVALID_OTP", Message: "The passcode was not right."})
		}
		if !e.Exhausted(d, method) {
			return invalid("INVALID_OTP", "otp", "The passcode is not right, or no longer.")
		}
		d.Failures, d.LockUntil = 0, at.Now.Add(method.CoolDown)
		f.Challenge.Sent, f.Challenge.exhausted = tenant.OTP{}, true
		return coolingDown(d.LockUntil)
	}
	d.Failures, f.Challenge.Sent = 0, tenant.OTP{}
	return e.prove(at, f, Passcode)
}

// coolingDown says until when the device takes no passcode, in milliseconds
// since 1970 as clients read it.
func coolingDown(until time.Time) *Refusal {
	return impossible("QUOTA_EXCEEDED", "Too many wrong passcodes.", map[string]any{"coolDownExpiresAt": until.UnixMilli()})
}
