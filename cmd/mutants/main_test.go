package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRunTellsHowItEnded(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	faulty := filepath.Join(t.TempDir(), "accepted.txt")
	require.NoError(t, os.WriteFile(faulty, []byte("one | column"), 0o600))
	for _, c := range []struct {
		about          string
		args           []string
		status         int
		stdout, stderr string
	}{
		{"help", []string{"-h"}, 0, "", "-only"},
		{"a flag that is none", []string{"-nonsense"}, 2, "", "flag provided but not defined"},
		{"an argument", []string{"all"}, 2, "", `unexpected argument "all"`},
		{"no list", []string{"-accepted", "nowhere.txt"}, 1, "", "nowhere.txt"},
		{"a faulty list", []string{"-accepted", faulty}, 1, "", "line 1: 2 columns instead of 6"},
		{"nothing chosen", []string{"-only", "no such mutant"}, 1, "", "there is no mutant"},
		{"a part", []string{"-only", "Get Token 401  /error  dropped"}, 0, "killed by a check", ""},
	} {
		t.Run(c.about, func(t *testing.T) {
			var stdout, stderr strings.Builder
			require.Equal(t, c.status, run(context.Background(), c.args, &stdout, &stderr), stderr.String())
			require.Contains(t, stdout.String(), c.stdout)
			require.Contains(t, stderr.String(), c.stderr)
		})
	}
}

func TestFaultsFailTheRun(t *testing.T) {
	var stderr strings.Builder
	require.Equal(t, 0, judged(&stderr, nil))
	require.Empty(t, stderr.String())
	require.Equal(t, 1, judged(&stderr, []string{"too little", "stale"}))
	require.Equal(t, "mutants: too little\nmutants: stale\n", stderr.String())
}
