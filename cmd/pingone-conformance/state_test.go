package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// built says that there is something to remove at the end.
var built atomic.Bool

// program builds the program once for all tests that start it as a process.
var program = sync.OnceValues(func() (string, error) {
	built.Store(true)
	dir, err := os.MkdirTemp("", "pingone-conformance-program")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "pingone-conformance")
	build := exec.Command("go", "build", "-o", file, ".")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return file, nil
})

func TestMain(m *testing.M) {
	status := m.Run()
	if built.Load() {
		if file, err := program(); err == nil {
			_ = os.RemoveAll(filepath.Dir(file)) // in the system's folder for such things
		}
	}
	os.Exit(status)
}

// process is an emulator of its own.
type process struct {
	cmd      *exec.Cmd
	exported map[string]string
	stdout   *shell
}

// launch starts the program as a process and waits for what it exports.
func launch(t *testing.T, args ...string) *process {
	t.Helper()
	file, err := program()
	require.NoError(t, err)
	cmd := exec.Command(file, append([]string{"emulator", "--addr", "localhost:0", "--log", "none"}, args...)...)
	return await(t, cmd)
}

func await(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{cmd: cmd, stdout: &shell{seen: make(chan struct{})}, exported: map[string]string{}}
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = p.stdout, &stderr
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	select {
	case <-p.stdout.seen:
	case <-time.After(time.Minute):
		t.Fatal("it prints nothing: ", stderr.String())
	}
	for _, line := range regexp.MustCompile(`(?m)^export (\w+)='(.*)'$`).FindAllStringSubmatch(p.stdout.String(), -1) {
		p.exported[line[1]] = line[2]
	}
	return p
}

func (p *process) call(method, path, token, media, body string) (int, gjson.Result, error) {
	request, err := http.NewRequest(method, p.exported["PINGONE_API_URL"]+path, strings.NewReader(body))
	if err != nil {
		return 0, gjson.Result{}, err
	}
	request.Header.Set("Content-Type", media)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	} else {
		request.SetBasicAuth(p.exported["PINGONE_CLIENT_ID"], p.exported["PINGONE_CLIENT_SECRET"])
	}
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	if err != nil {
		return 0, gjson.Result{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, gjson.ParseBytes(text), err
}

func (p *process) token(t *testing.T) string {
	t.Helper()
	status, answer, err := p.call("POST", "/"+p.exported["PINGONE_ENVIRONMENT_ID"]+"/as/token", "", "application/x-www-form-urlencoded", "grant_type=client_credentials")
	require.NoError(t, err)
	require.Equal(t, 200, status, answer.Raw)
	return answer.Get("access_token").String()
}

func (p *process) users() string {
	return "/v1/environments/" + p.exported["PINGONE_ENVIRONMENT_ID"] + "/users"
}

// TestKilledUnderLoadItKeepsWhatWasAcknowledged kills the program with no warning
// while eight callers write, and looks for everything that was answered.
func TestKilledUnderLoadItKeepsWhatWasAcknowledged(t *testing.T) {
	if runtime.GOOS == "windows" || testing.Short() {
		t.Skip("builds and kills a process: not on Windows, not with -short")
	}
	file := filepath.Join(t.TempDir(), "state.db")
	p := launch(t, "--state", file)
	token := p.token(t)
	var lock sync.Mutex
	var acknowledged []string
	enough := make(chan struct{})
	var group sync.WaitGroup
	for caller := range 8 {
		group.Go(func() {
			for n := 0; ; n++ {
				name := fmt.Sprintf("person-%d-%d", caller, n)
				status, _, err := p.call("POST", p.users(), token, "application/json", `{"username":"`+name+`","email":"`+name+`@example.com"}`)
				if err != nil || status != 201 {
					return // it is gone
				}
				lock.Lock()
				if acknowledged = append(acknowledged, name); len(acknowledged) == 400 {
					close(enough)
				}
				lock.Unlock()
			}
		})
	}
	<-enough
	require.NoError(t, p.cmd.Process.Kill())
	group.Wait()
	_ = p.cmd.Wait() // killed, which is an error

	p = launch(t, "--state", file)
	require.Contains(t, p.stdout.String(), "goes on with what "+file+" holds")
	kept := map[string]bool{}
	for next := p.users() + "?limit=1000"; next != ""; {
		status, page, err := p.call("GET", next, token, "application/json", "")
		require.NoError(t, err)
		require.Equal(t, 200, status, "the token from before the end holds: %s", page.Raw)
		for _, name := range page.Get("_embedded.users.#.username").Array() {
			kept[name.String()] = true
		}
		_, next, _ = strings.Cut(page.Get("_links.next.href").String(), p.exported["PINGONE_API_URL"])
	}
	for _, name := range acknowledged {
		require.True(t, kept[name], "%s was acknowledged and is lost", name)
	}
	t.Logf("%d acknowledged when it was killed, %d kept", len(acknowledged), len(kept))
}

// TestEverythingThatTheFeaturesDoIsKept runs the specification against the program,
// kills it, and compares what it held with what it has again.
func TestEverythingThatTheFeaturesDoIsKept(t *testing.T) {
	if runtime.GOOS == "windows" || testing.Short() {
		t.Skip("builds and kills a process: not on Windows, not with -short")
	}
	file := filepath.Join(t.TempDir(), "state.db")
	p := launch(t, "--state", file)
	set(t, p.exported)
	got := start(t.Context(), t, "run", "--quiet")
	require.Zero(t, got.status, got.stdout+got.stderr)
	token := p.token(t)
	for n := range 5 {
		name := fmt.Sprintf("person-%d", n)
		status, user, err := p.call("POST", p.users(), token, "application/json", `{"username":"`+name+`","email":"`+name+`@example.com"}`)
		require.NoError(t, err)
		require.Equal(t, 201, status)
		one := p.users() + "/" + user.Get("id").String()
		_, _, err = p.call("PUT", one+"/password", token, "application/vnd.pingidentity.password.set+json", `{"value":"Quiet-Harbour-52"}`)
		require.NoError(t, err)
		_, _, err = p.call("POST", one+"/password", token, "application/vnd.pingidentity.password.check+json", `{"password":"wrong"}`)
		require.NoError(t, err)
	}
	before := p.snapshot(t)
	require.NoError(t, p.cmd.Process.Kill())
	_ = p.cmd.Wait() // killed, which is an error
	again := launch(t, "--state", file)
	require.JSONEq(t, before, again.snapshot(t))
}

// snapshot is what the emulator holds, without the number of the newest thing, which may
// have been deleted.
func (p *process) snapshot(t *testing.T) string {
	t.Helper()
	status, taken, err := p.call("GET", "/emulator/snapshot", "none", "application/json", "")
	require.NoError(t, err)
	require.Equal(t, 200, status)
	var decoded map[string]any
	require.NoError(t, json.Unmarshal([]byte(taken.Get("data").Raw), &decoded))
	delete(decoded, "Seq")
	encoded, err := json.Marshal(decoded)
	require.NoError(t, err)
	return string(encoded)
}

func TestAStateFileThatCannotBeUsed(t *testing.T) {
	if runtime.GOOS == "windows" || testing.Short() {
		t.Skip("builds and starts a process: not on Windows, not with -short")
	}
	dir := t.TempDir()
	used, broken := filepath.Join(dir, "used.db"), filepath.Join(dir, "broken.db")
	launch(t, "--state", used)
	require.NoError(t, os.WriteFile(broken, []byte("no state"), 0o600))
	for file, says := range map[string]string{
		used:   "--state: emulator: state file " + used + ": another emulator has this file open: end it, or use another file",
		broken: "state file " + broken + " is broken or no state file",
	} {
		got := start(t.Context(), t, "emulator", "--addr", "localhost:0", "--state", file)
		require.Equal(t, statusFailed, got.status)
		require.Contains(t, got.stderr, says)
		require.Empty(t, got.stdout)
	}
}
