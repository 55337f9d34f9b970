package export

import "pingone-conformance/internal/lazy"

// naming are the words of one published page.
type naming struct {
	// variables are the page's own names of what we call by the key.
	variables map[string]string
	// titles are those of the page's requests, by number.
	titles []string
}

// The page names the requests of progressive profiling and many of its variables; the
// other two pages print none, so that theirs are made in the same style.
var pages = lazy.Value[map[string]naming]{Make: func() map[string]naming {
	return map[string]naming{
		"progressive_profiling": {
			variables: map[string]string{
				"appID":          "AppWithPPID",
				"appSecret":      "AppWithPPSecret",
				"resourceID":     "p1ResID",
				"signOnPolicyID": "ProgressiveProfilingPolicyID",
				"popID":          "progressiveProfilePopID",
				"userID":         "progressiveProfileUserID",
			},
			titles: []string{
				"Create an application",
				"Get the application secret",
				"Get all resources",
				"Get all scopes",
				"Create the resource access grant",
				"Create the new sign-on policy",
				"Create the login sign-on policy action",
				"Create the progressive profiling sign-on policy action",
				"Assign the sign-on policy to an application",
				"Create a population for profile users",
				"Create a user",
				"Set user password",
				"Send an authorization request",
				"Get the flow",
				"Submit login credentials",
				"Update user profile",
				"Call the resume endpoint",
				"Get the access token",
				"Verify updated user information",
			},
		},
		"login_and_mfa": {
			variables: map[string]string{"resourceID": "openidResourceID"},
			titles: []string{
				"Create an application",
				"Get all resources",
				"Get all scopes",
				"Create the resource access grant",
				"Create the new sign-on policy",
				"Create the login sign-on policy action",
				"Create the MFA sign-on policy action",
				"Assign the sign-on policy to an application",
				"Create a population",
				"Create a user",
				"Set user password",
				"Enable user MFA",
				"Create an MFA device",
				"Send an authorization request",
				"Get the flow",
				"Submit login credentials",
				"Submit the one-time passcode",
				"Call the resume endpoint",
				"Get the application secret",
				"Get the access token",
			},
		},
		"mfa_only_login_hint_token": {
			variables: map[string]string{"resourceID": "openidResourceID"},
			titles: []string{
				"Create an application",
				"Get the application secret",
				"Get all resources",
				"Get all scopes",
				"Create the resource access grant",
				"Create the new sign-on policy",
				"Create the SMS MFA sign-on policy action",
				"Assign the sign-on policy to an application",
				"Create a population",
				"Create a user",
				"Set user password",
				"Enable user MFA",
				"Create an SMS MFA device",
				"Send an authorization request with a login hint token",
				"Submit the one-time passcode",
				"Call the resume endpoint",
			},
		},
	}
}}

// variable is the page's name of a variable, or ours.
func (n naming) variable(name string) string {
	if theirs := n.variables[name]; theirs != "" {
		return theirs
	}
	return name
}
