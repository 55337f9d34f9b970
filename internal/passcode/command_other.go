//go:build !unix

package passcode

import (
	"context"
	"os/exec"
)

// shell prepares line for the system's command interpreter.
func shell(ctx context.Context, line string) *exec.Cmd {
	return exec.CommandContext(ctx, "cmd", "/C", line) // #nosec G204 -- the user's own command is the point
}

// endGroup does nothing here: there are no process groups to end.
func endGroup(*exec.Cmd) {}
