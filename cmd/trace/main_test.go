package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryListIsPrintedWithItsLines(t *testing.T) {
	t.Chdir(t.TempDir()) // the features and recordings are in the program
	var out, faults strings.Builder
	require.Equal(t, 0, run(t.Context(), &out, &faults), faults.String())
	for _, line := range []string{"progressive_profiling: 19 calls", "login_and_mfa: 20 calls", "mfa_only_login_hint_token: 16 calls", "(step 19)"} {
		require.Contains(t, out.String(), line)
	}
}

func TestWhatStopsTheTraceIsSaid(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	for name, row := range map[string]struct {
		ctx  context.Context
		out  io.Writer
		says string
	}{
		"an interrupted run":        {ended, io.Discard, "trace: replay \""},
		"an output that is no more": {t.Context(), closed{}, "trace: print the table: closed"},
	} {
		t.Run(name, func(t *testing.T) {
			var faults strings.Builder
			require.Equal(t, 1, run(row.ctx, row.out, &faults))
			require.Contains(t, faults.String(), row.says)
		})
	}
}

// closed is an output that takes nothing.
type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, errors.New("closed") }
