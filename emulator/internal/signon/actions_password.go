package signon

import (
	"crypto/subtle"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// resetPassword changes a password that was flagged for change and goes on as
// if it had just been given.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
func (s *Server) resetPassword(v *visit, f *flow, body object) *wire.Problem {
	current, problem := text(body, "currentPassword")
	if problem != nil {
		return problem
	}
	fresh, problem := text(body, "newPassword")
	if problem != nil {
		return problem
	}
	u := v.env.Users[f.userID]
	if u == nil || !u.Enabled {
		return cannot("ACCOUNT_NOT_USABLE", "The account cannot be used.", nil)
	}
	check := s.tenant.CheckPassword(u, current)
	if !check.OK && !check.Locked {
		return badData("INVALID_VALUE", "currentPassword", "The current password is not right.")
	}
	if problem := refusedPassword(check); problem != nil {
		return problem
	}
	if problem := s.setPassword(u, fresh); problem != nil {
		return problem
	}
	return s.passwordProven(v, f)
}

// setPassword gives a person a password that the password policy allows.
func (s *Server) setPassword(u *tenant.User, fresh string) *wire.Problem {
	if faults := s.tenant.PasswordFaults(u, fresh); len(faults) > 0 {
		p := wire.InvalidData(wire.Detail{
			Code: "INVALID_VALUE", Target: "newPassword", Message: "The new password did not satisfy the password policy.",
			InnerError: map[string]any{"unsatisfiedRequirements": faults},
		})
		return &p
	}
	s.tenant.SetPassword(u, fresh, false)
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
func (s *Server) forgotPassword(v *visit, f *flow, body object) *wire.Problem {
	name, problem := text(body, "username")
	if problem != nil {
		return problem
	}
	f.recovery = recovery{}
	u := v.env.UserByUsername(name)
	if u != nil && u.Enabled && (f.userID == "" || f.userID == u.ID) {
		f.recovery = recovery{userID: u.ID, OTP: tenant.OTP{Code: s.tenant.NewOTP(recoveryDigits), ExpiresAt: v.now.Add(flowLifetime)}}
		to, _ := u.Profile["email"].(string)
		s.tenant.Send(tenant.Message{
			EnvironmentID: v.env.ID, UserID: u.ID, FlowID: f.id, Channel: "EMAIL", To: to, OTP: f.recovery.Code, SentAt: v.now,
		})
	}
	f.wait(statusRecoveryCode)
	return nil
}

// recoverPassword takes the recovery code with a new password and goes on as if
// that had just been given. A code is tried once.
func (s *Server) recoverPassword(v *visit, f *flow, body object) *wire.Problem {
	code, problem := text(body, "recoveryCode")
	if problem != nil {
		return problem
	}
	fresh, problem := text(body, "newPassword")
	if problem != nil {
		return problem
	}
	expected := f.recovery
	u := v.env.Users[expected.userID]
	f.recovery = recovery{}
	if u == nil || !u.Enabled || expected.Code == "" || !v.now.Before(expected.ExpiresAt) ||
		subtle.ConstantTimeCompare([]byte(code), []byte(expected.Code)) != 1 {
		return badData("INVALID_VALUE", "recoveryCode", "The recovery code is not right.")
	}
	if problem := s.setPassword(u, fresh); problem != nil {
		f.recovery = expected // the code was right: another password may be tried with it
		return problem
	}
	f.bind(u)
	return s.passwordProven(v, f)
}
