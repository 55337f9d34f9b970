//go:build unix

package passcode_test

import (
	"bufio"
	"errors"
	"flag"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/passcode"
)

// again marks the run of this test binary that was started by one of its tests.
var again = flag.Bool("again", false, "this run was started by the test that it runs")

// runAgain prepares another run of the present test, in which *again holds.
func runAgain(t *testing.T) *exec.Cmd {
	t.Helper()
	return exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-again", "-test.v")
}

// TestPromptFindsNoTerminalInASessionWithoutOne runs itself again in a session of
// its own, as a nightly job is run, and asks there.
func TestPromptFindsNoTerminalInASessionWithoutOne(t *testing.T) {
	if *again {
		_, err := passcode.NewPrompt(nil, time.Second).Passcode(t.Context(), phone(), nil, began())
		require.ErrorContains(t, err, "PINGONE_PASSCODE=prompt asks at the terminal, and there is none")
		return
	}
	nightly := runAgain(t)
	nightly.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	out, err := nightly.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "--- PASS: "+t.Name())
}

// TestPromptAsksAtTheTerminalNotAtTheStandardStreams runs itself again at a terminal of
// its own, with its standard streams elsewhere, as go test has them, and types.
func TestPromptAsksAtTheTerminalNotAtTheStandardStreams(t *testing.T) {
	if *again {
		prompt := passcode.NewPrompt(nil, time.Minute)
		require.NoError(t, prompt.Ready())
		code, err := prompt.Passcode(t.Context(), phone(), nil, began())
		require.NoError(t, err)
		require.Equal(t, "123456", code)
		_, err = passcode.NewPrompt(nil, 50*time.Millisecond).Passcode(t.Context(), phone(), nil, began())
		require.ErrorContains(t, err, "typed at the terminal within", "a read that waits ends with the time")
		return
	}
	screen, terminal, err := pty.Open()
	require.NoError(t, err)
	defer func() { _ = screen.Close() }()
	var out strings.Builder
	person := runAgain(t)
	person.Stdout, person.Stderr, person.ExtraFiles = &out, &out, []*os.File{terminal}
	person.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3} // the first of ExtraFiles
	require.NoError(t, person.Start())
	require.NoError(t, terminal.Close())
	shown, err := bufio.NewReader(screen).ReadString('*') // fails once nobody is at the terminal
	if err == nil {
		_, err = screen.WriteString("123456\n")
	}
	require.NoError(t, errors.Join(person.Wait(), err), &out)
	require.Contains(t, shown, "Passcode sent to the text-message device *")
	require.Contains(t, out.String(), "--- PASS: "+t.Name())
}
