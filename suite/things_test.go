package suite

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/names"
)

// What has a name of a run's tells whose it is; all else goes with what it lies below.
func TestWhichThingsHaveANameThatTellsWhoseTheyAre(t *testing.T) {
	run := names.Run(1)
	for collection, name := range map[string]string{
		"https://api.pingone.com/v1/environments/e/users":                        names.Username(run, "anna"),
		"https://api.pingone.com/v1/environments/e/users/":                       names.Username(run, "anna"),
		"https://api.pingone.com/v1/environments/e/applications":                 names.Thing(run, "Shop"),
		"https://api.pingone.com/v1/environments/e/populations":                  names.Thing(run, "People"),
		"https://api.pingone.com/v1/environments/e/signOnPolicies":               names.Policy(run, "Policy"),
		"https://api.pingone.com/v1/environments/e/deviceAuthenticationPolicies": names.Thing(run, "Devices"),
		"https://api.pingone.com/v1/environments/e/users/u/devices":              "",
		"https://api.pingone.com/v1/environments/e/resources":                    "",
		"https://api.pingone.com/v1/environments":                                "",
		"https://api.pingone.com/v1/organizations/e/users":                       "",
		"https://api.pingone.com/v2/environments/e/users":                        "",
		"https://api.pingone.com/e/flows/users/x":                                "",
		"https://api.pingone.com/v1/environments/%zz/users":                      "",
	} {
		k, named := kindOf(collection)
		require.Equal(t, name != "", named, collection)
		if named {
			whose, ours := k.run(name)
			require.True(t, ours, collection)
			require.Equal(t, run, whose, collection)
			_, ours = k.run("Payroll")
			require.False(t, ours, collection)
		}
	}
}

// After these a creation may have happened, whatever else was said.
func TestAfterWhichAnswersSomethingMayBeThere(t *testing.T) {
	for status, may := range map[int]bool{
		http.StatusCreated: true, http.StatusRequestTimeout: true, http.StatusInternalServerError: true, http.StatusBadGateway: true, http.StatusServiceUnavailable: true,
		http.StatusOK: false, http.StatusAccepted: false, http.StatusBadRequest: false, http.StatusForbidden: false, http.StatusConflict: false, http.StatusTooManyRequests: false, 499: false,
	} {
		require.Equal(t, may, mayHaveCreated(status), status)
	}
}

// Where a thing can be found is said without its id, too.
func TestWhereAThingIsFound(t *testing.T) {
	u, err := url.Parse("https://api.pingone.com/v1/environments/e/users?expand=x#y")
	require.NoError(t, err)
	collection := withoutQuery(u)
	require.Equal(t, "https://api.pingone.com/v1/environments/e/users", collection)
	require.Equal(t, `named "anna", at `+collection, (&thing{collection: collection, name: "anna"}).place())
	require.Equal(t, collection+"/a%2Fb", (&thing{collection: collection, name: "anna", id: "a/b"}).place())
	require.Equal(t, collection+"/1", (&thing{collection: collection + "/", id: "1"}).href())
}
