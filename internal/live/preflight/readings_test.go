package preflight_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/internal/live/preflight"
)

// What cannot be looked at is not passed over, whichever reading it is.
func TestSilenceAtAnyReadingIsAnError(t *testing.T) {
	for _, reading := range []string{envID, "billOfMaterials", "applications", "resources", "signOnPolicies", "deviceAuthenticationPolicies", "populations", "users"} {
		s := newTenant(t, nil)
		s.drops = reading
		_, err := preflight.Check(t.Context(), s.client(t), s.config(), everything)
		require.ErrorContains(t, err, "preflight: ", reading)
		require.ErrorContains(t, err, "/"+reading, reading)
	}
}

// underway counts the calls that have not ended.
type underway struct{ calls atomic.Int32 }

func (u *underway) RoundTrip(r *http.Request) (*http.Response, error) {
	u.calls.Add(1)
	defer u.calls.Add(-1)
	return http.DefaultTransport.RoundTrip(r)
}

func TestNoReadingOutlivesTheLook(t *testing.T) {
	s := newTenant(t, map[string]string{envID: `200 {"id":"` + envID + `","type":"PRODUCTION"}`})
	s.hangs = "users"
	transport := &underway{}
	c, err := client.New(client.Options{APIURL: s.at.URL, AuthURL: s.at.URL, Transport: transport})
	require.NoError(t, err)
	findings, err := preflight.Check(t.Context(), c, s.config(), everything)
	require.NoError(t, err)
	require.True(t, preflight.Stops(findings))
	require.Zero(t, transport.calls.Load())
}

func TestSilenceIsAnError(t *testing.T) {
	s := newTenant(t, nil)
	c, cfg := s.client(t), s.config()
	s.at.Close()
	findings, err := preflight.Check(t.Context(), c, cfg, everything)
	require.Empty(t, findings)
	require.ErrorContains(t, err, "preflight: Get Worker Token: no answer to POST")
	require.NotContains(t, err.Error(), "worker-secret")
}

// No reading waits for another: a tenant that answers none before all are there still answers.
func TestPreflightTakesTwoRounds(t *testing.T) {
	s := newTenant(t, nil)
	var together sync.WaitGroup
	together.Add(8)
	s.together = &together
	require.Empty(t, printed(t, s, s.config(), everything))
	calls, _ := s.asked()
	require.Len(t, calls, 9)
}

// What stops the run is said at once, whatever becomes of the readings beside it.
func TestARefusalWaitsForNoOtherReading(t *testing.T) {
	s := newTenant(t, map[string]string{envID: `200 {"id":"` + envID + `","type":"PRODUCTION"}`})
	s.hangs = "users"
	require.Equal(t, []string{"STOP  environment type: it is PRODUCTION, which may hold real people"}, printed(t, s, s.config(), everything))
}

func TestALackingRoleSaysWhatItKeepsFromSight(t *testing.T) {
	s := newTenant(t, map[string]string{"populations": refused, "users": refused})
	findings, err := preflight.Check(t.Context(), s.client(t), s.config(), everything)
	require.NoError(t, err)
	require.Len(t, findings, 1)
	require.Equal(t, "Identity Data Admin", findings[0].Role)
	require.Equal(t, []string{"populations", "users"}, findings[0].Collections)

	s = newTenant(t, map[string]string{"applications": refused, "resources": refused, "signOnPolicies": refused, "deviceAuthenticationPolicies": refused})
	findings, err = preflight.Check(t.Context(), s.client(t), s.config(), everything)
	require.NoError(t, err)
	require.Len(t, findings, 2)
	require.Equal(t, []string{"applications", "resources"}, findings[0].Collections)
	require.Equal(t, []string{"signOnPolicies", "deviceAuthenticationPolicies"}, findings[1].Collections)
}
