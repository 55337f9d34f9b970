package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/internal/gherkin"
	"pingone-conformance/internal/proof/detect"
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

// A row that is missing or stale hides nothing, but costs the time that the table is for.
func TestEveryDeviationNamesTheScenarioToTryFirst(t *testing.T) {
	scenarios, err := gherkin.Read(specification().Features)
	require.NoError(t, err)
	first, known := detect.Learned(), map[string]bool{}
	for _, d := range emulator.Deviations() {
		known[d.Name] = true
		at := first[d.Name]
		require.True(t, slices.ContainsFunc(scenarios, func(s gherkin.Scenario) bool { return s.File == at.File && s.Name == at.Scenario }),
			"%s: %q is no scenario of %q: pingone-conformance detect --only %[1]s --learn internal/proof/detect/first.txt", d.Name, at.Scenario, at.File)
	}
	for name := range first {
		require.Contains(t, known, name, "there is no such deviation any more")
	}
}

func TestWhoNoticedIsWrittenDown(t *testing.T) {
	table := filepath.Join(t.TempDir(), "first.txt")
	got := start(t.Context(), t, "detect", "--features", oneScenario(t, "invalid_client"), "--only", "client-secret-not-checked", "--learn", table)
	require.Equal(t, 0, got.status, got.stderr)
	text, err := os.ReadFile(table)
	require.NoError(t, err)
	require.Contains(t, string(text), "\nclient-secret-not-checked one.feature: A wrong secret gets no token\n")
	require.Contains(t, string(text), "\ncode-reusable ", "the other rows are kept")
}
