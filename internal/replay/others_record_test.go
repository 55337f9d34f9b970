package replay_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay"
)

// What others have made stands in a list beside what the run has made, and is nobody's business.
func TestTheThingsOfOthersAreRecordedAsStandIns(t *testing.T) {
	const env, ours, theirs = "https://api.pingone.eu/v1/environments/11111111-2222-4333-8444-555555555555", "9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f", "8a2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f"
	server := echo(func(r *http.Request) *http.Response {
		if r.Method == http.MethodPost {
			created := ok(`{"id":"` + ours + `","name":"Example Shop"}`)
			created.StatusCode = http.StatusCreated
			return created
		}
		return ok(`{"_embedded":{"applications":[{"id":"` + theirs + `","name":"Payroll of Kontoso"},{"id":"` + ours + `","name":"Example Shop"}]}}`)
	})
	known := map[string]string{"11111111-2222-4333-8444-555555555555": replay.Replayed().EnvironmentID}
	file, err := recordCalls(t, server, replay.RecordOptions{Known: known}, func(s *replay.Session) {
		p := newPerson(t, s, replay.StandIns{})
		p.must("POST", env+"/applications", object{"name": "Example Shop"})
		p.must("GET", env+"/applications", nil)
	})
	require.NoError(t, err)
	text := read(t, file)
	require.NotContains(t, text, "Payroll")
	require.Contains(t, text, `"name": "stand-in-1"`)
	require.Equal(t, 3, strings.Count(text, `"name": "Example Shop"`), "sent, answered and listed")
}

// The sign-on page is on a host of its own, which gets no cookies of the authorization server's.
func TestACookieOfAnotherHostIsNotRecorded(t *testing.T) {
	o := replay.RecordOptions{APIURL: "https://api.pingone.eu/v1", AuthURL: "https://auth.pingone.eu", AppsURL: "https://apps.pingone.eu"}
	for address, kept := range map[string]bool{"https://apps.pingone.eu/x/signon/": false, "https://auth.pingone.eu/x/flows/1": true} {
		file, err := recordCalls(t, always(`{}`), o, func(s *replay.Session) { get(t, s, address, "Cookie", "ST=stand-in-cookie-1") })
		require.NoError(t, err)
		require.Equal(t, kept, strings.Contains(read(t, file), "Cookie: ST=stand-in-cookie-1"), address)
	}
}
