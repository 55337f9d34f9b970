package docs

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// blocks are the page's blocks of a language, with a free port in the place of the usual one.
func blocks(t *testing.T, language, port string) []string {
	t.Helper()
	text, err := os.ReadFile("emulator.md")
	require.NoError(t, err)
	var found []string
	for i, part := range strings.Split(string(text), "```") {
		if block, is := strings.CutPrefix(part, language+"\n"); is && i%2 == 1 {
			block = strings.ReplaceAll(block, "pingone-conformance emulator --seed seed.yaml", "pingone-conformance emulator --addr localhost:"+port+" --seed seed.yaml")
			found = append(found, block)
		}
	}
	return found
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return port
}

// built is the folder of the program, once a test has asked for it.
var built string

// program is built once for all tests, with the flags of the documents' shells.
var program = sync.OnceValue(func() (err error) {
	if built, err = os.MkdirTemp("", "documents-"); err != nil {
		return err
	}
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", filepath.Join(built, "pingone-conformance"), "../cmd/pingone-conformance")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
})

func TestMain(m *testing.M) {
	status := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(status)
}

// inShell runs a script in a folder, with the program on its path, and ends what it
// leaves running.
func inShell(ctx context.Context, t *testing.T, dir, script string, more ...string) string {
	t.Helper()
	require.NoError(t, program())
	run := exec.CommandContext(ctx, "bash", "-c", "trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\nset -eu -o pipefail\n"+script)
	run.Dir, run.WaitDelay = dir, 10*time.Second
	for _, pair := range run.Environ() {
		if !strings.HasPrefix(pair, "PINGONE_") && !strings.HasPrefix(pair, "PATH=") {
			run.Env = append(run.Env, pair)
		}
	}
	run.Env = append(run.Env, append(more, "PATH="+built+":"+os.Getenv("PATH"))...) //nolint:forbidigo // the shell's own path, no configuration
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	run.Stdout, run.Stderr = log, log
	err = run.Run()
	said, _ := os.ReadFile(log.Name())
	require.NoError(t, err, "%s", said)
	return string(said)
}

func needs(t *testing.T, programs ...string) {
	t.Helper()
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("builds the program and runs a Unix shell: not with -short, not on Windows")
	}
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("there is no ", program, " here")
		}
	}
}

func TestTheEmulatorsPageRunsInAnEmptyFolder(t *testing.T) {
	needs(t, "bash", "curl")
	shell := blocks(t, "sh", freePort(t))
	require.Len(t, shell, 6)
	inShell(t.Context(), t, t.TempDir(), strings.Join(shell, "\n"))
}

func TestTheEmulatorsPageInJavaScript(t *testing.T) {
	needs(t, "bash", "node", "npm", "chromium")
	dir := t.TempDir()
	install := exec.Command("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "playwright-core@1.57.0")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		t.Skipf("playwright-core cannot be installed here: %s", out)
	}
	script := blocks(t, "js", "")
	require.Len(t, script, 1)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "sign-on.mjs"), []byte(script[0]), 0o600))
	browser, err := exec.LookPath("chromium")
	require.NoError(t, err)
	said := inShell(t.Context(), t, dir, blocks(t, "sh", freePort(t))[0]+". ./emulator.env\nnode sign-on.mjs\n", "CHROMIUM="+browser)
	require.Contains(t, said, "signed on")
}

func TestTheEmulatorsPageInTerraform(t *testing.T) {
	needs(t, "terraform")
	t.Skip("the page does not show how yet")
}
