package management

import (
	"net/http"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

const maxDevicePolicies = 200

func (s *Server) devicePolicyRoutes() []route {
	roles := []string{EnvironmentAdmin}
	const all, one = "/deviceAuthenticationPolicies", "/deviceAuthenticationPolicies/{devicePolicyID}"
	return []route{
		{operation: "devicePolicy.list", method: http.MethodGet, path: all, roles: roles, handle: s.listDevicePolicies},
		{operation: "devicePolicy.create", method: http.MethodPost, path: all, media: mediaJSON, roles: roles, handle: s.createDevicePolicy},
		{operation: "devicePolicy.read", method: http.MethodGet, path: one, roles: roles, handle: s.readDevicePolicy},
		{operation: "devicePolicy.update", method: http.MethodPut, path: one, media: mediaJSON, roles: roles, handle: s.updateDevicePolicy},
		{operation: "devicePolicy.delete", method: http.MethodDelete, path: one, roles: roles, handle: s.deleteDevicePolicy},
	}
}

// devicePolicyFields: the methods that send a passcode need its limits, those
// of an authenticator may leave them out.
//
// https://developer.pingidentity.com/pingone-api/mfa/device-authentication-policy.html
func devicePolicyFields() []field {
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
	shown := func(name string) field {
		return group(name, flag("enabled").must(), group("otp", failure(1))).must()
	}
	return []field{
		text("name").must().within(1, 256),
		flag("default").must(),
		sent("sms"), sent("email"), sent("voice"), shown("mobile"), shown("totp"),
		group("authentication", text("deviceSelection").must().oneOf("DEFAULT_TO_FIRST", "PROMPT_TO_SELECT", "ALWAYS_DISPLAY_DEVICES")),
		text("newDeviceNotification").oneOf("NONE", "SMS_THEN_EMAIL", "EMAIL_THEN_SMS"),
	}
}

func timeUnit() field { return text("timeUnit").must().oneOf("SECONDS", "MINUTES", "HOURS") }

func (s *Server) listDevicePolicies(r *request) (*wire.Answer, error) {
	var items []object
	for _, p := range tenant.Sorted(r.env.DevicePolicies) {
		items = append(items, r.devicePolicy(p))
	}
	return r.collection("deviceAuthenticationPolicies", items), nil
}

func (s *Server) createDevicePolicy(r *request) (*wire.Answer, error) {
	if !r.env.HasProduct(productMFA) {
		return nil, wire.LicenseExceeded("deviceAuthenticationPolicies", 0)
	}
	body, f, err := r.devicePolicyBody("")
	if err != nil {
		return nil, err
	}
	if err := f.problem(); err != nil {
		return nil, err
	}
	if len(r.env.DevicePolicies) >= maxDevicePolicies {
		return nil, wire.LicenseExceeded("deviceAuthenticationPolicies", maxDevicePolicies)
	}
	p := s.t.NewDevicePolicy("", nil)
	r.env.DevicePolicies[p.ID] = p
	s.fillDevicePolicy(r, p, body)
	return created(r.devicePolicy(p)), nil
}

func (r *request) devicePolicyBody(self string) (map[string]any, *faults, error) {
	body, f, err := r.body(devicePolicyFields())
	if err != nil {
		return nil, nil, err
	}
	for _, other := range tenant.Sorted(r.env.DevicePolicies) {
		if other.ID != self && other.Name == textAt(body, "name") {
			f.taken("name", other.ID)
		}
	}
	return body, f, nil
}

func (s *Server) fillDevicePolicy(r *request, p *tenant.DevicePolicy, body map[string]any) {
	p.Name, p.UpdatedAt = textAt(body, "name"), s.t.Now()
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
	p.Sent = rest(body, "name", "default", "forSignOnPolicy", "sms", "email", "voice", "totp", "authentication")
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

func (r *request) findDevicePolicy() (*tenant.DevicePolicy, error) {
	if p := r.env.DevicePolicies[r.Path["devicePolicyID"]]; p != nil {
		return p, nil
	}
	return nil, wire.NotFound()
}

func (s *Server) readDevicePolicy(r *request) (*wire.Answer, error) {
	p, err := r.findDevicePolicy()
	if err != nil {
		return nil, err
	}
	return ok(r.devicePolicy(p)), nil
}

func (s *Server) updateDevicePolicy(r *request) (*wire.Answer, error) {
	p, err := r.findDevicePolicy()
	if err != nil {
		return nil, err
	}
	body, f, err := r.devicePolicyBody(p.ID)
	if err != nil {
		return nil, err
	}
	if p.Default && body["default"] == false {
		f.add("CONSTRAINT_VIOLATION", "default", "Another policy has to become the default one first.", nil)
	}
	if err := f.problem(); err != nil {
		return nil, err
	}
	s.fillDevicePolicy(r, p, body)
	return ok(r.devicePolicy(p)), nil
}

// deleteDevicePolicy removes a policy that is neither the default nor named by a
// sign-on policy's action. About the latter the pages are silent.
func (s *Server) deleteDevicePolicy(r *request) (*wire.Answer, error) {
	p, err := r.findDevicePolicy()
	if err != nil {
		return nil, err
	}
	if p.Default {
		return nil, constraint("", "Cannot remove default device authentication policy.", nil)
	}
	var actions []string
	for _, policy := range tenant.Sorted(r.env.Policies) {
		for _, a := range policy.ByPriority() {
			if a.DevicePolicyID == p.ID {
				actions = append(actions, a.ID)
			}
		}
	}
	if len(actions) > 0 {
		return nil, constraint("", "Sign-on policy actions still name the policy.", actions)
	}
	delete(r.env.DevicePolicies, p.ID)
	return gone(), nil
}

func (r *request) devicePolicy(p *tenant.DevicePolicy) object {
	mobile := p.Methods["mobile"]
	body := object{"mobile": object{"enabled": mobile.Enabled, "otp": object{"failure": failureOf(mobile)}}}
	body.overlay(p.Sent).overlay(object{
		"id": p.ID, "name": p.Name, "default": p.Default, "forSignOnPolicy": false, "updatedAt": timestamp(p.UpdatedAt),
		"authentication": object{"deviceSelection": p.DeviceSelection},
		"totp":           object{"enabled": p.Methods["totp"].Enabled, "otp": object{"failure": failureOf(p.Methods["totp"])}},
	})
	for _, name := range []string{"sms", "email", "voice"} {
		m := p.Methods[name]
		body[name] = object{"enabled": m.Enabled, "otp": object{
			"failure": failureOf(m), "lifeTime": duration(m.LifeTime), "otpLength": m.OTPLength,
		}}
	}
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
