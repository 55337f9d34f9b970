package deviation

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/wire"
)

// deviating answers calls as a deviation does around a handler.
func deviating(t *testing.T, name string, handle wire.Handler) func(operation string, path map[string]string) string {
	t.Helper()
	set, err := NewSet([]string{name})
	require.NoError(t, err)
	all := set.Middleware()(handle)
	return func(operation string, path map[string]string) string {
		return string(all(&wire.Call{Operation: operation, Path: path, URL: &url.URL{Path: "/x"}}).Body)
	}
}

func TestAnAddressLeadsToAnother(t *testing.T) {
	for href, want := range map[string]string{
		"http://here/users/1":           "http://here/users/" + elsewhere,
		"http://here/users/1/devices/2": "http://here/users/" + elsewhere + "/devices/2",
		"http://here/populations/1":     "http://here/populations/1",
	} {
		require.Equal(t, want, another("users")(href))
	}
}

func TestTheScopesOfTheResourceBesideAreListed(t *testing.T) {
	ask := deviating(t, "scopes-of-another-resource-listed", func(call *wire.Call) *wire.Answer {
		if call.Operation == "resource.list" {
			return wire.Text(http.StatusOK, "application/json", `{"_embedded":{"resources":[{"id":"a"},{"id":"b"}]}}`)
		}
		return wire.Text(http.StatusOK, "application/json", call.Path["resourceID"])
	})
	scopes := func(resource string) string { return ask("scope.list", map[string]string{"resourceID": resource}) }
	require.Equal(t, "a", scopes("a"), "nothing is known of another one yet")
	ask("resource.list", nil)
	require.Equal(t, []string{"b", "a", "c"}, []string{scopes("a"), scopes("b"), scopes("c")})
}

func TestADeviceThatWaitsIsOfferedToItsOwner(t *testing.T) {
	answer := ""
	ask := deviating(t, "pending-device-offered", func(*wire.Call) *wire.Answer { return wire.Text(http.StatusOK, "application/json", answer) })
	create := func(user, body string) {
		answer = body
		ask("device.create", map[string]string{"userID": user})
	}
	create("ben", `{"id":"1","status":"ACTIVE"}`)
	create("ben", `{"id":"2","status":"ACTIVATION_REQUIRED"}`)
	create("chloe", `{"id":"3","status":"ACTIVE"}`)
	answer = `{"_embedded":{"devices":[{"id":"1","type":"EMAIL"}]}}`
	require.JSONEq(t, `{"_embedded":{"devices":[{"id":"1","type":"EMAIL"},{"id":"2","type":"EMAIL"}]}}`, ask("flow.read", nil))
	answer = `{"_embedded":{"devices":[{"id":"3","type":"EMAIL"}]}}`
	require.JSONEq(t, answer, ask("flow.read", nil))
}
