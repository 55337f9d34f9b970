package client

import (
	"net/url"
	"strings"
)

// Names of the calls, as they stand in Exchange.Operation.
const (
	OpReadEnvironment     = "Read Environment"
	OpReadBillOfMaterials = "Read Bill of Materials"

	OpCreateApplication     = "Create Application"
	OpReadApplication       = "Read Application"
	OpListApplications      = "List Applications"
	OpUpdateApplication     = "Update Application"
	OpReadApplicationSecret = "Read Application Secret"

	OpListResources = "List Resources"
	OpListScopes    = "List Scopes"
	OpCreateGrant   = "Create Grant"
	OpListGrants    = "List Grants"

	OpCreateSignOnPolicy          = "Create Sign-On Policy"
	OpReadSignOnPolicy            = "Read Sign-On Policy"
	OpListSignOnPolicies          = "List Sign-On Policies"
	OpUpdateSignOnPolicy          = "Update Sign-On Policy"
	OpCreateSignOnPolicyAction    = "Create Sign-On Policy Action"
	OpReadSignOnPolicyAction      = "Read Sign-On Policy Action"
	OpListSignOnPolicyActions     = "List Sign-On Policy Actions"
	OpUpdateSignOnPolicyAction    = "Update Sign-On Policy Action"
	OpAssignSignOnPolicy          = "Assign Sign-On Policy"
	OpListSignOnPolicyAssignments = "List Sign-On Policy Assignments"

	OpCreatePopulation = "Create Population"
	OpReadPopulation   = "Read Population"
	OpListPopulations  = "List Populations"

	OpCreateUser       = "Create User"
	OpReadUser         = "Read User"
	OpListUsers        = "List Users"
	OpUpdateUser       = "Update User"
	OpPatchUser        = "Patch User"
	OpSetPassword      = "Set Password"
	OpReadPassword     = "Read Password"
	OpUpdateMFAEnabled = "Update MFA Enabled"
	OpReadMFAEnabled   = "Read MFA Enabled"

	OpCreateDevice   = "Create Device"
	OpReadDevice     = "Read Device"
	OpListDevices    = "List Devices"
	OpActivateDevice = "Activate Device"
	OpUnlockDevice   = "Unlock Device"

	OpCreateDevicePolicy = "Create Device Authentication Policy"
	OpReadDevicePolicy   = "Read Device Authentication Policy"
	OpReadDevicePolicies = "Read Device Authentication Policies"
	OpUpdateDevicePolicy = "Update Device Authentication Policy"

	OpWorkerToken           = "Get Worker Token"
	OpToken                 = "Get Token"
	OpAuthorize             = "Authorize"
	OpReadFlow              = "Read Flow"
	OpCheckUsernamePassword = "Check Username and Password"
	OpUpdateProfile         = "Update Profile"
	OpCheckOTP              = "Check One-Time Passcode"
	OpSelectDevice          = "Select Device"
	OpResetPassword         = "Reset Password"
	OpFlowAction            = "Flow Action"
	OpResume                = "Resume"
	OpDiscovery             = "Read OpenID Configuration"
	OpJWKS                  = "Read JSON Web Key Set"
	OpUserInfo              = "Read User Info"
	OpIntrospect            = "Introspect Token"

	// The operation of Get, NextPage and Delete; Delete adds the kind of thing
	// where the address tells it, such as "Delete Application".
	OpGet      = "Get"
	OpNextPage = "Read Next Page"
	OpDelete   = "Delete"
)

// deleted names what stands below each collection.
var deleted = map[string]string{
	"applications":                 "Application",
	"grants":                       "Grant",
	"signOnPolicyAssignments":      "Sign-On Policy Assignment",
	"signOnPolicies":               "Sign-On Policy",
	"actions":                      "Sign-On Policy Action",
	"populations":                  "Population",
	"users":                        "User",
	"devices":                      "Device",
	"deviceAuthenticationPolicies": "Device Authentication Policy",
	"resources":                    "Resource",
	"scopes":                       "Scope",
}

// deleteOperation names a deletion by the collection its address stands in.
func deleteOperation(href string) string {
	parsed, err := url.Parse(href)
	if err != nil {
		return OpDelete
	}
	segments := strings.Split(strings.Trim(parsed.Path, "/"), "/")
	if len(segments) < 2 {
		return OpDelete
	}
	if kind, known := deleted[segments[len(segments)-2]]; known {
		return OpDelete + " " + kind
	}
	return OpDelete
}
