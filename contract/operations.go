package contract

import (
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"

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
	// pages are what people see; of them only whether they are there is looked at, by whoever opens one.
	pages
)

// operation is one call the contract knows.
type operation struct {
	name, method, path string
	// segments are those of path.
	segments []string
	service  service
	// media is the media type of the request that selects this operation, "" for any.
	media string
	// success is the documented status; tolerated ones are accepted and observed.
	success   int
	tolerated []int
	// answer and request name schemas; items names that of a collection's items.
	answer, request, items string
	// creates says that the answer is a resource one level below the address.
	creates bool
	// merges says that the request holds some members of the resource, not all of it.
	merges bool
	// echoed says that the answer repeats what was sent.
	echoed bool
	// unlisted says that no page lists the action, only what all actions of a flow have in common.
	unlisted bool
	source   string
}

const env = "/v1/environments/{env}"
const app = env + "/applications/{application}"
const person = env + "/users/{user}"
const device = person + "/devices/{device}"
const flow = "/{env}/flows/{flow}"
const as = "/{env}/as"
const vnd = "application/vnd.pingidentity."
const form = "application/x-www-form-urlencoded"

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
		collection("Grant", "Grants", app+"/grants", "grant", "grant", docs+"platform/applications/application-resource-grants.html"),
		collection("Sign-On Policy Assignment", "Sign-On Policy Assignments", app+"/signOnPolicyAssignments", "assignment", "sign-on-policy-assignment", docs+"platform/applications/application-sign-on-policy-assignments.html"),
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
		collection("Sign-On Policy Action", "Sign-On Policy Actions", env+"/signOnPolicies/{signOnPolicy}/actions", "action", "sign-on-policy-action", docs+"platform/sign-on-policies/sign-on-policy-actions"),
		collection("Device Authentication Policy", "Device Authentication Policies", env+"/deviceAuthenticationPolicies", "policy", "device-authentication-policy", docs+"mfa/device-authentication-policy.md"),
		[]operation{
			{name: "List Password Policies", method: "GET", path: env + "/passwordPolicies", success: 200, items: "password-policy", source: docs + "platform/password-policies.html"},
		})
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
		action("Give Consent", "user.consent+json", ""),
		action("Accept Invitation", "user.acceptInvite+json", ""),
		action("Send Verification Code", "user.sendVerificationCode+json", ""),
		action("Confirm User", "user.confirm+json", ""),
		action("Consent to Device Authorization", "deviceAuthGrant.consent+json", ""),
	}
}

func oauthOperations() []operation {
	return []operation{
		{name: "Authorize", method: "GET", path: as + "/authorize", service: browser, success: 302, answer: "flow-read", request: "requests/authorize", source: pageAuthorize},
		{name: "Authorize", method: "POST", path: as + "/authorize", service: browser, success: 302, answer: "flow-read", request: "requests/authorize", source: pageAuthorize},
		{name: "Open Sign-On Page", method: "HEAD", path: "/{env}/signon", service: pages, success: 200, source: pageAuthorize},
		{name: "Resume", method: "GET", path: as + "/resume", service: browser, success: 302, answer: "flow-resumed", source: pageResume},
		{name: "Get Token", method: "POST", path: as + "/token", service: oauth, media: form, success: 200, answer: "token", request: "requests/token", source: pageCodeGrant},
		{name: "Read OpenID Configuration", method: "GET", path: as + "/.well-known/openid-configuration", service: oauth, success: 200, answer: "discovery", source: pageDiscovery},
		{name: "Read JSON Web Key Set", method: "GET", path: as + "/jwks", service: oauth, success: 200, answer: "jwks", source: pageOIDC},
		{name: "Read User Info", method: "GET", path: as + "/userinfo", service: oauth, success: 200, answer: "userinfo", source: pageUserInfo},
		{name: "Read User Info", method: "POST", path: as + "/userinfo", service: oauth, success: 200, answer: "userinfo", source: pageUserInfo},
		{name: "Introspect Token", method: "POST", path: as + "/introspect", service: oauth, success: 200, answer: "introspection", source: pageIntrospection},
	}
}

// knownCalls is made once per process and only read.
var knownCalls = sync.OnceValue(func() []operation { return ready(operations()) })

// ready prepares operations for find.
func ready(all []operation) []operation {
	for i := range all {
		all[i].segments = segmentsOf(all[i].path)
	}
	return all
}

func segmentsOf(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }

// find returns which of all operations a call is, and the ids in its address. When only
// the address is known, not the method or media type with it, the operation is nil and known is true.
func find(all []operation, r client.Request) (op *operation, ids map[string]string, known bool) {
	path := r.URL.Path
	if i := strings.Index(path, "/v1/environments/"); i > 0 {
		path = path[i:] // the API may have a path of its own
	}
	if strings.HasPrefix(path, "/as/") || strings.HasPrefix(path, "/flows/") {
		path = "/-" + path // a custom domain stands for its environment, whose id is not in the path
	}
	segments, media := segmentsOf(path), mediaType(r.Header)
	for i := range all {
		op := &all[i]
		if !op.has(segments) {
			continue
		}
		if !known {
			ids, known = op.ids(segments), true
		}
		if op.method == r.Method && (op.media == "" || strings.EqualFold(op.media, media)) {
			return op, ids, true
		}
	}
	if r.Method == "POST" && ids["flow"] != "" && strings.HasPrefix(strings.ToLower(media), vnd) {
		return otherAction(media), ids, true
	}
	return nil, ids, known
}

// otherAction is an action of a flow that no operation describes: the vendor adds media types without notice.
func otherAction(media string) *operation {
	name, _, _ := strings.Cut(media[len(vnd):], "+")
	return &operation{
		name: "Flow Action " + name, method: "POST", path: flow, segments: segmentsOf(flow), service: flows, success: 200, answer: "flow", unlisted: true, source: pageFlowActions,
	}
}

// has reports whether an address has the operation's shape.
func (o *operation) has(segments []string) bool {
	if len(segments) != len(o.segments) {
		return false
	}
	for i, want := range o.segments {
		if want != segments[i] && !strings.HasPrefix(want, "{") {
			return false
		}
	}
	return true
}

// ids are the segments that the shape leaves open, by name.
func (o *operation) ids(segments []string) map[string]string {
	ids := map[string]string{}
	for i, want := range o.segments {
		if strings.HasPrefix(want, "{") {
			ids[strings.Trim(want, "{}")] = segments[i]
		}
	}
	return ids
}

// under reports whether the operation's address has this last segment, such as "secret".
func (o *operation) under(segment string) bool { return o.last() == segment }

// last is the last segment of the operation's address.
func (o *operation) last() string { return o.segments[len(o.segments)-1] }

// schema is the name of the schema that the operation's resources have.
func (o *operation) schema() string { return o.answer + o.items }

// mediaType is the media type of a message without its parameters, "" when it has none.
func mediaType(header http.Header) string {
	media, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return media
}
