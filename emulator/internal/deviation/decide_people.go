package deviation

import (
	"slices"
	"time"

	"pingone-conformance/emulator/internal/browser"
	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
)

// Passwords.

func anyPassword(d *Decisions) {
	d.Tenant.PasswordMatches = func(tenant.Password, string) bool { return true }
}

func noLockout(d *Decisions) { d.Tenant.Locks = func(int) bool { return false } }

func noForcedChange(d *Decisions) { d.Tenant.MustChange = func(tenant.Password) bool { return false } }

func noPasswordPolicy(d *Decisions) {
	d.Tenant.PasswordFaults = func(*tenant.User, string) []string { return nil }
}

func passwordLost(d *Decisions) { d.Tenant.StorePassword = func(*tenant.User, tenant.Password) {} }

func hintForPassword(d *Decisions) {
	documented := d.Flow.WantsPassword
	d.Flow.WantsPassword = func(f *flow.Flow) bool { return documented(f) && !f.Request.Vouched }
}

func nobodyNotFound(d *Decisions) {
	d.Flow.NobodyNamed = func() *flow.Refusal { return &flow.Refusal{Kind: flow.Unknown} }
}

func endedBy(action string) func(*Decisions) {
	return func(d *Decisions) {
		documented := d.Flow.Ends
		d.Flow.Ends = func(a string) bool { return documented(a) || a == action }
	}
}

// Passcodes and devices.

// takes lets a passcode pass that is not the right one.
func takes(d *Decisions, wrong func(c flow.Challenge, given string) bool) {
	documented := d.Flow.Matches
	d.Flow.Matches = func(c flow.Challenge, device *tenant.Device, given string, now time.Time) bool {
		return documented(c, device, given, now) || wrong(c, given)
	}
}

func anyPasscode(d *Decisions) { takes(d, func(flow.Challenge, string) bool { return true }) }

func latePasscode(d *Decisions) {
	takes(d, func(c flow.Challenge, given string) bool { return given == c.Sent.Code })
}

func formerPasscode(d *Decisions) {
	takes(d, func(c flow.Challenge, given string) bool { return given == c.Former.Code })
}

func endlessAttempts(d *Decisions) {
	d.Flow.Exhausted = func(*tenant.Device, tenant.DeviceMethod) bool { return false }
}

func noPasscode(d *Decisions) {
	documented := d.Flow.WantsPasscode
	d.Flow.WantsPasscode = func(f *flow.Flow) bool { return documented(f) && !f.Authenticated() }
}

func mfaForAll(d *Decisions) { d.Flow.HasMFA = func(*tenant.User) bool { return true } }

func everyType(d *Decisions) { d.Flow.TakesType = func(*tenant.Action, string) bool { return true } }

func defaultDevicePolicy(d *Decisions) {
	documented := d.Flow.DevicePolicy
	d.Flow.DevicePolicy = func(env *tenant.Environment, _ *tenant.Action) *tenant.DevicePolicy {
		return documented(env, &tenant.Action{})
	}
}

func firstDevice(d *Decisions) {
	d.Flow.Chosen = func(usable []*tenant.Device, _ int) *tenant.Device { return usable[0] }
}

func nothingSent(d *Decisions) { d.Flow.Sends = func(*tenant.Device) bool { return false } }

func everybodyExcused(d *Decisions) {
	d.Flow.Excuses = func(*flow.Flow, *tenant.Action) bool { return true }
}

func passwordForHinted(d *Decisions) {
	d.Flow.PasswordFirst = func(f *flow.Flow) bool { return !f.Authenticated() }
}

func reversed(d *Decisions) {
	documented := d.Flow.Order
	d.Flow.Order = func(p *tenant.SignOnPolicy) []*tenant.Action {
		actions := documented(p)
		slices.Reverse(actions)
		return actions
	}
}

// Profiles.

func noProfiling(d *Decisions) {
	d.Flow.Profiles = func(bool, *tenant.Action) bool { return false }
}

func neverSpared(d *Decisions) {
	d.Flow.Spares = func(time.Time, time.Duration, time.Time) bool { return false }
}

func alwaysSpared(d *Decisions) {
	d.Flow.Spares = func(last time.Time, _ time.Duration, _ time.Time) bool { return !last.IsZero() }
}

func nothingKnown(d *Decisions) { d.Flow.Known = func(map[string]any, string) bool { return false } }

func requiredOptional(d *Decisions) {
	documented := d.Flow.Insists
	d.Flow.Insists = func(a tenant.ProfileAttribute) bool { return !a.Required && documented(a) }
}

func optionalRequired(d *Decisions) {
	documented := d.Flow.Insists
	d.Flow.Insists = func(a tenant.ProfileAttribute) bool { return !a.Required || documented(a) }
}

func anyAttribute(d *Decisions) { d.Flow.Faults = func(string, any) []flow.Detail { return nil } }

func nothingStored(d *Decisions) {
	d.Flow.Store = func(*tenant.User, map[string]any, time.Time) {}
}

func nameLost(d *Decisions) {
	documented := d.Flow.Store
	d.Flow.Store = func(u *tenant.User, given map[string]any, now time.Time) {
		documented(u, map[string]any{"name": object{"formatted": u.Username()}}, now)
		documented(u, given, now)
	}
}

// Browsers.

// holds lets a call pass that has not the cookies of the flow's browser.
func holds(d *Decisions, wrong func(tokens []string, sent *browser.Session) bool) {
	documented := d.Browser.Holds
	d.Browser.Holds = func(b *browser.Session, tokens []string, sent *browser.Session) bool {
		return documented(b, tokens, sent) || wrong(tokens, sent)
	}
}

func noCookie(d *Decisions) {
	holds(d, func(tokens []string, _ *browser.Session) bool { return len(tokens) == 0 })
}

func anyCookie(d *Decisions) {
	holds(d, func(_ []string, sent *browser.Session) bool { return sent != nil })
}

func anySession(d *Decisions) {
	documented := d.Browser.Fresh
	d.Browser.Fresh = func(s *browser.Sessions, env *tenant.Environment, now time.Time) *browser.Session {
		if newest, found := s.Newest(env); found {
			return newest
		}
		return documented(s, env, now)
	}
}
