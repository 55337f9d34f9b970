package variation

import (
	"encoding/json"
	"maps"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// lockoutLater shows another number in the default password policy, and locks accounts by it.
func lockoutLater() Variation {
	v := otherwise("password-policy-locks-after-seven", "the default password policy locks after seven failures", "the policy decides, and that of the environment may be any", pagePasswordPolicies,
		on(edit(func(_ *wire.Call, body object) bool {
			return eachDefault(body, "passwordPolicies", func(policy object) bool {
				lockout := sub(policy, "lockout")
				if lockout["failureCount"] != json.Number("5") {
					return false
				}
				lockout["failureCount"] = json.Number("7")
				return true
			})
		}), "passwordPolicy.list", "passwordPolicy.read"))
	v.decides = func(people *tenant.Decisions, _ *flow.Decisions) {
		locks := people.Locks
		people.Locks = func(failures int) bool { return locks(failures - 2) }
	}
	return v
}

// passcodesMore shows another number in the default device policy, and counts wrong passcodes by it.
func passcodesMore() Variation {
	const usual, more = 3, 5
	v := otherwise("device-policy-allows-five-passcodes", "the default device policy allows five wrong passcodes", "the policy decides, and that of the environment may be any", pageDevicePolicy,
		on(edit(func(_ *wire.Call, body object) bool {
			return eachDefault(body, "deviceAuthenticationPolicies", func(policy object) bool {
				changed := false
				for method := range policy {
					if failure := sub(policy, method, "otp", "failure"); failure["count"] == json.Number("3") {
						failure["count"], changed = json.Number("5"), true
					}
				}
				return changed
			})
		}), "devicePolicy.list", "devicePolicy.read"))
	v.decides = func(_ *tenant.Decisions, flows *flow.Decisions) {
		applies := flows.DevicePolicy
		flows.DevicePolicy = func(env *tenant.Environment, action *tenant.Action) *tenant.DevicePolicy {
			policy := applies(env, action)
			if !policy.Default {
				return policy
			}
			own := *policy
			own.Methods = maps.Clone(policy.Methods)
			for name, method := range own.Methods {
				if method.FailureCount == usual {
					method.FailureCount = more
					own.Methods[name] = method
				}
			}
			return &own
		}
	}
	return v
}

// eachDefault changes a policy, or those of a list, that is the default one; it says whether do changed any.
func eachDefault(body object, plural string, do func(object) bool) bool {
	policies, _ := sub(body, "_embedded")[plural].([]any)
	changed := false
	for _, policy := range append(policies, body) {
		if p, is := policy.(object); is && p["default"] == true {
			changed = do(p) || changed
		}
	}
	return changed
}
