package tenant

import (
	"crypto/subtle"
	"maps"
	"strings"
	"time"
)

// mailedAlphabet and mailedLength make the codes that are sent by e-mail: eight
// letters and digits, upper and lower case being the same.
//
// https://developer.pingidentity.com/pingone-api/platform/users/user-passwords/password-resend-recovery-code.html
const mailedAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
const mailedLength = 8

// recoveryLifetime and recoveryFailures bound a recovery code.
//
// https://developer.pingidentity.com/pingone-api/platform/users/user-passwords/password-recover.html
const recoveryLifetime = 5 * time.Minute
const recoveryFailures = 5

// Lifecycle states of a person.
const (
	AccountOK            = "ACCOUNT_OK"
	VerificationRequired = "VERIFICATION_REQUIRED"
)

// MailedCode is a code that was sent to a person by e-mail, empty when none is good.
type MailedCode struct {
	Code, To  string
	ExpiresAt time.Time // zero for never
	Failures  int
}

func (c MailedCode) is(code string) bool {
	return c.Code != "" && subtle.ConstantTimeCompare([]byte(c.Code), []byte(strings.ToLower(code))) == 1
}

func (t *Tenant) mail(e *Environment, u *User, flowID string) MailedCode {
	c := MailedCode{Code: t.draw(mailedLength, mailedAlphabet)}
	c.To, _ = u.Profile["email"].(string)
	t.Send(Message{EnvironmentID: e.ID, UserID: u.ID, FlowID: flowID, Channel: "EMAIL", To: c.To, OTP: c.Code})
	return c
}

// SendRecoveryCode sends a code with which a person can set a new password; the one
// before is worth nothing from then on. FlowID is "" outside of a flow.
func (t *Tenant) SendRecoveryCode(e *Environment, u *User, flowID string) {
	u.Recovery = t.mail(e, u, flowID)
	u.Recovery.ExpiresAt = t.Now().Add(recoveryLifetime)
}

// RecoveryCodeMatches says whether a recovery code is the one that was sent and is good.
// Five wrong ones lock the password and leave the code worth nothing.
func (t *Tenant) RecoveryCodeMatches(u *User, code string) bool {
	now := t.Now()
	if u.Recovery.is(code) && now.Before(u.Recovery.ExpiresAt) {
		return true
	}
	if u.Recovery.Failures++; u.Recovery.Failures >= recoveryFailures {
		u.Recovery = MailedCode{}
		u.Password.Failures, u.Password.LockedUntil = 0, now.Add(passwordLock)
	}
	return false
}

// SendVerificationCode sends a code that verifies the account. It does not expire.
//
// https://developer.pingidentity.com/pingone-api/platform/users/users-1/send-resend-user-verification-code.html
func (t *Tenant) SendVerificationCode(e *Environment, u *User, flowID string) {
	u.Verification = t.mail(e, u, flowID)
	u.setLifecycle(VerificationRequired)
}

// Verify takes a verification code; false when it is not the one that was sent. The
// e-mail address is verified when it is still the one that the code went to.
//
// https://developer.pingidentity.com/pingone-api/platform/users/users-1/verify-user-1.html
func (u *User) Verify(code string) bool {
	if !u.Verification.is(code) {
		return false
	}
	u.setLifecycle(AccountOK)
	if u.Profile["email"] == u.Verification.To {
		u.EmailVerified = true
	}
	u.Verification = MailedCode{}
	return true
}

// MustVerify says whether the account waits for its verification.
func (u *User) MustVerify() bool { return u.Lifecycle["status"] == VerificationRequired }

func (u *User) setLifecycle(status string) {
	lifecycle := maps.Clone(u.Lifecycle)
	if lifecycle == nil {
		lifecycle = map[string]any{}
	}
	lifecycle["status"] = status
	u.Lifecycle = lifecycle
}
