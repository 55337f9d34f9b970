//go:build unix

package passcode

import (
	"io"
	"os"
)

// controllingTerminal opens the process's terminal for reading and writing: what has that name is one, or cannot be opened.
func controllingTerminal() (io.ReadWriteCloser, error) { return os.OpenFile("/dev/tty", os.O_RDWR, 0) }
