package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// oneScenario is a folder with one feature about client secrets.
func oneScenario(t *testing.T, outcome string) string {
	t.Helper()
	folder := t.TempDir()
	text := "Feature: One\n\n  Scenario: A wrong secret gets no token\n" +
		"    When Priya tries to get an access token with a wrong secret\n    Then the token endpoint refuses with \"" + outcome + "\"\n"
	require.NoError(t, os.WriteFile(filepath.Join(folder, "one.feature"), []byte(text), 0o600))
	return folder
}

func TestTheExitStatusSaysWhetherEverythingWasNoticed(t *testing.T) {
	good, failing := oneScenario(t, "invalid_client"), oneScenario(t, "invalid_grant")
	for _, row := range []struct {
		name   string
		args   []string
		status int
		says   string
	}{
		{"noticed", []string{"--features", good, "--only", "client-secret-not-checked"}, 0, "A wrong secret gets no token"},
		{"in full", []string{"--features", good, "--only", "client-secret-not-checked", "-v", "--all"}, 0, "rule: wrong credentials are invalid_client"},
		{"survived", []string{"--features", good, "--only", "client-secret-not-checked,code-reusable"}, 1, "nothing noticed 1 of 2 deviations"},
		{"no control", []string{"--features", failing, "--only", "code-reusable"}, 1, "fail against the emulator as it is"},
		{"no such name", []string{"--features", good, "--only", "code-reusible"}, 1, "the nearest are code-reusable"},
		{"no features", []string{"--features", t.TempDir(), "--only", "code-reusable"}, 1, "detect:"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := start(t.Context(), t, append([]string{"detect"}, row.args...)...)
			require.Equal(t, row.status, got.status, got.stderr)
			require.Contains(t, got.stdout+got.stderr, row.says)
		})
	}
}
