package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryListIsPrintedWithItsLines(t *testing.T) {
	t.Chdir("../..")
	var out, faults strings.Builder
	require.Equal(t, 0, run(t.Context(), &out, &faults), faults.String())
	for _, line := range []string{"progressive_profiling: 19 calls", "login_and_mfa: 20 calls", "mfa_only_login_hint_token: 16 calls", "(step 19)"} {
		require.Contains(t, out.String(), line)
	}
}

func TestWhereNoFeatureIsThereIsNothingToTrace(t *testing.T) {
	t.Chdir(t.TempDir())
	var out, faults strings.Builder
	require.Equal(t, 1, run(t.Context(), &out, &faults))
	require.Contains(t, faults.String(), "trace: replay the journeys")
}
