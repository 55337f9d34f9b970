//go:build unix

package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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
	require.Eventually(t, func() bool { return server.Counts()["applications"] > before["applications"] }, time.Minute, time.Millisecond)
	require.NoError(t, syscall.Kill(syscall.Getpid(), syscall.SIGTERM))
	got := <-ended
	require.Equal(t, runner.StatusStopped, got.status, got.stderr)
	require.Contains(t, got.stderr, "the running scenarios stop and delete what they made")
	require.Contains(t, got.stdout, "stopped by terminated")
	for kind, count := range before {
		require.LessOrEqual(t, server.Counts()[kind], count, kind)
	}
	says(t, "interrupted", "stopped by terminated")
}

// says holds that the reports of a run that was stopped are there, and say so.
func says(t *testing.T, state, why string) {
	t.Helper()
	for _, name := range []string{"index.html", "junit.xml", "messages.ndjson", "summary.md", "conformance.json"} {
		text, err := os.ReadFile(filepath.Join("reports", name))
		require.NoError(t, err)
		require.Contains(t, string(text), state, name)
		require.Contains(t, string(text), why, name)
	}
}

func TestTheSecondCtrlCLeavesReportsAndSaysWhatIsLeft(t *testing.T) {
	server := liveAgainst(t, emulator.Options{Latency: 100 * time.Millisecond})
	file, err := program()
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	before := server.Counts()
	cmd := exec.Command(file, "run", "--tags", "@journey")
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	require.Eventually(t, func() bool { return server.Counts()["applications"] > before["applications"] }, time.Minute, time.Millisecond)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	var said strings.Builder
	for lines := bufio.NewScanner(stderr); lines.Scan(); said.WriteString(lines.Text() + "\n") {
		if strings.Contains(lines.Text(), "press Ctrl-C again") {
			require.NoError(t, cmd.Process.Signal(os.Interrupt))
		}
	}
	var ended *exec.ExitError
	require.ErrorAs(t, cmd.Wait(), &ended)
	require.Equal(t, runner.StatusStopped, ended.ExitCode())
	require.Regexp(t, "left behind; `pingone-conformance sweep` finds (it|them) later:\n  ", said.String())
	says(t, "interrupted", "left at once")
}
