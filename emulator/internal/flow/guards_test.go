package flow

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

const freshPassword = "Another-Harbour-9"

// recovering is a sign-on in which a forgotten password can be replaced.
func recovering() tenant.Action {
	action := login
	action.RecoveryEnabled = true
	return action
}

// A device that another flow has locked takes no passcode in this one either, until it has cooled down.
func TestALockedDeviceIsLockedInEveryFlow(t *testing.T) {
	b := newBench(t, "anna@example.com")
	method := b.Env.DefaultDevicePolicy().Method("EMAIL")
	method.CoolDown = time.Minute
	b.Env.DefaultDevicePolicy().Methods["email"] = method
	asked := move{CheckPassword, right, "", PasscodeRequired}
	waiting, other := b.begin(Request{}, login, mfa), b.begin(Request{}, login, mfa)
	b.play(other, asked)
	b.play(waiting, asked)
	for range 2 {
		b.play(other, move{CheckPasscode, object{"otp": "000000"}, "INVALID_OTP", PasscodeRequired})
	}
	b.play(other, move{CheckPasscode, object{"otp": "000000"}, "QUOTA_EXCEEDED", PasscodeRequired})
	b.play(waiting, move{CheckPasscode, object{"otp": "sent"}, "QUOTA_EXCEEDED", PasscodeRequired})
	device := b.anna.Devices.Sorted()[0]
	b.play(waiting, move{SelectDevice, object{"device": object{"id": device.ID}}, "QUOTA_EXCEEDED", PasscodeRequired})
	b.Now = device.LockUntil
	b.play(waiting, move{SelectDevice, object{"device": object{"id": device.ID}}, "", PasscodeRequired})
	for range 2 {
		b.play(waiting, move{CheckPasscode, object{"otp": "000000"}, "INVALID_OTP", PasscodeRequired}) // it counts anew
	}
	b.play(waiting, move{CheckPasscode, object{"otp": "sent"}, "", Completed})
}

// Whoever is disabled, or deleted, after the flow began goes on with nothing in it.
func TestWhoIsDisabledGoesOnWithNothing(t *testing.T) {
	for name, end := range map[string]func(*bench){
		"disabled": func(b *bench) { b.anna.Enabled = false },
		"deleted":  func(b *bench) { b.Env.RemoveUser(b.anna) },
	} {
		t.Run("a second factor to come, "+name, func(t *testing.T) {
			b := newBench(t, "anna@example.com")
			f := b.begin(Request{Browser: &Browser{ID: "browser"}, Hinted: b.anna}, login, mfa)
			end(b)
			refusal := b.Act(b.Visit, f, CheckPassword, right)
			require.NotNil(t, refusal)
			require.NotEqual(t, Completed, f.Status)
		})
		t.Run("a second factor, "+name, func(t *testing.T) {
			b := newBench(t, "anna@example.com")
			f := b.begin(Request{}, login, mfa)
			b.play(f, move{CheckPassword, right, "", PasscodeRequired})
			device := b.anna.Devices.Sorted()[0]
			end(b)
			b.play(f, move{SelectDevice, object{"device": object{"id": device.ID}}, "ACCOUNT_NOT_USABLE", PasscodeRequired},
				move{CheckPasscode, object{"otp": "sent"}, "ACCOUNT_NOT_USABLE", PasscodeRequired})
		})
		t.Run("a prompt, "+name, func(t *testing.T) {
			b := newBench(t)
			f := b.begin(Request{}, login, profiling)
			b.play(f, move{CheckPassword, right, "", ProfileRequired})
			end(b)
			b.play(f, move{UpdateUser, object{}, "ACCOUNT_NOT_USABLE", ProfileRequired})
		})
		t.Run("a verification, "+name, func(t *testing.T) {
			b := newBench(t)
			b.anna.Profile["email"] = "anna@example.com"
			b.tenant.SendVerificationCode(b.Env, b.anna, "")
			f := b.begin(Request{}, login)
			b.play(f, move{CheckPassword, right, "", VerificationCodeRequired})
			code := b.anna.Verification.Code
			end(b)
			b.play(f, move{SendVerificationCode, object{}, "ACCOUNT_NOT_USABLE", VerificationCodeRequired},
				move{VerifyUser, object{"verificationCode": code}, "ACCOUNT_NOT_USABLE", VerificationCodeRequired})
			require.Equal(t, code, b.anna.Verification.Code, "no other is sent")
			require.True(t, b.anna.MustVerify())
		})
		t.Run("a recovery, "+name, func(t *testing.T) {
			b := newBench(t)
			end(b)
			f := b.begin(Request{}, recovering())
			b.play(f, move{ForgotPassword, object{"username": "anna"}, "", RecoveryCodeRequired})
			require.Empty(t, b.anna.Recovery.Code, "no code is sent")
		})
		t.Run("a change, "+name, func(t *testing.T) {
			b := newBench(t)
			b.tenant.SetPassword(b.anna, goodPassword, true)
			f := b.begin(Request{}, login)
			b.play(f, move{CheckPassword, right, "", MustChangePassword})
			end(b)
			b.play(f, move{ResetPassword, object{"currentPassword": goodPassword, "newPassword": freshPassword}, "ACCOUNT_NOT_USABLE", MustChangePassword})
		})
	}
}

// A password that is locked is not changed either, whatever is known of it.
func TestALockedPasswordIsNotChanged(t *testing.T) {
	b := newBench(t)
	b.tenant.SetPassword(b.anna, goodPassword, true)
	f := b.begin(Request{}, login)
	b.play(f, move{CheckPassword, right, "", MustChangePassword})
	change := func(current string) object {
		return object{"currentPassword": current, "newPassword": freshPassword}
	}
	for range 4 {
		b.play(f, move{ResetPassword, change("wrong"), "INVALID_VALUE", MustChangePassword})
	}
	b.play(f, move{ResetPassword, change("wrong"), "PASSWORD_LOCKED_OUT", MustChangePassword},
		move{ResetPassword, change(goodPassword), "PASSWORD_LOCKED_OUT", MustChangePassword})
	b.Now = b.Now.Add(15 * time.Minute)
	b.play(f, move{ResetPassword, object{"newPassword": freshPassword}, "REQUIRED_VALUE", MustChangePassword},
		move{ResetPassword, object{"currentPassword": goodPassword, "newPassword": "short"}, "INVALID_VALUE", MustChangePassword},
		move{ResetPassword, change(goodPassword), "", Completed})
	require.True(t, b.tenant.CheckPassword(b.anna, freshPassword).OK)
	require.False(t, b.tenant.CheckPassword(b.anna, freshPassword).MustChange)
}

// A recovery code is good once, and for the person who was named last.
func TestARecoveryCodeIsGoodOnceAndForOne(t *testing.T) {
	b := newBench(t)
	begin := func() *Flow {
		f := b.begin(Request{}, recovering())
		b.play(f, move{ForgotPassword, object{"username": "anna"}, "", RecoveryCodeRequired})
		return f
	}
	give := func(code, password string) object {
		return object{"recoveryCode": code, "newPassword": password}
	}
	f, other := begin(), begin()
	code := b.anna.Recovery.Code
	require.NotEmpty(t, code)
	b.play(f, move{RecoverPassword, object{"recoveryCode": code}, "REQUIRED_VALUE", RecoveryCodeRequired},
		move{RecoverPassword, give(code, "short"), "INVALID_VALUE", RecoveryCodeRequired},
		move{RecoverPassword, give(code, freshPassword), "", Completed})
	b.play(other, move{RecoverPassword, give(code, "A-Third-Harbour-7"), "INVALID_VALUE", RecoveryCodeRequired})

	f = begin()
	code = b.anna.Recovery.Code
	b.play(f, move{ForgotPassword, object{"username": "nobody"}, "", RecoveryCodeRequired})
	require.Equal(t, code, b.anna.Recovery.Code, "nobody gets another")
	b.play(f, move{RecoverPassword, give(code, "A-Third-Harbour-7"), "INVALID_VALUE", RecoveryCodeRequired},
		move{ForgotPassword, object{}, "REQUIRED_VALUE", RecoveryCodeRequired})

	ben := &tenant.User{Meta: b.tenant.NewMeta(b.Now), Enabled: true, Profile: object{"username": "ben"}, Devices: tenant.Table[*tenant.Device]{}}
	b.Env.PutUser(ben)
	hers := b.begin(Request{Hinted: b.anna}, recovering())
	b.play(hers, move{ForgotPassword, object{"username": "ben"}, "", RecoveryCodeRequired})
	require.Empty(t, ben.Recovery.Code, "a flow that is about Anna sends Ben nothing")
	b.play(hers, move{ForgotPassword, object{"username": "anna"}, "", RecoveryCodeRequired})
	require.NotEqual(t, code, b.anna.Recovery.Code)
}

// A signed hint spares the second factor only those who have no device for it.
func TestABypassIsForThoseWithoutADevice(t *testing.T) {
	for device, status := range map[string]string{"": Completed, "anna@example.com": PasscodeRequired} {
		var devices []string
		if device != "" {
			devices = []string{device}
		}
		b := newBench(t, devices...)
		b.anna.MFAEnabled = true
		f := b.begin(Request{Hinted: b.anna, Vouched: true}, bypass)
		require.Equal(t, status, f.Status)
	}
}

// A device that cannot be used any more takes no passcode, and wrong ones count in a row only.
func TestADeviceThatIsGoneTakesNoPasscode(t *testing.T) {
	for name, end := range map[string]func(*bench, *tenant.Device){
		"deleted": func(b *bench, d *tenant.Device) { delete(b.anna.Devices, d.ID) },
		"blocked": func(_ *bench, d *tenant.Device) { d.Blocked = true },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "anna@example.com")
			f := b.begin(Request{}, login, mfa)
			b.play(f, move{CheckPassword, right, "", PasscodeRequired})
			device := b.anna.Devices.Sorted()[0]
			end(b, device)
			b.play(f, move{CheckPasscode, object{"otp": "sent"}, "NO_USABLE_DEVICES", PasscodeRequired},
				move{SelectDevice, object{"device": object{"id": device.ID}}, "INVALID_VALUE", PasscodeRequired},
				move{SelectDevice, object{"device": object{}}, "REQUIRED_VALUE", PasscodeRequired},
				move{SelectDevice, object{}, "REQUIRED_VALUE", PasscodeRequired})
		})
	}
	b := newBench(t, "anna@example.com")
	for range 3 { // two each time
		f := b.begin(Request{}, login, mfa)
		b.play(f, move{CheckPassword, right, "", PasscodeRequired}, move{CheckPasscode, object{"otp": "000000"}, "INVALID_OTP", PasscodeRequired},
			move{CheckPasscode, object{"otp": "000000"}, "INVALID_OTP", PasscodeRequired}, move{CheckPasscode, object{"otp": "sent"}, "", Completed})
	}
	require.Len(t, b.tenant.Outbox(), 3)
	b.anna.Devices.Sorted()[0].TestMode = true
	b.play(b.begin(Request{}, login, mfa), move{CheckPassword, right, "", PasscodeRequired}, move{CheckPasscode, object{"otp": "sent"}, "", Completed})
	require.Len(t, b.tenant.Outbox(), 3, "a test device is sent nothing")
}

// Who has to be verified is sent a code, once, and signs on with that and no other.
func TestVerificationComesBeforeTheEnd(t *testing.T) {
	b := newBench(t)
	b.anna.Profile["email"] = "anna@example.com"
	b.anna.Lifecycle = object{"status": tenant.VerificationRequired}
	f := b.begin(Request{}, login)
	b.play(f, move{CheckPassword, right, "", VerificationCodeRequired})
	first := b.anna.Verification.Code
	require.NotEmpty(t, first)
	b.play(b.begin(Request{}, login), move{CheckPassword, right, "", VerificationCodeRequired})
	require.Equal(t, first, b.anna.Verification.Code, "it has been sent already")
	b.play(f, move{SendVerificationCode, object{}, "", VerificationCodeRequired})
	require.NotEqual(t, first, b.anna.Verification.Code)
	b.play(f, move{VerifyUser, object{"verificationCode": first}, "INVALID_VALUE", VerificationCodeRequired},
		move{VerifyUser, object{}, "REQUIRED_VALUE", VerificationCodeRequired},
		move{VerifyUser, object{"verificationCode": b.anna.Verification.Code}, "", Completed})
	require.True(t, b.anna.EmailVerified)

	// A new password is no way around it.
	for name, play := range map[string]func(b *bench) (*Flow, move){
		"changed": func(b *bench) (*Flow, move) {
			b.tenant.SetPassword(b.anna, goodPassword, true)
			f := b.begin(Request{}, login)
			b.play(f, move{CheckPassword, right, "", MustChangePassword})
			return f, move{ResetPassword, object{"currentPassword": goodPassword, "newPassword": freshPassword}, "", VerificationCodeRequired}
		},
		"recovered": func(b *bench) (*Flow, move) {
			f := b.begin(Request{}, recovering())
			b.play(f, move{ForgotPassword, object{"username": "anna"}, "", RecoveryCodeRequired})
			return f, move{RecoverPassword, object{"recoveryCode": b.anna.Recovery.Code, "newPassword": freshPassword}, "", VerificationCodeRequired}
		},
	} {
		b := newBench(t)
		b.anna.Profile["email"], b.anna.Lifecycle = "anna@example.com", object{"status": tenant.VerificationRequired}
		f, last := play(b)
		b.play(f, last)
		require.NotEmpty(t, b.anna.Verification.Code, name)
		b.play(f, move{VerifyUser, object{"verificationCode": b.anna.Verification.Code}, "", Completed})
	}
}

// A right password is of no use to whom it does not belong, or who is disabled.
func TestARightPasswordIsNotEnough(t *testing.T) {
	b := newBench(t)
	ben := &tenant.User{Meta: b.tenant.NewMeta(b.Now), Enabled: true, Profile: object{"username": "ben"}, Devices: tenant.Table[*tenant.Device]{}}
	b.Env.PutUser(ben)
	b.play(b.begin(Request{Hinted: ben}, login), move{CheckPassword, right, "INVALID_VALUE", PasswordRequired},
		move{CheckPassword, object{"password": goodPassword}, "NO_PASSWORD", PasswordRequired})
	b.anna.Enabled = false
	b.play(b.begin(Request{}, login), move{CheckPassword, right, "ACCOUNT_NOT_USABLE", PasswordRequired})
}

// Where nobody is asked for a password first, a name stands for somebody who may sign on, and always for the same.
func TestWhoIsLookedUpMaySignOn(t *testing.T) {
	for name, end := range map[string]func(*bench){
		"disabled": func(b *bench) { b.anna.Enabled = false },
		"deleted":  func(b *bench) { b.Env.RemoveUser(b.anna) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "anna@example.com")
			f := b.begin(Request{}, mfa)
			end(b)
			b.play(f, move{LookUpUser, object{"username": "anna"}, "INVALID_VALUE", SignOnRequired}, move{LookUpUser, object{}, "REQUIRED_VALUE", SignOnRequired})
			require.Empty(t, b.tenant.Outbox())
		})
	}
	b := newBench(t, "anna@example.com")
	f := b.begin(Request{}, mfa)
	b.tenant.SetPassword(b.anna, goodPassword, false)
	for range 5 {
		b.tenant.CheckPassword(b.anna, "wrong")
	}
	b.play(f, move{LookUpUser, object{"username": "anna"}, "ACCOUNT_NOT_USABLE", Failed})
	require.Empty(t, b.tenant.Outbox(), "who is locked out is sent nothing")
}

// Whatever proves the password, a second factor that nobody can give ends the flow and says so.
func TestNoProofOfAPasswordSparesTheSecondFactor(t *testing.T) {
	for name, play := range map[string]func(b *bench, f *Flow) move{
		"the password": func(*bench, *Flow) move { return move{CheckPassword, right, "", ""} },
		"another one": func(b *bench, f *Flow) move {
			b.tenant.SetPassword(b.anna, goodPassword, true)
			b.play(f, move{CheckPassword, right, "", MustChangePassword})
			return move{ResetPassword, object{"currentPassword": goodPassword, "newPassword": freshPassword}, "", ""}
		},
		"a recovery code": func(b *bench, f *Flow) move {
			b.play(f, move{ForgotPassword, object{"username": "anna"}, "", RecoveryCodeRequired})
			return move{RecoverPassword, object{"recoveryCode": b.anna.Recovery.Code, "newPassword": freshPassword}, "", ""}
		},
		"a verification code": func(b *bench, f *Flow) move {
			b.tenant.SendVerificationCode(b.Env, b.anna, "")
			b.play(f, move{CheckPassword, right, "", VerificationCodeRequired})
			return move{VerifyUser, object{"verificationCode": b.anna.Verification.Code}, "", ""}
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			f := b.begin(Request{}, recovering(), mfa)
			last := play(b, f)
			last.refusal, last.status = "NO_USABLE_DEVICES", Failed
			b.play(f, last)
		})
	}
}
