package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkEmulatorStart is how long the program takes from its start to its first
// answer, with a seed, and how much memory it has then.
func BenchmarkEmulatorStart(b *testing.B) {
	file, err := program()
	require.NoError(b, err)
	var longest time.Duration
	var memory float64
	for b.Loop() {
		cmd := exec.Command(file, "emulator", "--addr", "localhost:0", "--log", "none", "--seed", "../../examples/seeds/login-and-mfa.yaml")
		stdout, err := cmd.StdoutPipe()
		require.NoError(b, err)
		began := time.Now()
		require.NoError(b, cmd.Start())
		text := make([]byte, 4096)
		n, err := stdout.Read(text)
		require.NoError(b, err)
		_, rest, _ := strings.Cut(string(text[:n]), "PINGONE_API_URL='")
		address, _, _ := strings.Cut(rest, "'")
		require.NoError(b, healthy(b.Context(), address))
		longest = max(longest, time.Since(began))
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
		if err == nil {
			_, rest, _ := strings.Cut(string(status), "VmRSS:")
			var kib float64
			_, err := fmt.Sscan(rest, &kib)
			require.NoError(b, err)
			memory = max(memory, kib/1024)
		}
		require.NoError(b, cmd.Process.Kill())
		_ = cmd.Wait() // killed, which is an error
	}
	b.ReportMetric(float64(longest.Milliseconds()), "ms-to-answer-at-most")
	b.ReportMetric(memory, "MiB-RSS-at-most")
}
