package passcode

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"pingone-conformance/internal/lazy"
)

const (
	commandOutput = 64 << 10 // bytes of standard output that are read at all
	commandTail   = 400      // bytes of standard error that an error shows
	// commandGrace is how long output of a program that was killed is waited for.
	commandGrace = 2 * time.Second
)

// Command runs a program of the user's that prints the passcode.
type Command struct {
	line    string
	timeout time.Duration
}

// NewCommand runs line through the system's shell, so that it may be a pipeline,
// for at most timeout. The program inherits the environment but for
// PINGONE_CLIENT_SECRET, has no standard input, and learns what is asked of it from
// PINGONE_PASSCODE_DEVICE_TYPE (SMS EMAIL VOICE TOTP), …_DEVICE_MASKED (*******01),
// …_FLOW_ID, and …_SINCE (RFC 3339, UTC: older passcodes do not count).
func NewCommand(line string, timeout time.Duration) (*Command, error) {
	if strings.TrimSpace(line) == "" {
		return nil, errors.New("PINGONE_PASSCODE=command needs PINGONE_PASSCODE_COMMAND: a command that prints the passcode")
	}
	return &Command{line: line, timeout: timeout}, nil
}

// Passcode implements Source: it runs the command once, ends it and all it
// started when the time is up, and takes the one line that it printed.
func (c *Command) Passcode(ctx context.Context, d Device, _ []byte, since time.Time) (string, error) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	cmd := shell(ctx, c.line)
	out, tail := &capped{limit: commandOutput}, &lastBytes{limit: commandTail}
	cmd.Stdout, cmd.Stderr = out, tail
	cmd.Env = environment(cmd.Environ(), d, since)
	cmd.WaitDelay = commandGrace
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return "", fmt.Errorf("%w%s", ended(ctx, "passcode for the "+d.String()+" from PINGONE_PASSCODE_COMMAND", time.Since(start)), tail)
	case errors.Is(err, exec.ErrWaitDelay):
		endGroup(cmd)
		return "", fmt.Errorf("PINGONE_PASSCODE_COMMAND ended but left a program behind that holds its output open%s", tail)
	case err != nil:
		return "", fmt.Errorf("PINGONE_PASSCODE_COMMAND failed for the %s: %w%s", d, err, tail)
	}
	return c.read(out, d, tail)
}

// read takes the passcode from what the command printed. No error quotes it.
func (c *Command) read(out *capped, d Device, tail *lastBytes) (string, error) {
	text := strings.TrimSpace(string(out.kept))
	if text == "" {
		return "", fmt.Errorf("PINGONE_PASSCODE_COMMAND printed nothing for the %s; it must print the passcode on its standard output%s", d, tail)
	}
	code, err := digits(text)
	if err != nil || out.over {
		return "", fmt.Errorf("PINGONE_PASSCODE_COMMAND printed something for the %s that %w: %s; it must print the passcode and nothing else%s",
			d, errNoPasscode, out.size(), tail)
	}
	return code, nil
}

// environment is what the command inherits, less the worker's secret, which a
// program that reads a mailbox has no use for, plus what it is asked for.
func environment(inherited []string, d Device, since time.Time) []string {
	var env []string
	for _, v := range inherited {
		if name, _, _ := strings.Cut(v, "="); !strings.EqualFold(name, "PINGONE_CLIENT_SECRET") { // Windows knows no case
			env = append(env, v)
		}
	}
	return append(env,
		"PINGONE_PASSCODE_DEVICE_TYPE="+d.Type, "PINGONE_PASSCODE_DEVICE_MASKED="+d.Masked,
		"PINGONE_PASSCODE_FLOW_ID="+d.FlowID, "PINGONE_PASSCODE_SINCE="+since.UTC().Format(time.RFC3339Nano))
}

// capped keeps the first limit bytes and remembers that there were more.
type capped struct {
	kept  []byte
	limit int
	over  bool
}

// Write implements io.Writer. It never fails: a program that prints too much must
// end by itself, not by a broken pipe.
func (c *capped) Write(p []byte) (int, error) {
	keep := min(len(p), c.limit-len(c.kept))
	c.kept = append(c.kept, p[:keep]...)
	c.over = c.over || keep < len(p)
	return len(p), nil
}

// size says how much was printed without saying what.
func (c *capped) size() string {
	if c.over {
		return fmt.Sprintf("more than %d bytes", c.limit)
	}
	text := strings.TrimSpace(string(c.kept))
	return fmt.Sprintf("%d characters on %d line(s)", len([]rune(text)), 1+strings.Count(text, "\n"))
}

// lastBytes keeps the last limit bytes.
type lastBytes struct {
	kept  []byte
	limit int
}

// Write implements io.Writer.
func (l *lastBytes) Write(p []byte) (int, error) {
	l.kept = append(l.kept, p[max(0, len(p)-l.limit):]...)
	if len(l.kept) > l.limit {
		l.kept = append([]byte(nil), l.kept[len(l.kept)-l.limit:]...)
	}
	return len(p), nil
}

// passcodeLike is what could be a passcode in a program's complaint.
var passcodeLike = lazy.Regexp(`[0-9](?:[ \t-]?[0-9]){3,}`)

// String is the tail of standard error for an error's end: one line, without
// anything that could be a passcode; "" when nothing was written.
func (l *lastBytes) String() string {
	text := strings.Join(strings.Fields(strings.ToValidUTF8(string(l.kept), "")), " ")
	if text = printable(passcodeLike.Get().ReplaceAllString(text, "[digits]")); text == "" {
		return ""
	}
	return "; its standard error ends: " + text
}
