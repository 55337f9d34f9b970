package management

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"
)

func (a *api) devices() string { a.t.Helper(); return "{env}/users/" + a.user("anna") + "/devices" }

const activate = mediaVendor + "device.activate+json"

func TestDeviceLife(t *testing.T) {
	a := newAPI(t)
	devices := a.devices()
	r := a.made(devices, `{"type":"SMS","phone":"+1.5125550101","nickname":"Work","policy":{"id":"`+a.env.DefaultDevicePolicy().ID+`"}}`)
	for path, want := range map[string]string{
		"type": "SMS", "status": "ACTIVE", "phone": "+1.5125550101", "nickname": "Work", "block.status": "UNBLOCKED", "lock.status": "UNLOCKED",
		"environment.id": a.env.ID,
	} {
		require.Equal(t, want, r.body.Get(path).String(), path)
	}
	require.False(t, r.body.Get("policy").Exists(), "the policy is not shown")
	require.False(t, r.body.Get(`_links.device\.activate`).Exists())
	require.Empty(t, a.tenant.Outbox(), "an active device needs no passcode")
	one := devices + "/" + r.id()
	require.JSONEq(t, r.raw, a.get(one).raw)
	require.Equal(t, "Home", a.put(one, `{"nickname":"Home"}`).body.Get("nickname").String())
	refused(t, a.put(one, `{"phone":"+1.5125550102"}`), 400, "INVALID_DATA", "phone INVALID_VALUE")

	a.made(devices, `{"type":"EMAIL","email":"anna@example.com"}`)
	require.Equal(t, int64(2), a.get(devices).body.Get("count").Int())
	a.twice(one)
	require.Equal(t, int64(1), a.get(devices).body.Get("_embedded.devices.#").Int())
}

func TestDeviceRefusals(t *testing.T) {
	a := newAPI(t)
	devices := a.devices()
	phone := a.made(devices, `{"type":"SMS","phone":"+1.5125550101"}`).id()
	a.made(devices, `{"type":"EMAIL","email":"anna@example.com"}`)
	for _, row := range []struct {
		name, body string
		details    []string
	}{
		{"nothing", `{}`, []string{"type REQUIRED_VALUE"}},
		{"unknown type", `{"type":"PIGEON"}`, []string{"type INVALID_VALUE"}},
		{"no phone", `{"type":"SMS"}`, []string{"phone REQUIRED_VALUE"}},
		{"phone without plus", `{"type":"SMS","phone":"5125550101"}`, []string{"phone INVALID_VALUE"}},
		{"phone with letters", `{"type":"SMS","phone":"+1512555ABCD"}`, []string{"phone INVALID_VALUE"}},
		{"no mail address", `{"type":"EMAIL","email":"anna"}`, []string{"email INVALID_VALUE"}},
		{"the same number, spelt otherwise", `{"type":"SMS","phone":"+1 (512) 555-0101"}`, []string{"phone UNIQUENESS_VIOLATION"}},
		{"the same address", `{"type":"EMAIL","email":"anna@example.com"}`, []string{"email UNIQUENESS_VIOLATION"}},
		{"a method that is off", `{"type":"VOICE","phone":"+1.5125550101"}`, []string{"type INVALID_VALUE"}},
		{"unknown policy", `{"type":"SMS","phone":"+1.5125550102","policy":{"id":"x"}}`, []string{"policy.id INVALID_VALUE"}},
		{"a test authenticator", `{"type":"TOTP","testMode":true}`, []string{"testMode INVALID_VALUE"}},
		{"unknown status", `{"type":"SMS","phone":"+1.5125550102","status":"ASLEEP"}`, []string{"status INVALID_VALUE"}},
	} {
		t.Run(row.name, func(t *testing.T) { refused(t, a.post(devices, row.body), 400, "INVALID_DATA", row.details...) })
	}
	refused(t, a.send(http.MethodPost, devices+"/"+phone, activate, `{"otp":"123456"}`), 400, "REQUEST_FAILED", "status CONSTRAINT_VIOLATION")
	refused(t, a.get(devices+"/00000000-0000-4000-8000-000000000000"), 404, "NOT_FOUND")
	refused(t, a.post("{env}/users/00000000-0000-4000-8000-000000000000/devices", `{"type":"SMS","phone":"+1.5125550101"}`), 404, "NOT_FOUND")
}

func TestActivateByPasscode(t *testing.T) {
	a := newAPI(t)
	devices := a.devices()
	r := a.made(devices, `{"type":"SMS","phone":"+1.5125550101","status":"ACTIVATION_REQUIRED"}`)
	require.Equal(t, "ACTIVATION_REQUIRED", r.body.Get("status").String())
	require.NotEmpty(t, r.body.Get(`_links.device\.activate.href`).String())
	require.False(t, r.body.Get("test").Exists())
	sent := a.tenant.Outbox()[0]
	require.Equal(t, "+1.5125550101", sent.To)
	require.Equal(t, r.id(), sent.DeviceID)
	one := devices + "/" + r.id()

	refused(t, a.send(http.MethodPost, one, activate, `{}`), 400, "INVALID_DATA", "otp REQUIRED_VALUE")
	refused(t, a.send(http.MethodPost, one, activate, `{"otp":"nope"}`), 400, "INVALID_DATA", "otp INVALID_OTP")
	ok := a.send(http.MethodPost, one, activate, `{"otp":"`+sent.OTP+`"}`)
	require.Equal(t, 200, ok.status, "%s", ok)
	require.Equal(t, "ACTIVE", ok.body.Get("status").String())
	require.Equal(t, "ACTIVE", a.get(devices+"?filter="+`(status%20eq%20"ACTIVE")`).body.Get("_embedded.devices.0.status").String())
}

func TestExpiredActivation(t *testing.T) {
	a := newAPI(t)
	devices := a.devices()
	one := devices + "/" + a.made(devices, `{"type":"SMS","phone":"+1.5125550101","status":"ACTIVATION_REQUIRED"}`).id()
	a.now = a.now.Add(30 * time.Minute)
	refused(t, a.send(http.MethodPost, one, activate, `{"otp":"`+a.tenant.Outbox()[0].OTP+`"}`), 400, "INVALID_DATA", "otp INVALID_OTP")
	a.now = a.now.Add(24 * time.Hour)
	refused(t, a.get(one), 404, "NOT_FOUND")
	require.Equal(t, int64(0), a.get(devices).body.Get("count").Int(), "never activated, so it is gone")
}

func TestTestDeviceTellsItsPasscode(t *testing.T) {
	a := newAPI(t)
	devices := a.devices()
	r := a.made(devices, `{"type":"EMAIL","email":"anna@example.com","testMode":true,"status":"ACTIVATION_REQUIRED"}`)
	require.Regexp(t, `^\d{6}$`, r.body.Get("test.otp").String())
	require.Empty(t, a.tenant.Outbox(), "nothing is sent")
	one := devices + "/" + r.id()
	require.False(t, a.get(one).body.Get("test").Exists())
	require.Equal(t, 200, a.send(http.MethodPost, one, activate, `{"otp":"`+r.body.Get("test.otp").String()+`"}`).status)
}

func TestAuthenticatorDevice(t *testing.T) {
	a := newAPI(t)
	devices := a.devices()
	r := a.made(devices, `{"type":"TOTP","status":"ACTIVE"}`)
	require.Equal(t, "ACTIVATION_REQUIRED", r.body.Get("status").String(), "always")
	secret := r.body.Get("secret").String()
	require.Contains(t, r.body.Get("keyUri").String(), "otpauth://totp/")
	require.Contains(t, r.body.Get("keyUri").String(), "secret="+secret)
	one := devices + "/" + r.id()
	require.NotContains(t, a.get(one).raw, secret, "the secret is shown once")

	code := func(at time.Time) string {
		code, err := totp.GenerateCode(secret, at)
		require.NoError(t, err)
		return `{"otp":"` + code + `"}`
	}
	refused(t, a.send(http.MethodPost, one, activate, code(a.now.Add(10*time.Minute))), 400, "INVALID_DATA", "otp INVALID_OTP")
	require.Equal(t, 200, a.send(http.MethodPost, one, activate, code(a.now)).status)

	late := a.made(devices, `{"type":"TOTP"}`)
	secret = late.body.Get("secret").String()
	a.now = a.now.Add(31 * time.Minute)
	refused(t, a.send(http.MethodPost, devices+"/"+late.id(), activate, code(a.now)), 400, "INVALID_DATA", "otp INVALID_OTP")
}

func TestLockUnlockAndBlock(t *testing.T) {
	a := newAPI(t)
	devices := a.devices()
	one := devices + "/" + a.made(devices, `{"type":"TOTP"}`).id()
	wrong := func() reply { return a.send(http.MethodPost, one, activate, `{"otp":"000000x"}`) }
	refused(t, wrong(), 400, "INVALID_DATA", "otp INVALID_OTP")
	refused(t, wrong(), 400, "INVALID_DATA", "otp INVALID_OTP")
	locked := wrong()
	refused(t, locked, 400, "REQUEST_FAILED", "otp QUOTA_EXCEEDED")
	require.Equal(t, a.now.Add(2*time.Minute).UnixMilli(), locked.body.Get("details.0.innerError.coolDownExpiresAt").Int())
	require.Equal(t, "LOCKED", a.get(one).body.Get("lock.status").String())
	require.Equal(t, "2026-01-15T09:02:00.000Z", a.get(one).body.Get("lock.expiresAt").String())

	refused(t, wrong(), 400, "REQUEST_FAILED", "otp QUOTA_EXCEEDED")
	a.now = a.now.Add(2*time.Minute - time.Second)
	refused(t, wrong(), 400, "REQUEST_FAILED", "otp QUOTA_EXCEEDED")
	a.now = a.now.Add(time.Second)
	refused(t, wrong(), 400, "INVALID_DATA", "otp INVALID_OTP")
	refused(t, wrong(), 400, "INVALID_DATA", "otp INVALID_OTP")
	refused(t, wrong(), 400, "REQUEST_FAILED", "otp QUOTA_EXCEEDED")

	unlocked := a.send(http.MethodPost, one, mediaVendor+"device.unlock+json", `{}`)
	require.Equal(t, "UNLOCKED", unlocked.body.Get("lock.status").String())
	refused(t, wrong(), 400, "INVALID_DATA", "otp INVALID_OTP")
	require.Equal(t, "BLOCKED", a.send(http.MethodPost, one, mediaVendor+"device.block+json", ``).body.Get("block.status").String())
	require.Equal(t, "UNBLOCKED", a.send(http.MethodPost, one, mediaVendor+"device.unblock+json", ``).body.Get("block.status").String())
}

// A locked device takes not even the right passcode, and a passcode is good once.
func TestARightPasscodeComesTooLate(t *testing.T) {
	a := newAPI(t)
	devices := a.devices()
	method := a.env.DefaultDevicePolicy().Method("EMAIL")
	method.CoolDown = time.Minute
	a.env.DefaultDevicePolicy().Methods["email"] = method
	paired := a.made(devices, `{"type":"EMAIL","email":"anna@example.com","status":"ACTIVATION_REQUIRED"}`)
	one := devices + "/" + paired.id()
	give := func(code string) reply {
		return a.send(http.MethodPost, one, activate, `{"otp":"`+code+`"}`)
	}
	otp := a.tenant.Outbox()[0].OTP
	for range 3 {
		give("000000x")
	}
	refused(t, give(otp), 400, "REQUEST_FAILED", "otp QUOTA_EXCEEDED")
	a.now = a.now.Add(time.Minute)
	require.Equal(t, 200, give(otp).status)
	refused(t, give(otp), 400, "REQUEST_FAILED", "status CONSTRAINT_VIOLATION")
	for _, u := range a.env.Users {
		for _, d := range u.Devices {
			d.Status = "ACTIVATION_REQUIRED" // as if it had to be proven again
		}
	}
	refused(t, give(otp), 400, "INVALID_DATA", "otp INVALID_OTP")
	refused(t, give(""), 400, "INVALID_DATA", "otp EMPTY_VALUE")
}

// Without a cool-down there is no lock; whoever proves a device in the end has failed at nothing.
func TestADeviceWithoutACoolDownIsNotLocked(t *testing.T) {
	a := newAPI(t)
	devices := a.devices()
	one := devices + "/" + a.made(devices, `{"type":"EMAIL","email":"anna@example.com","status":"ACTIVATION_REQUIRED"}`).id()
	for range 5 {
		refused(t, a.send(http.MethodPost, one, activate, `{"otp":"000000x"}`), 400, "INVALID_DATA", "otp INVALID_OTP")
	}
	require.Equal(t, 200, a.send(http.MethodPost, one, activate, `{"otp":"`+a.tenant.Outbox()[0].OTP+`"}`).status)
	for _, u := range a.env.Users {
		for _, d := range u.Devices {
			require.Zero(t, d.Failures)
		}
	}
}

func TestPeoplePairTheirOwnDevices(t *testing.T) {
	a := newAPI(t)
	anna := a.user("anna")
	a.callers["anna"] = Principal{EnvironmentID: a.env.ID, UserID: anna, Scopes: []string{"p1:create:device", "p1:update:device"}}
	a.bearer = "anna"
	r := a.made("{env}/users/"+anna+"/devices", `{"type":"EMAIL","email":"anna@example.com","status":"ACTIVE"}`)
	require.Equal(t, "ACTIVATION_REQUIRED", r.body.Get("status").String())
	path := "{env}/users/" + anna + "/devices/" + r.id()
	require.Equal(t, 200, a.send(http.MethodPost, path, activate, `{"otp":"`+a.tenant.Outbox()[0].OTP+`"}`).status)
}

// Of a device its nickname can change, and nothing else.
func TestWhatOfADeviceCanChange(t *testing.T) {
	a := newAPI(t)
	devices := a.devices()
	made := a.made(devices, `{"type":"SMS","phone":"+1.5125550101","nickname":"Old","testMode":true}`)
	require.True(t, made.body.Get("testMode").Bool())
	require.True(t, made.body.Get(`_links.device\.unlock`).Exists())
	require.False(t, made.body.Get(`_links.device\.activate`).Exists())
	one := strings.TrimPrefix(made.body.Get("_links.self.href").String(), "http://example.com")
	for body, detail := range map[string]string{
		`{"type":"VOICE"}`: "type INVALID_VALUE", `{"phone":"+1.5125550102"}`: "phone INVALID_VALUE", `{"email":"anna@example.com"}`: "email INVALID_VALUE",
	} {
		refused(t, a.put(one, body), 400, "INVALID_DATA", detail)
	}
	refused(t, a.put(one, `{"nickname":"`+letters(101)+`"}`), 400, "INVALID_DATA", "nickname SIZE_LIMIT_EXCEEDED")
	changed := a.put(one, `{"nickname":"New","type":"SMS","phone":"+1.5125550101"}`)
	require.Equal(t, "New", changed.body.Get("nickname").String(), "%s", changed)
	waiting := a.made(devices, `{"type":"SMS","phone":"+1.5125550103","status":"ACTIVATION_REQUIRED"}`)
	require.True(t, waiting.body.Get(`_links.device\.activate`).Exists())
	require.False(t, waiting.body.Get(`_links.device\.unlock`).Exists())
	require.False(t, waiting.body.Get("testMode").Exists())
	require.False(t, waiting.body.Get("test").Exists(), "the passcode of a real device is told to nobody")
}

func TestDeviceLimits(t *testing.T) {
	a := newAPI(t)
	devices := a.devices()
	email := func(i int, status string) string {
		return fmt.Sprintf(`{"type":"EMAIL","email":"anna%d@example.com","status":%q}`, i, status)
	}
	for i := range maxPaired {
		a.made(devices, email(i, statusActive))
	}
	refused(t, a.post(devices, email(99, statusActive)), 429, "REQUEST_LIMITED", "devices LIMIT_EXCEEDED")
	require.EqualValues(t, 5, a.post(devices, email(99, statusActive)).body.Get("details.0.innerError.quotaLimit").Int())
	for i := range maxUnpaired {
		a.made(devices, email(100+i, statusInactive))
	}
	refused(t, a.post(devices, email(999, statusInactive)), 429, "REQUEST_LIMITED", "devices LIMIT_EXCEEDED")
}

const devicePolicy = `{"name":"Text messages","default":false,"forSignOnPolicy":false,
	"sms":{"enabled":true,"otp":{"failure":{"count":3,"coolDown":{"duration":0,"timeUnit":"MINUTES"}},"lifeTime":{"duration":30,"timeUnit":"MINUTES"},"otpLength":8}},
	"email":{"enabled":true,"otp":{"failure":{"count":3,"coolDown":{"duration":0,"timeUnit":"MINUTES"}},"lifeTime":{"duration":90,"timeUnit":"SECONDS"}}},
	"voice":{"enabled":false,"otp":{"failure":{"count":3,"coolDown":{"duration":0,"timeUnit":"MINUTES"}},"lifeTime":{"duration":30,"timeUnit":"MINUTES"}}},
	"mobile":{"enabled":true,"otp":{"failure":{"count":3,"coolDown":{"duration":2,"timeUnit":"MINUTES"}},"window":{"stepSize":{"duration":30,"timeUnit":"SECONDS"}}},"applications":[{"id":"a"}]},
	"totp":{"enabled":true,"otp":{"failure":{"count":3,"coolDown":{"duration":2,"timeUnit":"MINUTES"}}}},
	"securityKey":{"enabled":true},"platform":{"enabled":true}}`

func TestDevicePolicyLife(t *testing.T) {
	a := newAPI(t)
	r := a.made("{env}/deviceAuthenticationPolicies", devicePolicy)
	for path, want := range map[string]string{
		"name": "Text messages", "default": "false", "forSignOnPolicy": "false", "sms.enabled": "true", "sms.otp.otpLength": "8",
		"email.otp.lifeTime.duration": "90", "email.otp.lifeTime.timeUnit": "SECONDS", "voice.enabled": "false",
		"mobile.applications.0.id": "a", "totp.otp.failure.coolDown.duration": "2", "securityKey.enabled": "true",
		"authentication.deviceSelection": "DEFAULT_TO_FIRST", "updatedAt": "2026-01-15T09:00:00.000Z",
	} {
		require.Equal(t, want, r.body.Get(path).String(), path)
	}
	path := "{env}/deviceAuthenticationPolicies/" + r.id()
	require.JSONEq(t, r.raw, a.get(path).raw)
	method := a.env.DevicePolicies[r.id()].Method("SMS")
	require.Equal(t, 8, method.OTPLength)
	require.Equal(t, 30*time.Minute, method.LifeTime)

	changed := a.put(path, strings.Replace(devicePolicy, `"default":false`, `"default":false,"authentication":{"deviceSelection":"PROMPT_TO_SELECT"}`, 1))
	require.Equal(t, "PROMPT_TO_SELECT", changed.body.Get("authentication.deviceSelection").String(), "%s", changed)
	a.twice(path)
}

func TestDevicePolicyRefusals(t *testing.T) {
	a := newAPI(t)
	const policies = "{env}/deviceAuthenticationPolicies"
	refused(t, a.post(policies, `{}`), 400, "INVALID_DATA", "default REQUIRED_VALUE", "email REQUIRED_VALUE", "mobile REQUIRED_VALUE",
		"name REQUIRED_VALUE", "sms REQUIRED_VALUE", "totp REQUIRED_VALUE", "voice REQUIRED_VALUE")
	refused(t, a.post(policies, strings.Replace(devicePolicy, `"otpLength":8`, `"otpLength":5`, 1)), 400, "INVALID_DATA", "sms.otp.otpLength OUT_OF_RANGE")
	refused(t, a.post(policies, strings.Replace(devicePolicy, `"count":3`, `"count":8`, 1)), 400, "INVALID_DATA", "sms.otp.failure.count OUT_OF_RANGE")
	refused(t, a.post(policies, strings.Replace(devicePolicy, `MINUTES`, `FORTNIGHTS`, 1)), 400, "INVALID_DATA", "sms.otp.failure.coolDown.timeUnit INVALID_VALUE")
	id := a.made(policies, devicePolicy).id()
	refused(t, a.post(policies, devicePolicy), 400, "INVALID_DATA", "name UNIQUENESS_VIOLATION")
	refused(t, a.delete(policies+"/"+a.env.DefaultDevicePolicy().ID), 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")

	actions := "{env}/signOnPolicies/" + a.policyWithLogin("Sign-on") + "/actions"
	action := a.made(actions, `{"type":"MULTI_FACTOR_AUTHENTICATION","priority":2,"deviceAuthenticationPolicy":{"id":"`+id+`"}}`).id()
	r := a.delete(policies + "/" + id)
	refused(t, r, 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")
	require.Equal(t, action, r.body.Get("details.0.innerError.referencedValues.0").String())
}

func TestDefaultDevicePolicyCanBeReplaced(t *testing.T) {
	a := newAPI(t)
	const policies = "{env}/deviceAuthenticationPolicies"
	former := a.env.DefaultDevicePolicy().ID
	id := a.made(policies, devicePolicy).id()
	require.Equal(t, 200, a.put(policies+"/"+id, strings.Replace(devicePolicy, `"default":false`, `"default":true`, 1)).status)
	require.Equal(t, id, a.env.DefaultDevicePolicy().ID)
	refused(t, a.put(policies+"/"+id, devicePolicy), 400, "INVALID_DATA", "default CONSTRAINT_VIOLATION")
	a.twice(policies + "/" + former)
}
