package management

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever is sent as a filter is either understood or refused, and never a
// failure of the emulator.
func FuzzFilter(f *testing.F) {
	for _, filter := range []string{`username eq "anna"`, `not (a)`, `(((`, `"\`, `username eq "a" or`, "\x00"} {
		f.Add(filter)
	}
	filters := filterable{"username": {"eq", "sw"}}
	f.Fuzz(func(t *testing.T, filter string) {
		matches, err := parseFilter(filter, filters)
		if err == nil {
			matches.passes(func(string) any { return "anna" })
		}
	})
}

// Whatever is sent as a body is answered with 201 or a class of 400.
func FuzzCreateBodies(f *testing.F) {
	for _, body := range []string{webApp, progressive, devicePolicy, `{"name":{}}`, `{"attributes":[[]]}`, `{"name":null}`, `[`, ``} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		a := newAPI(t)
		anna := a.user("anna")
		for _, path := range []string{
			"/applications", "/resources", "/signOnPolicies", "/signOnPolicies/" + a.env.DefaultPolicy().ID + "/actions",
			"/populations", "/users", "/users/" + anna + "/devices", "/deviceAuthenticationPolicies",
		} {
			r := a.post("{env}"+path, body)
			require.Contains(t, []int{http.StatusCreated, http.StatusBadRequest}, r.status, "%s %s", path, r)
		}
	})
}
