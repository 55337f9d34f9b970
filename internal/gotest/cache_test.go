package gotest_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	_ "pingone-conformance/features"        // what the processes below are made of:
	_ "pingone-conformance/steps"           // go test's cache knows only
	_ "pingone-conformance/suite/suitetest" // what a test is made of itself
)

// goTest runs one scenario by go test from the module's folder, with these variables set
// and no others of ours.
func goTest(t *testing.T, set ...string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "test", "./features", "-run", "TestFeatures/administration/an-access-token-expires")
	command.Dir = "../.."
	for _, pair := range command.Environ() {
		if !strings.HasPrefix(pair, "PINGONE_") && !strings.HasPrefix(pair, "PING_ONE_") && !strings.HasPrefix(pair, "GODOG_") {
			command.Env = append(command.Env, pair)
		}
	}
	command.Env = append(command.Env, set...)
	output, err := command.CombinedOutput()
	return string(output), err
}

func TestGoTestNeverTakesARunFromItsCache(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a test binary three times")
	}
	for range 2 {
		output, err := goTest(t, "PINGONE_MODE=emulator")
		require.NoError(t, err, output)
		require.NotContains(t, output, "(cached)")
	}
	output, err := goTest(t, "PINGONE_MODE=emulator", "PINGONE_SECRET=x")
	require.Error(t, err, "after a green run, too, an unknown variable is looked for")
	require.Contains(t, output, "PINGONE_SECRET: is not a variable of this suite")
}
