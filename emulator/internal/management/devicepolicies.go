package management

import (
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

const maxDevicePolicies = 200

func (s *Server) devicePolicies() kind[*tenant.DevicePolicy] {
	return kind[*tenant.DevicePolicy]{
		operation: "devicePolicy", path: "/deviceAuthenticationPolicies", plural: "deviceAuthenticationPolicies", id: "devicePolicyID",
		roles: []string{environmentAdmin}, most: maxDevicePolicies,
		in:       func(r *request) (tenant.Table[*tenant.DevicePolicy], error) { return r.env.DevicePolicies, nil },
		licensed: func(r *request) error { return r.licensedFor("deviceAuthenticationPolicies") },
		fields:   devicePolicyFields,
		name:     func(p *tenant.DevicePolicy) string { return p.Name },
		check: func(_ *request, f *faults, body map[string]any, old *tenant.DevicePolicy) {
			if old != nil && old.Default && body["default"] == false {
				f.add("CONSTRAINT_VIOLATION", "default", "Another policy has to become the default one first.", nil)
			}
		},
		make:      func() *tenant.DevicePolicy { return s.t.NewDevicePolicy("", nil) },
		fill:      fillDevicePolicy,
		deletable: devicePolicyDeletable,
		defaults:  devicePolicyDefaults,
		show:      (*request).devicePolicy,
	}
}

// licensedFor refuses what belongs to a product that the environment lacks.
func (r *request) licensedFor(what string) error {
	if !r.env.HasProduct(productMFA) {
		return wire.LicenseExceeded(what, 0)
	}
	return nil
}

// devicePolicyFields: the methods that send a passcode need its limits, those
// of an authenticator may leave them out.
//
// https://developer.pingidentity.com/pingone-api/mfa/device-authentication-policy.html
func devicePolicyFields(map[string]any) []field {
	coolDown := func(least int) field {
		return group("coolDown", whole("duration").must().within(least, 30*60), timeUnit()).must()
	}
	failure := func(least int) field {
		return group("failure", whole("count").must().within(1, 7), coolDown(least)).must()
	}
	sent := func(name string) field {
		return group(name, flag("enabled").must(), group("otp",
			failure(0),
			group("lifeTime", whole("duration").must().within(1, 120*60), timeUnit()).must(),
			whole("otpLength").within(6, 10),
		).must()).must()
	}
	shown := func(name string, more ...field) field {
		return group(name, append(more, flag("enabled").must(), group("otp", failure(1)))...).must()
	}
	return []field{
		text("name").must().within(1, 256),
		flag("default").must(),
		sent("sms"), sent("email"), sent("voice"), shown("mobile"), shown("totp", whole("passcodeGracePeriod").within(1, 10)),
		group("authentication", text("deviceSelection").must().oneOf("DEFAULT_TO_FIRST", "PROMPT_TO_SELECT", "ALWAYS_DISPLAY_DEVICES")),
		text("newDeviceNotification").oneOf("NONE", "SMS_THEN_EMAIL", "EMAIL_THEN_SMS"),
	}
}

func timeUnit() field { return text("timeUnit").must().oneOf("SECONDS", "MINUTES", "HOURS") }

// fillDevicePolicy also takes the default from the one that had it.
func fillDevicePolicy(r *request, p *tenant.DevicePolicy, body map[string]any) {
	p.Name, p.UpdatedAt = textAt(body, "name"), r.t.Now()
	p.DeviceSelection = textOr(body, "authentication.deviceSelection", "DEFAULT_TO_FIRST")
	p.Methods = map[string]tenant.DeviceMethod{}
	for _, name := range []string{"sms", "email", "voice", "mobile", "totp"} {
		m := tenant.DefaultDeviceMethod(name)
		m.Enabled = flagAt(body, name+".enabled")
		m.OTPLength = wholeAt(body, name+".otp.otpLength", m.OTPLength)
		m.FailureCount = wholeAt(body, name+".otp.failure.count", m.FailureCount)
		m.CoolDown = durationAt(body, name+".otp.failure.coolDown", m.CoolDown)
		m.LifeTime = durationAt(body, name+".otp.lifeTime", m.LifeTime)
		p.Methods[name] = m
	}
	if flagAt(body, "default") {
		for _, other := range r.env.DevicePolicies {
			other.Default = other == p
		}
	}
}

func durationAt(body map[string]any, path string, otherwise time.Duration) time.Duration {
	n, ok := wholeNumber(at(body, path+".duration"))
	if !ok {
		return otherwise
	}
	unit := map[string]time.Duration{"SECONDS": time.Second, "MINUTES": time.Minute, "HOURS": time.Hour}[textAt(body, path+".timeUnit")]
	return time.Duration(n) * unit
}

// devicePolicyDeletable: neither the default one nor one that a sign-on policy's
// action names. About the latter the pages are silent.
func devicePolicyDeletable(r *request, p *tenant.DevicePolicy) error {
	if p.Default {
		return constraint("", "Cannot remove default device authentication policy.", nil)
	}
	var actions []string
	for _, policy := range r.env.Policies.Sorted() {
		for _, a := range policy.ByPriority() {
			if a.DevicePolicyID == p.ID {
				actions = append(actions, a.ID)
			}
		}
	}
	return unreferenced("Sign-on policy actions still name the policy.", actions)
}

// devicePolicyDefaults are the limits of a policy, as they hold when nothing else was sent.
func devicePolicyDefaults(p *tenant.DevicePolicy) object {
	body := object{
		"authentication": object{"deviceSelection": p.DeviceSelection}, "newDeviceNotification": "NONE",
	}
	for name, m := range p.Methods {
		otp := object{"failure": failureOf(m)}
		switch name {
		case "sms", "email", "voice":
			otp["lifeTime"], otp["otpLength"] = duration(m.LifeTime), m.OTPLength
		}
		method := object{"enabled": m.Enabled, "otp": otp}
		if name != "mobile" {
			method["pairingDisabled"] = false
		}
		body[name] = method
	}
	return body
}

func (r *request) devicePolicy(p *tenant.DevicePolicy) object {
	body := object{"id": p.ID, "name": p.Name, "default": p.Default, "forSignOnPolicy": false, "updatedAt": timestamp(p.UpdatedAt)}
	return r.hal(r.base()+"/deviceAuthenticationPolicies/"+p.ID, body, nil)
}

func failureOf(m tenant.DeviceMethod) object {
	return object{"count": m.FailureCount, "coolDown": duration(m.CoolDown)}
}

// duration is written in minutes when it is whole ones.
func duration(d time.Duration) object {
	if d%time.Minute == 0 {
		return object{"duration": int(d / time.Minute), "timeUnit": "MINUTES"}
	}
	return object{"duration": int(d / time.Second), "timeUnit": "SECONDS"}
}
