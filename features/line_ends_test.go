package features

import (
	"bytes"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/fixtures"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// TestTheFeaturesReplayWithWindowsLineEnds is for a checkout with core.autocrlf=true by
// a git that does not read .gitattributes, and for editors that write them.
func TestTheFeaturesReplayWithWindowsLineEnds(t *testing.T) {
	o := suite.Options{
		Config: config.Config{Mode: config.Replay}, Features: withWindowsLineEnds(t, Files), Fixtures: withWindowsLineEnds(t, fixtures.Files),
		Sentences: steps.All, UseCases: steps.UseCases(), Concurrency: 4,
	}
	results, err := suite.Run(t.Context(), o)
	for _, r := range results {
		require.NoError(t, r.Err, r.Scenario.Name)
	}
	require.NoError(t, err)
	all, err := suite.Catalogue(Files)
	require.NoError(t, err)
	require.Len(t, results, len(all))
}

func withWindowsLineEnds(t *testing.T, files fs.FS) fs.FS {
	t.Helper()
	changed := fstest.MapFS{}
	require.NoError(t, fs.WalkDir(files, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, file)
		changed[file] = &fstest.MapFile{Data: bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))}
		return err
	}))
	return changed
}

// TestFilesHaveTheSameBytesOnEveryMachine holds .gitattributes.
func TestFilesHaveTheSameBytesOnEveryMachine(t *testing.T) {
	for _, files := range []fs.FS{Files, fixtures.Files} {
		require.NoError(t, fs.WalkDir(files, ".", func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := fs.ReadFile(files, file)
			require.NotContains(t, string(text), "\r", "%s: git add --renormalize . gives it line feeds", file)
			return err
		}))
	}
}
