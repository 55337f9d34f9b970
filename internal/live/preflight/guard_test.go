package preflight_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/live/preflight"
)

// Nothing says that an environment may be touched that could not be looked at.
func TestTheGuardStopsWhereItCannotLook(t *testing.T) {
	s := newTenant(t, map[string]string{"token": `401 {"error":"invalid_client"}`})
	findings, err := preflight.Guard(t.Context(), s.client(t), s.config())
	require.NoError(t, err)
	require.Len(t, findings, 1)
	require.True(t, findings[0].Fatal)
	require.Contains(t, findings[0].Do, "PINGONE_CLIENT_SECRET")
	calls, _ := s.asked()
	require.Equal(t, []string{"POST /" + otherID + "/as/token"}, calls)

	for _, silent := range []string{"token", envID} {
		s := newTenant(t, nil)
		s.drops = silent
		_, err := preflight.Guard(t.Context(), s.client(t), s.config())
		require.ErrorContains(t, err, "preflight: ", silent)
	}
}

// Without an environment's name, none is allowed by its name either.
func TestNoNameAllowsNoProduction(t *testing.T) {
	s := newTenant(t, map[string]string{"": `200 {"id":"","type":"PRODUCTION"}`})
	cfg := s.config()
	cfg.TargetEnvironmentID, cfg.AllowProduction = "", ""
	findings, err := preflight.Guard(t.Context(), s.client(t), cfg)
	require.True(t, err != nil || preflight.Stops(findings), findings)
}

func TestLookingAgainNeedsANewTokenOnlyWhereTheOldOneHasEnded(t *testing.T) {
	const look, sign = "GET /v1/environments/" + envID, "POST /" + otherID + "/as/token"
	for _, row := range []struct {
		name, answer string
		token        bool
		calls        []string
		stops        bool
	}{
		{"a sandbox", "", true, []string{look}, false},
		{"promoted meanwhile", `200 {"id":"` + envID + `","type":"PRODUCTION"}`, true, []string{look}, true},
		{"no answer to go by", `500 {}`, true, []string{look}, true},
		{"a token that has expired", "", false, []string{look, sign, look}, false},
		{"a token that may do nothing any more", refused, true, []string{look, sign, look}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			changes := map[string]string{}
			if row.answer != "" {
				changes[envID] = row.answer
			}
			s := newTenant(t, changes)
			c := s.client(t)
			if row.token {
				c.SetToken("worker-token")
			}
			findings, err := preflight.GuardAgain(t.Context(), c, s.config())
			require.NoError(t, err)
			require.Equal(t, row.stops, preflight.Stops(findings))
			calls, _ := s.asked()
			require.Equal(t, row.calls, calls)
		})
	}
	s := newTenant(t, nil)
	s.drops = envID
	_, err := preflight.GuardAgain(t.Context(), s.client(t), s.config())
	require.ErrorContains(t, err, "preflight: ")
}
