package export

import "pingone-conformance/internal/lazy"

// part adds to a call what an answer of its kind gives and shows; i is the exchange's index.
type part func(r *reader, i int, c *Call) error

// rule is what a call of one kind needs, and what its answer gives and shows.
type rule struct {
	// name is that of a call beside the published list.
	name string
	// also are statuses that the vendor's pages allow beside the recorded one.
	also  []int
	parts []part
}

// rules are keyed by method and path, every variable being {}.
var rules = lazy.Value[map[string]rule]{Make: func() map[string]rule {
	return map[string]rule{
		"POST /{}/as/token": {
			name:  "Get an access token",
			parts: []part{tokens},
		},
		"POST /environments/{}/applications": {
			parts: []part{created("appID"), absent("the secret is not in the answer", "secret"), absent("nor under another name", "clientSecret")},
		},
		"GET /environments/{}/applications/{}/secret": {
			parts: []part{take("appSecret", "secret"), here("environment", "id")},
		},
		"GET /environments/{}/resources": {
			parts: []part{resource},
		},
		"GET /environments/{}/resources/{}/scopes": {
			parts: []part{scopes},
		},
		"POST /environments/{}/applications/{}/grants": {
			parts: []part{created("grantID")},
		},
		"POST /environments/{}/signOnPolicies": {
			parts: []part{created("signOnPolicyID")},
		},
		"POST /environments/{}/signOnPolicies/{}/actions": {
			parts: []part{action},
		},
		"POST /environments/{}/applications/{}/signOnPolicyAssignments": {
			parts: []part{created("assignmentID")},
		},
		"POST /environments/{}/populations": {
			parts: []part{created("popID")},
		},
		"POST /environments/{}/users": {
			parts: []part{created("userID"), absent("there is no mobile phone number yet", "mobilePhone")},
		},
		"PUT /environments/{}/users/{}/password": {
			parts: []part{equals("the password is in force", "OK", "status"), absent("the password is not in the answer", "value")},
		},
		"PUT /environments/{}/users/{}/mfaEnabled": {
			also:  []int{204},
			parts: []part{equals("MFA is enabled", true, "mfaEnabled")},
		},
		"POST /environments/{}/users/{}/devices": {
			also:  []int{200},
			parts: []part{created("deviceID"), equals("the device is ready for use", "ACTIVE", "status"), here("user", "id")},
		},
		"GET /{}/as/authorize": {
			parts: []part{authorize},
		},
		"GET /{}/flows/{}": {
			parts: []part{flow, here("environment", "id")},
		},
		"POST /{}/flows/{}": {
			parts: []part{flow},
		},
		"GET /{}/as/resume": {
			parts: []part{resume},
		},
		"GET /environments/{}/users/{}": {
			parts: []part{profile},
		},
		"GET /{}/as/.well-known/openid-configuration": {
			name:  "Read the discovery document",
			parts: []part{here("issuer"), here("jwks_uri"), here("token_endpoint")},
		},
		"GET /{}/as/jwks": {
			name:  "Read the signing keys",
			parts: []part{present("there is a key", "keys", "0", "kty")},
		},
		"DELETE /environments/{}/users/{}": {
			name: "Delete the user",
		},
		"DELETE /environments/{}/populations/{}": {
			name: "Delete the population",
		},
		"DELETE /environments/{}/signOnPolicies/{}": {
			name: "Delete the sign-on policy",
		},
		"DELETE /environments/{}/applications/{}": {
			name: "Delete the application",
		},
		"DELETE /environments/{}/applications/{}/signOnPolicyAssignments/{}": {
			name: "Take the sign-on policy from the application",
		},
	}
}}
