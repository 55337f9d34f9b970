package management

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

func TestBuiltInResources(t *testing.T) {
	a := newAPI(t)
	list := a.get("{env}/resources").body
	require.Equal(t, int64(2), list.Get("count").Int())
	require.Equal(t, "openid", list.Get(`_embedded.resources.#(type=="OPENID_CONNECT").name`).String())
	require.Equal(t, "PingOne API", list.Get(`_embedded.resources.#(type=="PINGONE_API").name`).String())
	require.Equal(t, "https://api.pingone.com", list.Get(`_embedded.resources.#(type=="PINGONE_API").audience`).String())
	require.Equal(t, int64(3600), list.Get("_embedded.resources.0.accessTokenValiditySeconds").Int())

	for kind, names := range map[string][]string{
		tenant.ResourceOpenID:  {"openid", "profile", "email", "address", "phone", "offline_access"},
		tenant.ResourcePingOne: {"p1:read:user", "p1:update:user", "p1:update:userMfaEnabled", "p1:create:device", "p1:read:userPassword"},
	} {
		for _, name := range names {
			resource, scope := a.builtIn(kind, name)
			path := "{env}/resources/" + resource
			require.Equal(t, resource, a.get(path+"/scopes/"+scope).body.Get("resource.id").String())
			refused(t, a.delete(path+"/scopes/"+scope), 400, "REQUEST_FAILED", "name CONSTRAINT_VIOLATION")
			refused(t, a.delete(path), 400, "REQUEST_FAILED", "type CONSTRAINT_VIOLATION")
		}
	}
	_, read := a.builtIn(tenant.ResourcePingOne, "p1:read:user")
	resource, _ := a.builtIn(tenant.ResourcePingOne, "p1:read:user")
	require.Equal(t, `["*"]`, a.get("{env}/resources/"+resource+"/scopes/"+read).body.Get("schemaAttributes").Raw)
}

func TestCustomResourceLife(t *testing.T) {
	a := newAPI(t)
	r := a.made("{env}/resources", `{"name":"shop","accessTokenValiditySeconds":300}`)
	require.Equal(t, "CUSTOM", r.body.Get("type").String())
	require.Equal(t, "shop", r.body.Get("audience").String())
	path := "{env}/resources/" + r.id()
	changed := a.put(path, `{"name":"shop","audience":"https://shop.example.com"}`)
	require.Equal(t, "https://shop.example.com", changed.body.Get("audience").String())
	require.Equal(t, int64(3600), changed.body.Get("accessTokenValiditySeconds").Int())
	require.JSONEq(t, changed.raw, a.get(path).raw)

	scope := a.made(path+"/scopes", `{"name":"orders:read","description":"See orders","mappedClaims":["a"]}`)
	require.Equal(t, "See orders", scope.body.Get("description").String())
	one := path + "/scopes/" + scope.id()
	require.Equal(t, "orders:write", a.put(one, `{"name":"orders:write"}`).body.Get("name").String())

	grants := "{env}/applications/" + a.application() + "/grants"
	grant := a.made(grants, grantBody(r.id(), scope.id()))
	refusal := a.delete(one)
	refused(t, refusal, 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")
	require.Equal(t, grant.id(), refusal.body.Get("details.0.innerError.referencedValues.0").String())
	refused(t, a.delete(path), 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")
	a.delete(grants + "/" + grant.id())
	a.twice(one)
	a.twice(path)
}

func TestResourceRefusals(t *testing.T) {
	a := newAPI(t)
	pingOne, _ := a.builtIn(tenant.ResourcePingOne, "p1:read:user")
	openID, _ := a.builtIn(tenant.ResourceOpenID, "profile")
	shop := a.made("{env}/resources", `{"name":"shop"}`).id()
	scopes := func(id string) string { return "{env}/resources/" + id + "/scopes" }

	refused(t, a.post("{env}/resources", `{"type":"PINGONE_API"}`), 400, "INVALID_DATA", "name REQUIRED_VALUE", "type INVALID_VALUE")
	refused(t, a.post("{env}/resources", `{"name":"shop","accessTokenValiditySeconds":299}`), 400, "INVALID_DATA",
		"accessTokenValiditySeconds OUT_OF_RANGE", "name UNIQUENESS_VIOLATION")
	refused(t, a.put("{env}/resources/"+openID, `{"name":"openid"}`), 400, "REQUEST_FAILED", "type CONSTRAINT_VIOLATION")
	refused(t, a.post(scopes(shop), `{"name":"p1:read:user"}`), 400, "INVALID_DATA", "name INVALID_VALUE")
	refused(t, a.post(scopes(shop), `{"name":"two words"}`), 400, "INVALID_DATA", "name INVALID_VALUE")
	refused(t, a.post(scopes(openID), `{"name":"profile"}`), 400, "INVALID_DATA", "name UNIQUENESS_VIOLATION")
	refused(t, a.post(scopes(pingOne), `{"name":"p1:everything"}`), 400, "INVALID_DATA", "name INVALID_VALUE")
	refused(t, a.get(scopes("00000000-0000-4000-8000-000000000000")), 404, "NOT_FOUND")
	variant := a.made(scopes(pingOne), `{"name":"p1:read:user:name","schemaAttributes":["name.given"]}`)
	a.twice(scopes(pingOne) + "/" + variant.id())
}
