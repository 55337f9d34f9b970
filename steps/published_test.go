package steps_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/features"
	"pingone-conformance/internal/gherkin"
	"pingone-conformance/steps"
)

func TestEveryPublishedListHasItsLength(t *testing.T) {
	lengths, slips := map[string]int{}, map[string]int{}
	for _, u := range steps.UseCases() {
		lengths[u.Name], slips[u.Name] = len(u.Calls), len(u.Slips())
		require.Contains(t, u.Page, "https://developer.pingidentity.com/")
		for i, c := range u.Calls {
			require.Equal(t, i+1, c.Step)
			require.Equal(t, c.Printed != "", c.Why != "", "a slip is told with its source: %s step %d", u.Name, c.Step)
		}
	}
	require.Equal(t, map[string]int{"progressive_profiling": 19, "login_and_mfa": 20, "mfa_only_login_hint_token": 16}, lengths)
	require.Equal(t, map[string]int{"progressive_profiling": 4, "login_and_mfa": 5, "mfa_only_login_hint_token": 4}, slips)
}

// TestEveryPublishedListHasOneJourney keeps a list from lying about that no scenario is held against.
func TestEveryPublishedListHasOneJourney(t *testing.T) {
	scenarios, err := gherkin.Read(features.Files)
	require.NoError(t, err)
	journeys := map[string]int{}
	for _, s := range scenarios {
		if slices.Contains(s.Tags, "@journey") {
			journeys[s.Feature()]++
		}
	}
	for _, u := range steps.UseCases() {
		require.Equal(t, 1, journeys[u.Name], u.Name)
	}
	require.Len(t, journeys, len(steps.UseCases()))
}
