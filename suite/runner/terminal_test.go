package runner

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/suite"
)

func TestColourIsNeverAlone(t *testing.T) {
	for line, want := range map[string]string{
		"    ok    When Anna signs on\n":   "    \x1b[32mok\x1b[0m    When Anna signs on\n",
		"    FAIL  Then she is refused\n":  "    \x1b[31;1mFAIL\x1b[0m  Then she is refused\n",
		"    -     Then nothing\n":         "    \x1b[2m-\x1b[0m     Then nothing\n",
		"         a server says FAIL ok\n": "         a server says FAIL ok\n",
		"No: 1 of 2 scenarios failed\n":    "\x1b[31;1mNo\x1b[0m: 1 of 2 scenarios failed\n",
	} {
		t.Run(strings.TrimSpace(line), func(t *testing.T) {
			var out strings.Builder
			c := &coloured{out: &out}
			for _, part := range []string{line[:5], line[5:]} { // however it is written
				_, err := io.WriteString(c, part)
				require.NoError(t, err)
			}
			require.Equal(t, want, out.String())
		})
	}
}

func TestTheLiveLineSaysWhereTheRunIs(t *testing.T) {
	var out strings.Builder
	l := &liveLine{out: &out, width: func() int { return 60 }, began: time.Now()}
	l.Begin(12)
	l.Step(suite.ID{}, "When Anna \x1b[2Jsigns on")
	l.End(suite.Result{})
	l.End(suite.Result{Err: errors.New("no")})
	l.draw()
	require.Equal(t, "\r\x1b[K2 of 12, 1 failed  0s  When Anna \\x1b[2Jsigns on", out.String())
	out.Reset()
	l.Waiting("a passcode", 0)
	l.draw()
	require.Contains(t, out.String(), "waiting: a passcode")
	require.LessOrEqual(t, len(strings.TrimPrefix(out.String(), "\r\x1b[K")), 59)
	out.Reset()
	l.width = func() int { return 120 }
	l.Waiting("PingOne's rate limit", 30*time.Second)
	l.draw()
	require.Contains(t, out.String(), "waiting: PingOne's rate limit, 30s at most")
	out.Reset()
	l.Waiting("", 0)
	l.draw()
	require.NotContains(t, out.String(), "waiting")
	out.Reset()
	_, err := io.WriteString(above{l, &out}, "again: x\n")
	require.NoError(t, err)
	require.Equal(t, "\r\x1b[Kagain: x\n", out.String(), "the line is out of the way")
}
