package deviation

import (
	"encoding/json"

	"pingone-conformance/emulator/internal/tenant"
	"time"
)

// stored echo in the answer to a creation what was sent, and show something else when it is read.
func stored() []Deviation {
	const rule = "what a create sent is kept"
	kept := func(name, what, page, path string, value any, operation string) Deviation {
		return Deviation{Name: name, Group: Semantics, Breaks: what + " is answered as sent and kept otherwise", Rule: rule, Page: page}.
			answering(set(path, value, operation+".read"))
	}
	return []Deviation{
		kept("application-description-kept-otherwise", "the description of an application", pageApplication, "description", "Another description", "application"),
		kept("application-redirects-kept-otherwise", "the redirect URIs of an application", pageApplication, "redirectUris", []string{"https://thief.example.com/callback"}, "application"),
		kept("application-grants-kept-otherwise", "the grant types of an application", pageApplication, "grantTypes", []string{"IMPLICIT"}, "application"),
		kept("application-method-kept-otherwise", "the authentication method of an application", pageApplication, "tokenEndpointAuthMethod", "NONE", "application"),
		kept("grant-scopes-kept-otherwise", "the list of scopes of a grant", pageGrant, "scopes", []any{object{"id": elsewhere}}, "grant"),
		kept("policy-description-kept-otherwise", "the description of a sign-on policy", pagePolicy, "description", "Another description", "signOnPolicy"),
		kept("action-priority-kept-otherwise", "the priority of an action", pageAction, "priority", json.Number("7"), "action"),
		kept("prompt-text-kept-otherwise", "the text of a prompt", pageProfiling, "promptText", "Another text.", "action"),
		kept("prompt-interval-kept-otherwise", "the interval of a prompt", pageProfiling, "promptIntervalSeconds", json.Number("60"), "action"),
		kept("assignment-priority-kept-otherwise", "the priority of an assignment", pageAssignment, "priority", json.Number("7"), "assignment"),
		kept("population-description-kept-otherwise", "the description of a population", pageConventions, "description", "Another description", "population"),
		kept("device-address-kept-otherwise", "the address of a device", pageDevice, "email", "mallory@example.com", "device"),
		kept("device-policy-name-kept-otherwise", "the name of a device policy", pageDevicePolicy, "name", "Another name", "devicePolicy"),
		kept("device-policy-failures-kept-otherwise", "how many failures a device policy allows", pageDevicePolicy, "email.otp.failure.count", json.Number("7"), "devicePolicy"),
	}
}

// overwriting keep more of an answer to a prompt than was given.
func overwriting() []Deviation {
	also := func(name, what string, more map[string]any) Deviation {
		return Deviation{Name: name, Group: Semantics, Breaks: "the answer to the prompt changes " + what + " as well", Rule: "nothing else in the profile changes", Page: pageUpdate}.
			by(func(d *Decisions) {
				documented := d.Flow.Store
				d.Flow.Store = func(u *tenant.User, given map[string]any, now time.Time) {
					if len(given) > 0 {
						documented(u, more, now)
					}
					documented(u, given, now)
				}
			})
	}
	return []Deviation{
		also("profile-sets-nickname", "the nickname", map[string]any{"nickname": "Annie"}),
		also("profile-sets-second-number", "the other telephone number", map[string]any{"primaryPhone": "+1.5125550166"}),
		also("profile-sets-locale", "the locale", map[string]any{"locale": "de-DE"}),
		also("profile-sets-title", "the title", map[string]any{"title": "Dr"}),
	}
}
