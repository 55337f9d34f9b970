package oauth

import (
	"encoding/base32"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
)

func loginAndMFA() []tenant.Action {
	return []tenant.Action{{Type: "LOGIN"}, {Type: "MULTI_FACTOR_AUTHENTICATION"}}
}

// sent is the newest passcode in the outbox.
func (r *rig) sent() tenant.Message {
	r.t.Helper()
	outbox := r.tenant.Outbox()
	require.NotEmpty(r.t, outbox)
	return outbox[len(outbox)-1]
}

// passcodeFlow has anna's password behind it and waits for what comes next.
func (b *userAgent) passcodeFlow(more ...string) *reply {
	b.t.Helper()
	state := b.login(b.authorize(more...), "anna", goodPassword)
	require.Equal(b.t, 200, state.StatusCode, state.body)
	return state
}

func TestLoginAndMFAJourney(t *testing.T) {
	r := newRig(t)
	r.policy(r.app, "LoginMFA", loginAndMFA()...)
	device := r.addDevice(r.anna, "EMAIL", "anna.somebody@example.com")
	b := r.browser()

	state := b.passcodeFlow("nonce", "n-1")
	require.Equal(t, flow.PasscodeRequired, state.json("status").String(), state.body)
	require.Equal(t, device.ID, state.json("selectedDevice.id").String())
	require.Equal(t, "an****@example.com", state.json("_embedded.devices.0.email").String())
	require.NotContains(t, state.body, "anna.somebody")
	require.True(t, state.json(`_links.otp\.check`).Exists())
	require.True(t, state.json(`_links.device\.select`).Exists())
	require.True(t, state.json(`_links.session\.reset`).Exists())
	require.Equal(t, "false", state.json("bypassAllowed").Raw)

	message := r.sent()
	require.Equal(t, tenant.Message{
		EnvironmentID: r.env.ID, UserID: r.anna.ID, DeviceID: device.ID, FlowID: state.json("id").String(),
		Channel: "EMAIL", To: device.Email, OTP: message.OTP, SentAt: r.now,
	}, message)
	require.Len(t, message.OTP, 6)

	done := b.act(state, flow.CheckPasscode, object{"otp": message.OTP})
	require.Equal(t, flow.Completed, done.json("status").String(), done.body)
	require.JSONEq(t, `["pwd","otp","mfa"]`, done.json("authenticationMethods").Raw)
	tokens := r.exchange(b.resume(state).json("authorizeResponse.code").String())
	id := r.verifyID(tokens.json("id_token").String())
	require.Equal(t, "LoginMFA", id["acr"])
	require.Equal(t, []any{"pwd", "otp", "mfa"}, id["amr"])
	require.Equal(t, "n-1", id["nonce"])
}

func TestPasscodes(t *testing.T) {
	start := func(t *testing.T) (*userAgent, *reply, *tenant.Device) {
		r := newRig(t)
		r.policy(r.app, "LoginMFA", loginAndMFA()...)
		device := r.addDevice(r.anna, "SMS", "+1.5125550142")
		b := r.browser()
		return b, b.passcodeFlow(), device
	}
	wrong := func(otp string) object {
		return object{"otp": string('0'+('9'-otp[0])) + otp[1:]}
	}

	t.Run("a wrong one can be followed by the right one", func(t *testing.T) {
		b, state, device := start(t)
		require.Equal(t, "*******42", state.json("_embedded.devices.0.phone").String())
		otp := b.sent().OTP
		requireProblem(t, b.act(state, flow.CheckPasscode, wrong(otp)), 400, "INVALID_DATA", "INVALID_OTP", "otp")
		require.Equal(t, flow.PasscodeRequired, b.read(state).json("status").String())
		require.Equal(t, int64(1), b.read(state).json("_embedded.devices.0.userRetries").Int())
		require.Equal(t, flow.Completed, b.act(state, flow.CheckPasscode, object{"otp": otp}).json("status").String())
		require.Zero(t, device.Failures)
	})
	t.Run("the third wrong one uses up the right one until another is sent", func(t *testing.T) {
		b, state, _ := start(t)
		otp := b.sent().OTP
		b.act(state, flow.CheckPasscode, wrong(otp))
		b.act(state, flow.CheckPasscode, wrong(otp))
		locked := b.act(state, flow.CheckPasscode, wrong(otp))
		requireProblem(t, locked, 400, "REQUEST_FAILED", "QUOTA_EXCEEDED", "")
		require.Equal(t, b.now.UnixMilli(), locked.json("details.0.innerError.coolDownExpiresAt").Int())
		requireProblem(t, b.act(state, flow.CheckPasscode, object{"otp": otp}), 400, "REQUEST_FAILED", "QUOTA_EXCEEDED", "")
		require.False(t, b.resume(state).json("authorizeResponse").Exists())
	})
	t.Run("failures of one flow count in the next", func(t *testing.T) {
		b, state, device := start(t)
		b.act(state, flow.CheckPasscode, wrong(b.sent().OTP))
		second := b.browser()
		again := second.passcodeFlow()
		second.act(again, flow.CheckPasscode, wrong(b.sent().OTP))
		require.Equal(t, 2, device.Failures)
	})
	t.Run("a device in its cool-down neither sends nor takes", func(t *testing.T) {
		b, state, device := start(t)
		policy := b.env.DefaultDevicePolicy()
		method := policy.Methods["sms"]
		method.CoolDown, method.FailureCount = 2*time.Minute, 1
		policy.Methods["sms"] = method
		b.act(state, flow.CheckPasscode, wrong(b.sent().OTP))
		requireProblem(t, b.act(state, flow.SelectDevice, object{"device": object{"id": device.ID}}), 400, "REQUEST_FAILED", "QUOTA_EXCEEDED", "")
		require.Equal(t, device.LockUntil.UnixMilli(), b.read(state).json("_embedded.devices.0.coolDownExpiresAt").Int())

		other := b.browser()
		refused := other.login(other.authorize(), "anna", goodPassword)
		requireProblem(t, refused, 400, "REQUEST_FAILED", "NO_USABLE_DEVICES", "")
		require.Equal(t, device.ID, refused.json("details.0.innerError.unavailableDevices.0.id").String())

		b.pass(2 * time.Minute)
		again := b.act(state, flow.SelectDevice, object{"device": object{"id": device.ID}})
		require.Equal(t, 200, again.StatusCode, again.body)
		require.Equal(t, flow.Completed, b.act(state, flow.CheckPasscode, object{"otp": b.sent().OTP}).json("status").String())
	})
	t.Run("an expired one is as good as a wrong one", func(t *testing.T) {
		b, state, _ := start(t)
		otp := b.sent().OTP
		for range 3 {
			b.pass(10 * time.Minute)
			b.read(state) // keeps the flow alive longer than the passcode
		}
		requireProblem(t, b.act(state, flow.CheckPasscode, object{"otp": otp}), 400, "INVALID_DATA", "INVALID_OTP", "otp")
	})
	t.Run("the old one is dead after a resend", func(t *testing.T) {
		b, state, device := start(t)
		old := b.sent().OTP
		again := b.act(state, flow.SelectDevice, object{"device": object{"id": device.ID}})
		require.Equal(t, flow.PasscodeRequired, again.json("status").String(), again.body)
		fresh := b.sent().OTP
		require.NotEqual(t, old, fresh)
		requireProblem(t, b.act(state, flow.CheckPasscode, object{"otp": old}), 400, "INVALID_DATA", "INVALID_OTP", "otp")
		require.Equal(t, flow.Completed, b.act(state, flow.CheckPasscode, object{"otp": fresh}).json("status").String())
	})
	t.Run("no passcode, an empty one, and a number", func(t *testing.T) {
		b, state, device := start(t)
		requireProblem(t, b.act(state, flow.CheckPasscode, object{}), 400, "INVALID_DATA", "REQUIRED_VALUE", "otp")
		requireProblem(t, b.act(state, flow.CheckPasscode, object{"otp": ""}), 400, "INVALID_DATA", "EMPTY_VALUE", "otp")
		requireProblem(t, b.act(state, flow.CheckPasscode, object{"otp": 123456}), 400, "INVALID_REQUEST", "INVALID_VALUE", "otp")
		require.Zero(t, device.Failures)
	})
	t.Run("a device that is switched off meanwhile takes none", func(t *testing.T) {
		b, state, device := start(t)
		device.Blocked = true
		requireProblem(t, b.act(state, flow.CheckPasscode, object{"otp": b.sent().OTP}), 400, "REQUEST_FAILED", "NO_USABLE_DEVICES", "")
	})
	t.Run("a person who is locked out meanwhile gives none", func(t *testing.T) {
		b, state, _ := start(t)
		other := b.browser()
		guess := other.authorize()
		for range 5 {
			other.login(guess, "anna", "wrong")
		}
		requireProblem(t, b.act(state, flow.CheckPasscode, object{"otp": b.sent().OTP}), 400, "REQUEST_FAILED", "ACCOUNT_NOT_USABLE", "")
	})
	t.Run("a person who is switched off meanwhile gives none", func(t *testing.T) {
		b, state, _ := start(t)
		b.anna.Enabled = false
		requireProblem(t, b.act(state, flow.CheckPasscode, object{"otp": b.sent().OTP}), 400, "REQUEST_FAILED", "ACCOUNT_NOT_USABLE", "")
	})
}

func TestDeviceSelection(t *testing.T) {
	tests := []struct {
		selection string
		devices   int
		want      string
	}{
		{"DEFAULT_TO_FIRST", 1, flow.PasscodeRequired},
		{"DEFAULT_TO_FIRST", 2, flow.PasscodeRequired},
		{"PROMPT_TO_SELECT", 1, flow.PasscodeRequired},
		{"PROMPT_TO_SELECT", 2, flow.DeviceSelectionRequired},
		{"ALWAYS_DISPLAY_DEVICES", 1, flow.DeviceSelectionRequired},
		{"ALWAYS_DISPLAY_DEVICES", 2, flow.DeviceSelectionRequired},
	}
	for _, test := range tests {
		t.Run(test.selection, func(t *testing.T) {
			r := newRig(t)
			r.policy(r.app, "LoginMFA", loginAndMFA()...)
			r.env.DefaultDevicePolicy().DeviceSelection = test.selection
			first := r.addDevice(r.anna, "SMS", "+1.5125550142")
			last := first
			if test.devices == 2 {
				last = r.addDevice(r.anna, "EMAIL", "a@example.com")
			}
			b := r.browser()
			state := b.passcodeFlow()
			require.Equal(t, test.want, state.json("status").String(), state.body)
			require.Len(t, state.json("_embedded.devices").Array(), test.devices)
			if test.want == flow.PasscodeRequired {
				require.Equal(t, first.ID, state.json("selectedDevice.id").String())
			} else {
				require.Empty(t, r.tenant.Outbox(), "nothing is sent before a device is chosen")
				require.False(t, state.json("selectedDevice").Exists())
				requireProblem(t, b.act(state, flow.CheckPasscode, object{"otp": "123456"}), 400, "INVALID_REQUEST", "INVALID_VALUE", "Content-Type")
			}
			chosen := b.act(state, flow.SelectDevice, object{"device": object{"id": last.ID}})
			require.Equal(t, flow.PasscodeRequired, chosen.json("status").String(), chosen.body)
			require.Equal(t, last.ID, chosen.json("selectedDevice.id").String())
			require.Equal(t, last.ID, r.sent().DeviceID)
		})
	}

	t.Run("what is no usable device of the person cannot be chosen", func(t *testing.T) {
		r := newRig(t)
		r.policy(r.app, "LoginMFA", loginAndMFA()...)
		r.addDevice(r.anna, "SMS", "+1.5125550142")
		pending := r.addDevice(r.anna, "EMAIL", "a@example.com")
		pending.Status = "ACTIVATION_REQUIRED"
		foreign := r.addDevice(r.addUser("ben"), "SMS", "+1.5125550143")
		b := r.browser()
		state := b.passcodeFlow()
		for _, id := range []string{pending.ID, foreign.ID, r.tenant.NewID()} {
			requireProblem(t, b.act(state, flow.SelectDevice, object{"device": object{"id": id}}), 400, "INVALID_DATA", "INVALID_VALUE", "device.id")
		}
		requireProblem(t, b.act(state, flow.SelectDevice, object{}), 400, "INVALID_DATA", "REQUIRED_VALUE", "device.id")
	})
}

func TestNoUsableDevice(t *testing.T) {
	tests := map[string]func(r *rig, mfa *tenant.Action){
		"none at all": func(r *rig, _ *tenant.Action) { r.anna.MFAEnabled = true },
		"MFA off for the person": func(r *rig, _ *tenant.Action) {
			r.addDevice(r.anna, "SMS", "+1.5125550142")
			r.anna.MFAEnabled = false
		},
		"method off in the device policy": func(r *rig, _ *tenant.Action) { r.addDevice(r.anna, "VOICE", "+1.5125550142") },
		"method off in the action": func(r *rig, mfa *tenant.Action) {
			r.addDevice(r.anna, "SMS", "+1.5125550142")
			mfa.Methods = map[string]bool{"sms": false, "email": true}
		},
		"method off in the action's own device policy": func(r *rig, mfa *tenant.Action) {
			r.addDevice(r.anna, "SMS", "+1.5125550142")
			policy := r.tenant.NewDevicePolicy("Mail only", []string{"email"})
			r.env.DevicePolicies[policy.ID] = policy
			mfa.DevicePolicyID = policy.ID
		},
		"BYPASS without a signed hint": func(r *rig, mfa *tenant.Action) {
			r.anna.MFAEnabled = true
			mfa.NoDevicesMode = "BYPASS"
		},
	}
	for name, prepare := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			actions := loginAndMFA()
			prepare(r, &actions[1])
			r.policy(r.app, "LoginMFA", actions...)
			b := r.browser()
			state := b.authorize()
			refused := b.login(state, "anna", goodPassword)
			requireProblem(t, refused, 400, "REQUEST_FAILED", "NO_USABLE_DEVICES", "")
			failed := b.read(state)
			require.Equal(t, flow.Failed, failed.json("status").String())
			require.Equal(t, "NO_USABLE_DEVICES", failed.json("error.code").String())
			requireOAuth(t, b.resume(state), 400, "access_denied")
			require.Empty(t, r.tenant.Outbox())
		})
	}

	t.Run("in redirect mode the application hears of it", func(t *testing.T) {
		r := newRig(t)
		r.policy(r.app, "LoginMFA", loginAndMFA()...)
		b := r.browser()
		state := b.send("GET", r.path("/flows/"+b.authorize("response_mode", "-", "state", "s1").location().Query().Get("flowId")), "", "")
		b.login(state, "anna", goodPassword)
		back := b.resume(state).location()
		require.Equal(t, "shop.example.com", back.Host)
		require.Equal(t, "access_denied", back.Query().Get("error"))
		require.Equal(t, "s1", back.Query().Get("state"))
		require.False(t, back.Query().Has("code"))
	})
	t.Run("the next assigned policy gets its turn", func(t *testing.T) {
		r := newRig(t)
		r.policy(r.app, "Strong", loginAndMFA()...)
		r.policy(r.app, "Weak", tenant.Action{Type: "LOGIN"})
		b := r.browser()
		done := b.passcodeFlow()
		require.Equal(t, flow.Completed, done.json("status").String(), done.body)
		id := r.verifyID(r.exchange(b.resume(done).json("authorizeResponse.code").String()).json("id_token").String())
		require.Equal(t, "Weak", id["acr"])
	})
}

func TestAuthenticatorApp(t *testing.T) {
	r := newRig(t)
	r.policy(r.app, "LoginMFA", loginAndMFA()...)
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte("twenty bytes of noise"))
	r.addDevice(r.anna, "TOTP", secret)
	shown := func(at time.Time) object {
		code, err := totp.GenerateCode(secret, at)
		require.NoError(t, err)
		return object{"otp": code}
	}
	b := r.browser()
	state := b.passcodeFlow()
	require.Equal(t, flow.PasscodeRequired, state.json("status").String(), state.body)
	require.Empty(t, r.tenant.Outbox(), "an authenticator app is sent nothing")

	requireProblem(t, b.act(state, flow.CheckPasscode, shown(r.now.Add(-10*time.Minute))), 400, "INVALID_DATA", "INVALID_OTP", "otp")
	require.Equal(t, flow.Completed, b.act(state, flow.CheckPasscode, shown(r.now.Add(-time.Minute))).json("status").String())

	second := r.browser()
	again := second.passcodeFlow()
	requireProblem(t, second.act(again, flow.CheckPasscode, shown(r.now.Add(-time.Minute))), 400, "INVALID_DATA", "INVALID_OTP", "otp")
	require.Equal(t, flow.Completed, second.act(again, flow.CheckPasscode, shown(r.now)).json("status").String())
}

func TestAuthenticatorAppNeedsTheActionsFlag(t *testing.T) {
	r := newRig(t)
	actions := loginAndMFA()
	actions[1].Methods = map[string]bool{"sms": true, "authenticator": true}
	r.policy(r.app, "LoginMFA", actions...)
	r.addDevice(r.anna, "TOTP", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
	require.Equal(t, flow.PasscodeRequired, r.browser().passcodeFlow().json("status").String())
}
