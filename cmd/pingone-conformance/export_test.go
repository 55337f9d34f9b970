package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExportWritesAFolderForEachFormat(t *testing.T) {
	set(t, nil)
	to := t.TempDir()
	got := start(t.Context(), t, "export", "postman", "--to", to)
	require.Zero(t, got.status, got.stderr)
	file := filepath.Join(to, "postman", "login_and_mfa.postman_collection.json")
	require.Contains(t, got.stdout, file+"\n")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(text), `"Step 17: Submit the one-time passcode"`)
}

func TestExportSaysWhichFormatsThereAre(t *testing.T) {
	set(t, nil)
	for _, row := range []struct {
		name, says string
		args       []string
	}{
		{"none is named", "say which format: postman, curl, k6", []string{"export"}},
		{"an unknown one is named", `there is no format "soap": postman, curl, k6`, []string{"export", "soap"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := start(t.Context(), t, row.args...)
			require.Equal(t, statusMisuse, got.status)
			require.Contains(t, got.stderr, row.says)
		})
	}
}
