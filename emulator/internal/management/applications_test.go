package management

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestApplicationLife(t *testing.T) {
	a := newAPI(t)
	r := a.made("{env}/applications", webApp)
	id := r.id()
	require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, id)
	for path, want := range map[string]string{
		"name": "Example Shop", "enabled": "true", "type": "WEB_APP", "protocol": "OPENID_CONNECT", "grantTypes.0": "AUTHORIZATION_CODE",
		"responseTypes.0": "CODE", "tokenEndpointAuthMethod": "CLIENT_SECRET_BASIC", "redirectUris.0": "https://shop.example.com/back",
		"pkceEnforcement": "OPTIONAL", "parRequirement": "OPTIONAL", "parTimeout": "60", "deviceTimeout": "600", "devicePollingInterval": "5",
		"hiddenFromAppPortal": "false", "assignActorRoles": "false", "additionalRefreshTokenReplayProtectionEnabled": "true",
		"environment.id": a.env.ID, "createdAt": "2026-01-15T09:00:00.000Z", "updatedAt": "2026-01-15T09:00:00.000Z",
	} {
		require.Equal(t, want, r.body.Get(path).String(), path)
	}
	require.NotContains(t, r.raw, a.env.Applications[id].Secret, "the secret has an address of its own")
	for _, rel := range []string{"secret", "grants", "attributes"} {
		require.True(t, strings.HasSuffix(r.body.Get("_links."+rel+".href").String(), "/applications/"+id+"/"+rel), rel)
	}
	require.JSONEq(t, r.raw, a.get("{env}/applications/"+id).raw)

	a.now = a.now.AddDate(0, 0, 1)
	changed := a.put("{env}/applications/"+id, strings.Replace(webApp, `"enabled":true`, `"enabled":false,"parTimeout":90,"unheardOf":{"a":1}`, 1))
	require.Equal(t, 200, changed.status, "%s", changed)
	require.False(t, changed.body.Get("enabled").Bool())
	require.Equal(t, int64(90), changed.body.Get("parTimeout").Int())
	require.Equal(t, int64(1), changed.body.Get("unheardOf.a").Int(), "unknown members are echoed")
	require.Equal(t, "2026-01-16T09:00:00.000Z", changed.body.Get("updatedAt").String())
	again := a.put("{env}/applications/"+id, webApp)
	require.Equal(t, int64(60), again.body.Get("parTimeout").Int(), "PUT clears what is left out")

	list := a.get("{env}/applications").body
	require.Equal(t, int64(5), list.Get("size").Int())
	require.False(t, list.Get("count").Exists(), "a recorded list has none")
	require.Equal(t, id, list.Get("_embedded.applications.4.id").String())
	a.twice("{env}/applications/" + id)
}

func TestApplicationRefusals(t *testing.T) {
	a := newAPI(t)
	a.application()
	with := func(from, to string) string {
		return strings.Replace(strings.Replace(webApp, `"Example Shop"`, `"Another Shop"`, 1), from, to, 1)
	}
	for _, row := range []struct {
		name, body, class string
		details           []string
	}{
		{"nothing", `{}`, "INVALID_DATA", []string{
			"grantTypes REQUIRED_VALUE", "name REQUIRED_VALUE", "protocol REQUIRED_VALUE", "tokenEndpointAuthMethod REQUIRED_VALUE", "type REQUIRED_VALUE"}},
		{"null is missing", with(`"Another Shop"`, `null`), "INVALID_DATA", []string{"name REQUIRED_VALUE"}},
		{"empty name", with(`"Another Shop"`, `""`), "INVALID_DATA", []string{"name EMPTY_VALUE"}},
		{"long name", with(`Another Shop`, strings.Repeat("ü", 257)), "INVALID_DATA", []string{"name SIZE_LIMIT_EXCEEDED"}},
		{"name in use", webApp, "INVALID_DATA", []string{"name UNIQUENESS_VIOLATION"}},
		{"unknown type", with("WEB_APP", "TOASTER"), "INVALID_DATA", []string{"type INVALID_VALUE"}},
		{"unknown grant type", with("AUTHORIZATION_CODE", "ASKING"), "INVALID_DATA", []string{"grantTypes[0] INVALID_VALUE"}},
		{"no redirect URI", with(`"redirectUris":["https://shop.example.com/back"]`, `"redirectUris":[]`), "INVALID_DATA", []string{"redirectUris REQUIRED_VALUE"}},
		{"relative redirect URI", with("https://shop.example.com/back", "/back"), "INVALID_DATA", []string{"redirectUris[0] INVALID_VALUE"}},
		{"plain http", with("https://shop", "http://shop"), "INVALID_DATA", []string{"redirectUris[0] INVALID_VALUE"}},
		{"a script", with("https://shop.example.com/back", "javascript:alert(1)"), "INVALID_DATA", []string{"redirectUris[0] INVALID_VALUE"}},
		{"a wildcard", with("/back", "/*"), "INVALID_DATA", []string{"redirectUris[0] INVALID_VALUE"}},
		{"a wildcard in the host", with("https://shop", `https://*`), "INVALID_DATA", []string{"redirectUris[0] INVALID_VALUE"}},
		{"the device grant", with(`["AUTHORIZATION_CODE"]`, `["AUTHORIZATION_CODE","DEVICE_CODE"]`), "INVALID_DATA", []string{"grantTypes[1] INVALID_VALUE"}},
		{"signed and unsigned requests", with(`"enabled":true`, `"supportUnsignedRequestObject":true,"requireSignedRequestObject":true`), "INVALID_DATA",
			[]string{"requireSignedRequestObject CONSTRAINT_VIOLATION"}},
		{"number out of range", with(`"enabled":true`, `"parTimeout":601`), "INVALID_DATA", []string{"parTimeout OUT_OF_RANGE"}},
		{"number with a fraction", with(`"enabled":true`, `"parTimeout":1.5`), "INVALID_REQUEST", []string{"parTimeout INVALID_VALUE"}},
		{"text for a flag", with(`"enabled":true`, `"enabled":"yes"`), "INVALID_REQUEST", []string{"enabled INVALID_VALUE"}},
		{"text for a list", with(`["CODE"]`, `"CODE"`), "INVALID_REQUEST", []string{"responseTypes INVALID_VALUE"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			refused(t, a.post("{env}/applications", row.body), 400, row.class, row.details...)
		})
	}
	r := a.post("{env}/applications", with("/back", "/*"))
	require.Equal(t, "Wildcards are not allowed in redirect URIs.", r.body.Get("message").String())
	r = a.post("{env}/applications", with("WEB_APP", "TOASTER"))
	require.Contains(t, r.body.Get("details.0.innerError.allowedValues").String(), "WEB_APP")
	r = a.post("{env}/applications", with(`"enabled":true`, `"parTimeout":0`))
	require.Equal(t, int64(600), r.body.Get("details.0.innerError.rangeMaximumValue").Int())
	refused(t, a.put("{env}/applications/00000000-0000-4000-8000-000000000000", webApp), 404, "NOT_FOUND")
	refused(t, a.delete("{env}/applications/"+a.worker.ID), 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")
	require.Len(t, a.env.Applications, 5, "nothing was created")
}

func TestApplicationSecret(t *testing.T) {
	a := newAPI(t)
	path := "{env}/applications/" + a.application() + "/secret"
	first := a.get(path)
	require.Equal(t, 200, first.status)
	require.Regexp(t, `^[A-Za-z0-9._~-]{64}$`, first.body.Get("secret").String())
	require.False(t, first.body.Get("previous").Exists())
	require.True(t, strings.HasSuffix(first.body.Get("_links.application.href").String(), strings.TrimSuffix(strings.TrimPrefix(path, "{env}"), "/secret")))

	second := a.post(path, `{"previous":{"expiresAt":"2026-01-16T09:00:00.000Z"}}`)
	require.Equal(t, 200, second.status, "%s", second)
	require.NotEqual(t, first.body.Get("secret").String(), second.body.Get("secret").String())
	require.Equal(t, first.body.Get("secret").String(), second.body.Get("previous.secret").String())
	require.Equal(t, http.StatusNoContent, a.delete(path).status)
	require.False(t, a.get(path).body.Get("previous").Exists())
	refused(t, a.delete(path), 404, "NOT_FOUND")

	third := a.send(http.MethodPost, path, "", "")
	require.Equal(t, 200, third.status)
	require.False(t, third.body.Get("previous").Exists(), "without a body the former secret ends at once")
	refused(t, a.post(path, `{"previous":{"expiresAt":"2020-01-01T00:00:00Z"}}`), 400, "INVALID_DATA", "previous.expiresAt INVALID_VALUE")
}

func TestSecretsThatAreNotShown(t *testing.T) {
	a := newAPI(t)
	refused(t, a.get("{env}/applications/"+a.worker.ID+"/secret"), 403, "ACCESS_FAILED", "INSUFFICIENT_PERMISSIONS")
	refused(t, a.get("{env}/applications/00000000-0000-4000-8000-000000000000/secret"), 404, "NOT_FOUND")
	a.addWorker(a.env, "developer", applicationDeveloper)
	admin := a.addWorker(a.env, "environment-admin", environmentAdmin)
	a.bearer = "developer"
	refused(t, a.get("{env}/applications/"+admin.ID+"/secret"), 403, "ACCESS_FAILED", "INSUFFICIENT_PERMISSIONS")
}
