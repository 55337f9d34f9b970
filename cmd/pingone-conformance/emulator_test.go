package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/examples/seeds"
)

// shell collects what the command prints while it runs.
type shell struct {
	lock sync.Mutex
	text bytes.Buffer
	seen chan struct{} // closed after the first line
	once sync.Once
}

func (s *shell) Write(p []byte) (int, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	defer s.once.Do(func() { close(s.seen) })
	return s.text.Write(p)
}

func (s *shell) String() string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.text.String()
}

func TestRunsUntilToldToStop(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	stdout, status := &shell{seen: make(chan struct{})}, make(chan int, 1)
	go func() {
		status <- execute(ctx, []string{"emulator", "--addr", "127.0.0.1:0", "--latency", "1ms"}, stdout, io.Discard)
	}()
	select {
	case <-stdout.seen:
	case <-time.After(time.Minute):
		t.Fatal("it prints nothing")
	}
	exported := map[string]string{}
	for _, line := range regexp.MustCompile(`(?m)^export (\w+)='(.*)'$`).FindAllStringSubmatch(stdout.String(), -1) {
		exported[line[1]] = line[2]
	}
	require.Equal(t, "live", exported["PINGONE_MODE"])
	require.Equal(t, "outbox", exported["PINGONE_PASSCODE"])
	require.Equal(t, exported["PINGONE_API_URL"]+"/emulator/outbox", exported["PINGONE_OUTBOX_URL"])
	for _, name := range []string{"PINGONE_ENVIRONMENT_ID", "PINGONE_CLIENT_ID", "PINGONE_CLIENT_SECRET"} {
		require.NotEmpty(t, exported[name], name)
	}
	require.Contains(t, stdout.String(), "NO IDENTITY PROVIDER")

	request, err := http.NewRequest(http.MethodPost, exported["PINGONE_AUTH_URL"]+"/"+exported["PINGONE_ENVIRONMENT_ID"]+"/as/token",
		strings.NewReader("grant_type=client_credentials"))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(exported["PINGONE_CLIENT_ID"], exported["PINGONE_CLIENT_SECRET"])
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, 200, response.StatusCode, "what it prints opens its door")

	stop()
	require.Equal(t, 0, <-status)
	require.Contains(t, stdout.String(), "has stopped")
}

// A seed that is printed can be started with, and takes its variables from the environment.
func TestASeedToBeginWith(t *testing.T) {
	require.Len(t, seeds.Names(), 3)
	for _, name := range seeds.Names() {
		got := start(t.Context(), t, "emulator", "--print-seed", name)
		require.Zero(t, got.status, got.stderr)
		require.NoError(t, emulator.CheckSeed(name, []byte(got.stdout)))
	}
	file := filepath.Join(t.TempDir(), "seed.yaml")
	require.NoError(t, os.WriteFile(file, []byte("seed: 1\nenvironments:\n- name: ${SEED_NAME}\n  type: ${SEED_TYPE}\n"), 0o600))
	t.Setenv("SEED_TYPE", "swordfish")
	got := start(t.Context(), t, "emulator", "--addr", "localhost:0", "--seed", file)
	require.Equal(t, 1, got.status)
	require.Contains(t, got.stderr, "environments[0].name: the variable SEED_NAME is not set")
	t.Setenv("SEED_NAME", "Home")
	got = start(t.Context(), t, "emulator", "--addr", "localhost:0", "--seed", file)
	require.Equal(t, 1, got.status)
	require.Contains(t, got.stderr, `"${SEED_TYPE}" is none of SANDBOX, PRODUCTION`)
	require.NotContains(t, got.stderr, "swordfish")
}

func TestWhatCannotStart(t *testing.T) {
	server, err := emulator.Start(context.Background(), emulator.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, server.Close()) }()
	taken := strings.TrimPrefix(server.URL(), "http://")
	for _, row := range []struct {
		name   string
		args   []string
		status int
		says   string
	}{
		{"port in use", []string{"--addr", taken}, 1, taken + " is already in use: stop what listens there, or choose another port with --addr"},
		{"reachable from elsewhere", []string{"--addr", ":0"}, 2, "add --allow-remote"},
		{"no port", []string{"--addr", "127.0.0.1"}, 2, "is not host:port"},
		{"no method", []string{"--methods", "pigeon"}, 2, `"pigeon" is no method`},
		{"nobody", []string{"--max-users", "0"}, 2, "--max-users 0: an environment has one person at least"},
		{"no policy", []string{"--max-policies", "-1"}, 2, "--max-policies -1: an environment has one sign-on policy at least"},
		{"a folder for TLS without TLS", []string{"--tls-dir", "ca"}, 2, "--tls-dir keeps the authority of --tls, which is missing"},
		{"no such file", []string{"--seed", "nowhere.yaml"}, 2, "--seed: open nowhere.yaml: "},
		{"no such seed", []string{"--print-seed", "login"}, 2, `--print-seed "login": there is none of that name; there are login-and-mfa, `},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := start(t.Context(), t, append([]string{"emulator"}, row.args...)...)
			require.Equal(t, row.status, got.status)
			require.Contains(t, got.stderr, row.says)
			require.Empty(t, got.stdout)
			require.Equal(t, row.status, strings.Count(got.stderr, "\n"), "one line, and after misuse another that leads to the help")
		})
	}
}

func TestTimePassesInAnEmulatorStartedByHand(t *testing.T) {
	server := liveAgainst(t, emulator.Options{})
	listed := start(t.Context(), t, "list", "--tags", "@time-travel")
	scenarios := strings.Count(strings.TrimSpace(listed.stdout), "\n")
	require.GreaterOrEqual(t, scenarios, 3, listed.stdout)
	got := start(t.Context(), t, "run", "--tags", "@time-travel")
	require.Zero(t, got.status, got.stdout+got.stderr)
	require.Regexp(t, `(?m)^[1-9]\d* scenarios: [1-9]\d* passed, 0 failed`, got.stdout)
	require.WithinDuration(t, time.Now(), server.Now(), time.Minute, "the clock is set back")
}
