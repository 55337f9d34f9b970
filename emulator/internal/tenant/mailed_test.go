package tenant

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// mailing is a tenant whose clock a test sets, and a person of it with an address.
func mailing() (t *Tenant, e *Environment, u *User, after func(time.Duration)) {
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	t = New(Options{Now: func() time.Time { return now }})
	e = &Environment{}
	u = &User{Profile: map[string]any{"email": "anna@example.com"}}
	return t, e, u, func(d time.Duration) { now = now.Add(d) }
}

func TestARecoveryCodeIsGoodForAWhile(t *testing.T) {
	for after, good := range map[time.Duration]bool{0: true, 5*time.Minute - time.Millisecond: true, 5 * time.Minute: false, time.Hour: false} {
		tenant, e, u, wait := mailing()
		tenant.SendRecoveryCode(e, u, "flow")
		code := u.Recovery.Code
		require.Regexp(t, `^[a-z0-9]{8}$`, code)
		sent := tenant.Outbox()
		require.Len(t, sent, 1)
		require.Equal(t, []string{"EMAIL", "anna@example.com", code, "flow"}, []string{sent[0].Channel, sent[0].To, sent[0].OTP, sent[0].FlowID})
		wait(after)
		require.Equal(t, good, tenant.RecoveryCodeMatches(u, strings.ToUpper(code)), after)
	}
	tenant, e, u, _ := mailing()
	require.False(t, tenant.RecoveryCodeMatches(u, ""), "none was sent")
	tenant.SendRecoveryCode(e, u, "flow")
	former := u.Recovery.Code
	tenant.SendRecoveryCode(e, u, "flow")
	require.False(t, tenant.RecoveryCodeMatches(u, former))
	require.True(t, tenant.RecoveryCodeMatches(u, u.Recovery.Code))
}

func TestFiveWrongRecoveryCodesLockThePassword(t *testing.T) {
	tenant, e, u, wait := mailing()
	u.Password.Failures = 3
	tenant.SendRecoveryCode(e, u, "flow")
	code := u.Recovery.Code
	for range 4 {
		require.False(t, tenant.RecoveryCodeMatches(u, "wrong"))
		require.False(t, u.Locked(tenant.Now()))
	}
	require.True(t, tenant.RecoveryCodeMatches(u, code), "four mistakes are forgiven")
	require.False(t, tenant.RecoveryCodeMatches(u, "wrong"))
	require.True(t, u.Locked(tenant.Now()))
	require.False(t, tenant.RecoveryCodeMatches(u, code), "the code is worth nothing any more")
	require.Equal(t, 900, u.SecondsUntilUnlock(tenant.Now()))
	require.Zero(t, u.Password.Failures)
	wait(15 * time.Minute)
	require.False(t, u.Locked(tenant.Now()))
}

func TestAVerificationCodeVerifiesTheAddressThatItWentTo(t *testing.T) {
	for _, moved := range []bool{false, true} {
		tenant, e, u, wait := mailing()
		tenant.SendVerificationCode(e, u, "")
		require.True(t, u.MustVerify())
		wait(1000 * time.Hour)
		require.False(t, u.Verify("wrong"))
		require.False(t, u.Verify(""))
		require.True(t, u.MustVerify())
		if moved {
			u.Profile["email"] = "other@example.com"
		}
		code := u.Verification.Code
		require.True(t, u.Verify(code))
		require.False(t, u.MustVerify())
		require.Equal(t, !moved, u.EmailVerified)
		require.False(t, u.Verify(code), "once")
		require.False(t, u.Verify(""), "no code is good when none was sent")
	}
}
