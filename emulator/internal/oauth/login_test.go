package oauth

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
)

func TestLogin(t *testing.T) {
	t.Run("wrong ones and unknown ones get one answer", func(t *testing.T) {
		r := newRig(t)
		b := r.browser()
		state := b.authorize()
		wrong := b.login(state, "anna", "wrong")
		unknown := b.login(state, "nobody", goodPassword)
		requireProblem(t, wrong, 400, "INVALID_DATA", "INVALID_VALUE", "username")
		require.Equal(t, wrong.json("details").Raw, unknown.json("details").Raw)
		require.Equal(t, flow.PasswordRequired, b.read(state).json("status").String())
		require.Equal(t, flow.Completed, b.login(state, "Anna", goodPassword).json("status").String(), "names have no case")
	})
	t.Run("missing ones", func(t *testing.T) {
		b := newRig(t).browser()
		state := b.authorize()
		requireProblem(t, b.act(state, flow.CheckPassword, object{"password": "x"}), 400, "INVALID_DATA", "REQUIRED_VALUE", "username")
		requireProblem(t, b.act(state, flow.CheckPassword, object{"username": "anna"}), 400, "INVALID_DATA", "REQUIRED_VALUE", "password")
		requireProblem(t, b.act(state, flow.CheckPassword, object{"username": "anna", "password": 1}), 400, "INVALID_REQUEST", "INVALID_VALUE", "password")
	})
	t.Run("five wrong ones lock the right one for fifteen minutes", func(t *testing.T) {
		b := newRig(t).browser()
		state := b.authorize()
		for range 5 {
			b.login(state, "anna", "wrong")
		}
		locked := b.login(state, "anna", goodPassword)
		requireProblem(t, locked, 400, "INVALID_DATA", "PASSWORD_LOCKED_OUT", "password")
		require.Equal(t, int64(900), locked.json("details.0.innerError.secondsUntilUnlock").Int())
		b.pass(14 * time.Minute)
		requireProblem(t, b.login(state, "anna", goodPassword), 400, "INVALID_DATA", "PASSWORD_LOCKED_OUT", "password")
		b.pass(time.Minute)
		require.Equal(t, flow.Completed, b.login(state, "anna", goodPassword).json("status").String())
	})
	t.Run("a disabled person with the right one", func(t *testing.T) {
		b := newRig(t).browser()
		b.anna.Enabled = false
		state := b.authorize()
		requireProblem(t, b.login(state, "anna", goodPassword), 400, "REQUEST_FAILED", "ACCOUNT_NOT_USABLE", "")
		requireProblem(t, b.login(state, "anna", "wrong"), 400, "INVALID_DATA", "INVALID_VALUE", "username")
	})
	t.Run("a person without a password", func(t *testing.T) {
		b := newRig(t).browser()
		b.anna.Password = tenant.Password{}
		requireProblem(t, b.login(b.authorize(), "anna", "x"), 400, "INVALID_DATA", "NO_PASSWORD", "password")
	})
	t.Run("a flow that knows its person needs no name and takes no other", func(t *testing.T) {
		r := newRig(t)
		r.addUser("ben")
		b := r.browser()
		state := b.authorize("login_hint", "anna")
		requireProblem(t, b.login(state, "ben", goodPassword), 400, "INVALID_DATA", "INVALID_VALUE", "username")
		require.Equal(t, flow.Completed, b.act(state, flow.CheckPassword, object{"password": goodPassword}).json("status").String())
	})
}

func TestPasswordFlaggedForChange(t *testing.T) {
	r := newRig(t)
	r.tenant.SetPassword(r.anna, goodPassword, true)
	b := r.browser()
	state := b.login(b.authorize(), "anna", goodPassword)
	require.Equal(t, flow.MustChangePassword, state.json("status").String(), state.body)
	require.True(t, state.json(`_links.password\.reset`).Exists())
	require.Equal(t, r.env.PasswordPolicyID, state.json("_embedded.passwordPolicy.id").String())
	require.False(t, b.resume(state).json("authorizeResponse").Exists())

	change := func(current, fresh string) *reply {
		return b.act(state, flow.ResetPassword, object{"currentPassword": current, "newPassword": fresh})
	}
	requireProblem(t, change("wrong", "Another-Harbour-9"), 400, "INVALID_DATA", "INVALID_VALUE", "currentPassword")
	requireProblem(t, change(goodPassword, "weak"), 400, "INVALID_DATA", "INVALID_VALUE", "newPassword")
	requireProblem(t, change(goodPassword, goodPassword), 400, "INVALID_DATA", "INVALID_VALUE", "newPassword")
	requireProblem(t, b.act(state, flow.ResetPassword, object{"currentPassword": "x"}), 400, "INVALID_DATA", "REQUIRED_VALUE", "newPassword")
	require.Equal(t, flow.Completed, change(goodPassword, "Another-Harbour-9").json("status").String())
	require.True(t, r.tenant.CheckPassword(r.anna, "Another-Harbour-9").OK)
	require.Equal(t, "OK", r.anna.PasswordStatus(r.now))
}

func TestForgottenPassword(t *testing.T) {
	r := newRig(t)
	r.policy(r.app, "Recovery", tenant.Action{Type: "LOGIN", RecoveryEnabled: true})
	b := r.browser()
	state := b.authorize()
	require.True(t, state.json(`_links.password\.forgot`).Exists())

	known := b.act(state, flow.ForgotPassword, object{"username": "anna"})
	require.Equal(t, flow.RecoveryCodeRequired, known.json("status").String(), known.body)
	code := r.sent().OTP
	other := r.browser()
	unknown := other.act(other.authorize(), flow.ForgotPassword, object{"username": "nobody"})
	require.Equal(t, known.json("_links|@keys").Raw, unknown.json("_links|@keys").Raw, "an answer must not tell who exists")
	require.Len(t, r.tenant.Outbox(), 1)

	another := b.send("POST", r.path("/flows/"+state.json("id").String()), "application/vnd.pingidentity.password.sendRecoveryCode", "")
	require.Equal(t, flow.RecoveryCodeRequired, another.json("status").String(), another.body)
	require.True(t, another.json(`_links.password\.sendRecoveryCode`).Exists())
	other.act(unknown, flow.SendRecoveryCode, object{})
	require.Len(t, r.tenant.Outbox(), 2, "one for Anna, none for nobody")
	former := code
	code = r.sent().OTP
	require.NotEqual(t, former, code)

	recoverWith := func(code, fresh string) *reply {
		return b.act(state, flow.RecoverPassword, object{"recoveryCode": code, "newPassword": fresh})
	}
	requireProblem(t, recoverWith(code, "weak"), 400, "INVALID_DATA", "INVALID_VALUE", "newPassword")
	require.Equal(t, flow.Completed, recoverWith(code, "Another-Harbour-9").json("status").String())

	b = r.browser()
	state = b.authorize()
	b.act(state, flow.ForgotPassword, object{"username": "anna"})
	former = r.sent().OTP
	b.act(state, flow.SendRecoveryCode, object{})
	requireProblem(t, recoverWith(former, "Third-Harbour-77"), 400, "INVALID_DATA", "INVALID_VALUE", "recoveryCode")
	b.act(state, flow.SendRecoveryCode, object{})
	code = r.sent().OTP
	requireProblem(t, recoverWith("00000000", "Third-Harbour-77"), 400, "INVALID_DATA", "INVALID_VALUE", "recoveryCode")
	require.Equal(t, flow.Completed, recoverWith(strings.ToUpper(code), "Third-Harbour-77").json("status").String(), "upper and lower case are the same")
	requireProblem(t, b.act(b.authorize("prompt", "login"), flow.RecoverPassword, object{"recoveryCode": code, "newPassword": "Fourth-Harbour-7"}), 400, "INVALID_REQUEST", "INVALID_VALUE", "Content-Type")
}

func TestARecoveryCodeIsGoodForFiveMinutesAndFiveMistakes(t *testing.T) {
	begin := func(t *testing.T) (*rig, func(string) *reply) {
		r := newRig(t)
		r.policy(r.app, "Recovery", tenant.Action{Type: "LOGIN", RecoveryEnabled: true})
		b := r.browser()
		state := b.authorize()
		b.act(state, flow.ForgotPassword, object{"username": "anna"})
		require.Regexp(t, "^[a-z0-9]{8}$", r.sent().OTP)
		return r, func(code string) *reply {
			return b.act(state, flow.RecoverPassword, object{"recoveryCode": code, "newPassword": "Another-Harbour-9"})
		}
	}
	for minutes, status := range map[time.Duration]int{4*time.Minute + 59*time.Second: 200, 5 * time.Minute: 400} {
		r, recoverWith := begin(t)
		r.pass(minutes)
		require.Equal(t, status, recoverWith(r.sent().OTP).StatusCode)
	}
	r, recoverWith := begin(t)
	for range 4 {
		recoverWith("wrong")
	}
	require.Equal(t, "OK", r.anna.PasswordStatus(r.now))
	recoverWith("wrong")
	require.Equal(t, "PASSWORD_LOCKED_OUT", r.anna.PasswordStatus(r.now))
	require.Equal(t, 400, recoverWith(r.sent().OTP).StatusCode)
}

// Whose account waits for its verification gives the code after the password.
func TestAnAccountThatIsToBeVerified(t *testing.T) {
	r := newRig(t)
	r.anna.Lifecycle = map[string]any{"status": tenant.VerificationRequired}
	b := r.browser()
	state := b.login(b.authorize(), "anna", goodPassword)
	require.Equal(t, flow.VerificationCodeRequired, state.json("status").String(), state.body)
	require.Empty(t, b.resume(state).json("authorizeResponse").Raw)
	former := r.sent().OTP
	require.Equal(t, 200, b.send("POST", b.path("/flows/"+state.json("id").String()), mediaTypeOf(flow.SendVerificationCode), "").StatusCode)
	code := r.sent().OTP
	require.NotEqual(t, former, code)
	verify := func(code string) *reply { return b.act(state, flow.VerifyUser, object{"verificationCode": code}) }
	requireProblem(t, verify(former), 400, "INVALID_DATA", "INVALID_VALUE", "verificationCode")
	requireProblem(t, b.act(state, flow.VerifyUser, object{}), 400, "INVALID_DATA", "REQUIRED_VALUE", "verificationCode")
	require.Equal(t, flow.Completed, verify(code).json("status").String())
	require.True(t, r.anna.EmailVerified)
	require.Equal(t, flow.Completed, r.browser().signOn().json("status").String(), "once is enough")
}
