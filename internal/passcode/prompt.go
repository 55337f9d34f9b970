package passcode

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// promptTries is how often a person may mistype before the scenario fails.
const promptTries = 3

// promptLine bounds one answer, in bytes.
const promptLine = 4096

// Terminal opens the place where a person is asked. It fails where there is none.
type Terminal func() (io.ReadWriteCloser, error)

// Prompt asks a person at the terminal. Scenarios that run at the same time ask
// one after the other.
type Prompt struct {
	open    Terminal
	timeout time.Duration
	turn    chan struct{}
}

// NewPrompt asks at terminal, for at most timeout a passcode. A nil terminal is
// the one that controls the process; standard input and output stay untouched,
// since go test redirects them.
func NewPrompt(terminal Terminal, timeout time.Duration) *Prompt {
	if terminal == nil {
		terminal = controllingTerminal
	}
	return &Prompt{open: terminal, timeout: timeout, turn: make(chan struct{}, 1)}
}

// Ready fails where there is no terminal to ask at, before anything needs one.
func (p *Prompt) Ready() error {
	tty, err := p.open()
	if err != nil {
		return noTerminal(err)
	}
	_ = tty.Close()
	return nil
}

func noTerminal(err error) error {
	return fmt.Errorf("PINGONE_PASSCODE=prompt asks at the terminal, and there is none: choose another PINGONE_PASSCODE: %w", err)
}

// Passcode implements Source: it says which device the passcode went to, masked,
// and reads a line. A line that is no passcode is asked for again, twice.
func (p *Prompt) Passcode(ctx context.Context, d Device, _ []byte, _ time.Time) (string, error) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return "", ended(ctx, "turn to ask at the terminal for the passcode of the "+d.String(), time.Since(start))
	}
	tty, err := p.open()
	if err != nil {
		return "", noTerminal(err)
	}
	type answer struct {
		code string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		code, err := ask(tty, d)
		answers <- answer{code, err}
	}()
	select {
	case a := <-answers:
		return a.code, errors.Join(a.err, tty.Close())
	case <-ctx.Done():
		_ = tty.Close() // ends the read that still waits
		return "", ended(ctx, "passcode for the "+d.String()+" typed at the terminal", time.Since(start))
	}
}

// ask holds the conversation.
func ask(tty io.ReadWriter, d Device) (string, error) {
	lines := bufio.NewScanner(tty)
	lines.Buffer(make([]byte, 0, 128), promptLine)
	question := fmt.Sprintf("\nPasscode sent to the %s: ", d)
	if d.Type == "TOTP" {
		question = fmt.Sprintf("\nPasscode shown by the %s: ", d)
	}
	for range promptTries {
		if _, err := io.WriteString(tty, question); err != nil {
			return "", fmt.Errorf("PINGONE_PASSCODE=prompt: writing to the terminal: %w", err)
		}
		if !lines.Scan() {
			return "", noAnswer(lines.Err(), d)
		}
		code, err := digits(lines.Text())
		if err == nil {
			return code, nil
		}
		question = fmt.Sprintf("That %s. Passcode for the %s: ", err, d)
	}
	return "", fmt.Errorf("PINGONE_PASSCODE=prompt: %d answers for the %s, and none was a passcode of 6 to 10 digits", promptTries, d)
}

// noAnswer is the error for a terminal that gives no line.
func noAnswer(err error, d Device) error {
	if err == nil {
		err = io.EOF
	}
	return fmt.Errorf("PINGONE_PASSCODE=prompt: no passcode was typed for the %s: %w", d, err)
}
