package export_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/steps"
)

// beyond are the variations that exports/README.md says no export copes with: what has to
// be asked again, read on another page, or said in another way after a refusal.
var beyond = []string{
	"busy-with-429", "busy-with-503", "busy-with-502", "busy-with-408", "user-read-late", "list-one-policy-a-page", "mfa-action-needs-device-policy", "flow-device-selection-first",
}

// varied runs the export of every use case against an emulator that answers otherwise in
// every other way: what a tenant may do otherwise fails no export, which look only at what
// is documented.
func varied(t *testing.T, run func(t *testing.T, server *emulator.Server, useCase string) error) {
	t.Helper()
	var names []string
	for _, v := range emulator.Variations() {
		if !slices.Contains(beyond, v.Name) {
			names = append(names, v.Name)
		}
	}
	require.Len(t, names, len(emulator.Variations())-len(beyond))
	readme, err := os.ReadFile(filepath.Join(committed, "README.md"))
	require.NoError(t, err)
	for _, name := range beyond {
		require.Contains(t, string(readme), "`"+name+"`")
	}
	for _, u := range steps.UseCases() {
		t.Run(u.Name, func(t *testing.T) {
			t.Parallel()
			server := started(t, emulator.Options{Variations: names})
			before := server.Counts()
			require.NoError(t, run(t, server, u.Name))
			require.Equal(t, before, server.Counts())
		})
	}
}

func TestNewmanFindsEveryCollectionKeptUnderVariations(t *testing.T) { varied(t, postman) }

func TestTheCurlScriptsFindEverythingKeptUnderVariations(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a thousand processes: not with -short")
	}
	varied(t, func(t *testing.T, server *emulator.Server, useCase string) error {
		_, err := curl(t, server, useCase)
		return err
	})
}

func TestTheK6ScriptsFindEverythingKeptUnderVariations(t *testing.T) {
	varied(t, func(t *testing.T, server *emulator.Server, useCase string) error {
		_, err := load(t, server, useCase)
		return err
	})
}
