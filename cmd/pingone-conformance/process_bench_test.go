//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/fixtures"
	"pingone-conformance/internal/replay"
)

const (
	journeyTags = "@journey && @login_and_mfa"
	journeyFile = "login_and_mfa/ben-signs-on-with-his-password-and-a-passcode.txtar"
)

// command is a process to be measured.
type command func(t testing.TB) *exec.Cmd

// cost is what a process took: processor time, and time.
type cost struct{ cpu, wall time.Duration }

func (c command) run(t testing.TB) cost {
	t.Helper()
	cmd := c(t)
	var out bytes.Buffer
	cmd.Stderr = &out
	if cmd.Stdout == nil {
		cmd.Stdout = &out
	}
	began := time.Now()
	require.NoError(t, cmd.Run(), "%s", &out)
	wall := time.Since(began)
	return cost{cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), wall}
}

// peak is the memory that the process has resident at most, in MiB, started by a program that has little.
func (c command) peak(b *testing.B, starter string) float64 {
	b.Helper()
	said := filepath.Join(b.TempDir(), "peak")
	command(func(t testing.TB) *exec.Cmd {
		cmd := c(t)
		cmd.Path, cmd.Args = starter, append([]string{starter, cmd.Path}, cmd.Args[1:]...)
		cmd.Env = append(cmd.Environ(), "PEAK_TO="+said)
		return cmd
	}).run(b)
	text, err := os.ReadFile(said)
	require.NoError(b, err)
	bytes, err := strconv.ParseFloat(string(text), 64)
	require.NoError(b, err)
	return bytes / (1 << 20)
}

// BenchmarkProcess measures the built program as a process, and beside it, in turn, a process that sends the same
// calls by bare net/http. Reported are the middle of some rounds; the ratios are of processes that ran next to each other.
func BenchmarkProcess(b *testing.B) {
	folder := b.TempDir()
	program, bare := compile(b, folder, "."), bareJourney(b, compile(b, folder, "./testdata/bare"))
	starter := compile(b, folder, "./testdata/peak")
	compared := func(b *testing.B, one command) {
		compared(b, one, bare)
		b.ReportMetric(one.peak(b, starter), "peak-MiB")
	}
	run := func(env []string, args ...string) command {
		return func(testing.TB) *exec.Cmd {
			cmd := exec.CommandContext(b.Context(), program, args...)
			cmd.Dir, cmd.Env = folder, append([]string{pathVariable(), "HOME=" + folder}, env...)
			return cmd
		}
	}
	journey := []string{"run", "--tags", journeyTags, "--reports", ""}
	replayed := []string{"PINGONE_MODE=replay"}
	b.Run("start", func(b *testing.B) { compared(b, run(replayed, "--help")) })
	b.Run("replay", func(b *testing.B) { compared(b, run(replayed, journey...)) })
	b.Run("features", func(b *testing.B) {
		compared(b, run(replayed, "run", "--reports", filepath.Join(folder, "reports")))
	})
	b.Run("live", func(b *testing.B) { compared(b, run(liveVariables(b, emulator.Options{}), journey...)) })
	b.Run("live-100", func(b *testing.B) {
		compared(b, run(liveVariables(b, emulator.Options{}), append(journey, "--repeat", "100", "--concurrency", "1")...))
	})
	b.Run("live-50ms", func(b *testing.B) {
		const latency = 50 * time.Millisecond
		env := liveVariables(b, emulator.Options{Latency: latency})
		for range b.N {
			one := run(env, journey...).run(b)
			alone := run(env, append(journey, "--repeat", "10", "--concurrency", "1")...).run(b)
			together := run(env, append(journey, "--repeat", "10", "--concurrency", "10")...).run(b)
			b.ReportMetric(float64(one.wall)/float64(latency), "latencies/journey")
			b.ReportMetric(float64(alone.wall)/float64(together.wall), "speed-up-of-10")
			b.ReportMetric(10*float64(one.wall)/float64(together.wall), "ten-runs/10-together")
		}
	})
}

// compared reports what a process costs, and how many times what the other costs.
func compared(b *testing.B, one, other command) {
	b.Helper()
	const rounds = 5
	one.run(b) // what the file system keeps is warm
	other.run(b)
	var cpu, wall, cpus, walls []float64
	b.ResetTimer()
	for range b.N * rounds {
		a, z := one.run(b), other.run(b)
		cpu, wall = append(cpu, float64(a.cpu.Microseconds())/1000), append(wall, float64(a.wall.Microseconds())/1000)
		cpus, walls = append(cpus, float64(a.cpu)/float64(z.cpu)), append(walls, float64(a.wall)/float64(z.wall))
	}
	for name, all := range map[string][]float64{"cpu-ms": cpu, "wall-ms": wall, "cpu/bare": cpus, "wall/bare": walls} {
		slices.Sort(all)
		b.ReportMetric(all[len(all)/2], name)
	}
}

func compile(b *testing.B, folder, source string) (program string) {
	b.Helper()
	program = filepath.Join(folder, filepath.Base(source)+"-program")
	build := exec.CommandContext(b.Context(), "go", "build", "-o", program, source)
	build.Env = append(build.Environ(), "CGO_ENABLED=0") // as make builds it
	out, err := build.CombinedOutput()
	require.NoError(b, err, string(out))
	return program
}

// bareJourney sends the calls of a recording to a server that answers as it was recorded.
func bareJourney(b *testing.B, program string) command {
	b.Helper()
	recording, err := replay.Load(fixtures.Files, journeyFile)
	require.NoError(b, err)
	exchanges := recording.Exchanges()
	type call struct {
		Method, Path, Body string
		Header             http.Header
	}
	var calls []call
	for _, x := range exchanges {
		calls = append(calls, call{x.Request.Method, x.Request.URL.RequestURI(), string(x.Request.Body), x.Request.Header})
	}
	text, err := json.Marshal(calls)
	require.NoError(b, err)
	var mu sync.Mutex
	next := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		mu.Lock()
		answer := exchanges[next%len(exchanges)].Response
		next++
		mu.Unlock()
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Status)
		_, _ = w.Write(answer.Body)
	}))
	b.Cleanup(server.Close)
	return func(testing.TB) *exec.Cmd {
		cmd := exec.CommandContext(b.Context(), program, server.URL)
		cmd.Stdin = bytes.NewReader(text)
		return cmd
	}
}

// liveVariables are those of a live run against an emulator that runs in this process.
func liveVariables(b *testing.B, o emulator.Options) []string {
	b.Helper()
	server, err := emulator.Start(b.Context(), o)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, server.Close()) })
	c := server.Credentials()
	return []string{
		"PINGONE_MODE=live", "PINGONE_API_URL=" + server.URL(), "PINGONE_AUTH_URL=" + server.URL(),
		"PINGONE_ENVIRONMENT_ID=" + c.EnvironmentID, "PINGONE_CLIENT_ID=" + c.ClientID, "PINGONE_CLIENT_SECRET=" + c.ClientSecret,
		"PINGONE_PASSCODE=outbox", "PINGONE_OUTBOX_URL=" + server.OutboxURL(),
	}
}
