package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/suite/runner"
)

func TestEveryListIsPrintedWithItsLines(t *testing.T) {
	got := start(t.Context(), t, "trace")
	require.Zero(t, got.status, got.stderr)
	for _, line := range []string{"progressive_profiling: 19 calls", "login_and_mfa: 20 calls", "mfa_only_login_hint_token: 16 calls", "(step 19)"} {
		require.Contains(t, got.stdout, line)
	}
}

func TestAJourneyThatLeavesItsListIsNoTrace(t *testing.T) {
	whole, err := fs.ReadFile(specification().Features, "login_and_mfa.feature")
	require.NoError(t, err)
	features := t.TempDir()
	shorter := strings.Replace(string(whole), "(step 19)", "(step 20)", 1)
	require.NoError(t, os.WriteFile(filepath.Join(features, "login_and_mfa.feature"), []byte(shorter), 0o600))
	got := start(t.Context(), t, "trace", "--features", features)
	require.Equal(t, statusFailed, got.status)
	require.Contains(t, got.stderr, "trace: replay \"Ben signs on with his password and a passcode\"")
	require.Contains(t, got.stderr, "step 19 is missing")
}

func TestWhatStopsTheTraceIsSaid(t *testing.T) {
	set(t, nil)
	ended, end := context.WithCancel(t.Context())
	end()
	got := start(ended, t, "trace")
	require.Equal(t, runner.StatusStopped, got.status)
	require.Contains(t, got.stderr, "trace: stopped: replay \"")

	var faults strings.Builder
	require.Equal(t, statusFailed, execute(t.Context(), []string{"trace"}, closed{}, &faults))
	require.Contains(t, faults.String(), "trace: print the table: closed")
}

// closed is an output that takes nothing.
type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, errors.New("closed") }
