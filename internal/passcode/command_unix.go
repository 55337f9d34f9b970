//go:build unix

package passcode

import (
	"context"
	"os/exec"
	"syscall"
)

// shell prepares line for sh in a process group of its own, all of which ends
// with the context: a pipeline's members must not outlive it.
func shell(ctx context.Context, line string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "sh", "-c", line) // #nosec G204 -- the user's own command is the point
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}

// endGroup ends what a command that is gone left running.
func endGroup(cmd *exec.Cmd) {
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // best effort: the group may be gone by now
}
