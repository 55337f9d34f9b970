package main

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// nobody is the user of the container.
const nobody = 65532

// chrooted gives a command a root of its own and runs it as nobody.
func chrooted(t *testing.T) func(cmd *exec.Cmd, root string) {
	t.Helper()
	if os.Getuid() != 0 || testing.Short() {
		t.Skip("changing the root takes root, and building the program time: not with -short")
	}
	return func(cmd *exec.Cmd, root string) {
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
}
