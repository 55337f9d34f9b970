package management

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadEnvironment(t *testing.T) {
	a := newAPI(t)
	r := a.get("{env}")
	require.Equal(t, 200, r.status)
	require.Equal(t, a.env.ID, r.id())
	for path, want := range map[string]string{
		"name": "Example Shop", "type": "SANDBOX", "region": "NA", "status": "ACTIVE", "organization.id": a.env.OrganizationID,
		"license.id": a.env.LicenseID, "createdAt": "2026-01-15T09:00:00.000Z", "updatedAt": "2026-01-15T09:00:00.000Z",
		"_links.self.href":           "http://example.com/v1/environments/" + a.env.ID,
		"_links.applications.href":   "http://example.com/v1/environments/" + a.env.ID + "/applications",
		"_links.signOnPolicies.href": "http://example.com/v1/environments/" + a.env.ID + "/signOnPolicies",
	} {
		require.Equal(t, want, r.body.Get(path).String(), path)
	}
	require.False(t, r.body.Get("billOfMaterials").Exists())
	require.Equal(t, productMFA, a.get("{env}?expand=billOfMaterials").body.Get("billOfMaterials.products.1.type").String())

	bom := a.get("{env}/billOfMaterials")
	require.Equal(t, "PING_ONE_BASE", bom.body.Get("products.0.type").String())
	require.Equal(t, "CUSTOMER", bom.body.Get("solutionType").String())
}

const newEnvironment = `{"name":"Second Shop","type":"SANDBOX","region":"EU","license":{"id":"00000000-0000-4000-8000-000000000001"},
	"billOfMaterials":{"products":[{"type":"PING_ONE_BASE"}]}}`

func TestCreateEnvironmentWithWhatANewOneHas(t *testing.T) {
	a := newAPI(t)
	r := a.made("/v1/environments", newEnvironment)
	require.Equal(t, "PING_ONE_BASE", r.body.Get("billOfMaterials.products.0.type").String())
	there := "/v1/environments/" + r.id()

	require.Equal(t, "true", a.get(there+"/populations").body.Get("_embedded.populations.0.default").String())
	policies := a.get(there + "/signOnPolicies").body
	require.True(t, policies.Get("_embedded.signOnPolicies.0.default").Bool())
	actions := a.get(there + "/signOnPolicies/" + policies.Get("_embedded.signOnPolicies.0.id").String() + "/actions").body
	require.Equal(t, "LOGIN", actions.Get("_embedded.actions.0.type").String())
	devices := a.get(there + "/deviceAuthenticationPolicies").body.Get("_embedded.deviceAuthenticationPolicies.0")
	for method, enabled := range map[string]bool{"email": true, "sms": false, "voice": false, "totp": false} {
		require.Equal(t, enabled, devices.Get(method+".enabled").Bool(), method)
	}
	require.Equal(t, int64(2), a.get("/v1/environments").body.Get("count").Int())
	first := a.get("/v1/environments?limit=1").body
	second := a.get(strings.TrimPrefix(first.Get("_links.next.href").String(), "http://example.com")).body
	require.Equal(t, []string{a.env.ID, r.id()}, []string{first.Get("_embedded.environments.0.id").String(), second.Get("_embedded.environments.0.id").String()}, "the very first thing has a page after it")

	user := a.made(there+"/users", `{"username":"anna","email":"anna@example.com"}`).id()
	refused(t, a.post(there+"/users/"+user+"/devices", `{"type":"EMAIL","email":"anna@example.com"}`), 403, "ACCESS_FAILED", "devices LICENSE_EXCEEDED")

	require.Equal(t, http.StatusNoContent, a.delete(there).status)
	require.Equal(t, []string{user}, a.deleted, "sign-on ends what they had open")
	refused(t, a.get(there), 404, "NOT_FOUND")
	refused(t, a.get(there+"/users"), 404, "NOT_FOUND")
	refused(t, a.get("/v1/environments/00000000-0000-4000-8000-000000000002"), 403, "ACCESS_FAILED", "INSUFFICIENT_PERMISSIONS")
	require.Equal(t, int64(1), a.get("/v1/environments").body.Get("count").Int())
}

func TestEnvironmentRefusals(t *testing.T) {
	a := newAPI(t)
	refused(t, a.post("/v1/environments", `{}`), 400, "INVALID_DATA",
		"license REQUIRED_VALUE", "name REQUIRED_VALUE", "region REQUIRED_VALUE", "type REQUIRED_VALUE")
	refused(t, a.post("/v1/environments", `{"name":"Example Shop","type":"TEST","region":"MARS","license":{}}`), 400, "INVALID_DATA",
		"license.id REQUIRED_VALUE", "name UNIQUENESS_VIOLATION", "region INVALID_VALUE", "type INVALID_VALUE")
	refused(t, a.delete("{env}"), 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")
	refused(t, a.put("{env}", `{"name":"Example Shop","type":"SANDBOX","region":"EU","license":{"id":"x"}}`), 400, "INVALID_DATA", "region INVALID_VALUE")
}

func TestUpdateEnvironment(t *testing.T) {
	a := newAPI(t)
	r := a.put("{env}", `{"name":"Renamed","type":"SANDBOX","region":"NA","license":{"id":"`+a.env.LicenseID+`"}}`)
	require.Equal(t, 200, r.status, "%s", r)
	require.Equal(t, "Renamed", a.get("{env}").body.Get("name").String())
}

func TestProductionEnvironmentIsDeletedSoftly(t *testing.T) {
	a := newAPI(t)
	id := a.made("/v1/environments", `{"name":"Real Shop","type":"PRODUCTION","region":"NA","license":{"id":"x"}}`).id()
	require.Equal(t, http.StatusNoContent, a.delete("/v1/environments/"+id).status)
	r := a.get("/v1/environments/" + id)
	require.Equal(t, "DELETE_PENDING", r.body.Get("status").String())
	require.Equal(t, "2026-01-15T09:00:00.000Z", r.body.Get("softDeletedAt").String())
	require.Equal(t, "2026-02-14T09:00:00.000Z", r.body.Get("hardDeleteAllowedAt").String(), "thirty days later")
}

func TestAnEnvironmentGoesByWhatWasSentLast(t *testing.T) {
	a := newAPI(t)
	there := "/v1/environments/" + a.made("/v1/environments", newEnvironment).id()
	refused(t, a.put(there, with(t, newEnvironment, "name", "Example Shop")), 400, "INVALID_DATA", "name UNIQUENESS_VIOLATION")
	refused(t, a.put(there, with(t, newEnvironment, "region", "NA")), 400, "INVALID_DATA", "region INVALID_VALUE")
	changed := a.put(there, with(t, with(t, newEnvironment, "license.id", "another"), "description", "For tests"))
	require.Equal(t, []string{"another", "For tests", "EU"}, []string{
		changed.body.Get("license.id").String(), changed.body.Get("description").String(), changed.body.Get("region").String()})

	user := a.made(there+"/users", `{"username":"anna","email":"anna@example.com"}`).id()
	pair := func() int {
		return a.post(there+"/users/"+user+"/devices", `{"type":"EMAIL","email":"anna@example.com"}`).status
	}
	require.Equal(t, 403, pair(), "without the product")
	require.Equal(t, 200, a.put(there+"/billOfMaterials", `{"products":[{"type":"PING_ONE_BASE"},{"type":"PING_ONE_MFA"}]}`).status)
	require.Equal(t, 201, pair())
	require.Equal(t, 200, a.put(there+"/billOfMaterials", `{"products":[{"type":"PING_ONE_BASE"}]}`).status)
	require.Equal(t, 403, pair())
}

func TestThereAreAHundredEnvironmentsAtMost(t *testing.T) {
	a := newAPI(t)
	for i := range 99 {
		a.made("/v1/environments", with(t, newEnvironment, "name", fmt.Sprint("Shop ", i)))
	}
	one := a.post("/v1/environments", with(t, newEnvironment, "name", "One more"))
	refused(t, one, 403, "ACCESS_FAILED", "environments LICENSE_EXCEEDED")
	require.EqualValues(t, 100, one.body.Get("details.0.innerError.quotaLimit").Int())
}

func TestEnvironmentKeepsWhatWasSentAndInventsNothing(t *testing.T) {
	const license = `"license":{"id":"00000000-0000-4000-8000-000000000001"}`
	for name, row := range map[string]struct {
		sent    string
		absent  []string
		present map[string]string
	}{
		"the least": {
			sent:    `{"name":"Second Shop","type":"SANDBOX","region":"EU",` + license + `}`,
			absent:  []string{"description", "billOfMaterials.solutionType", "billOfMaterials.products.0.id", "billOfMaterials.products.0.tags"},
			present: map[string]string{"billOfMaterials.products.#.type": `["PING_ONE_BASE"]`},
		},
		"all": {
			sent: `{"name":"Second Shop","type":"SANDBOX","region":"EU","description":"","icon":"https://shop.example.com/icon.png",` + license + `,
				"billOfMaterials":{"solutionType":"WORKFORCE","products":[{"type":"PING_ONE_DAVINCI","tags":["DAVINCI_MINIMAL"],
				"console":{"href":"https://console.example.com"},"bookmarks":[{"name":"Help","href":"https://help.example.com"}]}]}}`,
			absent: []string{"billOfMaterials.products.1", "secret"},
			present: map[string]string{
				"description": "", "icon": "https://shop.example.com/icon.png", "billOfMaterials.solutionType": "WORKFORCE",
				"billOfMaterials.products.0.tags": `["DAVINCI_MINIMAL"]`, "billOfMaterials.products.0.console.href": "https://console.example.com",
				"billOfMaterials.products.0.bookmarks.0.name": "Help",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAPI(t)
			made := a.made("/v1/environments", row.sent)
			for _, r := range []reply{made, a.get("/v1/environments/" + made.id() + "?expand=billOfMaterials")} {
				for _, path := range row.absent {
					require.False(t, r.body.Get(path).Exists(), "%s in %s", path, r)
				}
				for path, want := range row.present {
					require.True(t, r.body.Get(path).Exists(), "%s in %s", path, r)
					require.Equal(t, want, r.body.Get(path).String(), path)
				}
			}
		})
	}
}

func TestEnvironmentChangesItsTypeAndItsProducts(t *testing.T) {
	a := newAPI(t)
	r := a.put("{env}/type", `{"type":"PRODUCTION"}`)
	require.Equal(t, 200, r.status, "%s", r)
	require.Equal(t, "PRODUCTION", a.get("{env}").body.Get("type").String())
	refused(t, a.put("{env}/type", `{"type":"TEST"}`), 400, "INVALID_DATA", "type INVALID_VALUE")

	r = a.put("{env}/billOfMaterials", `{"products":[{"type":"PING_ONE_BASE","tags":["x"]}]}`)
	require.Equal(t, 200, r.status, "%s", r)
	require.Equal(t, `["x"]`, a.get("{env}/billOfMaterials").body.Get("products.0.tags").Raw)
	refused(t, a.post("{env}/users/"+a.user("anna")+"/devices", `{"type":"EMAIL","email":"anna@example.com"}`), 403, "ACCESS_FAILED", "devices LICENSE_EXCEEDED")
}
