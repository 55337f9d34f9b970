package export_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/export"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

const committed = "../../exports"

// ours is this project's specification, as it lies in the tree.
func ours() suite.Options {
	return suite.Options{
		Features: os.DirFS("../../features"), Fixtures: os.DirFS("../../fixtures"), Sentences: steps.All, UseCases: steps.UseCases(),
	}
}

func TestTheCommittedExportsAreThoseOfTheRecordings(t *testing.T) {
	for _, format := range export.Formats {
		want, err := export.Files(t.Context(), ours(), format)
		require.NoError(t, err)
		require.NotEmpty(t, want)
		found, err := os.ReadDir(filepath.Join(committed, format))
		require.NoError(t, err)
		for _, file := range found {
			text, err := os.ReadFile(filepath.Join(committed, format, file.Name()))
			require.NoError(t, err)
			require.Equal(t, string(want[file.Name()]), string(text), "%s/%s: make exports writes it anew", format, file.Name())
			delete(want, file.Name())
		}
		require.Empty(t, want, "make exports writes them")
	}
}

func TestAFormatThatIsNotKnownIsRefused(t *testing.T) {
	_, err := export.Files(t.Context(), ours(), "soap")
	require.ErrorContains(t, err, `format "soap" is not known`)
}
