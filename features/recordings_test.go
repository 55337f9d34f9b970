package features

import (
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/fixtures"
	"pingone-conformance/suite"
)

// TestEveryRecordingHasItsScenario keeps recordings of scenarios that were renamed
// or deleted from lying about; two scenarios may not share one either.
func TestEveryRecordingHasItsScenario(t *testing.T) {
	there, err := fs.Glob(fixtures.Files, "*/*.txtar")
	require.NoError(t, err)
	scenarios, err := suite.Catalogue(Files)
	require.NoError(t, err)
	used := map[string]string{}
	for _, s := range scenarios {
		require.Empty(t, used[s.Recording()], "%s belongs to two scenarios", s.Recording())
		used[s.Recording()] = s.Name
	}
	for _, file := range there {
		require.NotEmpty(t, used[file], "no scenario uses fixtures/%s: delete it, or name the scenario as before", file)
	}
}
