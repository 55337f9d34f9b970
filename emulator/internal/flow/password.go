package flow

import (
	"crypto/subtle"

	"pingone-conformance/emulator/internal/tenant"
)

// resetPassword changes a password that was flagged for change and goes on as
// if it had just been given.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
func (e *Engine) resetPassword(at Visit, f *Flow, input map[string]any) *Refusal {
	current, fresh, refusal := texts(input, "currentPassword", "newPassword")
	if refusal != nil {
		return refusal
	}
	u := at.Env.Users[f.UserID]
	if u == nil || !u.Enabled {
		return unusable()
	}
	check := e.tenant.CheckPassword(u, current)
	if !check.OK && !check.Locked {
		return invalid("INVALID_VALUE", "currentPassword", "The current password is not right.")
	}
	if refusal := refusedPassword(check); refusal != nil {
		return refusal
	}
	if refusal := e.setPassword(u, fresh); refusal != nil {
		return refusal
	}
	return e.prove(at, f, Password)
}

// setPassword gives a person a password that the password policy allows.
func (e *Engine) setPassword(u *tenant.User, fresh string) *Refusal {
	if faults := e.tenant.PasswordFaults(u, fresh); len(faults) > 0 {
		return &Refusal{Invalid, []Detail{{
			Code: "INVALID_VALUE", Target: "newPassword", Message: "The new password did not satisfy the password policy.",
			Inner: map[string]any{"unsatisfiedRequirements": faults},
		}}}
	}
	e.tenant.SetPassword(u, fresh, false)
	return nil
}

// recovery is a recovery code that was sent. The flow is not about its person
// before the code was given back: naming somebody proves nothing.
type recovery struct {
	tenant.OTP
	userID string
}

// recoveryDigits is how long a recovery code is: the vendor documents eight
// characters for its verification codes and nothing for this one.
const recoveryDigits = 8

// forgotPassword sends a recovery code to the person's e-mail address. A name
// that nobody has gets the same answer and no message.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
func (e *Engine) forgotPassword(at Visit, f *Flow, input map[string]any) *Refusal {
	name, refusal := text(input, "username")
	if refusal != nil {
		return refusal
	}
	f.recovery = recovery{}
	u := at.Env.UserByUsername(name)
	if u != nil && u.Enabled && (f.UserID == "" || f.UserID == u.ID) {
		f.recovery.userID = u.ID
	}
	f.wait(RecoveryCodeRequired)
	return e.sendRecoveryCode(at, f)
}

// sendRecoveryCode sends a code, or another one: the one before is worth nothing
// from then on.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
func (e *Engine) sendRecoveryCode(at Visit, f *Flow) *Refusal {
	u := at.Env.Users[f.recovery.userID]
	if u == nil {
		return nil // nobody has the name that was given, and nobody is told so
	}
	f.recovery.OTP = tenant.OTP{Code: e.tenant.NewOTP(recoveryDigits), ExpiresAt: at.Now.Add(Lifetime)}
	to, _ := u.Profile["email"].(string)
	e.tenant.Send(tenant.Message{
		EnvironmentID: at.Env.ID, UserID: u.ID, FlowID: f.ID, Channel: "EMAIL", To: to, OTP: f.recovery.Code, SentAt: at.Now,
	})
	return nil
}

// recoverPassword takes the recovery code with a new password and goes on as if
// that had just been given. A code is tried once.
func (e *Engine) recoverPassword(at Visit, f *Flow, input map[string]any) *Refusal {
	code, fresh, refusal := texts(input, "recoveryCode", "newPassword")
	if refusal != nil {
		return refusal
	}
	expected := f.recovery
	u := at.Env.Users[expected.userID]
	f.recovery = recovery{userID: expected.userID}
	if u == nil || !u.Enabled || !u.LockedAt.IsZero() || expected.Code == "" || !at.Now.Before(expected.ExpiresAt) ||
		subtle.ConstantTimeCompare([]byte(code), []byte(expected.Code)) != 1 {
		return invalid("INVALID_VALUE", "recoveryCode", "The recovery code is not right.")
	}
	if refusal := e.setPassword(u, fresh); refusal != nil {
		f.recovery = expected // the code was right: another password may be tried with it
		return refusal
	}
	f.bind(u)
	return e.prove(at, f, Password)
}
