package client_test

import (
	"context"
	"net/http"
	"net/url"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
)

// Answers without links, as they are where the documented path must be built.
var (
	application = map[string]any{"id": "app", "environment": map[string]string{"id": "env"}}
	policy      = map[string]any{"id": "pol", "environment": map[string]string{"id": "env"}}
	user        = map[string]any{"id": "usr", "environment": map[string]string{"id": "env"}}
	device      = map[string]any{"id": "dev", "environment": map[string]string{"id": "env"}, "user": map[string]string{"id": "usr"}}
	flow        = map[string]any{"id": "flo", "environment": map[string]string{"id": "env"}}
	body        = map[string]string{"name": "x"}
	page        = links(map[string]string{"next": naAPI + "/environments/env/users?cursor=2"})
)

// limit is a query that lists take.
var limit = url.Values{"limit": {"10"}}

// given is what a row of the table calls with: a client, and the earlier answer
// that the call follows.
type given struct {
	*client.Client
	ctx context.Context
	it  *client.Exchange
}

// called is what a call gives back.
type called struct {
	exchange *client.Exchange
	err      error
}

func got(exchange *client.Exchange, err error) called { return called{exchange, err} }

// calls is every call the client knows, and what goes over the wire for it.
var calls = []struct {
	method    string // of the client
	operation string
	earlier   any
	secret    string // what authenticates the call
	request   string // method and URL; api and auth stand for the region's hosts
	mediaType string
	call      func(given) called
}{
	{"ReadEnvironment", "Read Environment", nil, "bearer", "GET api/v1/environments/env", "",
		func(g given) called { return got(g.ReadEnvironment(g.ctx, "env")) }},
	{"ReadBillOfMaterials", "Read Bill of Materials", nil, "bearer", "GET api/v1/environments/env/billOfMaterials", "",
		func(g given) called { return got(g.ReadBillOfMaterials(g.ctx, "env")) }},
	{"CreateApplication", "Create Application", nil, "bearer", "POST api/v1/environments/env/applications", "application/json",
		func(g given) called { return got(g.CreateApplication(g.ctx, "env", body)) }},
	{"ListApplications", "List Applications", nil, "bearer", "GET api/v1/environments/env/applications?limit=10", "",
		func(g given) called { return got(g.ListApplications(g.ctx, "env", limit)) }},
	{"ReadApplicationSecret", "Read Application Secret", application, "bearer", "GET api/v1/environments/env/applications/app/secret", "",
		func(g given) called { return got(g.ReadApplicationSecret(g.ctx, g.it)) }},
	{"ListResources", "List Resources", nil, "bearer", "GET api/v1/environments/env/resources?limit=10", "",
		func(g given) called { return got(g.ListResources(g.ctx, "env", limit)) }},
	{"ListScopes", "List Scopes", nil, "bearer", "GET api/v1/environments/env/resources/res/scopes?limit=10", "",
		func(g given) called { return got(g.ListScopes(g.ctx, "env", gjson.Parse(`{"id":"res"}`), limit)) }},
	{"CreateGrant", "Create Grant", application, "bearer", "POST api/v1/environments/env/applications/app/grants", "application/json",
		func(g given) called { return got(g.CreateGrant(g.ctx, g.it, body)) }},
	{"AssignSignOnPolicy", "Assign Sign-On Policy", application, "bearer", "POST api/v1/environments/env/applications/app/signOnPolicyAssignments", "application/json",
		func(g given) called { return got(g.AssignSignOnPolicy(g.ctx, g.it, body)) }},
	{"CreateSignOnPolicy", "Create Sign-On Policy", nil, "bearer", "POST api/v1/environments/env/signOnPolicies", "application/json",
		func(g given) called { return got(g.CreateSignOnPolicy(g.ctx, "env", body)) }},
	{"ListSignOnPolicies", "List Sign-On Policies", nil, "bearer", "GET api/v1/environments/env/signOnPolicies?limit=10", "",
		func(g given) called { return got(g.ListSignOnPolicies(g.ctx, "env", limit)) }},
	{"CreateSignOnPolicyAction", "Create Sign-On Policy Action", policy, "bearer", "POST api/v1/environments/env/signOnPolicies/pol/actions", "application/json",
		func(g given) called { return got(g.CreateSignOnPolicyAction(g.ctx, g.it, body)) }},
	{"ListPasswordPolicies", "List Password Policies", nil, "bearer", "GET api/v1/environments/env/passwordPolicies", "",
		func(g given) called { return got(g.ListPasswordPolicies(g.ctx, "env")) }},
	{"CreateDeviceAuthenticationPolicy", "Create Device Authentication Policy", nil, "bearer", "POST api/v1/environments/env/deviceAuthenticationPolicies", "application/json",
		func(g given) called { return got(g.CreateDeviceAuthenticationPolicy(g.ctx, "env", body)) }},
	{"ReadDeviceAuthenticationPolicies", "Read Device Authentication Policies", nil, "bearer", "GET api/v1/environments/env/deviceAuthenticationPolicies", "",
		func(g given) called { return got(g.ReadDeviceAuthenticationPolicies(g.ctx, "env")) }},
	{"CreatePopulation", "Create Population", nil, "bearer", "POST api/v1/environments/env/populations", "application/json",
		func(g given) called { return got(g.CreatePopulation(g.ctx, "env", body)) }},
	{"ListPopulations", "List Populations", nil, "bearer", "GET api/v1/environments/env/populations?limit=10", "",
		func(g given) called { return got(g.ListPopulations(g.ctx, "env", limit)) }},
	{"CreateUser", "Create User", nil, "bearer", "POST api/v1/environments/env/users", "application/json",
		func(g given) called { return got(g.CreateUser(g.ctx, "env", body)) }},
	{"ReadUser", "Read User", user, "bearer", "GET api/v1/environments/env/users/usr", "",
		func(g given) called { return got(g.ReadUser(g.ctx, g.it)) }},
	{"ListUsers", "List Users", nil, "bearer", "GET api/v1/environments/env/users?limit=10", "",
		func(g given) called { return got(g.ListUsers(g.ctx, "env", limit)) }},
	{"PatchUser", "Patch User", user, "bearer", "PATCH api/v1/environments/env/users/usr", "application/json",
		func(g given) called { return got(g.PatchUser(g.ctx, g.it, body)) }},
	{"SetPassword", "Set Password", user, "bearer", "PUT api/v1/environments/env/users/usr/password", "application/vnd.pingidentity.password.set+json",
		func(g given) called { return got(g.SetPassword(g.ctx, g.it, body)) }},
	{"EnableMFA", "Update MFA Enabled", user, "bearer", "PUT api/v1/environments/env/users/usr/mfaEnabled", "application/json",
		func(g given) called { return got(g.EnableMFA(g.ctx, g.it)) }},
	{"UpdateMFAEnabled", "Update MFA Enabled", user, "bearer", "PUT api/v1/environments/env/users/usr/mfaEnabled", "application/json",
		func(g given) called { return got(g.UpdateMFAEnabled(g.ctx, g.it, body)) }},
	{"CreateDevice", "Create Device", user, "bearer", "POST api/v1/environments/env/users/usr/devices", "application/json",
		func(g given) called { return got(g.CreateDevice(g.ctx, g.it, body)) }},
	{"ActivateDevice", "Activate Device", device, "bearer", "POST api/v1/environments/env/users/usr/devices/dev", "application/vnd.pingidentity.device.activate+json",
		func(g given) called { return got(g.ActivateDevice(g.ctx, g.it, "123456")) }},
	{"Get", "Get", nil, "bearer", "GET api/v1/environments", "",
		func(g given) called { return got(g.Get(g.ctx, "/environments")) }},
	{"Delete", "Delete", nil, "bearer", "DELETE api/v1/environments/env/applications/app/signOnPolicyAssignments/asg", "",
		func(g given) called {
			return got(g.Delete(g.ctx, g.APIURL("environments", "env", "applications", "app", "signOnPolicyAssignments", "asg")))
		}},
	{"NextPage", "Read Next Page", page, "bearer", "GET api/v1/environments/env/users?cursor=2", "",
		func(g given) called { return got(g.NextPage(g.ctx, g.it)) }},
	{"Do", "Rotate Secret", nil, "bearer", "POST api/v1/environments/env/applications/app/secret", "text/plain",
		func(g given) called {
			return got(g.Do(g.ctx, "Rotate Secret", http.MethodPost, "/v1/environments/env/applications/app/secret", "text/plain", []byte("x")))
		}},
	{"Authorize", "Authorize", nil, "none", "GET auth/env/as/authorize?client_id=app", "",
		func(g given) called { return got(g.Authorize(g.ctx, "env", url.Values{"client_id": {"app"}})) }},
	{"AuthorizeByPost", "Authorize", nil, "none", "POST auth/env/as/authorize", "application/x-www-form-urlencoded",
		func(g given) called { return got(g.AuthorizeByPost(g.ctx, "env", url.Values{"client_id": {"app"}})) }},
	{"ReadFlow", "Read Flow", nil, "none", "GET auth/env/flows/flo", "",
		func(g given) called { return got(g.ReadFlow(g.ctx, g.FlowURL("env", "flo"))) }},
	{"CheckUsernamePassword", "Check Username and Password", flow, "none", "POST auth/env/flows/flo", "application/vnd.pingidentity.usernamePassword.check+json",
		func(g given) called { return got(g.CheckUsernamePassword(g.ctx, g.it, "anna", "pass")) }},
	{"UpdateProfile", "Update Profile", flow, "none", "POST auth/env/flows/flo", "application/vnd.pingidentity.user.update+json",
		func(g given) called { return got(g.UpdateProfile(g.ctx, g.it, body)) }},
	{"CheckOTP", "Check One-Time Passcode", flow, "none", "POST auth/env/flows/flo", "application/vnd.pingidentity.otp.check+json",
		func(g given) called { return got(g.CheckOTP(g.ctx, g.it, "123456")) }},
	{"SelectDevice", "Select Device", flow, "none", "POST auth/env/flows/flo", "application/vnd.pingidentity.device.select+json",
		func(g given) called { return got(g.SelectDevice(g.ctx, g.it, "dev")) }},
	{"ResetPassword", "Reset Password", flow, "none", "POST auth/env/flows/flo", "application/vnd.pingidentity.password.reset+json",
		func(g given) called { return got(g.ResetPassword(g.ctx, g.it, "old", "new")) }},
	{"FlowAction", "Flow Action session.reset", flow, "none", "POST auth/env/flows/flo", "application/vnd.pingidentity.session.reset+json",
		func(g given) called {
			return got(g.FlowAction(g.ctx, g.it, "session.reset", "application/vnd.pingidentity.session.reset+json", nil))
		}},
	{"Resume", "Resume", flow, "none", "GET auth/env/as/resume?flowId=flo", "",
		func(g given) called { return got(g.Resume(g.ctx, g.it)) }},
	{"WorkerToken", "Get Worker Token", nil, "basic", "POST auth/env/as/token", "application/x-www-form-urlencoded",
		func(g given) called { return got(g.WorkerToken(g.ctx, "env", "id", "pw", client.ClientSecretBasic)) }},
	{"Token", "Get Token", nil, "basic", "POST auth/env/as/token", "application/x-www-form-urlencoded",
		func(g given) called {
			return got(g.Token(g.ctx, "env", url.Values{"grant_type": {"authorization_code"}}, "id", "pw", client.ClientSecretBasic))
		}},
	{"Discovery", "Read OpenID Configuration", nil, "none", "GET auth/env/as/.well-known/openid-configuration", "",
		func(g given) called { return got(g.Discovery(g.ctx, "env")) }},
	{"JWKS", "Read JSON Web Key Set", nil, "none", "GET auth/env/as/jwks", "",
		func(g given) called { return got(g.JWKS(g.ctx, "env", nil)) }},
	{"Introspect", "Introspect Token", nil, "basic", "POST auth/env/as/introspect", "application/x-www-form-urlencoded",
		func(g given) called {
			return got(g.Introspect(g.ctx, "env", "anna-token", "id", "pw", client.ClientSecretBasic))
		}},
	{"OpenPage", "Open Sign-On Page", nil, "", "HEAD auth/env/signon/", "",
		func(g given) called { return got(g.OpenPage(g.ctx, g.AuthURL("env", "signon")+"/")) }},
	{"UserInfo", "Read User Info", nil, "person", "GET auth/env/as/userinfo", "",
		func(g given) called { return got(g.UserInfo(g.ctx, "env", "anna-token")) }},
}
