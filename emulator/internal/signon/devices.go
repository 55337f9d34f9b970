package signon

import (
	"strings"

	"pingone-conformance/emulator/internal/tenant"
)

// devicePolicy is the one that the action names, else the environment's default.
// The policy under which a device was paired plays no part.
func (s *Server) devicePolicy(env *tenant.Environment, action *tenant.Action) *tenant.DevicePolicy {
	if policy := env.DevicePolicies[action.DevicePolicyID]; policy != nil && !s.tenant.Deviates("device-policy-ignored") {
		return policy
	}
	if policy := env.DefaultDevicePolicy(); policy != nil {
		return policy
	}
	return &tenant.DevicePolicy{} // everything switched off
}

// usableDevices are the person's devices that may answer for the action, first
// paired first: active, of a method that the device policy has switched on, and
// that the action's own flags, where it has any, have switched on too.
func (s *Server) usableDevices(env *tenant.Environment, u *tenant.User, action *tenant.Action) []*tenant.Device {
	if !u.MFAEnabled && !s.tenant.Deviates("mfa-switch-ignored") {
		return nil
	}
	policy := s.devicePolicy(env, action)
	var usable []*tenant.Device
	for _, d := range tenant.Sorted(u.Devices) {
		if d.Status == "ACTIVE" && !d.Blocked && policy.Method(d.Type).Enabled &&
			(flagged(action, d.Type) || s.tenant.Deviates("method-flags-ignored")) {
			usable = append(usable, d)
		}
	}
	return usable
}

// flagged says whether the action's method flags allow the type of device. The
// flag for authenticator apps is called authenticator.
func flagged(action *tenant.Action, deviceType string) bool {
	if action.Methods == nil {
		return true
	}
	if deviceType == "TOTP" {
		return action.Methods["authenticator"]
	}
	return action.Methods[strings.ToLower(deviceType)]
}
