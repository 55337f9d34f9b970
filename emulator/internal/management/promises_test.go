package management

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

// Organization and licence are those of environments in which the caller has a role.
func TestOrganizationsAndLicences(t *testing.T) {
	a := newAPI(t)
	org := "/v1/organizations/" + a.env.OrganizationID
	other := a.tenant.AddEnvironment(tenant.EnvironmentSpec{Name: "Elsewhere", Type: "SANDBOX", Region: "NA"})
	list := a.get("/v1/organizations").body
	require.Equal(t, `["`+a.env.OrganizationID+`"]`, list.Get("_embedded.organizations.#.id").Raw)
	require.Equal(t, "1 1", list.Get("count").Raw+" "+list.Get("size").Raw)
	shown := a.get(org).body
	require.Equal(t, a.env.OrganizationID, shown.Get("id").String())
	require.Equal(t, "http://example.com"+org+"/licenses", shown.Get("_links.licenses.href").String())
	require.Equal(t, `["`+a.env.LicenseID+`"]`, a.get(org+"/licenses").body.Get("_embedded.licenses.#.id").Raw)
	license := a.get(org + "/licenses/" + a.env.LicenseID).body
	require.Equal(t, []string{a.env.LicenseID, "ACTIVE", a.env.OrganizationID, "2026-01-15T09:00:00.000Z", "2027-01-15T09:00:00.000Z"}, []string{
		license.Get("id").String(), license.Get("status").String(), license.Get("organization.id").String(), license.Get("beginsAt").String(), license.Get("expiresAt").String()})
	for _, path := range []string{
		"/v1/organizations/x", "/v1/organizations/x/licenses", org + "/licenses/x",
		"/v1/organizations/" + other.OrganizationID, "/v1/organizations/" + other.OrganizationID + "/licenses/" + other.LicenseID, "/v1/roles/x",
	} {
		refused(t, a.get(path), 404, "NOT_FOUND")
	}
	a.addWorker(a.env, "bare")
	a.callers["annas-token"] = Principal{EnvironmentID: a.env.ID, UserID: a.user("anna"), Scopes: []string{"openid"}}
	for bearer, code := range map[string]string{"bare": "INSUFFICIENT_PERMISSIONS", "annas-token": "INSUFFICIENT_PERMISSIONS", "nobody": "INVALID_TOKEN"} {
		a.bearer = bearer
		for _, path := range []string{"/v1/organizations", "/v1/roles", "/v1/environments"} {
			r := a.get(path)
			require.Equal(t, code, r.body.Get("details.0.code").String(), "%s %s: %s", bearer, path, r)
		}
	}
}

// Somebody of another environment is a stranger here, whatever the id.
func TestPeopleOfAnotherEnvironmentAreStrangers(t *testing.T) {
	a := newAPI(t)
	anna := a.user("anna")
	there := a.tenant.AddEnvironment(tenant.EnvironmentSpec{Name: "Elsewhere", Type: "SANDBOX", Region: "NA"})
	there.PutUser(a.env.Users[anna])
	a.callers["annas-token"] = Principal{EnvironmentID: a.env.ID, UserID: anna, Scopes: []string{"p1:read:user", "p1:update:user"}}
	a.bearer = "annas-token"
	require.Equal(t, 200, a.get("{env}/users/"+anna).status)
	refused(t, a.get("/v1/environments/"+there.ID+"/users/"+anna), 403, "ACCESS_FAILED", "INSUFFICIENT_PERMISSIONS")
}

// A role opens the environment that it was given for, and nothing else does.
func TestWhatARoleAssignmentOpens(t *testing.T) {
	a := newAPI(t)
	path := "{env}/applications/" + a.addWorker(a.env, "second").ID + "/roleAssignments"
	give := func(role, kind string) string {
		return a.made(path, `{"role":{"id":"`+roleID(role)+`"},"scope":{"id":"`+a.env.ID+`","type":"`+kind+`"}}`).id()
	}
	status := func(list string) int {
		a.bearer = "second"
		defer func() { a.bearer = workerToken }()
		return a.get("{env}/" + list).status
	}
	a.env.Applications[a.callers["second"].ClientID].RoleEnvironments = nil
	give(identityDataAdmin, "POPULATION")
	require.Equal(t, 403, status("users"), "a population is no environment")
	first, second := give(identityDataAdmin, "ENVIRONMENT"), give(environmentAdmin, "ENVIRONMENT")
	require.Equal(t, []int{200, 200}, []int{status("users"), status("signOnPolicies")})
	require.Len(t, a.env.Applications[a.callers["second"].ClientID].RoleEnvironments, 1)
	a.twice(path + "/" + second)
	require.Equal(t, []int{200, 403}, []int{status("users"), status("signOnPolicies")})
	a.twice(path + "/" + first)
	require.Equal(t, 403, status("users"))

	there := a.tenant.AddEnvironment(tenant.EnvironmentSpec{Name: "Elsewhere", Type: "SANDBOX", Region: "NA"})
	AssignRoles(a.tenant, a.env, a.worker, there.ID, environmentAdmin, identityDataAdmin)
	require.Equal(t, 200, a.get("/v1/environments/"+there.ID+"/users").status)
	require.Equal(t, []string{environmentAdmin, identityDataAdmin}, a.worker.Roles)
	require.Len(t, a.env.RecordsAt("/applications/"+a.worker.ID+"/roleAssignments"), 2)
}

// The former secret is shown as long as it is valid, and when it was used last.
func TestWhatIsShownOfTheFormerSecret(t *testing.T) {
	a := newAPI(t)
	id := a.application()
	path := "{env}/applications/" + id + "/secret"
	rotated := a.post(path, `{"previous":{"expiresAt":"2026-01-16T09:00:00.000Z"}}`)
	require.Len(t, rotated.body.Get("secret").String(), 64)
	require.Equal(t, "2026-01-16T09:00:00.000Z", rotated.body.Get("previous.expiresAt").String())
	require.False(t, rotated.body.Get("previous.lastUsed").Exists())
	a.env.Applications[id].Previous.LastUsed = a.now
	require.Equal(t, "2026-01-15T09:00:00.000Z", a.get(path).body.Get("previous.lastUsed").String())
	a.now = a.now.AddDate(0, 0, 1)
	require.False(t, a.get(path).body.Get("previous").Exists(), "it has ended")
	require.False(t, a.post(path, `{}`).body.Get("previous").Exists())
	link := a.made("{env}/applications", `{"name":"Link","type":"WEB_APP","protocol":"EXTERNAL_LINK","homePageUrl":"https://shop.example.com/"}`).id()
	refused(t, a.get("{env}/applications/"+link+"/secret"), 404, "NOT_FOUND")

	resource := "{env}/resources/" + a.made("{env}/resources", `{"name":"shop"}`).id() + "/secret"
	require.Len(t, a.send(http.MethodPost, resource, mediaJSON, "{}").body.Get("secret").String(), 64)
	refused(t, a.get("{env}/resources/x/secret"), 404, "NOT_FOUND")
}

// What is granted keeps its resource and its scope, and no other.
func TestOnlyWhatIsGrantedIsKept(t *testing.T) {
	a := newAPI(t)
	make := func(name string) (resource string, scopes [2]string) {
		resource = a.made("{env}/resources", `{"name":"`+name+`"}`).id()
		for i, scope := range []string{name + ":read", name + ":write"} {
			scopes[i] = a.made("{env}/resources/"+resource+"/scopes", `{"name":"`+scope+`"}`).id()
		}
		return resource, scopes
	}
	shop, shops := make("shop")
	bank, banks := make("bank")
	a.made("{env}/applications/"+a.application()+"/grants", grantBody(shop, shops[0]))
	refused(t, a.delete("{env}/resources/"+shop+"/scopes/"+shops[0]), 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")
	refused(t, a.delete("{env}/resources/"+shop), 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")
	a.twice("{env}/resources/" + shop + "/scopes/" + shops[1])
	a.twice("{env}/resources/" + bank + "/scopes/" + banks[0])
	a.twice("{env}/resources/" + bank)
	pingOne, _ := a.builtIn(tenant.ResourcePingOne, "p1:read:user")
	a.made("{env}/resources/"+pingOne+"/scopes", `{"name":"p1:update:user:name"}`)
}

func TestPasswordsThatAreImported(t *testing.T) {
	a := newAPI(t)
	const media = mediaVendor + "user.import+json"
	for _, row := range []struct{ password, status, detail string }{
		{`{}`, "", "password.value REQUIRED_VALUE"},
		{`{"value":""}`, "", "password.value REQUIRED_VALUE"},
		{`{"value":"weak"}`, "", "password.value INVALID_VALUE"},
		{`{"value":"{ROT13}abc"}`, "", "password.value INVALID_VALUE"},
		{`null`, "NO_PASSWORD", ""},
		{`{"external":{"gateway":{"id":"x"}}}`, "NO_PASSWORD", ""},
		{`{"value":"Quiet-Harbour-52"}`, "OK", ""},
		{`{"value":"Quiet-Harbour-52","forceChange":true}`, "MUST_CHANGE_PASSWORD", ""},
	} {
		r := a.send(http.MethodPost, "{env}/users", media, `{"username":"eve","email":"eve@example.com","password":`+row.password+`}`)
		if row.detail != "" {
			refused(t, r, 400, "INVALID_DATA", row.detail)
			continue
		}
		require.Equal(t, 201, r.status, "%s: %s", row.password, r)
		one := "{env}/users/" + r.id()
		require.Equal(t, row.status, a.get(one+"/password").body.Get("status").String(), row.password)
		require.False(t, a.get(one).body.Get("password").Exists())
		a.twice(one)
	}
}

// What sign-on knows of a person is shown with them.
func TestWhatIsShownOfSignOn(t *testing.T) {
	a := newAPI(t)
	id := a.user("anna")
	a.env.Users[id].LastSignOnAt, a.env.Users[id].LastSignOnIP = a.now, "192.0.2.1"
	require.JSONEq(t, `{"at":"2026-01-15T09:00:00.000Z","remoteIp":"192.0.2.1"}`, a.get("{env}/users/"+id).body.Get("lastSignOn").Raw)
	a.env.Users[id].Password.LockedUntil = a.now.Add(time.Minute)
	require.JSONEq(t, `{"status":"LOCKED","canAuthenticate":false,"secondsUntilUnlock":60,"unlockAt":"2026-01-15T09:01:00.000Z"}`,
		a.get("{env}/users/"+id).body.Get("account").Raw)
}

// What an authenticator is given is what every app takes by itself: SHA-1, six digits, half a minute.
func TestTheKeyOfAnAuthenticator(t *testing.T) {
	a := newAPI(t)
	made := a.made(a.devices(), `{"type":"TOTP"}`)
	require.Regexp(t, `^[A-Z2-7]{32}$`, made.body.Get("secret").String(), "twenty bytes")
	for _, part := range []string{"otpauth://totp/Example%20Shop:anna?", "period=30", "digits=6", "algorithm=SHA1", "secret=" + made.body.Get("secret").String()} {
		require.Contains(t, made.body.Get("keyUri").String(), part)
	}
}

// An action that switches methods on one by one has one at least, or names a policy.
func TestMethodsOfAnAction(t *testing.T) {
	a := newAPI(t)
	policy := a.policyWithLogin("Sign-on")
	actions := "{env}/signOnPolicies/" + policy + "/actions"
	const mfa = `{"type":"MULTI_FACTOR_AUTHENTICATION","priority":2}`
	for _, method := range []string{"sms", "email", "voice", "authenticator", "boundBiometrics", "securityKey"} {
		off := with(t, mfa, method, map[string]bool{"enabled": false})
		refused(t, a.post(actions, off), 400, "INVALID_DATA", "type INVALID_VALUE")
		refused(t, a.post(actions, with(t, mfa, method, map[string]string{"enabled": "true"})), 400, "INVALID_REQUEST", method+".enabled INVALID_VALUE")
		a.made(actions, with(t, off, "deviceAuthenticationPolicy.id", a.env.DefaultDevicePolicy().ID))
		a.made(actions, with(t, off, "type", "LOGIN"))
		a.made(actions, with(t, mfa, method, map[string]bool{"enabled": true}))
	}
	one := a.made(actions, mfa).id()
	require.Nil(t, a.env.Policies[policy].Actions[one].Methods)
	for range 20 - len(a.env.Policies[policy].Actions) {
		a.made(actions, mfa)
	}
	require.Equal(t, 200, a.put(actions+"/"+one, mfa).status, "a full policy can be changed")
	require.EqualValues(t, 20, a.post(actions, mfa).body.Get("details.0.innerError.maximumValue").Int())
	refused(t, a.put(actions+"/"+one, `{"priority":2}`), 400, "INVALID_DATA", "type REQUIRED_VALUE")
	login := a.get(actions).body.Get("_embedded.actions.0.id").String()
	require.Equal(t, 200, a.put(actions+"/"+login, `{"type":"LOGIN","priority":1,"attributes":[{"name":"shoe"}]}`).status, "no profiling")
}

// A device that was never activated is gone after a day, and another takes its place.
func TestDevicesThatWereNeverActivated(t *testing.T) {
	a := newAPI(t)
	devices := a.devices()
	const body = `{"type":"SMS","phone":"+1.5125550101","status":"ACTIVATION_REQUIRED"}`
	waiting := devices + "/" + a.made(devices, body).id()
	active := devices + "/" + a.made(devices, `{"type":"EMAIL","email":"anna@example.com"}`).id()
	refused(t, a.post(devices, body), 400, "INVALID_DATA", "phone UNIQUENESS_VIOLATION")
	a.now = a.now.Add(24*time.Hour - time.Second)
	require.Equal(t, 200, a.get(waiting).status)
	a.now = a.now.Add(time.Second)
	refused(t, a.get(waiting), 404, "NOT_FOUND")
	refused(t, a.put(waiting, `{"nickname":"N"}`), 404, "NOT_FOUND")
	a.made(devices, body)
	require.Equal(t, 200, a.get(active).status)
	refused(t, a.get("{env}/users/x/devices/x"), 404, "NOT_FOUND")
	refused(t, a.get(devices+"?filter=shoe"), 400, "INVALID_DATA", "filter INVALID_FILTER")
	refused(t, a.post(devices, `{"policy":{"id":"x"}}`), 400, "INVALID_DATA", "policy.id INVALID_VALUE", "type REQUIRED_VALUE")
}

func TestAnEnvironmentIsForgottenByItsMaker(t *testing.T) {
	a := newAPI(t)
	id := a.made(environments, with(t, newEnvironment, "description", "D")).id()
	there := environments + "/" + id
	require.Equal(t, a.env.OrganizationID, a.get(there).body.Get("organization.id").String())
	require.Equal(t, "D", a.get(environments+"?filter=id%20eq%20%22"+id+"%22").body.Get("_embedded.environments.0.description").String())
	require.False(t, a.get(there).body.Get("billOfMaterials").Exists())
	require.Equal(t, "PING_ONE_BASE", a.get(environments+"?expand=billOfMaterials").body.Get("_embedded.environments.1.billOfMaterials.products.0.type").String())
	changed := a.put(there, with(t, newEnvironment, "icon", "https://shop.example.com/icon.png"))
	require.Equal(t, "https://shop.example.com/icon.png", changed.body.Get("icon").String())
	require.False(t, changed.body.Get("billOfMaterials").Exists())
	require.False(t, a.put(there+"/type", `{"type":"SANDBOX"}`).body.Get("billOfMaterials").Exists())
	refused(t, a.put(there, with(t, newEnvironment, "region", nil)), 400, "INVALID_DATA", "region REQUIRED_VALUE")
	require.Equal(t, 204, a.delete(there).status)
	require.False(t, slices.Contains(a.worker.RoleEnvironments, id))
	require.True(t, strings.Contains(a.get(there).raw, "NOT_FOUND"))
}

// How many populations a password policy holds for is shown with it.
func TestPopulationsOfAPasswordPolicy(t *testing.T) {
	a := newAPI(t)
	policy := a.made("{env}/passwordPolicies", `{"name":"Strict"}`).id()
	for _, name := range []string{"A", "B"} {
		a.made("{env}/populations", `{"name":"`+name+`","passwordPolicy":{"id":"`+policy+`"}}`)
	}
	a.made("{env}/populations", `{"name":"C"}`)
	require.Equal(t, "2", a.get("{env}/passwordPolicies/"+policy).body.Get("populationCount").Raw)
}
