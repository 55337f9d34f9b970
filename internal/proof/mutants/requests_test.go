package mutants

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/features"
	"pingone-conformance/fixtures"
	"pingone-conformance/internal/replay"
	"pingone-conformance/suite"
)

// TestReplayRefusesEveryChangedRequest changes each request of each recording in every way, and wants all of them refused.
func TestReplayRefusesEveryChangedRequest(t *testing.T) {
	all, err := Requests(suite.Options{Features: features.Files, Fixtures: fixtures.Files}, true)
	require.NoError(t, err)
	parts := map[string]int{}
	for _, c := range all {
		parts[c.Part]++
		require.False(t, c.Accepted, "%s, request %d: %s, %s", c.Recording, c.Exchange+1, c.Part, c.Change)
	}
	for _, part := range []string{"method", "path", "query", "media type", "header Authorization", "header Cookie", "body"} {
		require.Positive(t, parts[part], part)
	}
	t.Logf("%d changed requests, all refused: %v", len(all), parts)
}

// TestAnUnchangedRequestIsTaken shows that the proof can fail.
func TestAnUnchangedRequestIsTaken(t *testing.T) {
	scenarios, err := scenariosOf(suite.Options{Features: features.Files})
	require.NoError(t, err)
	recording, err := replay.Load(fixtures.Files, scenarios[0].Recording())
	require.NoError(t, err)
	for i := range recording.Exchanges() {
		same := requestChange{"nothing", "none", recording.Exchange(i).Request}
		taken, err := same.taken(recording, i)
		require.NoError(t, err)
		require.True(t, taken, i)
	}
}

func TestTheChangesOfARequest(t *testing.T) {
	address, err := url.Parse("https://api.pingone.com/v1/things?limit=2")
	require.NoError(t, err)
	var found []string
	for _, c := range requestChanges(replay.Request{Method: http.MethodPost, URL: address, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"a":1}`)}) {
		found = append(found, c.part+": "+c.what)
	}
	require.Equal(t, []string{
		"method: another", "path: longer", "path: another host", "query: one parameter more", "query: without limit", "query: another limit",
		"media type: none", "media type: another", "body: none", "body: /a dropped", "body: /a retyped", "body: /a changed",
	}, found)
}
