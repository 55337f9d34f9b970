//go:build unix

package passcode_test

import (
	"flag"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/passcode"
)

// detached marks the run of this test binary that has no terminal.
var detached = flag.Bool("detached", false, "this run was started in a session without a terminal")

// TestPromptFindsNoTerminalInASessionWithoutOne runs itself again in a session of
// its own, as a nightly job is run, and asks there.
func TestPromptFindsNoTerminalInASessionWithoutOne(t *testing.T) {
	if *detached {
		_, err := passcode.NewPrompt(nil, time.Second).Passcode(t.Context(), phone(), nil, began())
		require.ErrorContains(t, err, "PINGONE_PASSCODE=prompt asks at the terminal, and there is none")
		return
	}
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-detached", "-test.v")
	again.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	out, err := again.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "--- PASS: "+t.Name())
}
