package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheExitStatusSaysWhetherSomethingAlarmedFalsely(t *testing.T) {
	good, failing := oneScenario(t, "invalid_client"), oneScenario(t, "invalid_grant")
	for _, row := range []struct {
		name   string
		args   []string
		status int
		says   string
	}{
		{"green", []string{"--features", good, "--only", "oauth-error-without-description"}, 0, "1 scenarios green"},
		{"all at once", []string{"--features", good, "--only", "all"}, 0, "What a tenant as different as the pages allow shows:"},
		{"a false alarm", []string{"--features", failing, "--only", "oauth-error-without-description"}, 1, "FALSE ALARM in 1 of 1 scenarios"},
		{"nothing changed", []string{"--features", good, "--only", "flow-gone-as-410"}, 1, "CHANGES NO CALL of 1 scenarios: it proves nothing"},
		{"no such name", []string{"--features", good, "--only", "flow-gone-as-411"}, 1, "the nearest are flow-gone-as-410"},
		{"no features", []string{"--features", t.TempDir(), "--only", "flow-gone-as-410"}, 1, "vary:"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := start(t.Context(), t, append([]string{"vary"}, row.args...)...)
			require.Equal(t, row.status, got.status, got.stderr)
			require.Contains(t, got.stdout+got.stderr, row.says)
		})
	}
}
