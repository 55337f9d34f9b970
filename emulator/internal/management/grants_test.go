package management

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

// builtIn finds a built-in resource and one of its scopes, as a client does.
func (a *api) builtIn(kind, scope string) (resourceID, scopeID string) {
	a.t.Helper()
	resourceID = a.get("{env}/resources").body.Get(`_embedded.resources.#(type=="` + kind + `").id`).String()
	scopeID = a.get("{env}/resources/" + resourceID + "/scopes").body.Get(`_embedded.scopes.#(name=="` + scope + `").id`).String()
	require.NotEmpty(a.t, resourceID)
	require.NotEmpty(a.t, scopeID)
	return resourceID, scopeID
}

func grantBody(resource string, scopes ...string) string {
	body := `{"resource":{"id":"` + resource + `"},"scopes":[`
	for i, scope := range scopes {
		if i > 0 {
			body += ","
		}
		body += `{"id":"` + scope + `"}`
	}
	return body + `]}`
}

func TestGrantLife(t *testing.T) {
	a := newAPI(t)
	app := a.application()
	resource, read := a.builtIn(tenant.ResourcePingOne, "p1:read:user")
	_, update := a.builtIn(tenant.ResourcePingOne, "p1:update:user")
	path := "{env}/applications/" + app + "/grants"

	r := a.made(path, grantBody(resource, read))
	require.Equal(t, app, r.body.Get("application.id").String())
	require.Equal(t, resource, r.body.Get("resource.id").String())
	require.Equal(t, fmt.Sprintf(`[{"id":%q}]`, read), r.body.Get("scopes").Raw)
	require.Equal(t, a.env.ID, r.body.Get("environment.id").String())
	for _, rel := range []string{"self", "environment", "application", "resource"} {
		require.NotEmpty(t, r.body.Get("_links."+rel+".href").String(), rel)
	}
	one := path + "/" + r.id()
	require.JSONEq(t, r.raw, a.get(one).raw)
	require.Equal(t, int64(1), a.get(path).body.Get("_embedded.grants.#").Int())
	changed := a.put(one, grantBody(resource, read, update))
	require.Equal(t, int64(2), changed.body.Get("scopes.#").Int(), "%s", changed)
	a.twice(one)
}

func TestGrantRefusals(t *testing.T) {
	a := newAPI(t)
	app := a.application()
	resource, read := a.builtIn(tenant.ResourcePingOne, "p1:read:user")
	openID, profile := a.builtIn(tenant.ResourceOpenID, "profile")
	path := "{env}/applications/" + app + "/grants"
	a.made(path, grantBody(resource, read))
	shop := a.made("{env}/resources", `{"name":"shop"}`).id()
	sameName := a.made("{env}/resources/"+shop+"/scopes", `{"name":"profile"}`).id()
	const nobody = "00000000-0000-4000-8000-000000000000"

	refused(t, a.post(path, `{}`), 400, "INVALID_DATA", "resource REQUIRED_VALUE", "scopes REQUIRED_VALUE")
	refused(t, a.post(path, grantBody(openID)), 400, "INVALID_DATA", "scopes EMPTY_VALUE")
	refused(t, a.post(path, grantBody(nobody, profile)), 400, "INVALID_DATA", "resource.id INVALID_VALUE")
	refused(t, a.post(path, grantBody(openID, read)), 400, "INVALID_DATA", "scopes[0].id INVALID_VALUE")
	refused(t, a.post(path, grantBody(resource, read)), 400, "INVALID_DATA", "resource.id UNIQUENESS_VIOLATION")
	refused(t, a.post(path, grantBody(openID, profile, profile)), 400, "INVALID_DATA", "scopes[1].id UNIQUENESS_VIOLATION")
	a.made(path, grantBody(openID, profile))
	refused(t, a.post(path, grantBody(shop, sameName)), 400, "INVALID_DATA", "scopes[0].id UNIQUENESS_VIOLATION")
	refused(t, a.post("{env}/applications/"+nobody+"/grants", grantBody(resource, read)), 404, "NOT_FOUND")
	refused(t, a.post("{env}/applications/"+a.worker.ID+"/grants", grantBody(resource, read)), 400, "REQUEST_FAILED", "resource.id CONSTRAINT_VIOLATION")
	refused(t, a.get(path+"/"+nobody), 404, "NOT_FOUND")
}

func TestAssignmentLife(t *testing.T) {
	a := newAPI(t)
	app, policy := a.application(), a.policyWithLogin("Sign-on")
	path := "{env}/applications/" + app + "/signOnPolicyAssignments"
	r := a.made(path, `{"priority":10,"signOnPolicy":{"id":"`+policy+`"}}`)
	require.Equal(t, int64(10), r.body.Get("priority").Int())
	require.Equal(t, policy, r.body.Get("signOnPolicy.id").String())
	require.Equal(t, app, r.body.Get("application.id").String())
	one := path + "/" + r.id()
	require.JSONEq(t, r.raw, a.get(one).raw)
	require.Equal(t, int64(2), a.put(one, `{"priority":2,"signOnPolicy":{"id":"`+policy+`"}}`).body.Get("priority").Int())
	require.Equal(t, r.id(), a.get(path).body.Get("_embedded.signOnPolicyAssignments.0.id").String())
	a.twice(one)
}

func TestAssignmentRefusals(t *testing.T) {
	a := newAPI(t)
	path := "{env}/applications/" + a.application() + "/signOnPolicyAssignments"
	policy := a.policyWithLogin("Sign-on")
	empty := a.made("{env}/signOnPolicies", `{"name":"Empty"}`).id()
	body := func(priority, id string) string {
		return `{"priority":` + priority + `,"signOnPolicy":{"id":"` + id + `"}}`
	}

	refused(t, a.post(path, `{}`), 400, "INVALID_DATA", "priority REQUIRED_VALUE", "signOnPolicy REQUIRED_VALUE")
	refused(t, a.post(path, body("0", policy)), 400, "INVALID_DATA", "priority OUT_OF_RANGE")
	refused(t, a.post(path, body("1", "00000000-0000-4000-8000-000000000000")), 400, "INVALID_DATA", "signOnPolicy.id INVALID_VALUE")
	a.made(path, body("1", empty))
	a.made(path, body("1", policy))
	refused(t, a.post(path, body("2", policy)), 400, "INVALID_DATA", "signOnPolicy.id UNIQUENESS_VIOLATION")
	refused(t, a.get(path+"/00000000-0000-4000-8000-000000000000"), 404, "NOT_FOUND")
}
