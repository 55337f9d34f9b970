package features

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/suite"
)

// TestEveryRecordingHasItsScenario keeps recordings of scenarios that were renamed
// or deleted from lying about; two scenarios may not share one either.
func TestEveryRecordingHasItsScenario(t *testing.T) {
	there, err := filepath.Glob(filepath.Join(fixturesDir, "*", "*.txtar"))
	require.NoError(t, err)
	results, err := suite.Run(t.Context(), suite.Options{
		Config: config.Config{Mode: config.Replay}, Features: os.DirFS("."), Fixtures: fixturesDir,
	})
	require.NoError(t, err)
	used := map[string]string{}
	for _, r := range results {
		file := r.Scenario.Recording(fixturesDir)
		require.Empty(t, used[file], "%s belongs to two scenarios", file)
		used[file] = r.Scenario.Name
	}
	for _, file := range there {
		require.NotEmpty(t, used[file], "no scenario uses %s: delete it, or name the scenario as before", file)
	}
}
