package suite_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

// line is the way to a tenant. Something happens on it after a given call has been
// processed and before its answer arrives.
type line struct {
	*httptest.Server
	mu    sync.Mutex
	calls int
	at    int         // the first call after which it may happen; 0 never
	ready func() bool // what it waits for beyond that
	then  func()
}

func newLine(t *testing.T, to *tenant) *line {
	t.Helper()
	target, err := url.Parse(to.URL())
	require.NoError(t, err)
	l := &line{}
	proxy := &httputil.ReverseProxy{
		// The Host that the caller used stays, so that links lead over this line.
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host },
		ModifyResponse: func(*http.Response) error { l.passed(); return nil },
		ErrorLog:       log.New(io.Discard, "", 0),
	}
	l.Server = httptest.NewUnstartedServer(proxy)
	l.Config.ErrorLog = proxy.ErrorLog
	l.Start()
	t.Cleanup(l.Close)
	return l
}

// after has something happen after a call.
func (l *line) after(call int, then func()) {
	l.onceReady(call, func() bool { return true }, then)
}

// onceReady has something happen after a call, or after the first later one at which it is ready.
func (l *line) onceReady(call int, ready func() bool, then func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at, l.ready, l.then = call, ready, then
}

func (l *line) passed() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.calls++; l.at > 0 && l.calls >= l.at && l.ready() {
		l.at = 0
		l.then()
	}
}

func (l *line) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.calls
}

var errCtrlC = errors.New("stopped by interrupt")

// A run that is stopped after any of its calls, before it hears the answer, leaves
// nothing behind.
func TestARunThatIsStoppedAnywhereLeavesNothing(t *testing.T) {
	for _, journey := range journeys() {
		t.Run(journey, func(t *testing.T) {
			t.Parallel()
			whole := newTenant(t, emulator.Options{})
			l := newLine(t, whole)
			require.NoError(t, whole.Run(context.Background(), l.URL, journey).Err)
			require.Empty(t, whole.Left())
			require.Greater(t, l.count(), 25)
			for at := 1; at <= l.count(); at++ {
				stoppedAfter(t, journey, at)
			}
		})
	}
}

func stoppedAfter(t *testing.T, journey string, call int) {
	t.Helper()
	e := newTenant(t, emulator.Options{})
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	l := newLine(t, e)
	l.after(call, func() { cancel(errCtrlC) })
	got := e.Run(ctx, l.URL, journey)
	require.Error(t, got.Err, "call %d: a run that was stopped must not pass", call)
	require.Empty(t, e.Left(), "stopped after call %d: %v", call, got.Err)
}

// program builds the features as a program, as go test does, in a folder of its own
// where no .env can be found.
func program(t *testing.T) (binary, dir string) {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "go.mod"), []byte("module elsewhere\n"), 0o600))
	dir = filepath.Join(root, "features")
	require.NoError(t, os.CopyFS(dir, features()))
	binary = filepath.Join(root, "features.test")
	build := exec.Command("go", "test", "-c", "-o", binary, "../features")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	return binary, dir
}

// process is a run of the journeys in a process of its own.
type process struct {
	*exec.Cmd
	out     bytes.Buffer
	started chan struct{}
}

func newProcess(e *tenant, binary, dir, at string) *process {
	p := &process{
		Cmd:     exec.Command(binary, "-test.run", "^TestFeatures$", "-tags", "@journey", "-concurrency", "3"),
		started: make(chan struct{}),
	}
	p.Dir, p.Stdout, p.Stderr = dir, &p.out, &p.out
	for name, value := range e.Variables(at) {
		p.Env = append(p.Env, name+"="+value)
	}
	return p
}

// run starts the process and waits for its end.
func (p *process) run() error {
	if err := p.Start(); err != nil {
		return err
	}
	close(p.started)
	return p.Wait()
}

// send sends it a signal; one that has ended already is past hearing.
func (p *process) send(s os.Signal) {
	<-p.started
	_ = p.Process.Signal(s)
}

func TestARunThatGetsCtrlCLeavesNothing(t *testing.T) {
	binary, dir := program(t)
	for _, signal := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
		e := newTenant(t, emulator.Options{})
		l := newLine(t, e)
		p := newProcess(e, binary, dir, l.URL)
		l.after(50, func() { p.send(signal) })
		err := p.run()
		var status *exec.ExitError
		require.ErrorAs(t, err, &status, "a run that was stopped must not pass: %s", &p.out)
		require.Contains(t, p.out.String(), "the running scenarios stop and delete what they made")
		require.Empty(t, e.Left(), p.out.String())
	}
}

func TestARunThatIsKilledIsSwept(t *testing.T) {
	binary, dir := program(t)
	whole := newTenant(t, emulator.Options{})
	through := newLine(t, whole)
	uneventful := newProcess(whole, binary, dir, through.URL)
	require.NoError(t, uneventful.run(), uneventful.out.String())
	for fifth := 1; fifth < 5; fifth++ {
		call := through.count() * fifth / 5
		e := newTenant(t, emulator.Options{})
		l := newLine(t, e)
		p := newProcess(e, binary, dir, l.URL)
		killed := make(chan struct{})
		// How many calls come before the first creation is not the same in every run.
		l.onceReady(call, func() bool { return len(e.Left()) > 0 }, func() { p.send(os.Kill); close(killed) })
		require.Error(t, p.run())
		select {
		case <-killed:
		case <-time.After(time.Minute):
			t.Fatalf("the run ended before call %d: %s", call, &p.out)
		}
		l.Close() // once it is closed, what was under way has arrived
		require.NotEmpty(t, e.Left(), "a killed run cannot clean up")
		e.sweep()
		require.Empty(t, e.Left(), "killed after call %d", call)
	}
}
