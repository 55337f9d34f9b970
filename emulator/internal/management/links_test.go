package management

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// Whatever is answered, each member and each link has a name, and each link leads to an address without a gap.
func TestNothingIsWithoutAName(t *testing.T) {
	a := newAPI(t)
	anna := "{env}/users/" + a.user("anna")
	app := "{env}/applications/" + a.application()
	a.send(http.MethodPut, anna+"/password", mediaVendor+"password.set+json", `{"value":"Quiet-Harbour-52"}`)
	a.made(anna+"/devices", `{"type":"EMAIL","email":"anna@example.com","status":"ACTIVE"}`)
	policy := a.policyWithLogin("Example")
	a.made(app+"/signOnPolicyAssignments", `{"priority":1,"signOnPolicy":{"id":"`+policy+`"}}`)
	paths := []string{
		"{env}", "{env}/users", anna, anna + "/password", anna + "/devices", anna + "/mfaEnabled", anna + "/roleAssignments", anna + "/memberOfGroups",
		"{env}/applications", app, app + "/secret", app + "/grants", app + "/signOnPolicyAssignments", "{env}/populations", "{env}/groups", "{env}/resources",
		"{env}/signOnPolicies", "{env}/signOnPolicies/" + policy + "/actions", "{env}/deviceAuthenticationPolicies", "{env}/passwordPolicies", "{env}/schemas",
		"{env}/billOfMaterials", "/v1/environments", "/v1/organizations", "/v1/roles", "/v1",
	}
	seen := 0
	for _, path := range paths {
		r := a.get(path)
		if r.status == http.StatusNotFound || r.status == http.StatusForbidden {
			continue
		}
		require.Equal(t, http.StatusOK, r.status, "%s: %s", path, r)
		walk(r.body, func(name string, value gjson.Result) {
			require.NotEmpty(t, name, "%s: %s", path, r)
			if name != "href" {
				return
			}
			seen++
			u, err := url.Parse(value.String())
			require.NoError(t, err)
			require.True(t, u.IsAbs(), value)
			require.NotContains(t, u.Path, "//", path)
			require.False(t, strings.HasSuffix(u.Path, "/"), "%s: %s", path, value)
		})
	}
	require.Greater(t, seen, 100)
}

// walk gives every member of a JSON text.
func walk(v gjson.Result, to func(name string, value gjson.Result)) {
	v.ForEach(func(name, value gjson.Result) bool {
		if v.IsObject() {
			to(name.String(), value)
		}
		if value.IsObject() || value.IsArray() {
			walk(value, to)
		}
		return true
	})
}
