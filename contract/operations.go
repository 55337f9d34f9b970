package contract

import (
	"mime"
	"slices"
	"strings"

	"pingone-conformance/client"
)

// service says which part of PingOne answers: it decides the shape of an error.
type service int

const (
	// platform answers errors of the platform's shape.
	platform service = iota
	// flows are the authorization server's flow resources; their errors have the platform's shape.
	flows
	// browser is authorize and resume: redirects, flows, and errors of either shape.
	browser
	// oauth is what a relying party calls: errors are RFC 6749's.
	oauth
)

// operation is one call the contract knows.
type operation struct {
	name    string
	method  string
	path    string
	service service
	// media is the media type of the request that selects this operation, "" for any.
	media string
	// success is the documented status; tolerated ones are accepted and observed.
	success   int
	tolerated []int
	// answer and request name schemas; items names that of a collection's items.
	answer, request, items string
	// creates tells that the answer is a resource one level below the address.
	creates bool
	// merges tells that the request holds some members of the resource, not all of it.
	merges bool
	// echoed tells that the answer repeats what was sent.
	echoed bool
	source string
}

const (
	env    = "/v1/environments/{env}"
	app    = env + "/applications/{application}"
	policy = env + "/signOnPolicies/{signOnPolicy}"
	person = env + "/users/{user}"
	device = person + "/devices/{device}"
	vnd    = "application/vnd.pingidentity."
	flow   = "/{env}/flows/{flow}"
	as     = "/{env}/as"
	form   = "application/x-www-form-urlencoded"
)

// operations lists every call the contract knows. Rows with a media type stand before those that take any.
func operations() []operation {
	return slices.Concat(
		environmentOperations(), applicationOperations(), policyOperations(), userOperations(), deviceOperations(),
		flowOperations(), oauthOperations(),
	)
}

// collection gives the five calls of a resource: create, list, read, update, delete.
func collection(name, plural, path, variable, schema, source string) []operation {
	one := path + "/{" + variable + "}"
	return []operation{
		{name: "Create " + name, method: "POST", path: path, success: 201, answer: schema, request: "requests/" + schema, creates: true, echoed: true, source: source},
		{name: "List " + plural, method: "GET", path: path, success: 200, items: schema, source: source},
		{name: "Read " + name, method: "GET", path: one, success: 200, answer: schema, source: source},
		{name: "Update " + name, method: "PUT", path: one, success: 200, answer: schema, request: "requests/" + schema, echoed: true, source: source},
		{name: "Delete " + name, method: "DELETE", path: one, success: 204, source: source},
	}
}

func environmentOperations() []operation {
	return append(
		collection("Population", "Populations", env+"/populations", "population", "population", pageEnvironment),
		operation{name: "Read Environment", method: "GET", path: env, success: 200, answer: "environment", source: pageEnvironment},
		operation{name: "Read Bill of Materials", method: "GET", path: env + "/billOfMaterials", success: 200, answer: "bill-of-materials", source: pageEnvironment},
	)
}

func applicationOperations() []operation {
	return slices.Concat(
		collection("Application", "Applications", env+"/applications", "application", "application", pageApplication),
		collection("Grant", "Grants", app+"/grants", "grant", "grant", pageGrant),
		collection("Sign-On Policy Assignment", "Sign-On Policy Assignments", app+"/signOnPolicyAssignments", "assignment", "sign-on-policy-assignment", pageAssignment),
		[]operation{
			{name: "Read Application Secret", method: "GET", path: app + "/secret", success: 200, answer: "application-secret", source: pageSDK},
			{name: "Rotate Application Secret", method: "POST", path: app + "/secret", success: 200, answer: "application-secret", source: pageSDK},
			{name: "Drop Previous Application Secret", method: "DELETE", path: app + "/secret", success: 204, source: pageSDK},
			{name: "List Resources", method: "GET", path: env + "/resources", success: 200, items: "resource", source: pageSDK},
			{name: "Read Resource", method: "GET", path: env + "/resources/{resource}", success: 200, answer: "resource", source: pageSDK},
			{name: "List Scopes", method: "GET", path: env + "/resources/{resource}/scopes", success: 200, items: "scope", source: pageSDK},
			{name: "Read Scope", method: "GET", path: env + "/resources/{resource}/scopes/{scope}", success: 200, answer: "scope", source: pageSDK},
		})
}

func policyOperations() []operation {
	return slices.Concat(
		collection("Sign-On Policy", "Sign-On Policies", env+"/signOnPolicies", "signOnPolicy", "sign-on-policy", pagePolicy),
		collection("Sign-On Policy Action", "Sign-On Policy Actions", policy+"/actions", "action", "sign-on-policy-action", pageAction),
		collection("Device Authentication Policy", "Device Authentication Policies", env+"/deviceAuthenticationPolicies", "policy", "device-authentication-policy", pageDevicePolicy),
	)
}

func userOperations() []operation {
	return append([]operation{
		{name: "Import User", method: "POST", path: env + "/users", media: vnd + "user.import+json", success: 201, answer: "user", creates: true, source: pageUser},
		{name: "Patch User", method: "PATCH", path: person, success: 200, answer: "user", merges: true, echoed: true, source: pageUser},
		{name: "Set Password", method: "PUT", path: person + "/password", media: vnd + "password.set+json", success: 200, answer: "password", request: "requests/password", source: pagePassword},
		{name: "Change Password", method: "PUT", path: person + "/password", success: 200, answer: "password", source: pagePassword},
		{name: "Read Password", method: "GET", path: person + "/password", success: 200, answer: "password", source: pagePassword},
		{name: "Check Password", method: "POST", path: person + "/password", success: 200, answer: "password", source: pagePassword},
		{name: "Update MFA Enabled", method: "PUT", path: person + "/mfaEnabled", success: 200, tolerated: []int{204}, answer: "mfa-enabled", request: "requests/mfa-enabled", echoed: true, source: pageMFAEnabled},
		{name: "Read MFA Enabled", method: "GET", path: person + "/mfaEnabled", success: 200, answer: "mfa-enabled", source: pageMFAEnabled},
	}, collection("User", "Users", env+"/users", "user", "user", pageUser)...)
}

func deviceOperations() []operation {
	devices := collection("Device", "Devices", person+"/devices", "device", "device", pageDevice)
	devices[0].tolerated = []int{200}
	return append([]operation{
		{name: "Reorder Devices", method: "POST", path: person + "/devices", media: vnd + "devices.reorder+json", success: 200, source: pageDevice},
		{name: "Activate Device", method: "POST", path: device, media: vnd + "device.activate+json", success: 200, answer: "device", request: "requests/otp", source: pageDevice},
		{name: "Unlock Device", method: "POST", path: device, media: vnd + "device.unlock+json", success: 200, tolerated: []int{204}, answer: "device", source: pageDevice},
		{name: "Block Device", method: "POST", path: device, media: vnd + "device.block+json", success: 200, tolerated: []int{204}, answer: "device", source: pageDevice},
		{name: "Unblock Device", method: "POST", path: device, media: vnd + "device.unblock+json", success: 200, tolerated: []int{204}, answer: "device", source: pageDevice},
	}, devices...)
}

func flowOperations() []operation {
	action := func(name, media, request string) operation {
		return operation{name: name, method: "POST", path: flow, service: flows, media: vnd + media, success: 200, answer: "flow", request: request, source: pageFlowActions}
	}
	return []operation{
		{name: "Read Flow", method: "GET", path: flow, service: flows, success: 200, answer: "flow-read", source: pageFlows},
		action("Check Username and Password", "usernamePassword.check+json", "requests/username-password-check"),
		action("Check One-Time Passcode", "otp.check+json", "requests/otp"),
		action("Select Device", "device.select+json", "requests/device-select"),
		action("Update Profile", "user.update+json", "requests/user-update"),
		action("Reset Password", "password.reset+json", "requests/password-reset"),
		action("Look Up User", "user.lookup+json", "requests/user-lookup"),
		action("Reset Session", "session.reset+json", ""),
		action("Forgot Password", "password.forgot+json", ""),
		action("Recover Password", "password.recover+json", ""),
		action("Send Recovery Code", "password.sendRecoveryCode+json", ""),
		action("Send Recovery Code", "password.sendRecoveryCode", ""),
		action("Register User", "user.register+json", ""),
		action("Verify User", "user.verify+json", ""),
		action("Check Assertion", "assertion.check+json", ""),
	}
}

func oauthOperations() []operation {
	return []operation{
		{name: "Authorize", method: "GET", path: as + "/authorize", service: browser, success: 302, answer: "flow-read", request: "requests/authorize", source: pageAuthorize},
		{name: "Authorize", method: "POST", path: as + "/authorize", service: browser, success: 302, answer: "flow-read", request: "requests/authorize", source: pageAuthorize},
		{name: "Resume", method: "GET", path: as + "/resume", service: browser, success: 302, answer: "flow-resumed", source: pageResume},
		{name: "Get Token", method: "POST", path: as + "/token", service: oauth, media: form, success: 200, answer: "token", request: "requests/token", source: pageCodeGrant},
		{name: "Read OpenID Configuration", method: "GET", path: as + "/.well-known/openid-configuration", service: oauth, success: 200, answer: "discovery", source: pageDiscovery},
		{name: "Read JSON Web Key Set", method: "GET", path: as + "/jwks", service: oauth, success: 200, answer: "jwks", source: pageOIDC},
		{name: "Read User Info", method: "GET", path: as + "/userinfo", service: oauth, success: 200, answer: "userinfo", source: pageUserInfo},
		{name: "Read User Info", method: "POST", path: as + "/userinfo", service: oauth, success: 200, answer: "userinfo", source: pageUserInfo},
		{name: "Introspect Token", method: "POST", path: as + "/introspect", service: oauth, success: 200, answer: "introspection", source: pageOIDC},
	}
}

// table finds operations by the shape of their address.
type table struct{ byLength map[int][]row }

type row struct {
	operation *operation
	segments  []string
}

func newTable(all []operation) *table {
	t := &table{byLength: map[int][]row{}}
	for i := range all {
		segments := strings.Split(strings.Trim(all[i].path, "/"), "/")
		t.byLength[len(segments)] = append(t.byLength[len(segments)], row{&all[i], segments})
	}
	return t
}

// find returns the operation of a call and the ids in its address. When only
// the address is known, not the method or media type with it, the operation is nil and known is true.
func (t *table) find(r client.Request) (op *operation, ids map[string]string, known bool) {
	path := trimBase(r.URL.Path)
	if op, ids, known = t.match(r, path); known {
		return op, ids, known
	}
	// A custom domain stands for its environment: the id is not in the path.
	if strings.HasPrefix(path, "/as/") || strings.HasPrefix(path, "/flows/") {
		return t.match(r, "/-"+path)
	}
	return nil, nil, false
}

func (t *table) match(r client.Request, path string) (op *operation, ids map[string]string, known bool) {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		media = ""
	}
	for _, row := range t.byLength[len(segments)] {
		if !row.match(segments) {
			continue
		}
		known, ids = true, row.ids(segments)
		if row.operation.method == r.Method && (row.operation.media == "" || strings.EqualFold(row.operation.media, media)) {
			return row.operation, ids, true
		}
	}
	return nil, ids, known
}

// match tells whether an address of as many segments has the shape of the row.
func (r row) match(segments []string) bool {
	for i, want := range r.segments {
		if want != segments[i] && !strings.HasPrefix(want, "{") {
			return false
		}
	}
	return true
}

// ids are the segments that the shape leaves open, by name.
func (r row) ids(segments []string) map[string]string {
	ids := map[string]string{}
	for i, want := range r.segments {
		if strings.HasPrefix(want, "{") {
			ids[strings.Trim(want, "{}")] = segments[i]
		}
	}
	return ids
}

// trimBase drops what stands before /v1/environments when the API has a path of its own.
func trimBase(path string) string {
	if i := strings.Index(path, "/v1/environments/"); i > 0 {
		return path[i:]
	}
	return path
}
