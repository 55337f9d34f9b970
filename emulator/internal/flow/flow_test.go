package flow

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

type object = map[string]any

const goodPassword = "Quiet-Harbour-52"

var (
	login     = tenant.Action{Type: tenant.ActionLogin}
	mfa       = tenant.Action{Type: tenant.ActionMFA}
	bypass    = tenant.Action{Type: tenant.ActionMFA, NoDevicesMode: "BYPASS"}
	profiling = tenant.Action{Type: tenant.ActionProfiling, PromptIntervalSeconds: 3600, Attributes: []tenant.ProfileAttribute{{Name: "mobilePhone"}}}
	required  = tenant.Action{Type: tenant.ActionProfiling, Attributes: []tenant.ProfileAttribute{{Name: "name.given", Required: true}}}
)

// bench is an environment with Anna, who can be given devices, and a clock that
// stands still until it is moved.
type bench struct {
	*Engine
	Visit
	t    *testing.T
	anna *tenant.User
}

func newBench(t *testing.T, devices ...string) *bench {
	b := &bench{t: t, Visit: Visit{Now: time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC), Remote: "127.0.0.1"}}
	all := tenant.New(tenant.Options{Now: func() time.Time { return b.Now }, Random: rand.NewChaCha8([32]byte{1})})
	b.Engine = New(all, Documented())
	b.Env = all.AddEnvironment(tenant.EnvironmentSpec{Name: "Test", Type: "SANDBOX", Region: "NA", Methods: []string{"email"}})
	b.anna = &tenant.User{
		Meta: all.NewMeta(b.Now), Enabled: true, MFAEnabled: devices != nil, Profile: object{"username": "anna"}, Devices: tenant.Table[*tenant.Device]{},
	}
	all.SetPassword(b.anna, goodPassword, false)
	for _, address := range devices {
		b.anna.Devices.Add(&tenant.Device{Meta: all.NewMeta(b.Now), Type: "EMAIL", Status: "ACTIVE", Email: address})
	}
	b.Env.PutUser(b.anna)
	return b
}

// begin begins a flow under a policy of these actions.
func (b *bench) begin(r Request, actions ...tenant.Action) *Flow {
	policy := &tenant.SignOnPolicy{Meta: b.tenant.NewMeta(b.Now), Name: "Test", Actions: tenant.Table[*tenant.Action]{}}
	for i, action := range actions {
		sent := action.Sent
		action.Meta, action.Priority = b.tenant.NewMeta(b.Now), i+1
		action.Sent = sent
		policy.Actions.Add(&action)
	}
	r.Policies = append([]*tenant.SignOnPolicy{policy}, r.Policies...)
	if r.Browser == nil {
		r.Browser = &Browser{ID: "browser"}
	}
	f := b.New(r)
	b.Begin(b.Visit, f)
	return f
}

// move is an action with what comes of it: the code of the refusal, "" for none,
// and the state afterwards.
type move struct {
	action  string
	input   object
	refusal string
	status  string
}

func (b *bench) play(f *Flow, moves ...move) {
	for i, m := range moves {
		if m.input["otp"] == "sent" {
			m.input = object{"otp": f.Challenge.Sent.Code}
		}
		require.True(b.t, f.Takes(m.action), "move %d: %s in %s", i, m.action, f.Status)
		refusal := b.Act(b.Visit, f, m.action, m.input)
		if m.refusal == "" {
			require.Nil(b.t, refusal, "move %d", i)
		} else {
			require.NotNil(b.t, refusal, "move %d", i)
			require.Equal(b.t, m.refusal, refusal.Details[0].Code, "move %d", i)
		}
		require.Equal(b.t, m.status, f.Status, "move %d", i)
		if f.Status == Completed {
			require.Empty(b.t, f.Challenge, "no passcode is waited for any more")
			require.Empty(b.t, f.Asked, "nor any attribute")
		}
	}
}

var (
	right = object{"username": "anna", "password": goodPassword}
	wrong = object{"username": "anna", "password": "wrong"}
)

func TestStates(t *testing.T) {
	for name, row := range map[string]struct {
		actions []tenant.Action
		devices []string
		hinted  bool
		request Request
		begins  string
		moves   []move
	}{
		"no action proves nobody":            {begins: Failed},
		"an unknown action fails":            {actions: []tenant.Action{{Type: "IDENTIFIER_FIRST"}}, begins: Failed},
		"profiling before sign-on fails":     {actions: []tenant.Action{profiling}, begins: Failed},
		"MFA alone asks who signs on":        {actions: []tenant.Action{mfa}, devices: []string{"anna@example.com"}, begins: SignOnRequired},
		"MFA without a device fails":         {actions: []tenant.Action{mfa}, hinted: true, begins: Failed},
		"a mere hint does not excuse":        {actions: []tenant.Action{bypass}, hinted: true, begins: Failed},
		"a signed hint does, with BYPASS":    {actions: []tenant.Action{bypass}, hinted: true, request: Request{Vouched: true}, begins: Completed},
		"a signed hint replaces no password": {actions: []tenant.Action{login}, hinted: true, request: Request{Vouched: true}, begins: PasswordRequired},
		"a password": {actions: []tenant.Action{login}, begins: PasswordRequired, moves: []move{
			{CheckPassword, wrong, "INVALID_VALUE", PasswordRequired},
			{CheckPassword, object{"username": "nobody", "password": goodPassword}, "INVALID_VALUE", PasswordRequired},
			{CheckPassword, object{"username": "anna"}, "REQUIRED_VALUE", PasswordRequired},
			{CheckPassword, object{"password": goodPassword}, "REQUIRED_VALUE", PasswordRequired},
			{CheckPassword, object{"username": "anna", "password": true}, "INVALID_VALUE", PasswordRequired},
			{CheckPassword, right, "", Completed},
		}},
		"a password of whom a hint has named": {actions: []tenant.Action{login}, hinted: true, begins: PasswordRequired, moves: []move{
			{CheckPassword, object{"username": "nobody", "password": goodPassword}, "INVALID_VALUE", PasswordRequired},
			{CheckPassword, object{"password": "wrong"}, "INVALID_VALUE", PasswordRequired},
			{CheckPassword, object{"password": goodPassword}, "", Completed},
		}},
		"a password and a passcode": {actions: []tenant.Action{login, mfa}, devices: []string{"anna@example.com"}, begins: PasswordRequired, moves: []move{
			{CheckPassword, right, "", PasscodeRequired},
			{CheckPasscode, object{"otp": "none"}, "INVALID_OTP", PasscodeRequired},
			{ResetSession, nil, "", PasswordRequired},
			{CheckPassword, right, "", PasscodeRequired},
			{CheckPasscode, object{"otp": "sent"}, "", Completed},
		}},
		"too many wrong passcodes": {actions: []tenant.Action{mfa}, devices: []string{"anna@example.com"}, hinted: true, begins: PasscodeRequired, moves: []move{
			{CheckPasscode, object{"otp": "1"}, "INVALID_OTP", PasscodeRequired},
			{CheckPasscode, object{"otp": "2"}, "INVALID_OTP", PasscodeRequired},
			{CheckPasscode, object{"otp": "3"}, "QUOTA_EXCEEDED", PasscodeRequired},
			{CheckPasscode, object{"otp": "sent"}, "EMPTY_VALUE", PasscodeRequired},
			{CheckPasscode, object{"otp": "4"}, "QUOTA_EXCEEDED", PasscodeRequired},
		}},
		"a profile, skipped": {actions: []tenant.Action{login, profiling}, begins: PasswordRequired, moves: []move{
			{CheckPassword, right, "", ProfileRequired},
			{UpdateUser, object{"email": "anna@example.com"}, "INVALID_VALUE", ProfileRequired},
			{UpdateUser, object{"mobilePhone": "none"}, "INVALID_VALUE", ProfileRequired},
			{UpdateUser, object{}, "", Completed},
		}},
		"a profile that is required": {actions: []tenant.Action{login, required}, begins: PasswordRequired, moves: []move{
			{CheckPassword, right, "", ProfileRequired},
			{UpdateUser, object{}, "REQUIRED_VALUE", ProfileRequired},
			{UpdateUser, object{"name": object{"given": "Anna"}}, "", Completed},
		}},
		"a password that was forgotten": {actions: []tenant.Action{{Type: tenant.ActionLogin, RecoveryEnabled: true}}, begins: PasswordRequired, moves: []move{
			{ForgotPassword, object{"username": "nobody"}, "", RecoveryCodeRequired},
			{RecoverPassword, object{"recoveryCode": "1", "newPassword": "Calm-Harbour-53"}, "INVALID_VALUE", RecoveryCodeRequired},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, row.devices...)
			if row.hinted {
				row.request.Hinted = b.anna
			}
			f := b.begin(row.request, row.actions...)
			require.Equal(t, row.begins, f.Status)
			b.play(f, row.moves...)
			require.Equal(t, f.Status == Completed, f.Request.Browser.UserID == b.anna.ID)
			if f.Status == Completed || f.Status == Failed {
				require.Empty(t, f.Allowed(), "it has ended")
				require.Equal(t, f.Status == Completed, f.AuthTime.Equal(b.Now))
			}
		})
	}
}

// An environment without a device policy has every method switched off.
func TestWithoutADevicePolicyNoDeviceAnswers(t *testing.T) {
	b := newBench(t, "anna@example.com")
	b.Env.DevicePolicies = tenant.Table[*tenant.DevicePolicy]{}
	require.Equal(t, Failed, b.begin(Request{Hinted: b.anna}, mfa).Status)
}

func TestAPolicyThatFailsMakesWayForTheNext(t *testing.T) {
	b := newBench(t)
	fallback := b.begin(Request{}, login).Policies
	f := b.begin(Request{Policies: fallback, Hinted: b.anna}, mfa)
	require.Equal(t, PasswordRequired, f.Status)
	require.Equal(t, fallback, f.Policies)

	b = newBench(t, "anna@example.com")
	second := b.begin(Request{}, mfa).Policies
	f = b.begin(Request{Policies: second, Hinted: b.anna}, tenant.Action{Type: "IDENTIFIER_FIRST"}, login)
	require.Equal(t, PasscodeRequired, f.Status)
	require.Len(t, b.tenant.Outbox(), 1, "it is begun once")
}

func TestTime(t *testing.T) {
	for name, row := range map[string]struct {
		actions []tenant.Action
		wait    time.Duration
		refusal string
		status  string
	}{
		"a passcode in time":       {[]tenant.Action{mfa}, 29 * time.Minute, "", Completed},
		"a passcode that is late":  {[]tenant.Action{mfa}, 30 * time.Minute, "INVALID_OTP", PasscodeRequired},
		"no second prompt so soon": {[]tenant.Action{mfa, profiling}, 59 * time.Minute, "", Completed},
		"another prompt later":     {[]tenant.Action{mfa, profiling}, time.Hour, "", ProfileRequired},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "anna@example.com")
			prompts := len(row.actions) > 1
			f := b.begin(Request{Hinted: b.anna}, row.actions...)
			if prompts {
				b.play(f, move{CheckPasscode, object{"otp": "sent"}, "", ProfileRequired}, move{UpdateUser, object{}, "", Completed})
			}
			b.Now = b.Now.Add(row.wait)
			if prompts {
				f = b.begin(Request{Hinted: b.anna}, row.actions...)
			}
			b.play(f, move{CheckPasscode, object{"otp": "sent"}, row.refusal, row.status})
		})
	}
}

func TestWhatABrowserHasProven(t *testing.T) {
	b := newBench(t, "anna@example.com")
	here := &Browser{ID: "browser"}
	f := b.begin(Request{Browser: here}, login)
	b.play(f, move{CheckPassword, right, "", Completed})
	require.Equal(t, []string{Password}, here.Methods)
	require.Equal(t, 1, f.Proofs)

	f = b.New(Request{Policies: f.Policies, Browser: here})
	f.Adopt(b.anna)
	b.Begin(b.Visit, f)
	require.Equal(t, Completed, f.Status, "the password is known already")
	require.Zero(t, f.Proofs)
	require.Equal(t, "browser", f.SessionID)

	ben := &tenant.User{Meta: b.tenant.NewMeta(b.Now), Enabled: true, MFAEnabled: true, Profile: object{"username": "ben"}, Devices: b.anna.Devices}
	b.Env.PutUser(ben)
	f = b.begin(Request{Browser: here, Hinted: ben}, mfa)
	b.play(f, move{CheckPasscode, object{"otp": "sent"}, "", Completed})
	require.NotEqual(t, "browser", f.SessionID, "somebody else has signed on here before")
	require.Equal(t, []string{Passcode}, here.Methods)
	require.Equal(t, []string{Password, Passcode, "mfa"}, AMR([]string{Password, Passcode}))

	f = b.begin(Request{Browser: here}, login)
	b.play(f, move{CheckPassword, object{"username": "ben", "password": goodPassword}, "NO_PASSWORD", PasswordRequired})
	b.tenant.SetPassword(ben, goodPassword, false)
	b.play(f, move{CheckPassword, object{"username": "ben", "password": goodPassword}, "", Completed})
	require.Equal(t, []string{Passcode, Password}, here.Methods, "one comes to the other")
	f = b.New(Request{Policies: b.begin(Request{}, login, mfa).Policies, Browser: here})
	f.Adopt(ben)
	b.Begin(b.Visit, f)
	require.Equal(t, Completed, f.Status, "both are known")
}
