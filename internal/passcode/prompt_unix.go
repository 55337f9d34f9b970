//go:build unix

package passcode

import (
	"errors"
	"io"
	"os"

	"golang.org/x/term"
)

// controllingTerminal opens the process's terminal for reading and writing.
// SyscallConn is asked for the descriptor, since Fd would make reads block for
// good, even after the file is closed.
func controllingTerminal() (io.ReadWriteCloser, error) {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	conn, err := tty.SyscallConn()
	if err != nil {
		return nil, errors.Join(err, tty.Close())
	}
	isTerminal := false
	err = conn.Control(func(fd uintptr) { isTerminal = term.IsTerminal(int(fd)) })
	if err != nil || !isTerminal {
		return nil, errors.Join(errors.New("/dev/tty is no terminal"), err, tty.Close())
	}
	return tty, nil
}
