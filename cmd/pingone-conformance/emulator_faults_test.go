package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

func TestFaultFlags(t *testing.T) {
	got := start(t.Context(), t, "emulator", "--fault", "list")
	require.Zero(t, got.status)
	for _, kind := range emulator.FaultKinds() {
		require.Contains(t, got.stdout, kind.Name)
	}
	got = start(t.Context(), t, "emulator", "--fault", "gremlin")
	require.Equal(t, statusMisuse, got.status)
	require.Contains(t, got.stderr, `there is no fault "gremlin"; there are latency, limited,`)
	require.Contains(t, got.stderr, "--fault list explains them")
	got = start(t.Context(), t, "emulator", "--addr", "127.0.0.1:0", "--fault", "failed:aplication.create")
	require.Equal(t, statusFailed, got.status)
	require.Contains(t, got.stderr, `no operation is called "aplication.create"`)
}

func TestFaultsOnPurposeAreSaid(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stdout, status := &shell{seen: make(chan struct{})}, make(chan int, 1)
	go func() {
		status <- execute(ctx, []string{"emulator", "--addr", "127.0.0.1:0", "--fault", "limited:*:1", "--fault", "skew:-5m"}, stdout, stdout)
	}()
	select {
	case <-stdout.seen:
	case <-time.After(time.Minute):
		t.Fatal("it prints nothing")
	}
	require.Contains(t, stdout.String(), "FAULTS ON PURPOSE: limited:*:1 skew:-5m (shown and changed at http://127.0.0.1:")
	stop()
	require.Equal(t, 0, <-status)
}
