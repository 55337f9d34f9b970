package passcode_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/passcode"
)

// desk is a terminal with a person before it who types what was agreed on.
type desk struct {
	typed  io.Reader
	mu     sync.Mutex
	shown  bytes.Buffer
	closed bool
	close  func()
}

func (d *desk) Read(p []byte) (int, error) { return d.typed.Read(p) }

func (d *desk) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.shown.Write(p)
}

func (d *desk) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	if d.close != nil {
		d.close()
	}
	return nil
}

func (d *desk) saw() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.shown.String()
}

func (d *desk) open() (io.ReadWriteCloser, error) { return d, nil }

// types is a person who types the text and then goes away.
func types(text string) *desk { return &desk{typed: strings.NewReader(text)} }

func TestPromptAsksForThePasscodeOfTheDevice(t *testing.T) {
	email := passcode.Device{Type: "EMAIL", Masked: "an****@example.com", Address: "anna@example.com"}
	for name, c := range map[string]struct {
		device      passcode.Device
		typed, want string
		shown       string
	}{
		"a text message":         {phone(), "123456\n", "123456", "Passcode sent to the text-message device *******01: "},
		"an e-mail":              {email, "123456\n", "123456", "Passcode sent to the e-mail device an****@example.com: "},
		"an authenticator":       {passcode.Device{Type: "TOTP"}, "123456\n", "123456", "Passcode shown by the authenticator app: "},
		"digits in groups":       {phone(), " 12 34\t56 \r\n", "123456", ""},
		"ten digits":             {phone(), "1234567890\n", "1234567890", ""},
		"no line's end":          {phone(), "123456", "123456", ""},
		"mistyped once":          {phone(), "12345\n123456\n", "123456", "That is not 6 to 10 digits. Passcode for the text-message device *******01: "},
		"an empty line first":    {phone(), "\n123456\n", "123456", "That is not"},
		"right at the third try": {phone(), "what?\n1\n123456\n", "123456", "That is not"},
	} {
		t.Run(name, func(t *testing.T) {
			d := types(c.typed)
			code, err := passcode.NewPrompt(d.open, time.Minute).Passcode(t.Context(), c.device, nil, began())
			require.NoError(t, err)
			require.Equal(t, c.want, code)
			require.Contains(t, d.saw(), c.shown)
			require.NotContains(t, d.saw(), "anna@example.com", "only the masked address is shown")
			require.True(t, d.closed)
		})
	}
}

func TestPromptGivesUpWithOneClearMessage(t *testing.T) {
	for name, c := range map[string]struct{ typed, says string }{
		"nobody answers":        {"", "no passcode was typed for the text-message device *******01: EOF"},
		"three times rubbish":   {"a\nb\n12345\n123456\n", "3 answers for the text-message device *******01, and none was a passcode of 6 to 10 digits"},
		"a line without an end": {strings.Repeat("1", 10_000), "token too long"},
	} {
		t.Run(name, func(t *testing.T) {
			d := types(c.typed)
			_, err := passcode.NewPrompt(d.open, time.Minute).Passcode(t.Context(), phone(), nil, began())
			require.ErrorContains(t, err, c.says)
			require.NotContains(t, err.Error(), "12345")
			require.True(t, d.closed)
		})
	}
}

func TestPromptRefusesWhereThereIsNoTerminal(t *testing.T) {
	none := func() (io.ReadWriteCloser, error) { return nil, os.ErrNotExist }
	_, err := passcode.NewPrompt(none, time.Minute).Passcode(t.Context(), phone(), nil, began())
	require.ErrorContains(t, err, "PINGONE_PASSCODE=prompt asks at the terminal, and there is none: choose another PINGONE_PASSCODE")
	require.ErrorIs(t, err, os.ErrNotExist)
}

// waiting is a person who never types.
func waiting() *desk {
	r, w := io.Pipe()
	return &desk{typed: r, close: func() { _ = w.Close() }}
}

func TestPromptStopsWaitingForAPerson(t *testing.T) {
	for name, c := range map[string]struct {
		limit time.Duration
		stop  error
		says  string
	}{
		"when the time is up":       {50 * time.Millisecond, context.DeadlineExceeded, "no passcode for the text-message device *******01 typed at the terminal within"},
		"when the run is cancelled": {time.Minute, context.Canceled, "waiting for passcode"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if errors.Is(c.stop, context.Canceled) {
				time.AfterFunc(50*time.Millisecond, cancel)
			}
			d := waiting()
			_, err := passcode.NewPrompt(d.open, c.limit).Passcode(ctx, phone(), nil, began())
			require.ErrorIs(t, err, c.stop)
			require.ErrorContains(t, err, c.says)
			require.True(t, d.closed, "the read that still waits must end")
		})
	}
}

func TestPromptAsksOneAfterTheOther(t *testing.T) {
	first := waiting()
	prompt := passcode.NewPrompt(first.open, time.Minute)
	ctx, leave := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := prompt.Passcode(ctx, phone(), nil, began())
		done <- err
	}()
	require.Eventually(t, func() bool { return first.saw() != "" }, time.Minute, time.Millisecond)

	impatient, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	_, err := prompt.Passcode(impatient, phone(), nil, began())
	require.ErrorContains(t, err, "turn to ask at the terminal")
	require.Equal(t, 1, strings.Count(first.saw(), "Passcode sent to"), "the second question waits for the first answer")

	leave()
	require.ErrorIs(t, <-done, context.Canceled)
	_, err = prompt.Passcode(t.Context(), phone(), nil, began())
	require.ErrorContains(t, err, "no passcode was typed", "the turn is given on")
}

func TestPromptIsReadyOnlyWhereThereIsATerminal(t *testing.T) {
	none := passcode.NewPrompt(func() (io.ReadWriteCloser, error) { return nil, errors.New("no such device") }, time.Second)
	require.ErrorContains(t, none.Ready(), "PINGONE_PASSCODE=prompt asks at the terminal, and there is none")
	d := types("")
	require.NoError(t, passcode.NewPrompt(d.open, time.Second).Ready())
	require.True(t, d.closed)
	require.Empty(t, d.saw())
}

// mute is a terminal that takes no text.
type mute struct{ *desk }

func (mute) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestPromptReadsNothingWhereItCannotAsk(t *testing.T) {
	d := types("123456\n")
	_, err := passcode.NewPrompt(func() (io.ReadWriteCloser, error) { return mute{d}, nil }, time.Minute).Passcode(t.Context(), phone(), nil, began())
	require.EqualError(t, err, "PINGONE_PASSCODE=prompt: writing to the terminal: short write")
	require.True(t, d.closed)
}
