package variation

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"pingone-conformance/emulator/internal/wire"
)

// people vary users, their devices and populations.
func people() []Variation {
	users := []string{"user.create", "user.read", "user.update", "user.replace"}
	return in("people",
		remembering("user-mfa-on-by-default", "MFA is on for new users", "an environment's settings may turn it on", pageUser, mfaByDefault),
		remembering("user-read-late", "a user is read as of before the profile was given, twice", "a change may take a moment to be seen", pagePractices, late),
		remembering("mfa-enabled-shown-late", "a user shows MFA as it was before it was switched, twice", "a change may take a moment to be seen", pagePractices, switchedLate),
		otherwise("user-with-what-is-embedded", "a user that is read has the population embedded", "members may be added", pageCompatibility,
			with(object{"_embedded": object{"population": object{"name": "People"}}}, "user.read")),
		otherwise("user-to-be-verified", "a new user's lifecycle is VERIFICATION_REQUIRED", "both states are listed, which one begins depends on the settings", pageUser,
			set("lifecycle", "status", to("VERIFICATION_REQUIRED"), users...)),
		otherwise("user-without-verify-status", "users show no verifyStatus", "it stands in one source only", pageSDK, without("", []string{"verifyStatus"}, users...)),
		otherwise("user-with-more-members", "users show a locale, a time zone and their groups", "members may be there that were not set", pageUser,
			with(object{"locale": "en-GB", "timezone": "Europe/London", "emailVerified": false, "memberOfGroupNames": []any{}, "photo": object{"href": "https://images.example.com/1.png"}}, users...)),
		otherwise("user-links-fewer", "users link no roles, linked accounts or verification code", "the pages' examples differ in them", pageUser,
			without("_links", []string{"roleAssignments", "linkedAccounts", "account.sendVerificationCode", "password.recover", "password.check"}, users...)),
		otherwise("user-phone-spelled-otherwise", "telephone numbers have a space for their first point", "how a number is stored is not said", pageUser,
			set("", "mobilePhone", func(v any) any {
				number, isText := v.(string)
				if !isText {
					return v
				}
				return strings.Replace(number, ".", " ", 1)
			}, "user.read")),
		otherwise("mfa-enabled-204", "switching MFA on answers 204", "the page lists 200 and 204", pageMFAEnabled,
			on(func(call *wire.Call, a *wire.Answer) {
				if asked := decoded(call.Body)["mfaEnabled"]; asked == decoded(a.Body)["mfaEnabled"] {
					*a = *wire.Empty(http.StatusNoContent)
				}
			}, "user.mfaEnabled.update")),
		otherwise("mfa-enabled-with-environment", "the answer to switching MFA on names user and environment", "members may be added", pageCompatibility,
			on(edit(func(_ *wire.Call, body object) bool { body["updatedBy"] = object{"id": someID}; return true }), "user.mfaEnabled.update")),
		otherwise("device-created-200", "registering a device answers 200", "one page says 201, one 200", pageDevice,
			on(func(_ *wire.Call, a *wire.Answer) { a.Status = http.StatusOK }, "device.create")),
		otherwise("device-without-lock", "devices show neither block nor lock", "they come with the version of the service", pageDevice, without("", []string{"block", "lock"}, "device.create", "device.read")),
		otherwise("device-with-policy", "devices show their policy, an order and a nickname", "members may be added", pageDevice,
			with(object{"order": 1, "nickname": "Phone", "policy": object{"id": someID}}, "device.create", "device.read")),
		otherwise("password-with-more-members", "the answer to setting a password tells how often it was wrong", "members may be added", pageCompatibility,
			on(edit(func(_ *wire.Call, body object) bool { body["failureCount"] = 0; return true }), "user.password.set")),
		otherwise("population-with-theme", "populations show a theme and a language", "newer environments have them", pagePopulation,
			with(object{"theme": object{"id": someID}, "preferredLanguage": "en", "alternativeIdentifiers": []any{}}, "population.")),
		otherwise("population-without-theme", "populations show neither theme nor language", "older environments have none", pagePopulation,
			without("", []string{"theme", "preferredLanguage"}, "population.")),
	)
}

// mfaByDefault switches MFA on in the request, so that it is on and not only said to be.
func mfaByDefault() parts {
	return parts{before: func(call *wire.Call) (*wire.Answer, bool) {
		body := decoded(call.Body)
		if call.Operation != "user.create" || body == nil || body["mfaEnabled"] != nil {
			return nil, false
		}
		body["mfaEnabled"] = true
		call.Body = encoded(body)
		return nil, true
	}}
}

// late answers reads of a user, whose profile was just given, with what an earlier answer showed.
func late() parts {
	var mu sync.Mutex
	known, owed := map[string][]byte{}, map[string]int{}
	return parts{after: on(func(call *wire.Call, a *wire.Answer) {
		mu.Lock()
		defer mu.Unlock()
		body := decoded(a.Body)
		switch call.Operation {
		case "flow.user.update":
			if user, _ := sub(body, "_embedded", "user")["id"].(string); known[user] != nil {
				owed[user] = 2
			}
			return
		case "user.read":
			if user := call.Path["userID"]; owed[user] > 0 {
				owed[user]--
				a.Body = known[user]
				return
			}
		}
		if id, _ := body["id"].(string); id != "" {
			known[id] = a.Body
		}
	}, "user.create", "user.read", "user.update", "flow.user.update")}
}

// switchedLate shows in the next two reads of a user what MFA was before it was switched.
func switchedLate() parts {
	var mu sync.Mutex
	owed := map[string]int{}
	return parts{after: on(func(call *wire.Call, a *wire.Answer) {
		mu.Lock()
		defer mu.Unlock()
		user := call.Path["userID"]
		if call.Operation == "user.mfaEnabled.update" {
			owed[user] = 2
			return
		}
		body := decoded(a.Body)
		if enabled, shown := body["mfaEnabled"].(bool); shown && owed[user] > 0 {
			owed[user]--
			body["mfaEnabled"] = !enabled
			a.Body = encoded(body)
		}
	}, "user.read", "user.mfaEnabled.update")}
}

// policies vary sign-on policies and their actions.
func policies() []Variation {
	return in("policies",
		remembering("mfa-action-needs-device-policy", "an MFA action without deviceAuthenticationPolicy.id is refused", "the reference page marks it as required, the use-case page sends none", pageMFAAction, needsDevicePolicy),
		otherwise("mfa-action-without-flags", "MFA actions do not show which kinds of device they take", "the SDK calls the flags deprecated", pageMFAAction,
			without("", []string{"sms", "email", "voice", "authenticator", "boundBiometrics", "securityKey", "applications"}, "action.")),
		otherwise("action-links-fewer", "actions link themselves only", "which links an action has is not said", pageAction, without("_links", []string{"environment", "signOnPolicy"}, "action.")),
		otherwise("action-without-policy", "actions do not name their policy", "the examples differ in it", pageAction, without("", []string{"signOnPolicy"}, "action.")),
		otherwise("action-with-condition", "actions show a condition and more members", "members may be added", pageCompatibility,
			on(edit(func(_ *wire.Call, body object) bool { body["revision"] = json.Number("1"); return true }), "action.create")),
		otherwise("policy-with-description", "policies show who made them", "members may be added", pageCompatibility, with(object{"createdBy": object{"id": someID}}, "signOnPolicy.")),
		otherwise("assignment-with-more-members", "assignments name the application's type", "members may be added", pageCompatibility, with(object{"applicationType": "WEB_APP"}, "assignment.")),
		otherwise("device-policy-with-more-methods", "device policies show methods that are newer than the pages", "methods may be added", pageCompatibility,
			with(object{"fido2": object{"enabled": true}, "newDeviceNotification": "NONE"}, "devicePolicy.")),
		lockoutLater(), passcodesMore(),
	)
}

func needsDevicePolicy() parts {
	return parts{before: func(call *wire.Call) (*wire.Answer, bool) {
		body := decoded(call.Body)
		if call.Operation != "action.create" || body["type"] != "MULTI_FACTOR_AUTHENTICATION" || sub(body, "deviceAuthenticationPolicy")["id"] != nil {
			return nil, false
		}
		missing := wire.Detail{Code: "REQUIRED_VALUE", Target: "deviceAuthenticationPolicy", Message: "A required value is missing."}
		return wire.InvalidData(missing).Answer(call.ID), true
	}}
}

// applications vary applications, their secrets and their grants.
func applications() []Variation {
	return in("applications",
		otherwise("application-without-defaults", "applications do not show what was not set", "the defaults stand in an example, and are not promised", pageApplication,
			on(edit(func(_ *wire.Call, body object) bool {
				for _, member := range []string{"hiddenFromAppPortal", "assignActorRoles", "parRequirement", "parTimeout"} {
					delete(body, member)
				}
				if body["pkceEnforcement"] == "OPTIONAL" { // anything else was set
					delete(body, "pkceEnforcement")
				}
				return true
			}), "application.create", "application.read")),
		otherwise("application-with-more-settings", "applications show settings of features that nobody asked for", "members may be added", pageApplication,
			with(object{"opSessionCheckEnabled": false, "idpSignoff": false, "includeX5t": true, "signing": object{"keyRotationPolicy": object{"id": someID}}, "corsSettings": object{"behavior": "ALLOW_NO_ORIGINS"}}, "application.create", "application.read")),
		otherwise("application-links-fewer", "applications do not link their attributes", "the link stands in one example", pageApplication, without("_links", []string{"attributes", "signOnPolicyAssignments"}, "application.create", "application.read")),
		otherwise("application-with-access-control", "applications show who may use them", "members may be there that were not set", pageApplication,
			with(object{"accessControl": object{"role": object{"type": "ADMIN_USERS_ONLY"}}, "tags": []any{}}, "application.create", "application.read")),
		otherwise("grant-scopes-in-another-order", "a grant shows its scopes in another order", "the order is not said", pageGrant, set("", "scopes", reversed, "grant.")),
		otherwise("grant-with-more-members", "grants say who gave them", "members may be added", pageGrant, with(object{"grantedBy": object{"id": someID}}, "grant.")),
		otherwise("secret-with-more-members", "the answer with a secret tells its length", "members may be added", pageCompatibility,
			on(edit(func(_ *wire.Call, body object) bool { body["strength"] = "HIGH"; return true }), "application.secret.read")),
	)
}
