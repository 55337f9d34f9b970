package steps

import "pingone-conformance/suite"

const (
	vendor  = "https://developer.pingidentity.com/pingone-api/"
	library = vendor + "workflow-library/"

	whyPassword  = "the request line of the same page, and " + vendor + "platform/users/user-passwords/update-password-set.html"
	whyMFA       = vendor + "mfa/users/enable-users-mfa/update-user-mfa-enabled.html"
	whyAuthorize = "the request line of the same page; POST with a form is an alternative: " + vendor + "auth/openid-connect-oauth-2/authorize-authorization_code.html"
	whyFlow      = "the text reads \"POST request to GET\"; " + vendor + "auth/flows/flows-1.html"
)

// UseCases are the three published lists, in the order in which the vendor's pages number them.
func UseCases() []suite.UseCase {
	return []suite.UseCase{progressiveProfiling(), loginAndMFA(), mfaOnly()}
}

func progressiveProfiling() suite.UseCase {
	return suite.UseCase{
		Name: "progressive_profiling",
		Page: library + "authorization-and-authentication/configure-a-progressive-profiling-sign-on-action.html",
		Calls: numbered([]suite.Call{
			{Method: "POST", Path: "/environments/{{envID}}/applications"},
			{Method: "GET", Path: "/environments/{{envID}}/applications/{{appID}}/secret"},
			{Method: "GET", Path: "/environments/{{envID}}/resources"},
			{Method: "GET", Path: "/environments/{{envID}}/resources/{{resourceID}}/scopes"},
			{Method: "POST", Path: "/environments/{{envID}}/applications/{{appID}}/grants"},
			{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies"},
			{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies/{{signOnPolicyID}}/actions"},
			{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies/{{signOnPolicyID}}/actions"},
			{Method: "POST", Path: "/environments/{{envID}}/applications/{{appID}}/signOnPolicyAssignments"},
			{Method: "POST", Path: "/environments/{{envID}}/populations"},
			{Method: "POST", Path: "/environments/{{envID}}/users"},
			{Method: "PUT", Path: "/environments/{{envID}}/users/{{userID}}/password", Printed: "POST", Why: whyPassword},
			{Method: "GET", Path: "/{{envID}}/as/authorize", Printed: "POST", Why: whyAuthorize},
			{Method: "GET", Path: "/{{envID}}/flows/{{flowID}}"},
			{Method: "POST", Path: "/{{envID}}/flows/{{flowID}}", Printed: "POST … GET", Why: whyFlow},
			{Method: "POST", Path: "/{{envID}}/flows/{{flowID}}", Printed: "POST … GET", Why: whyFlow},
			{Method: "GET", Path: "/{{envID}}/as/resume?flowId={{flowID}}"},
			{Method: "POST", Path: "/{{envID}}/as/token"},
			{Method: "GET", Path: "/environments/{{envID}}/users/{{userID}}"},
		}),
	}
}

func loginAndMFA() suite.UseCase {
	return suite.UseCase{
		Name: "login_and_mfa",
		Page: library + "authorization-and-authentication/use-login-and-mfa-actions-to-authenticate-users.html",
		Calls: numbered([]suite.Call{
			{Method: "POST", Path: "/environments/{{envID}}/applications"},
			{Method: "GET", Path: "/environments/{{envID}}/resources"},
			{Method: "GET", Path: "/environments/{{envID}}/resources/{{resourceID}}/scopes"},
			{Method: "POST", Path: "/environments/{{envID}}/applications/{{appID}}/grants"},
			{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies"},
			{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies/{{signOnPolicyID}}/actions"},
			{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies/{{signOnPolicyID}}/actions"},
			{Method: "POST", Path: "/environments/{{envID}}/applications/{{appID}}/signOnPolicyAssignments"},
			{Method: "POST", Path: "/environments/{{envID}}/populations"},
			{Method: "POST", Path: "/environments/{{envID}}/users"},
			{Method: "PUT", Path: "/environments/{{envID}}/users/{{userID}}/password", Printed: "POST", Why: whyPassword},
			{Method: "PUT", Path: "/environments/{{envID}}/users/{{userID}}/mfaEnabled", Printed: "POST", Why: whyMFA},
			{Method: "POST", Path: "/environments/{{envID}}/users/{{userID}}/devices"},
			{Method: "GET", Path: "/{{envID}}/as/authorize", Printed: "POST", Why: whyAuthorize},
			{Method: "GET", Path: "/{{envID}}/flows/{{flowID}}"},
			{Method: "POST", Path: "/{{envID}}/flows/{{flowID}}", Printed: "POST … GET", Why: whyFlow},
			{Method: "POST", Path: "/{{envID}}/flows/{{flowID}}", Printed: "POST … GET", Why: whyFlow},
			{Method: "GET", Path: "/{{envID}}/as/resume?flowId={{flowID}}"},
			{Method: "GET", Path: "/environments/{{envID}}/applications/{{appID}}/secret"},
			{Method: "POST", Path: "/{{envID}}/as/token"},
		}),
	}
}

func mfaOnly() suite.UseCase {
	return suite.UseCase{
		Name: "mfa_only_login_hint_token",
		Page: library + "multi-factor-authentication/configure-an-mfa-only-flow-using-a-login-hint-token.html",
		Calls: numbered([]suite.Call{
			{Method: "POST", Path: "/environments/{{envID}}/applications"},
			{Method: "GET", Path: "/environments/{{envID}}/applications/{{appID}}/secret"},
			{Method: "GET", Path: "/environments/{{envID}}/resources"},
			{Method: "GET", Path: "/environments/{{envID}}/resources/{{resourceID}}/scopes"},
			{Method: "POST", Path: "/environments/{{envID}}/applications/{{appID}}/grants"},
			{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies"},
			{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies/{{signOnPolicyID}}/actions"},
			{Method: "POST", Path: "/environments/{{envID}}/applications/{{appID}}/signOnPolicyAssignments"},
			{Method: "POST", Path: "/environments/{{envID}}/populations"},
			{Method: "POST", Path: "/environments/{{envID}}/users"},
			{Method: "PUT", Path: "/environments/{{envID}}/users/{{userID}}/password", Printed: "POST", Why: whyPassword},
			{Method: "PUT", Path: "/environments/{{envID}}/users/{{userID}}/mfaEnabled", Printed: "POST", Why: whyMFA},
			{Method: "POST", Path: "/environments/{{envID}}/users/{{userID}}/devices"},
			{Method: "GET", Path: "/{{envID}}/as/authorize", Printed: "POST", Why: whyAuthorize},
			{Method: "POST", Path: "/{{envID}}/flows/{{flowID}}", Printed: "POST … GET", Why: whyFlow},
			{Method: "GET", Path: "/{{envID}}/as/resume?flowId={{flowID}}"},
		}),
	}
}

func numbered(calls []suite.Call) []suite.Call {
	for i := range calls {
		calls[i].Step = i + 1
	}
	return calls
}
