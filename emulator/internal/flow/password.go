package flow

import (
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
	if !check.OK && !check.Locked && e.WantsCurrent() {
		return invalid("INVALID_VALUE", "currentPassword", "The current password is not right.")
	}
	if refusal := refusedPassword(check); refusal != nil && e.WantsCurrent() {
		return refusal
	}
	if refusal := e.setPassword(u, fresh); refusal != nil {
		return refusal
	}
	return e.passwordGiven(at, f, u)
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

// forgotPassword sends a recovery code to the person's e-mail address. A name
// that nobody has gets the same answer and no message. The flow is not about that
// person before the code was given back: naming somebody proves nothing.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
func (e *Engine) forgotPassword(at Visit, f *Flow, input map[string]any) *Refusal {
	name, refusal := text(input, "username")
	if refusal != nil {
		return refusal
	}
	f.recovering = ""
	u := at.Env.UserByUsername(name)
	if u != nil && u.Enabled && (f.UserID == "" || f.UserID == u.ID) {
		f.recovering = u.ID
	}
	f.wait(RecoveryCodeRequired)
	return e.sendRecoveryCode(at, f)
}

// sendRecoveryCode sends a code, or another one: the one before is worth nothing
// from then on.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
func (e *Engine) sendRecoveryCode(at Visit, f *Flow) *Refusal {
	if u := at.Env.Users[f.recovering]; u != nil {
		e.tenant.SendRecoveryCode(at.Env, u, f.ID)
	}
	return nil // nobody is told whether somebody has the name that was given
}

// recoverPassword takes the recovery code with a new password and goes on as if
// that had just been given. Five wrong codes lock the password.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/forgot-password/recover-password.html
func (e *Engine) recoverPassword(at Visit, f *Flow, input map[string]any) *Refusal {
	code, fresh, refusal := texts(input, "recoveryCode", "newPassword")
	if refusal != nil {
		return refusal
	}
	u := at.Env.Users[f.recovering]
	if u == nil || !u.Enabled || !u.LockedAt.IsZero() || !e.tenant.RecoveryCodeMatches(u, code) {
		return invalid("INVALID_VALUE", "recoveryCode", "The recovery code is not right.")
	}
	if refusal := e.setPassword(u, fresh); refusal != nil {
		return refusal // the code was right: another password may be tried with it
	}
	u.Recovery = tenant.MailedCode{}
	f.bind(u)
	return e.passwordGiven(at, f, u)
}

// sendVerificationCode sends another code that verifies the account.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/registration-and-verification/send-resend-verification-code.html
func (e *Engine) sendVerificationCode(at Visit, f *Flow) *Refusal {
	u := at.Env.Users[f.UserID]
	if u == nil || !u.Enabled {
		return unusable()
	}
	e.tenant.SendVerificationCode(at.Env, u, f.ID)
	return nil
}

// verifyUser takes the code that verifies the account, and goes on.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/registration-and-verification/verify-user.html
func (e *Engine) verifyUser(at Visit, f *Flow, input map[string]any) *Refusal {
	code, refusal := text(input, "verificationCode")
	if refusal != nil {
		return refusal
	}
	u := f.person(at)
	if u == nil {
		return unusable()
	}
	if !u.Verify(code) {
		return invalid("INVALID_VALUE", "verificationCode", "The verification code is not right.")
	}
	return e.prove(at, f, Password)
}
