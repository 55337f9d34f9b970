package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRunTellsHowItEnded(t *testing.T) {
	faulty := filepath.Join(t.TempDir(), "accepted.txt")
	require.NoError(t, os.WriteFile(faulty, []byte("one | column"), 0o600))
	for _, c := range []struct {
		about          string
		args           []string
		status         int
		stdout, stderr string
	}{
		{"no list", []string{"--accepted", "nowhere.txt"}, 1, "", "nowhere.txt"},
		{"a faulty list", []string{"--accepted", faulty}, 1, "", "line 1: 2 columns instead of 6"},
		{"nothing chosen", []string{"--only", "no such mutant"}, 1, "", "there is no mutant"},
		{"a part", []string{"--only", "Get Token 401  /error  dropped"}, 0, "killed by a check", ""},
	} {
		t.Run(c.about, func(t *testing.T) {
			got := start(t.Context(), t, append([]string{"mutants"}, c.args...)...)
			require.Equal(t, c.status, got.status, got.stderr)
			require.Contains(t, got.stdout, c.stdout)
			require.Contains(t, got.stderr, c.stderr)
		})
	}
}

func TestFaultsFailTheRun(t *testing.T) {
	require.NoError(t, faulty(nil))
	require.EqualError(t, faulty([]string{"too little", "stale"}), "too little\nstale")
}
