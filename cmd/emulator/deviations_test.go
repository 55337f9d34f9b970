package main

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

func TestDeviationsAreListed(t *testing.T) {
	var out, complaint strings.Builder
	require.Equal(t, 0, run(context.Background(), []string{"-deviate", "list"}, &out, &complaint))
	for _, d := range emulator.Deviations() {
		require.Contains(t, out.String(), "  "+d.Name+" ")
	}
	require.Contains(t, out.String(), "SECURITY")
	require.Empty(t, complaint.String())
}

func TestAnUnknownDeviationIsRefusedWithTheNearest(t *testing.T) {
	var out, complaint strings.Builder
	require.Equal(t, 2, run(context.Background(), []string{"-deviate", "code-reusable,pasword-not-checked"}, &out, &complaint))
	require.Contains(t, complaint.String(), `there is no deviation "pasword-not-checked"; the nearest are password-not-checked,`)
	require.Empty(t, out.String())
}

func TestADeviatingEmulatorSaysSo(t *testing.T) {
	ended, end := context.WithCancel(context.Background())
	end()
	var out strings.Builder
	args := []string{"-addr", "127.0.0.1:0", "-deviate", "code-reusable", "-deviate", "pkce-ignored,state-dropped"}
	require.Equal(t, 0, run(ended, args, &out, &out))
	require.Contains(t, out.String(), "# IT BREAKS PINGONE'S CONTRACT, as it was told to: code-reusable, pkce-ignored, state-dropped\n")
	out.Reset()
	require.Equal(t, 0, run(ended, args[:2], &out, &out))
	require.NotContains(t, out.String(), "CONTRACT")
}
