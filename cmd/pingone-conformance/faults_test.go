package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFaultsPrintsItsMatrix(t *testing.T) {
	set(t, nil)
	got := start(t.Context(), t, "faults", "--only", "none,failed:user.password.set:1")
	require.Zero(t, got.status, got.stderr)
	require.Regexp(t, `(?m)^fault +progressive_profiling +login_and_mfa +mfa_only_login_hint_token +left behind +says$`, got.stdout)
	require.Regexp(t, `(?m)^none +passes +passes +passes +nothing *$`, got.stdout)
	require.Regexp(t, `(?m)^failed:user\.password\.set:1 +fails at step 12 +fails at step 11 +fails at step 11 +nothing +set the password of$`, got.stdout)

	got = start(t.Context(), t, "faults", "--only", "gremlin")
	require.Equal(t, statusMisuse, got.status)
	require.Contains(t, got.stderr, "the matrix has no such fault")
}
