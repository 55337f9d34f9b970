//go:build unix

package passcode_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/passcode"
)

// run asks a command for a passcode, with ample time.
func run(t *testing.T, line string) (string, error) {
	t.Helper()
	source, err := passcode.NewCommand(line, 30*time.Second)
	require.NoError(t, err)
	return source.Passcode(t.Context(), phone(), nil, began())
}

func TestCommandTakesThePasscodeThatTheProgramPrints(t *testing.T) {
	for name, line := range map[string]string{
		"alone":                "echo 123456",
		"without a line's end": "printf 123456",
		"among blank lines":    "printf '\\n  123456 \\r\\n\\n'",
		"in two groups":        "echo 123 456",
		"from a pipeline":      "printf 'code: 123456\\n' | sed 's/code: //'",
		"with chatter beside":  "echo reading the mailbox >&2; echo 123456",
		"for this device":      `[ "$PINGONE_PASSCODE_DEVICE_TYPE $PINGONE_PASSCODE_DEVICE_MASKED" = "SMS *******01" ] && echo 123456`,
		"for this flow":        `[ "$PINGONE_PASSCODE_FLOW_ID" = flow-1 ] && echo 123456`,
		"since the sending":    `[ "$PINGONE_PASSCODE_SINCE" = 2026-01-15T09:00:00Z ] && echo 123456`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, err := run(t, line)
			require.NoError(t, err)
			require.Equal(t, "123456", code)
		})
	}
}

func TestCommandSaysWhatTheProgramDidWrong(t *testing.T) {
	for name, c := range map[string]struct{ line, says string }{
		"it fails":              {"echo no such mailbox >&2; exit 3", "PINGONE_PASSCODE_COMMAND failed for the text-message device *******01: exit status 3; its standard error ends: no such mailbox"},
		"it fails with a code":  {"echo 123456; exit 1", "exit status 1"},
		"it does not exist":     {"no-such-program-anywhere", "exit status 127"},
		"it prints nothing":     {"echo mailbox is empty >&2", "printed nothing for the text-message device *******01; it must print the passcode on its standard output; its standard error ends: mailbox is empty"},
		"it prints blanks":      {"echo '   '", "printed nothing"},
		"it prints prose":       {"echo Your passcode is 123456", "that is not 6 to 10 digits: 23 characters on 1 line(s); it must print the passcode and nothing else"},
		"it prints two codes":   {"printf '123456\\n654321\\n'", "13 characters on 2 line(s)"},
		"two lines, ten digits": {"printf '123456\\n6543\\n'", "11 characters on 2 line(s)"},
		"five digits":           {"echo 12345", "is not 6 to 10 digits"},
		"eleven digits":         {"echo 12345678901", "is not 6 to 10 digits"},
		"foreign digits":        {"echo ١٢٣٤٥٦", "is not 6 to 10 digits"},
		"too much":              {"yes 123456 | head -c 100000", "more than 65536 bytes"},
		"a code in its errors":  {"echo got 123456 and 123 456 >&2; exit 1", "its standard error ends: got [digits] and [digits]"},
		"a long complaint":      {"yes complaint | head -c 20000 >&2; echo the end >&2; exit 1", "complaint the end"},
		"many complaints":       {"for i in $(seq 200); do echo complaint >&2; done; exit 1", "complaint complaint"},
		"a code, then blanks":   {"printf 123456; yes '' | head -c 100000", "more than 65536 bytes; it must print the passcode and nothing else"},
		"terminal escapes":      {"printf '\\033[2Jgone' >&2; exit 1", "its standard error ends: [2Jgone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := run(t, c.line)
			require.ErrorContains(t, err, c.says)
			require.Less(t, len(err.Error()), 800, "one clear message")
			for _, code := range []string{"123456", "123 456", "654321"} {
				require.NotContains(t, err.Error(), code)
			}
		})
	}
}

func TestCommandThatFailsSilentlyIsQuotedWithNothing(t *testing.T) {
	_, err := run(t, "exit 3")
	require.EqualError(t, err, "PINGONE_PASSCODE_COMMAND failed for the text-message device *******01: exit status 3")
}

func TestCommandIsNotHandedTheWorkersSecret(t *testing.T) {
	t.Setenv("PINGONE_CLIENT_SECRET", "stand-in")
	t.Setenv("MAILBOX", "anna")
	code, err := run(t, `[ -z "${PINGONE_CLIENT_SECRET+set}" ] && [ "$MAILBOX" = anna ] && echo 123456`)
	require.NoError(t, err)
	require.Equal(t, "123456", code)
}

func TestCommandThatHangsIsEndedWithAllItStarted(t *testing.T) {
	for name, c := range map[string]struct {
		stop func(t *testing.T) (context.Context, time.Duration)
		says string
		is   error
	}{
		"its own time limit": {func(t *testing.T) (context.Context, time.Duration) {
			return t.Context(), time.Second
		}, "PINGONE_PASSCODE_TIMEOUT sets the limit", context.DeadlineExceeded},
		"the scenario's deadline": {func(t *testing.T) (context.Context, time.Duration) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			t.Cleanup(cancel)
			return ctx, time.Hour
		}, "no passcode for the text-message device *******01 from PINGONE_PASSCODE_COMMAND", context.DeadlineExceeded},
		"the run is cancelled": {func(t *testing.T) (context.Context, time.Duration) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			return ctx, time.Hour
		}, "waiting for passcode", context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pidFile := filepath.Join(t.TempDir(), "pid")
			ctx, limit := c.stop(t)
			source, err := passcode.NewCommand("echo waiting >&2; (sleep 600 & echo $! >"+pidFile+"; wait) | cat", limit)
			require.NoError(t, err)
			start := time.Now()
			_, err = source.Passcode(ctx, phone(), nil, began())
			require.ErrorContains(t, err, c.says)
			require.ErrorContains(t, err, "its standard error ends: waiting")
			require.ErrorIs(t, err, c.is)
			require.Less(t, time.Since(start), 20*time.Second)
			requireGone(t, pidFile)
		})
	}
}

func TestCommandThatLeavesAProgramBehindIsReported(t *testing.T) {
	pidFile := filepath.Join(t.TempDir(), "pid")
	_, err := run(t, "sleep 600 & echo $! >"+pidFile+"; echo 123456")
	require.ErrorContains(t, err, "left a program behind")
	requireGone(t, pidFile)
}

// requireGone holds that the process whose id stands in the file ends.
func requireGone(t *testing.T, pidFile string) {
	t.Helper()
	text, err := os.ReadFile(pidFile)
	require.NoError(t, err)
	process, err := strconv.Atoi(strings.TrimSpace(string(text)))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return !running(process) }, time.Minute, 20*time.Millisecond)
}

// running says whether the process runs; one that nobody has waited for yet does not.
func running(process int) bool {
	if syscall.Kill(process, 0) != nil {
		return false
	}
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(process), "stat"))
	if err != nil {
		_, err = os.Stat("/proc/self")
		return err != nil // without /proc, kill's word counts
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	return !strings.HasPrefix(rest, "Z")
}
