package passcode

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// The values of PINGONE_PASSCODE that decide which device a scenario registers.
const (
	KindTestDevice = "test-device"
	KindTOTP       = "totp"
)

// defaultTimeout is how long a source waits for a passcode when neither the
// configuration nor the context's deadline says less.
const defaultTimeout = 2 * time.Minute

// The shortest and the longest passcode that PingOne's device policies allow.
// https://developer.pingidentity.com/pingone-api/mfa/device-authentication-policy.html
const (
	minDigits = 6
	maxDigits = 10
)

// Device is the MFA device that PingOne sent a passcode to.
type Device struct {
	ID      string
	Type    string // SMS EMAIL VOICE TOTP
	Masked  string // the address as PingOne shows it to people: *******01
	FlowID  string // the flow that waits for the passcode, "" outside a flow
	Address string // the full phone number or e-mail address; looked up in the outbox, shown to nobody
}

// Source gives the passcodes of one kind of device. A Source may be shared by
// scenarios that run at the same time.
type Source interface {
	// Passcode waits, up to the context's deadline, for the newest passcode that
	// was sent to d at or after since, and returns its 6 to 10 digits. flow is
	// the JSON of the flow's latest answer, nil outside a flow. The error says
	// in the user's variable names what to change; it never holds a passcode.
	Passcode(ctx context.Context, d Device, flow []byte, since time.Time) (string, error)
}

// Options choose and furnish a Source.
type Options struct {
	Kind      string        // PINGONE_PASSCODE
	Command   string        // PINGONE_PASSCODE_COMMAND, for command
	Timeout   time.Duration // PINGONE_PASSCODE_TIMEOUT; 0 means two minutes
	OutboxURL string        // PINGONE_OUTBOX_URL, for outbox
	Clock     Clock         // for totp; the zero Clock is the real one
}

// New makes the source that o.Kind names. A kind that does not exist, or one
// that lacks what it needs, is an error in the user's variable names.
func New(o Options) (Source, error) {
	if o.Timeout < 0 {
		return nil, fmt.Errorf("PINGONE_PASSCODE_TIMEOUT is %s: it must be positive", o.Timeout)
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	switch o.Kind {
	case "outbox":
		return NewOutbox(o.OutboxURL, o.Timeout)
	case KindTestDevice:
		return TestDevice{}, nil
	case "command":
		return NewCommand(o.Command, o.Timeout)
	case "prompt":
		return NewPrompt(nil, o.Timeout), nil
	case KindTOTP:
		return NewTOTP(o.Clock), nil
	}
	return nil, fmt.Errorf("PINGONE_PASSCODE is %q: allowed are outbox, test-device, command, prompt and totp", o.Kind)
}

// String describes the device to a person: its kind and its masked address.
func (d Device) String() string {
	name := map[string]string{
		"SMS": "text-message device", "EMAIL": "e-mail device",
		"VOICE": "voice device", "TOTP": "authenticator app",
	}[d.Type]
	if name == "" {
		name = strings.TrimSpace(printable(d.Type) + " device")
	}
	if d.Masked != "" {
		name += " " + printable(d.Masked)
	}
	return name
}

// errNoPasscode is what digits answers for a text that is no passcode. It never
// quotes the text: a passcode may stand in it.
var errNoPasscode = errors.New("is not 6 to 10 digits")

// digits takes one line as a person or a program writes a passcode, blanks
// between the digits allowed, and returns the bare digits.
func digits(line string) (string, error) {
	code := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' {
			return -1
		}
		return r
	}, strings.Trim(line, " \t\r\n"))
	if len(code) < minDigits || len(code) > maxDigits {
		return "", errNoPasscode
	}
	for i := range len(code) {
		if code[i] < '0' || code[i] > '9' {
			return "", errNoPasscode
		}
	}
	return code, nil
}

// printable drops what could move a terminal's cursor or hide text.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
}

// ended says why a wait was over: the run was cancelled, or the time was up.
func ended(ctx context.Context, waitedFor string, limit time.Duration) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("waiting for %s: %w", waitedFor, context.Cause(ctx))
	}
	return fmt.Errorf("no %s within %s (PINGONE_PASSCODE_TIMEOUT sets the limit): %w",
		waitedFor, limit.Round(time.Millisecond), context.DeadlineExceeded)
}
