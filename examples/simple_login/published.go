package simplelogin

import "pingone-conformance/suite"

// Published is Ping Identity's list of calls. A journey whose lines carry its numbers is
// held against it in every run.
func Published() suite.UseCase {
	return suite.UseCase{
		Name: "simple_login",
		Page: "https://developer.pingidentity.com/pingone-api/workflow-library/authorization-and-authentication/configure-a-simple-login.html",
		Calls: []suite.Call{
			{Step: 1, Method: "POST", Path: "/environments/{{envID}}/applications"},
			{Step: 2, Method: "GET", Path: "/environments/{{envID}}/applications/{{appID}}/secret"},
			{Step: 3, Method: "POST", Path: "/environments/{{envID}}/signOnPolicies"},
			{Step: 4, Method: "POST", Path: "/environments/{{envID}}/signOnPolicies/{{policyID}}/actions"},
			{Step: 5, Method: "POST", Path: "/environments/{{envID}}/applications/{{appID}}/signOnPolicyAssignments"},
			{Step: 6, Method: "POST", Path: "/environments/{{envID}}/populations"},
			{Step: 7, Method: "POST", Path: "/environments/{{envID}}/users"},
			{Step: 8, Method: "PUT", Path: "/environments/{{envID}}/users/{{userID}}/password"},
			{Step: 9, Method: "GET", Path: "/{{envID}}/as/authorize"},
			{Step: 10, Method: "GET", Path: "/{{envID}}/flows/{{flowID}}"},
			{Step: 11, Method: "POST", Path: "/{{envID}}/flows/{{flowID}}"},
			{Step: 12, Method: "GET", Path: "/{{envID}}/as/resume?flowId={{flowID}}"},
			{Step: 13, Method: "POST", Path: "/{{envID}}/as/token"},
		},
	}
}
