package management

import (
	"bytes"
	"fmt"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// pairingLife is how long the secret of a TOTP device can be activated.
const pairingLife = 30 * time.Minute
const totpPeriod = 30 // seconds
const secretSize = 20 // bytes, the digest size of HMAC-SHA1

// startPairing gives a device that waits for activation what it is activated
// with: a secret for an authenticator, a passcode for everything else.
func (r *request) startPairing(u *tenant.User, d *tenant.Device, policy *tenant.DevicePolicy) error {
	if d.Status != statusInactive {
		return nil
	}
	if d.Type == "TOTP" {
		key, err := totp.Generate(totp.GenerateOpts{
			Issuer: r.env.Name, AccountName: u.Username(), Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
			Rand: bytes.NewReader(r.t.NewBytes(secretSize)), SecretSize: secretSize,
		})
		if err != nil {
			return fmt.Errorf("make a TOTP secret: %w", err)
		}
		d.Secret, d.KeyURI, d.SecretAt = key.Secret(), key.URL(), r.t.Now()
		return nil
	}
	method := policy.Method(d.Type)
	d.OTP = tenant.OTP{Code: r.t.NewPasscode(d, method.OTPLength), ExpiresAt: r.t.Now().Add(method.LifeTime)}
	if !d.TestMode {
		r.t.Send(tenant.Message{
			EnvironmentID: r.env.ID, UserID: u.ID, DeviceID: d.ID, Channel: d.Type, To: d.Phone + d.Email, OTP: d.OTP.Code,
		})
	}
	return nil
}

// activateDevice pairs a device: the passcode proves that its owner has it.
//
// https://developer.pingidentity.com/pingone-api/mfa/users/mfa-devices/activate-mfa-user-device.html
func activateDevice(r *request, u *tenant.User, d *tenant.Device) (*wire.Answer, error) {
	body, err := r.good(text("otp").must())
	if err != nil {
		return nil, err
	}
	if d.Status == statusActive {
		return nil, constraint("status", "The device is active already.", nil)
	}
	if err := r.provePasscode(d, textAt(body, "otp")); err != nil {
		return nil, err
	}
	if err := oneMoreDevice(u, statusActive); err != nil {
		return nil, err
	}
	d.Status, d.OTP, d.UpdatedAt = statusActive, tenant.OTP{}, r.t.Now()
	d.Unlock()
	return ok(r.device(u, d)), nil
}

// provePasscode checks an activation passcode; too many wrong ones lock the device
// for the policy's cool-down.
func (r *request) provePasscode(d *tenant.Device, code string) error {
	now := r.t.Now()
	if d.LockUntil.After(now) {
		return tooManyPasscodes(d)
	}
	valid := d.OTP.Code != "" && code == d.OTP.Code && d.OTP.ExpiresAt.After(now)
	if d.Type == "TOTP" {
		valid = d.SecretAt.Add(pairingLife).After(now) && d.AcceptTOTP(code, now)
	}
	if valid {
		return nil
	}
	policy := r.env.DevicePolicies[d.PolicyID]
	if policy == nil {
		policy = r.env.DefaultDevicePolicy()
	}
	method := policy.Method(d.Type)
	if d.Failures++; method.FailureCount > 0 && d.Failures >= method.FailureCount && method.CoolDown > 0 {
		d.Failures, d.LockUntil = 0, now.Add(method.CoolDown)
		return tooManyPasscodes(d)
	}
	return wire.InvalidData(wire.Detail{Code: "INVALID_OTP", Target: "otp", Message: "The passcode is not valid."})
}

func tooManyPasscodes(d *tenant.Device) error {
	return wire.RequestFailed(wire.Detail{
		Code: "QUOTA_EXCEEDED", Target: "otp", Message: "Too many wrong passcodes.",
		InnerError: map[string]any{"coolDownExpiresAt": d.LockUntil.UnixMilli()},
	})
}
