package passcode

import (
	"context"
	"os/exec"
	"strconv"
	"syscall"
)

// shell prepares line for cmd.exe, which reads its command line by rules of its own: with
// /S it takes what stands between the first quotation mark and the last one as it is.
// The context ends the program together with all that it started.
func shell(ctx context.Context, line string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "cmd.exe") // #nosec G204 -- the user's own command is the point
	cmd.SysProcAttr = &syscall.SysProcAttr{CmdLine: `cmd.exe /D /S /C "` + line + `"`}
	cmd.Cancel = func() error {
		endGroup(cmd)
		return cmd.Process.Kill()
	}
	return cmd
}

// endGroup ends a command and what it started, as far as Windows still knows who started
// what: once a program is gone, so is what links its children to it.
func endGroup(cmd *exec.Cmd) {
	_ = exec.Command("taskkill.exe", "/T", "/F", "/PID", strconv.Itoa(cmd.Process.Pid)).Run() //nolint:noctx // the context is over
}
