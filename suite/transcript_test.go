package suite_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/fixtures"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// A transcript that lies in the folder after a run is about that run.
func TestARunRemovesTheOldTranscriptsOfItsScenarios(t *testing.T) {
	const its, another = "administration/an-access-token-expires.txt", "administration/some-other-scenario.txt"
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	rows := map[string]struct {
		ctx  context.Context
		mode string
		left []string
	}{
		"answered by somebody":        {t.Context(), config.Emulator, []string{another}},
		"interrupted at once":         {interrupted, config.Emulator, []string{another}},
		"a replay, which writes none": {t.Context(), config.Replay, []string{its, another}},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			require.NoError(t, os.Mkdir(filepath.Join(folder, "administration"), 0o750))
			for _, file := range []string{its, another} {
				require.NoError(t, os.WriteFile(filepath.Join(folder, file), []byte("old"), 0o600))
			}
			_, err := suite.Run(row.ctx, suite.Options{
				Config: config.Config{Mode: row.mode, Passcode: config.PasscodeConfig{Source: config.Outbox}}, Paths: []string{pathOf(t, "An access token expires")},
				Features: features(), Fixtures: fixtures.Files, Sentences: steps.All, UseCases: steps.UseCases(), Transcripts: folder,
			})
			if row.ctx.Err() == nil {
				require.NoError(t, err)
			}
			var left []string
			for _, file := range []string{its, another} {
				if _, err := os.Stat(filepath.Join(folder, file)); err == nil {
					left = append(left, file)
				}
			}
			require.Equal(t, row.left, left)
		})
	}
}

// pathOf selects a scenario of ours by its name.
func pathOf(t *testing.T, name string) string {
	t.Helper()
	paths, err := suite.Select(features(), name)
	require.NoError(t, err)
	require.Len(t, paths, 1)
	return paths[0]
}
