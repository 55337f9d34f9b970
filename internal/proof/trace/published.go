package trace

// Call is one line of a published list.
type Call struct {
	Step int
	// Method and Path are what is really sent. Path is written as the vendor does,
	// with {{variables}} and without the version prefix.
	Method, Path string
	// Printed is the method that the published text prints when it slips, and Why
	// says which page of the vendor's settles it; both are empty otherwise.
	Printed, Why string
}

// UseCase is one published use case.
type UseCase struct {
	// Name is the feature's file name, tag and fixture folder.
	Name string
	// Page is where the vendor publishes it.
	Page  string
	Calls []Call
}

const (
	vendor  = "https://developer.pingidentity.com/pingone-api/"
	library = vendor + "workflow-library/"

	whyPassword  = "the request line of the same page, and " + vendor + "platform/users/user-passwords/update-password-set.html"
	whyMFA       = vendor + "mfa/users/enable-users-mfa/update-user-mfa-enabled.html"
	whyAuthorize = "the request line of the same page; POST with a form is an alternative: " + vendor + "auth/openid-connect-oauth-2/authorize-authorization_code.html"
	whyFlow      = "the text reads \"POST request to GET\"; " + vendor + "auth/flows/flows-1.html"
)

// UseCases are the three published lists, in the order in which the vendor's pages number them.
func UseCases() []UseCase {
	return []UseCase{progressiveProfiling(), loginAndMFA(), mfaOnly()}
}

func progressiveProfiling() UseCase {
	return UseCase{
		Name: "progressive_profiling",
		Page: library + "authorization-and-authentication/configure-a-progressive-profiling-sign-on-action.html",
		Calls: numbered(
			Call{Method: "POST", Path: "/environments/{{envID}}/applications"},
			Call{Method: "GET", Path: "/environments/{{envID}}/applications/{{appID}}/secret"},
			Call{Method: "GET", Path: "/environments/{{envID}}/resources"},
			Call{Method: "GET", Path: "/environments/{{envID}}/resources/{{resourceID}}/scopes"},
			Call{Method: "POST", Path: "/environments/{{envID}}/applications/{{appID}}/grants"},
			Call{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies"},
			Call{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies/{{signOnPolicyID}}/actions"},
			Call{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies/{{signOnPolicyID}}/actions"},
			Call{Method: "POST", Path: "/environments/{{envID}}/applications/{{appID}}/signOnPolicyAssignments"},
			Call{Method: "POST", Path: "/environments/{{envID}}/populations"},
			Call{Method: "POST", Path: "/environments/{{envID}}/users"},
			Call{Method: "PUT", Path: "/environments/{{envID}}/users/{{userID}}/password", Printed: "POST", Why: whyPassword},
			Call{Method: "GET", Path: "/{{envID}}/as/authorize", Printed: "POST", Why: whyAuthorize},
			Call{Method: "GET", Path: "/{{envID}}/flows/{{flowID}}"},
			Call{Method: "POST", Path: "/{{envID}}/flows/{{flowID}}", Printed: "POST … GET", Why: whyFlow},
			Call{Method: "POST", Path: "/{{envID}}/flows/{{flowID}}", Printed: "POST … GET", Why: whyFlow},
			Call{Method: "GET", Path: "/{{envID}}/as/resume?flowId={{flowID}}"},
			Call{Method: "POST", Path: "/{{envID}}/as/token"},
			Call{Method: "GET", Path: "/environments/{{envID}}/users/{{userID}}"},
		),
	}
}

func loginAndMFA() UseCase {
	return UseCase{
		Name: "login_and_mfa",
		Page: library + "authorization-and-authentication/use-login-and-mfa-actions-to-authenticate-users.html",
		Calls: numbered(
			Call{Method: "POST", Path: "/environments/{{envID}}/applications"},
			Call{Method: "GET", Path: "/environments/{{envID}}/resources"},
			Call{Method: "GET", Path: "/environments/{{envID}}/resources/{{resourceID}}/scopes"},
			Call{Method: "POST", Path: "/environments/{{envID}}/applications/{{appID}}/grants"},
			Call{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies"},
			Call{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies/{{signOnPolicyID}}/actions"},
			Call{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies/{{signOnPolicyID}}/actions"},
			Call{Method: "POST", Path: "/environments/{{envID}}/applications/{{appID}}/signOnPolicyAssignments"},
			Call{Method: "POST", Path: "/environments/{{envID}}/populations"},
			Call{Method: "POST", Path: "/environments/{{envID}}/users"},
			Call{Method: "PUT", Path: "/environments/{{envID}}/users/{{userID}}/password", Printed: "POST", Why: whyPassword},
			Call{Method: "PUT", Path: "/environments/{{envID}}/users/{{userID}}/mfaEnabled", Printed: "POST", Why: whyMFA},
			Call{Method: "POST", Path: "/environments/{{envID}}/users/{{userID}}/devices"},
			Call{Method: "GET", Path: "/{{envID}}/as/authorize", Printed: "POST", Why: whyAuthorize},
			Call{Method: "GET", Path: "/{{envID}}/flows/{{flowID}}"},
			Call{Method: "POST", Path: "/{{envID}}/flows/{{flowID}}", Printed: "POST … GET", Why: whyFlow},
			Call{Method: "POST", Path: "/{{envID}}/flows/{{flowID}}", Printed: "POST … GET", Why: whyFlow},
			Call{Method: "GET", Path: "/{{envID}}/as/resume?flowId={{flowID}}"},
			Call{Method: "GET", Path: "/environments/{{envID}}/applications/{{appID}}/secret"},
			Call{Method: "POST", Path: "/{{envID}}/as/token"},
		),
	}
}

func mfaOnly() UseCase {
	return UseCase{
		Name: "mfa_only_login_hint_token",
		Page: library + "multi-factor-authentication/configure-an-mfa-only-flow-using-a-login-hint-token.html",
		Calls: numbered(
			Call{Method: "POST", Path: "/environments/{{envID}}/applications"},
			Call{Method: "GET", Path: "/environments/{{envID}}/applications/{{appID}}/secret"},
			Call{Method: "GET", Path: "/environments/{{envID}}/resources"},
			Call{Method: "GET", Path: "/environments/{{envID}}/resources/{{resourceID}}/scopes"},
			Call{Method: "POST", Path: "/environments/{{envID}}/applications/{{appID}}/grants"},
			Call{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies"},
			Call{Method: "POST", Path: "/environments/{{envID}}/signOnPolicies/{{signOnPolicyID}}/actions"},
			Call{Method: "POST", Path: "/environments/{{envID}}/applications/{{appID}}/signOnPolicyAssignments"},
			Call{Method: "POST", Path: "/environments/{{envID}}/populations"},
			Call{Method: "POST", Path: "/environments/{{envID}}/users"},
			Call{Method: "PUT", Path: "/environments/{{envID}}/users/{{userID}}/password", Printed: "POST", Why: whyPassword},
			Call{Method: "PUT", Path: "/environments/{{envID}}/users/{{userID}}/mfaEnabled", Printed: "POST", Why: whyMFA},
			Call{Method: "POST", Path: "/environments/{{envID}}/users/{{userID}}/devices"},
			Call{Method: "GET", Path: "/{{envID}}/as/authorize", Printed: "POST", Why: whyAuthorize},
			Call{Method: "POST", Path: "/{{envID}}/flows/{{flowID}}", Printed: "POST … GET", Why: whyFlow},
			Call{Method: "GET", Path: "/{{envID}}/as/resume?flowId={{flowID}}"},
		),
	}
}

func numbered(calls ...Call) []Call {
	for i := range calls {
		calls[i].Step = i + 1
	}
	return calls
}
