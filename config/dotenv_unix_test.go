//go:build unix

package config_test

import (
	"errors"
	"os"
	"syscall"
)

// pipe makes a pipe with a name, which has no writer.
func pipe(path string) error { return syscall.Mkfifo(path, 0o600) }

// unreadable makes a file that nobody but the superuser may read.
func unreadable(path string) error {
	if os.Geteuid() == 0 {
		return errors.New("the superuser may read every file")
	}
	return os.WriteFile(path, nil, 0)
}
