package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

func TestDeviationsAreListed(t *testing.T) {
	got := start(t.Context(), t, "emulator", "--deviate", "list")
	require.Zero(t, got.status)
	for _, d := range emulator.Deviations() {
		require.Contains(t, got.stdout, "  "+d.Name+" ")
	}
	require.Contains(t, got.stdout, "SECURITY")
	require.Empty(t, got.stderr)
}

func TestAnUnknownDeviationIsRefusedWithTheNearest(t *testing.T) {
	got := start(t.Context(), t, "emulator", "--deviate", "code-reusable,pasword-not-checked")
	require.Equal(t, statusMisuse, got.status)
	require.Contains(t, got.stderr, `there is no deviation "pasword-not-checked"; the nearest are password-not-checked,`)
	require.Empty(t, got.stdout)
}

func TestADeviatingEmulatorSaysSo(t *testing.T) {
	ended, end := context.WithCancel(context.Background())
	end()
	args := []string{"emulator", "--addr", "127.0.0.1:0", "--deviate", "code-reusable", "--deviate", "pkce-ignored,state-dropped"}
	got := start(ended, t, args...)
	require.Zero(t, got.status, got.stderr)
	require.Contains(t, got.stdout, "# IT BREAKS PINGONE'S CONTRACT, as it was told to: code-reusable, pkce-ignored, state-dropped\n")
	require.NotContains(t, start(ended, t, args[:3]...).stdout, "CONTRACT")
}
