//go:build unix

// Command peak runs a program and prints the memory that it had resident at most, in bytes, to the file that PEAK_TO
// names. A child begins with the memory of who started it, and that counts as its own, so who starts it has to be small.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

func main() {
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if used, is := cmd.ProcessState.SysUsage().(*syscall.Rusage); is && err == nil {
		peak := used.Maxrss
		if runtime.GOOS == "linux" { // kilobytes there, bytes on macOS
			peak *= 1024
		}
		err = os.WriteFile(os.Getenv("PEAK_TO"), fmt.Append(nil, peak), 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
