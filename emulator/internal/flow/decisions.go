package flow

import (
	"crypto/subtle"
	"slices"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/tenant"
)

// Decisions are what an engine decides about people and policies, each by its
// name. Documented are those of PingOne.
type Decisions struct {
	// Order is the order in which a policy's actions run: the lowest priority first.
	Order func(*tenant.SignOnPolicy) []*tenant.Action
	// Applies says whether an action's condition is met; one without is always done.
	Applies func(Visit, *Flow, *tenant.Action) bool
	// WantsPassword and WantsPasscode say whether the factor is still to be proven.
	WantsPassword, WantsPasscode func(*Flow) bool
	// WantsCurrent says whether a password is changed by who knows it: it is.
	WantsCurrent func() bool
	// PasswordFirst says whether MFA alone asks for a password as well: it does not.
	PasswordFirst func(*Flow) bool
	// NobodyNamed refuses a name that nobody has, like a wrong password: an answer
	// must not say who exists.
	NobodyNamed func() *Refusal
	// Ends says whether a wrong answer to an action ends the flow: none does.
	Ends func(action string) bool

	// HasMFA says whether a person takes part in MFA.
	HasMFA func(*tenant.User) bool
	// DevicePolicy is the one that the action names, else the environment's default.
	// The policy under which a device was paired plays no part.
	DevicePolicy func(*tenant.Environment, *tenant.Action) *tenant.DevicePolicy
	// TakesType says whether the action's method flags, where it has any, allow the
	// type of device.
	TakesType func(action *tenant.Action, deviceType string) bool
	// Excuses says whether a person without devices may pass: BYPASS lets those pass
	// for whom a signed hint vouches.
	Excuses func(*Flow, *tenant.Action) bool
	// Chosen is the device that was selected among the usable ones.
	Chosen func(usable []*tenant.Device, selected int) *tenant.Device
	// Sends says whether the device is sent a passcode: a test device is not.
	Sends func(*tenant.Device) bool
	// Matches says whether a passcode is the one that the challenge waits for, in
	// time.
	Matches func(c Challenge, d *tenant.Device, given string, now time.Time) bool
	// Exhausted says whether a device has failed as often as its method allows.
	Exhausted func(*tenant.Device, tenant.DeviceMethod) bool

	// Profiles says whether a profiling action asks at all: one that does not want
	// to be the second in a flow is passed over when another has asked.
	Profiles func(asked bool, action *tenant.Action) bool
	// Spares says whether a person who was asked last for an optional attribute (the
	// zero time: never) is left in peace for the interval after it.
	Spares func(last time.Time, interval time.Duration, now time.Time) bool
	// Asks says whether an attribute that the profile lacks is asked for: a required one always.
	Asks func(attribute tenant.ProfileAttribute, spared bool) bool
	// Known says whether the profile has the attribute already.
	Known func(profile map[string]any, path string) bool
	// Insists says whether an attribute may not be left out.
	Insists func(tenant.ProfileAttribute) bool
	// Faults are what is wrong with the value of an attribute.
	Faults func(path string, value any) []Detail
	// Store writes what was given into the person's profile.
	Store func(u *tenant.User, given map[string]any, now time.Time)
}

// Documented are the decisions as PingOne's pages have them.
func Documented() Decisions {
	return Decisions{
		Order:         (*tenant.SignOnPolicy).ByPriority,
		Applies:       applies,
		WantsPassword: func(f *Flow) bool { return !slices.Contains(f.Methods, Password) },
		WantsPasscode: func(f *Flow) bool { return !slices.Contains(f.Methods, Passcode) },
		WantsCurrent:  func() bool { return true },
		PasswordFirst: func(*Flow) bool { return false },
		NobodyNamed:   wrongCredentials,
		Ends:          func(string) bool { return false },
		HasMFA:        func(u *tenant.User) bool { return u.MFAEnabled },
		DevicePolicy:  devicePolicy,
		TakesType:     takesType,
		Excuses: func(f *Flow, action *tenant.Action) bool {
			return action.NoDevicesMode == "BYPASS" && f.Request.Vouched && f.named == namedByHint
		},
		Chosen:    func(usable []*tenant.Device, selected int) *tenant.Device { return usable[selected] },
		Sends:     func(d *tenant.Device) bool { return !d.TestMode },
		Matches:   matches,
		Exhausted: func(d *tenant.Device, method tenant.DeviceMethod) bool { return d.Failures >= method.FailureCount },
		Profiles: func(asked bool, action *tenant.Action) bool {
			return !asked || !action.PreventMultiplePromptsPerFlow
		},
		Spares: func(last time.Time, interval time.Duration, now time.Time) bool {
			return !last.IsZero() && now.Before(last.Add(interval))
		},
		Asks:    func(attribute tenant.ProfileAttribute, spared bool) bool { return attribute.Required || !spared },
		Known:   hasValue,
		Insists: func(attribute tenant.ProfileAttribute) bool { return attribute.Required },
		Faults:  attributeFaults,
		Store:   store,
	}
}

func matches(c Challenge, d *tenant.Device, given string, now time.Time) bool {
	if d.Type == "TOTP" {
		return d.AcceptTOTP(given, now)
	}
	return c.Sent.Code != "" && now.Before(c.Sent.ExpiresAt) && subtle.ConstantTimeCompare([]byte(given), []byte(c.Sent.Code)) == 1
}

func devicePolicy(env *tenant.Environment, action *tenant.Action) *tenant.DevicePolicy {
	if policy := env.DevicePolicies[action.DevicePolicyID]; policy != nil {
		return policy
	}
	if policy := env.DefaultDevicePolicy(); policy != nil {
		return policy
	}
	return &tenant.DevicePolicy{} // everything switched off
}

// takesType: the flag for authenticator apps is called authenticator.
func takesType(action *tenant.Action, deviceType string) bool {
	if action.Methods == nil {
		return true
	}
	if deviceType == "TOTP" {
		return action.Methods["authenticator"]
	}
	return action.Methods[strings.ToLower(deviceType)]
}

// UsableDevices are the devices of the flow's person that may answer for the
// action it is at, first paired first: active, of a method that the device policy
// has switched on, and of a type that the action takes.
func (e *Engine) UsableDevices(at Visit, f *Flow) []*tenant.Device {
	u, action := at.Env.Users[f.UserID], f.Action()
	if u == nil || !e.HasMFA(u) {
		return nil
	}
	policy := e.DevicePolicy(at.Env, action)
	var usable []*tenant.Device
	for _, d := range u.Devices.Sorted() {
		if d.Status == "ACTIVE" && !d.Blocked && policy.Method(d.Type).Enabled && e.TakesType(action, d.Type) {
			usable = append(usable, d)
		}
	}
	return usable
}
