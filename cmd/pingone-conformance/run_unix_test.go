//go:build unix

package main

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/suite/runner"
)

func TestARunThatIsStoppedDeletesWhatItMadeAndSaysSo(t *testing.T) {
	server := liveAgainst(t, emulator.Options{Latency: 20 * time.Millisecond})
	before := server.Counts()
	ended := make(chan outcome, 1)
	go func() { ended <- start(t.Context(), t, "run", "--tags", "@journey") }()
	require.Eventually(t, func() bool { return server.Counts()["applications"] > before["applications"] }, 20*time.Second, time.Millisecond)
	require.NoError(t, syscall.Kill(syscall.Getpid(), syscall.SIGTERM))
	got := <-ended
	require.Equal(t, runner.StatusStopped, got.status, got.stderr)
	require.Contains(t, got.stderr, "the running scenarios stop and delete what they made")
	require.Contains(t, got.stdout, "stopped by terminated")
	for kind, count := range before {
		require.LessOrEqual(t, server.Counts()[kind], count, kind)
	}
}
