package management

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

func TestWhoMayCall(t *testing.T) {
	a := newAPI(t)
	elsewhere := a.tenant.AddEnvironment(tenant.EnvironmentSpec{Name: "Elsewhere", Type: "SANDBOX", Region: "NA"})
	a.addWorker(elsewhere, "worker-of-others", AllRoles()...)
	a.addWorker(a.env, "no-role")
	a.addWorker(a.env, "environment-admin", environmentAdmin)
	a.addWorker(a.env, "identity-admin", identityDataAdmin)
	a.addWorker(a.env, "developer", applicationDeveloper)
	a.callers["client"] = Principal{EnvironmentID: a.env.ID, ClientID: a.worker.ID, Scopes: []string{"orders:read"}}

	for _, row := range []struct {
		caller, path string
		status       int
		detail       string
	}{
		{"", "{env}/users", 401, "Authentication Credentials INVALID_TOKEN"},
		{"garbled", "{env}/users", 401, "Authentication Credentials INVALID_TOKEN"},
		{"worker-of-others", "{env}/users", 403, "INSUFFICIENT_PERMISSIONS"},
		{"no-role", "{env}/users", 403, "INSUFFICIENT_PERMISSIONS"},
		{"client", "{env}/users", 403, "INSUFFICIENT_PERMISSIONS"},
		{workerToken, "/v1/environments/00000000-0000-4000-8000-000000000000", 403, "INSUFFICIENT_PERMISSIONS"},
		{"identity-admin", "{env}/applications", 403, "INSUFFICIENT_PERMISSIONS"},
		{"developer", "{env}/users", 403, "INSUFFICIENT_PERMISSIONS"},
		{"developer", "{env}/signOnPolicies", 403, "INSUFFICIENT_PERMISSIONS"},
		{"environment-admin", "{env}/users", 403, "INSUFFICIENT_PERMISSIONS"},
		{"no-role", "/v1/environments", 403, "INSUFFICIENT_PERMISSIONS"},
		{"", "/v1/environments", 401, "Authentication Credentials INVALID_TOKEN"},
		{"identity-admin", "{env}/users", 200, ""},
		{"identity-admin", "{env}/populations", 200, ""},
		{"environment-admin", "{env}/populations", 200, ""},
		{"environment-admin", "{env}/signOnPolicies", 200, ""},
		{"environment-admin", "{env}/billOfMaterials", 200, ""},
		{"developer", "{env}/applications", 200, ""},
		{"developer", "{env}/resources", 200, ""},
		{"developer", "{env}", 200, ""},
	} {
		t.Run(row.caller+" "+row.path, func(t *testing.T) {
			a.bearer = row.caller
			r := a.get(row.path)
			if row.status == 200 {
				require.Equal(t, 200, r.status, "%s", r)
				return
			}
			refused(t, r, row.status, "ACCESS_FAILED", row.detail)
		})
	}
}

func TestPeopleActOnThemselvesOnly(t *testing.T) {
	a := newAPI(t)
	anna, ben := a.user("anna"), a.user("ben")
	a.callers["annas-token"] = Principal{EnvironmentID: a.env.ID, UserID: anna, Scopes: []string{"openid", "p1:read:user"}}
	a.callers["annas-narrow-token"] = Principal{EnvironmentID: a.env.ID, UserID: anna, Scopes: []string{"openid"}}

	a.bearer = "annas-token"
	require.Equal(t, "anna", a.get("{env}/users/"+anna).body.Get("username").String())
	refused(t, a.get("{env}/users/"+ben), 403, "ACCESS_FAILED", "INSUFFICIENT_PERMISSIONS")
	refused(t, a.get("{env}/users"), 403, "ACCESS_FAILED", "INSUFFICIENT_PERMISSIONS")
	refused(t, a.delete("{env}/users/"+anna), 403, "ACCESS_FAILED", "INSUFFICIENT_PERMISSIONS")
	refused(t, a.post("{env}/users/"+anna+"/devices", `{"type":"EMAIL","email":"anna@example.com"}`), 403, "ACCESS_FAILED", "INSUFFICIENT_PERMISSIONS")
	a.bearer = "annas-narrow-token"
	refused(t, a.get("{env}/users/"+anna), 403, "ACCESS_FAILED", "INSUFFICIENT_PERMISSIONS")
}

func TestWhatIsNoRequest(t *testing.T) {
	a := newAPI(t)
	anna := a.user("anna")
	for _, row := range []struct {
		name, method, path, media, body string
		status                          int
		code                            string
		details                         []string
	}{
		{"broken JSON", "POST", "{env}/populations", mediaJSON, `{"name":`, 400, "INVALID_REQUEST", []string{"INVALID_VALUE"}},
		{"two JSON objects", "POST", "{env}/populations", mediaJSON, `{"name":"A"}{}`, 400, "INVALID_REQUEST", []string{"INVALID_VALUE"}},
		{"a list for an object", "POST", "{env}/populations", mediaJSON, `[]`, 400, "INVALID_REQUEST", []string{"INVALID_VALUE"}},
		{"no body", "POST", "{env}/populations", mediaJSON, ``, 400, "INVALID_REQUEST", []string{"INVALID_VALUE"}},
		{"a number for a text", "POST", "{env}/populations", mediaJSON, `{"name":1}`, 400, "INVALID_REQUEST", []string{"name INVALID_VALUE"}},
		{"text/plain", "POST", "{env}/populations", "text/plain", `{"name":"A"}`, 415, "INVALID_REQUEST", []string{"Content-Type INVALID_VALUE"}},
		{"no media type", "POST", "{env}/populations", "", `{"name":"A"}`, 415, "INVALID_REQUEST", []string{"Content-Type INVALID_VALUE"}},
		{"another vendor type", "PUT", "{env}/users/" + anna + "/password", mediaJSON, `{"value":"x"}`, 415, "INVALID_REQUEST", []string{"Content-Type INVALID_VALUE"}},
		{"POST for PUT", "POST", "{env}/users/" + anna + "/mfaEnabled", mediaJSON, `{"mfaEnabled":true}`, 405, "INVALID_REQUEST", []string{"method INVALID_VALUE"}},
		{"unknown path", "GET", "{env}/unicorns", "", "", 404, "NOT_FOUND", nil},
		{"unknown user", "GET", "{env}/users/00000000-0000-4000-8000-000000000000", "", "", 404, "NOT_FOUND", nil},
		{"large body", "POST", "{env}/populations", mediaJSON, `{"name":"` + strings.Repeat("a", 2<<20) + `"}`, 413, "INVALID_REQUEST", []string{"SIZE_LIMIT_EXCEEDED"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			refused(t, a.send(row.method, row.path, row.media, row.body), row.status, row.code, row.details...)
		})
	}
	require.Equal(t, "GET, HEAD, PUT", a.send(http.MethodPost, "{env}/users/"+anna+"/mfaEnabled", mediaJSON, `{}`).header.Get("Allow"))
	require.Len(t, a.env.Populations, 1, "nothing was created")
}

func TestJSONWithParametersIsJSON(t *testing.T) {
	r := newAPI(t).send(http.MethodPost, "{env}/populations", "application/json; charset=UTF-8", `{"name":"Members"}`)
	require.Equal(t, http.StatusCreated, r.status)
}
