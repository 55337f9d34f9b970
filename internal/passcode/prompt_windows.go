package passcode

import (
	"errors"
	"io"
	"os"

	"golang.org/x/term"
)

// controllingTerminal opens the process's console for reading and writing, which has
// these names wherever standard input and output go.
func controllingTerminal() (io.ReadWriteCloser, error) {
	in, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	if !term.IsTerminal(int(in.Fd())) {
		return nil, errors.Join(errors.New("CONIN$ is no console"), in.Close())
	}
	out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return &console{in: in, out: out}, nil
}

// console is the two halves of a console.
type console struct{ in, out *os.File }

// Read reads what is typed.
func (c *console) Read(p []byte) (int, error) { return c.in.Read(p) }

// Write shows text.
func (c *console) Write(p []byte) (int, error) { return c.out.Write(p) }

// Close does not wait: a file that is being read is closed only when somebody has typed.
func (c *console) Close() error {
	go func() { _ = c.in.Close() }()
	return c.out.Close()
}
