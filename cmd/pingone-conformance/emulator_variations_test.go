package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

func TestVariationsAreListed(t *testing.T) {
	got := start(t.Context(), t, "emulator", "--vary", "list")
	require.Zero(t, got.status)
	for _, v := range emulator.Variations() {
		require.Contains(t, got.stdout, "  "+v.Name+" ")
		require.Contains(t, got.stdout, v.Page+")\n")
	}
	require.Contains(t, got.stdout, "PEOPLE")
	require.Empty(t, got.stderr)
}

func TestAnUnknownVariationIsRefusedWithTheNearest(t *testing.T) {
	got := start(t.Context(), t, "emulator", "--vary", "redirect-303,redirect-304")
	require.Equal(t, statusMisuse, got.status)
	require.Contains(t, got.stderr, `there is no variation "redirect-304"; the nearest are redirect-303,`)
	require.Empty(t, got.stdout)
}

func TestAVaryingEmulatorSaysSo(t *testing.T) {
	ended, end := context.WithCancel(context.Background())
	end()
	got := start(ended, t, "emulator", "--addr", "127.0.0.1:0", "--vary", "redirect-303", "--vary", "all")
	require.Zero(t, got.status, got.stderr)
	require.Contains(t, got.stdout, "# It answers otherwise, within what PingOne's pages allow, as it was told to: redirect-303, all\n")
	require.NotContains(t, start(ended, t, "emulator", "--addr", "127.0.0.1:0").stdout, "otherwise")
}
