package difference

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"pingone-conformance/emulator/internal/wire"
)

const (
	created   = `"createdAt":"2026-01-15T09:00:00.120Z"`
	updated   = `"updatedAt":"2026-01-15T09:00:00.120Z"`
	belonging = `"environment":{"id":"env-1"}`
	// Of the people and things ids are as long as whoever shortens them expects.
	anna, shop, people = "anna-1234-5678", "shop-1234-5678-9012", "people-1234-5678"
)

// links are _links that lead below the environment.
func links(pairs ...string) string {
	var all []string
	for pair := range slices.Chunk(pairs, 2) {
		all = append(all, `"`+pair[0]+`":{"href":"`+Origin+`/v1/environments/env-1`+pair[1]+`"}`)
	}
	return `"_links":{` + strings.Join(all, ",") + `}`
}

// signed is a token with claims that nobody looks at.
func signed(claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"RS256","kid":"key-1"}`)) + "." + encode([]byte(claims)) + "." + encode([]byte("a signature"))
}

// Exchanges are those of one sign-on, with what leads to it, in the order in which they take place.
func Exchanges() []Exchange {
	return slices.Concat(administration(), listed(), peopleAndDevices(), authorizations(), flows(), endings(), tokens())
}

// administration makes applications and policies, and is refused.
func administration() []Exchange {
	application := `{` + links("self", "/applications/"+shop, "secret", "/applications/"+shop+"/secret", "grants", "/applications/"+shop+"/grants", "attributes", "/applications/"+shop+"/attributes") +
		`,"id":"` + shop + `","name":"Shop","description":"A shop","enabled":true,"protocol":"OPENID_CONNECT","type":"WEB_APP","redirectUris":["https://shop.example.com/callback"],"grantTypes":["AUTHORIZATION_CODE"],` +
		`"tokenEndpointAuthMethod":"CLIENT_SECRET_BASIC","pkceEnforcement":"OPTIONAL",` + belonging + `,` + created + `,` + updated + `}`
	const sent, policies = `{"name":"Shop"}`, "/signOnPolicies/policy-1"
	post, get, remove := http.MethodPost, http.MethodGet, http.MethodDelete
	create := manage("application.create", post, "/applications", sent)
	again := func(what, body string, p wire.Problem) Exchange {
		return manage("application.create ("+what+")", post, "/applications", body).refused(p)
	}
	wrong := wire.InvalidData(wire.Detail{Code: "INVALID_VALUE", Target: "it", Message: "It is wrong."})
	action := `{` + links("self", policies+"/actions/action-1", "environment", "", "signOnPolicy", policies) + `,"id":"action-1","type":"MULTI_FACTOR_AUTHENTICATION","priority":1,"sms":{"enabled":true},"attributes":[],` +
		`"promptText":"Please.","promptIntervalSeconds":3600,"signOnPolicy":{"id":"policy-1"}}`
	devices := `{"id":"dap-1","name":"Devices","email":{"enabled":true,"otp":{"lifeTime":{"duration":30,"timeUnit":"MINUTES"},"failure":{"count":3}}}}`
	return []Exchange{
		create.made(application, "/v1/environments/env-1/applications/"+shop),
		to("application.create (no token)", post, "/v1/environments/env-1/applications", sent).refused(wire.AccessFailed()),
		again("another's", sent, wire.Forbidden()),
		again("name taken", sent, wire.InvalidData(wire.Detail{Code: "UNIQUENESS_VIOLATION", Target: "name", Message: "Taken."})),
		again("no name", `{}`, wire.InvalidData(wire.Detail{Code: "REQUIRED_VALUE", Target: "name", Message: "Missing."})),
		manage("application.read", get, "/applications/"+shop, "").hal(http.StatusOK, application),
		manage("application.read (none)", get, "/applications/none", "").refused(wire.NotFound()),
		manage("application.secret.read", get, "/applications/"+shop+"/secret", "").hal(http.StatusOK, `{`+links("self", "/applications/"+shop+"/secret")+`,"secret":"S3cret~of-the.shop"}`),
		manage("application.secret.read (again)", get, "/applications/"+shop+"/secret", "").hal(http.StatusOK, `{"secret":"S3cret~of-the.shop"}`),
		manage("signOnPolicy.create", post, "/signOnPolicies", sent).made(`{`+links("self", policies, "actions", policies+"/actions")+`,"id":"policy-1","description":"d",`+created+`,`+updated+`}`, "/v1/environments/env-1"+policies),
		manage("signOnPolicy.create (refused)", post, "/signOnPolicies", sent).refused(wrong),
		manage("signOnPolicy.create (no name)", post, "/signOnPolicies", `{}`).refused(wrong),
		manage("signOnPolicy.read", get, policies, "").hal(http.StatusOK, `{"id":"policy-1","description":"d"}`),
		manage("action.create", post, policies+"/actions", `{"type":"MULTI_FACTOR_AUTHENTICATION","deviceAuthenticationPolicy":{"id":"dap-1"}}`).made(action, "/v1/environments/env-1"+policies+"/actions/action-1"),
		manage("action.create (no device policy)", post, policies+"/actions", `{"type":"MULTI_FACTOR_AUTHENTICATION","priority":0}`).
			refused(wire.InvalidData(wire.Detail{Code: "OUT_OF_RANGE", Target: "priority", Message: "Too small.", InnerError: map[string]any{"rangeMinimumValue": 1}})),
		manage("action.create (login)", post, policies+"/actions", `{"type":"LOGIN"}`).made(`{"id":"action-2","type":"LOGIN","priority":2}`, "/v1/environments/env-1"+policies+"/actions/action-2"),
		manage("action.read", get, policies+"/actions/action-1", "").hal(http.StatusOK, action),
		manage("action.delete", remove, policies+"/actions/action-1", "").refused(wire.RequestFailed(wire.Detail{Code: "CONSTRAINT_VIOLATION", Message: "The last one."})),
		manage("assignment.create", post, "/applications/"+shop+"/signOnPolicyAssignments", `{"priority":1}`).made(`{"id":"assignment-1","priority":1}`, "/v1/environments/env-1/applications/"+shop+"/signOnPolicyAssignments/assignment-1"),
		manage("assignment.create (refused)", post, "/applications/"+shop+"/signOnPolicyAssignments", `{"priority":1}`).refused(wrong),
		manage("assignment.read", get, "/applications/"+shop+"/signOnPolicyAssignments/assignment-1", "").hal(http.StatusOK, `{"id":"assignment-1","priority":1}`),
		manage("assignment.delete", remove, "/applications/"+shop+"/signOnPolicyAssignments/assignment-1", "").empty(),
		manage("application.delete", remove, "/applications/spare", "").empty(),
		manage("application.read (deleted)", get, "/applications/spare", "").hal(http.StatusOK, `{"id":"spare"}`),
		manage("grant.create", post, "/applications/"+shop+"/grants", `{"scopes":[]}`).made(`{"id":"grant-1","scopes":[{"id":"scope-1"},{"id":"scope-2"}]}`, "/v1/environments/env-1/applications/"+shop+"/grants/grant-1"),
		manage("grant.create (refused)", post, "/applications/"+shop+"/grants", `{"scopes":[]}`).refused(wrong),
		manage("grant.read", get, "/applications/"+shop+"/grants/grant-1", "").hal(http.StatusOK, `{"id":"grant-1","scopes":[{"id":"scope-1"}]}`),
		manage("devicePolicy.create", post, "/deviceAuthenticationPolicies", sent).made(devices, "/v1/environments/env-1/deviceAuthenticationPolicies/dap-1"),
		manage("devicePolicy.read", get, "/deviceAuthenticationPolicies/dap-1", "").hal(http.StatusOK, devices),
	}
}

// listed reads lists, those of people and scopes from page to page.
func listed() []Exchange {
	const get = http.MethodGet
	paged := func(count int, name, what, items string, pages ...string) string {
		return fmt.Sprintf(`{%s,"_embedded":{"%s":[%s]},"count":%d,"size":%d}`, links(append([]string{"self", "/" + what + "?limit=2"}, pages...)...), name, items, count, strings.Count(items, `"id"`))
	}
	list := func(name, what, items string) string { return paged(strings.Count(items, `"id"`), name, what, items) }
	user := func(id string) string {
		return `{` + links("self", "/users/"+id, "environment", "", "password", "/users/"+id+"/password") + `,"id":"` + id + `","email":"` + id + `@example.com",` + created + `}`
	}
	const matching, cursor = "/users?filter=username+eq+%22anna%22", "&cursor="
	page := func(name, address string, items, next string) Exchange {
		var pages []string
		if next != "" {
			pages = []string{"next", matching + cursor + next}
		}
		return manage("user.list ("+name+")", get, address, "").hal(http.StatusOK, paged(5, "users", "users", items, pages...))
	}
	applications := list("applications", "applications", `{`+links("self", "/applications/"+shop, "secret", "/applications/"+shop+"/secret", "attributes", "/applications/"+shop+"/attributes")+`,"id":"`+shop+`","name":"Shop",`+created+`},{"id":"other-12345678"}`)
	return []Exchange{
		manage("application.list", get, "/applications", "").hal(http.StatusOK, applications),
		manage("application.list (again)", get, "/applications?limit=1", "").hal(http.StatusOK, applications),
		manage("application.list (filtered)", get, "/applications?filter=name+eq+%22Shop%22", "").hal(http.StatusOK, applications),
		manage("resource.list", get, "/resources", "").hal(http.StatusOK, list("resources", "resources", `{"id":"r-1","name":"openid","type":"OPENID_CONNECT"},{"id":"r-2","name":"PingOne API","type":"PINGONE_API"}`)),
		manage("resource.list (next)", get, "/resources?part=x", "").hal(http.StatusOK, list("resources", "resources", `{"id":"r-1","name":"openid","type":"OPENID_CONNECT"},{"id":"r-2","name":"PingOne API","type":"PINGONE_API"}`)),
		manage("scope.list", get, "/resources/r-1/scopes", "").hal(http.StatusOK, list("scopes", "resources/r-1/scopes", `{"id":"s-1","name":"profile"},{"id":"s-2","name":"p1:read:user"},{"id":"s-3","name":"email"}`)),
		manage("scope.list (last)", get, "/resources/r-2/scopes?part=xxx", "").hal(http.StatusOK, list("scopes", "resources/r-2/scopes", `{"id":"s-1","name":"profile"},{"id":"s-2","name":"openid"},{"id":"s-3","name":"email"}`)),
		manage("devicePolicy.list", get, "/deviceAuthenticationPolicies", "").hal(http.StatusOK, list("deviceAuthenticationPolicies", "deviceAuthenticationPolicies", `{"id":"dap-1"},{"id":"dap-2","default":true,"sms":{"otp":{"failure":{"count":3}}}}`)),
		manage("population.list", get, "/populations", "").hal(http.StatusOK, `{`+links("self", "/populations")+`,"_embedded":{"populations":[]},"size":0,"count":0}`),
		page("first", matching, user(anna)+","+user("ben-1"), "c2"),
		page("second", matching+cursor+"c2", user("chloe-1")+","+user("dora-1"), "c3"),
		page("last", matching+cursor+"c3", user("eve-1"), ""),
		manage("user.list (bare)", get, matching+cursor+"c4", "").hal(http.StatusOK, `{"count": 5}`),
		page("end", "/users?end=true", user(anna), "c9"),
		manage("user.list (fails)", get, "/users", "").refused(wire.UnexpectedError()),
		page("others", "/users?filter=population.id+eq+%22p%22", user("ben-1"), ""),
		manage("passwordPolicy.list", get, "/passwordPolicies", "").hal(http.StatusOK, list("passwordPolicies", "passwordPolicies", `{"id":"pp-1","name":"Standard","default":true,"lockout":{"failureCount":5}},{"id":"pp-2","name":"Basic","default":false}`)),
	}
}

// peopleAndDevices makes a person who can sign on.
func peopleAndDevices() []Exchange {
	const post, get, put = http.MethodPost, http.MethodGet, http.MethodPut
	person := func(more string) string {
		return `{` + links("self", "/users/"+anna, "environment", "", "population", "/populations/"+people, "password.set", "/users/"+anna+"/password", "password.check", "/users/"+anna+"/password", "roleAssignments", "/users/"+anna+"/roleAssignments") +
			`,"id":"` + anna + `","username":"anna","email":"anna@example.com","mobilePhone":"+1.5125550100","account":{"status":"OK"},"lifecycle":{"status":"ACCOUNT_OK"},"verifyStatus":"NOT_INITIATED","mfaEnabled":true,"population":{"id":"` + people + `"},` + more + belonging + `,` + created + `,` + updated + `}`
	}
	population := `{` + links("self", "/populations/"+people, "environment", "") + `,"id":"` + people + `","name":"People","description":"d","preferredLanguage":"de",` + belonging + `,` + created + `,` + updated + `}`
	device := func(id, status string) string {
		return `{` + links("self", "/users/"+anna+"/devices/"+id) + `,"id":"` + id + `","type":"EMAIL","email":"anna@example.com","status":"` + status + `","user":{"id":"` + anna + `"},"block":{"status":"UNBLOCKED"},"lock":{"status":"UNLOCKED"},` + created + `,` + updated + `}`
	}
	const devices, password = "/users/" + anna + "/devices", "/users/" + anna + "/password"
	wrong := wire.InvalidData(wire.Detail{Code: "INVALID_VALUE", Target: "password", Message: "Too weak.", InnerError: map[string]any{"unsatisfiedRequirements": []string{"length"}}})
	return []Exchange{
		manage("population.create", post, "/populations", `{"name":"People"}`).made(population, "/v1/environments/env-1/populations/"+people),
		manage("population.create (refused)", post, "/populations", `{"name":"People"}`).refused(wrong),
		manage("population.create (no name)", post, "/populations", `{}`).refused(wrong),
		manage("population.read", get, "/populations/"+people, "").hal(http.StatusOK, population),
		manage("user.create", post, "/users", `{"username":"anna"}`).made(person(""), "/v1/environments/env-1/users/"+anna),
		manage("user.create (MFA off)", post, "/users", `{"username":"ben","mfaEnabled":false}`).made(`{"id":"ben-1","mfaEnabled":false}`, "/v1/environments/env-1/users/ben-1"),
		manage("user.create (taken)", post, "/users", `{"username":"anna"}`).refused(wire.InvalidData(wire.Detail{Code: "UNIQUENESS_VIOLATION", Target: "username", Message: "Taken."})),
		manage("user.read", get, "/users/"+anna, "").hal(http.StatusOK, person(`"nickname":"first",`)),
		manage("user.read (again)", get, "/users/"+anna, "").hal(http.StatusOK, person(`"nickname":"second",`)),
		manage("user.read (Ben)", get, "/users/ben-1", "").hal(http.StatusOK, `{"id":"ben-1"}`),
		manage("user.update", http.MethodPatch, "/users/"+anna, `{"title":"Dr"}`).hal(http.StatusOK, person(`"title":"Dr",`)),
		manage("user.password.set", put, password, `{"value":"Sesame-1"}`).hal(http.StatusOK, `{"status":"OK","lastChangedAt":"2026-01-15T09:00:00.120Z"}`),
		manage("user.password.set (flagged)", put, password, `{"value":"Sesame-2"}`).hal(http.StatusOK, `{"status":"MUST_CHANGE_PASSWORD"}`),
		manage("user.password.set (weak)", put, password, `{"value":"1"}`).refused(wrong),
		manage("user.password.set.again", put, password, `{"value":"Sesame-3"}`).refused(wire.UnsupportedMediaType()),
		manage("user.password.set.again (taken)", put, password, `{"value":"Sesame-3"}`).hal(http.StatusOK, `{"status":"OK"}`),
		manage("user.password.read", get, password, "").hal(http.StatusOK, `{"status":"OK"}`),
		manage("user.password.read (again)", get, password, "").hal(http.StatusOK, `{"status":"OK"}`),
		manage("user.mfaEnabled.update", put, "/users/"+anna+"/mfaEnabled", `{"mfaEnabled":true}`).hal(http.StatusOK, `{`+links("user", "/users/"+anna)+`,"mfaEnabled":true}`),
		manage("device.create", post, devices, `{"type":"EMAIL"}`).made(device("device-1", "ACTIVE"), "/v1/environments/env-1"+devices+"/device-1"),
		manage("device.create (pending)", post, devices, `{"type":"EMAIL","status":"ACTIVATION_REQUIRED"}`).made(device("device-2", "ACTIVATION_REQUIRED"), "/v1/environments/env-1"+devices+"/device-2"),
		manage("device.create (refused)", post, devices, `{"type":"FAX"}`).refused(wire.InvalidData(wire.Detail{Code: "INVALID_VALUE", Target: "type", Message: "No such type."})),
		manage("device.read", get, devices+"/device-1", "").hal(http.StatusOK, device("device-1", "ACTIVE")),
	}
}
