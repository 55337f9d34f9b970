package main

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

func TestFaultFlags(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, 0, run(context.Background(), []string{"-fault", "list"}, &out, &errs))
	for _, kind := range emulator.FaultKinds() {
		require.Contains(t, out.String(), kind.Name)
	}
	require.Equal(t, 2, run(context.Background(), []string{"-fault", "gremlin"}, &out, &errs))
	require.Contains(t, errs.String(), `there is no fault "gremlin"; there are latency, limited,`)
	require.Contains(t, errs.String(), "-fault list explains them")
	errs.Reset()
	require.Equal(t, 1, run(context.Background(), []string{"-addr", "127.0.0.1:0", "-fault", "failed:aplication.create"}, &out, &errs))
	require.Contains(t, errs.String(), `no operation is called "aplication.create"`)
}

func TestFaultsOnPurposeAreSaid(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stdout, status := &shell{seen: make(chan struct{})}, make(chan int, 1)
	go func() {
		status <- run(ctx, []string{"-addr", "127.0.0.1:0", "-fault", "limited:*:1", "-fault", "skew:-5m"}, stdout, stdout)
	}()
	select {
	case <-stdout.seen:
	case <-time.After(10 * time.Second):
		t.Fatal("it prints nothing")
	}
	require.Contains(t, stdout.String(), "FAULTS ON PURPOSE: limited:*:1 skew:-5m (shown and changed at http://127.0.0.1:")
	stop()
	require.Equal(t, 0, <-status)
}
