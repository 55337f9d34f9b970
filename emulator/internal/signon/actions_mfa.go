package signon

import (
	"cmp"
	"crypto/subtle"
	"slices"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// beginMFA asks for a second factor (or, where the policy has no LOGIN before
// it, for the only one) unless it was given already.
//
// Without a person it asks who signs on. A person with MFA off or without a
// usable device is refused, unless the action says BYPASS and a signed hint
// vouches for the person.
//
// https://developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policy-actions.html
func (s *Server) beginMFA(v *visit, f *flow, action *tenant.Action) step {
	if slices.Contains(f.methods, methodOTP) || s.passesMFA(f) {
		return stepDone
	}
	if f.userID == "" {
		return f.wait(statusSignOn)
	}
	if !f.authenticated() && s.tenant.Deviates("hint-asks-for-password") {
		return f.wait(statusUsernamePassword)
	}
	u := f.someone(v)
	if u == nil {
		return f.fail(&failure{Code: "ACCOUNT_NOT_USABLE", Message: "The account cannot be used."})
	}
	devices := s.usableDevices(v.env, u, action)
	ready := slices.DeleteFunc(slices.Clone(devices), func(d *tenant.Device) bool { return d.LockUntil.After(v.now) })
	switch {
	case len(devices) == 0 && s.excuses(f, action):
		f.excused = true
		return stepDone
	case len(ready) == 0:
		return f.fail(noUsableDevices(devices))
	case f.params.prompt == "none":
		return f.wait(statusOTP) // refused before anybody sees it, so nothing is sent
	}
	switch selection := s.devicePolicy(v.env, action).DeviceSelection; {
	case selection == "ALWAYS_DISPLAY_DEVICES", selection == "PROMPT_TO_SELECT" && len(devices) > 1:
		return f.wait(statusDeviceSelection)
	default:
		s.challenge(v, f, u, ready[0])
		return stepWaits
	}
}

// excuses says whether the policy lets a person without devices pass.
func (s *Server) excuses(f *flow, action *tenant.Action) bool {
	return action.NoDevicesMode == "BYPASS" && f.params.signedHint && f.named == namedByHint || s.tenant.Deviates("no-device-passes")
}

func noUsableDevices(locked []*tenant.Device) *failure {
	reason := &failure{Code: "NO_USABLE_DEVICES", Message: "The person has no usable devices."}
	for _, d := range locked {
		reason.Unavailable = append(reason.Unavailable, unavailable{d.ID})
	}
	if len(locked) > 0 {
		reason.inner = map[string]any{"unavailableDevices": reason.Unavailable}
	}
	return reason
}

// challenge selects a device and sends it a new passcode; the one before is
// worth nothing from then on. A test device is sent none, and an authenticator
// makes its own.
func (s *Server) challenge(v *visit, f *flow, u *tenant.User, d *tenant.Device) {
	f.passcode = passcode{deviceID: d.ID, former: f.passcode.sent}
	f.wait(statusOTP)
	if d.Type == "TOTP" {
		return
	}
	method := s.devicePolicy(v.env, f.action()).Method(d.Type)
	f.passcode.sent = tenant.OTP{Code: s.tenant.NewOTP(method.OTPLength), ExpiresAt: v.now.Add(method.LifeTime)}
	if d.TestMode || s.tenant.Deviates("passcode-not-sent") {
		return
	}
	s.tenant.Send(tenant.Message{
		EnvironmentID: v.env.ID, UserID: u.ID, DeviceID: d.ID, FlowID: f.id,
		Channel: d.Type, To: cmp.Or(d.Phone, d.Email), OTP: f.passcode.sent.Code, SentAt: v.now,
	})
}

// selectDevice chooses among the person's devices; choosing the same again
// sends another passcode.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1/select-device.html
func (s *Server) selectDevice(v *visit, f *flow, body object) *wire.Problem {
	device, ok := body["device"].(map[string]any)
	if !ok {
		return badData("REQUIRED_VALUE", "device.id", "A required value is missing.")
	}
	id, problem := text(device, "id")
	if problem != nil {
		return problem
	}
	u := f.someone(v)
	if u == nil {
		return cannot("ACCOUNT_NOT_USABLE", "The account cannot be used.", nil)
	}
	devices := s.usableDevices(v.env, u, f.action())
	i := slices.IndexFunc(devices, func(d *tenant.Device) bool { return d.ID == id })
	if i < 0 {
		return badData("INVALID_VALUE", "device.id", "The device is not one of the person's usable devices.")
	}
	if s.tenant.Deviates("device-choice-ignored") {
		i = 0
	}
	if devices[i].LockUntil.After(v.now) {
		return coolingDown(devices[i].LockUntil)
	}
	s.challenge(v, f, u, devices[i])
	return nil
}

// checkOTP takes the passcode. Wrong and expired ones count; the last that the
// device policy allows locks the device for its cool-down and uses the passcode
// up. How PingOne leaves the flow then is undocumented: here it stays
// OTP_REQUIRED, where nothing but a new selection helps.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1/check-one-time-password-otp.html
func (s *Server) checkOTP(v *visit, f *flow, body object) *wire.Problem {
	given, problem := text(body, "otp")
	if problem != nil {
		return problem
	}
	u := f.someone(v)
	if u == nil {
		return cannot("ACCOUNT_NOT_USABLE", "The account cannot be used.", nil)
	}
	d := u.Devices[f.passcode.deviceID]
	if d == nil || !slices.Contains(s.usableDevices(v.env, u, f.action()), d) {
		return cannot("NO_USABLE_DEVICES", "The device is not usable any more.", nil)
	}
	if d.LockUntil.After(v.now) || f.passcode.exhausted {
		return coolingDown(later(d.LockUntil, v.now))
	}
	method := s.devicePolicy(v.env, f.action()).Method(d.Type)
	if !acceptPasscode(d, f.passcode.sent, given, v.now) && !s.letsPass(f, given) {
		d.Failures++
		if s.tenant.Deviates("wrong-passcode-ends-flow") {
			f.fail(&failure{Code: "INVALID_OTP", Message: "The passcode was not right."})
		}
		if d.Failures < method.FailureCount || s.tenant.Deviates("passcode-failures-not-counted") {
			return badData("INVALID_OTP", "otp", "The passcode is not right, or no longer.")
		}
		d.Failures, d.LockUntil = 0, v.now.Add(method.CoolDown)
		f.passcode.sent, f.passcode.exhausted = tenant.OTP{}, true
		return coolingDown(d.LockUntil)
	}
	d.Failures, f.passcode.sent = 0, tenant.OTP{}
	s.prove(v, f, methodOTP)
	s.done(v, f)
	return f.failed()
}

func acceptPasscode(d *tenant.Device, sent tenant.OTP, given string, now time.Time) bool {
	if d.Type == "TOTP" {
		return d.AcceptTOTP(given, now)
	}
	return sent.Code != "" && now.Before(sent.ExpiresAt) &&
		subtle.ConstantTimeCompare([]byte(given), []byte(sent.Code)) == 1
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// coolingDown says until when the device takes no passcode, in milliseconds
// since 1970 as clients read it.
func coolingDown(until time.Time) *wire.Problem {
	return cannot("QUOTA_EXCEEDED", "Too many wrong passcodes.", map[string]any{"coolDownExpiresAt": until.UnixMilli()})
}
