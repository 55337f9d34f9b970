package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/emulator"
)

// outcome is how the program has ended.
type outcome struct {
	status         int
	stdout, stderr string
}

// start runs the program with these words of a command line, in an empty folder and with
// no variables of ours but those that the test has set.
func start(ctx context.Context, t *testing.T, args ...string) outcome {
	t.Helper()
	t.Chdir(t.TempDir())
	var stdout, stderr bytes.Buffer
	status := execute(ctx, args, &stdout, &stderr)
	return outcome{status, stdout.String(), stderr.String()}
}

// set sets these variables of ours and no others.
func set(t *testing.T, variables map[string]string) {
	t.Helper()
	for _, name := range config.Names() {
		t.Setenv(name, variables[name])
	}
}

// liveAgainst starts an emulator and sets the variables of a live run against it.
func liveAgainst(t *testing.T, o emulator.Options) *emulator.Server {
	t.Helper()
	server, err := emulator.Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	c := server.Credentials()
	set(t, map[string]string{
		"PINGONE_MODE": "live", "PINGONE_API_URL": server.URL(), "PINGONE_AUTH_URL": server.URL(),
		"PINGONE_ENVIRONMENT_ID": c.EnvironmentID, "PINGONE_CLIENT_ID": c.ClientID, "PINGONE_CLIENT_SECRET": c.ClientSecret,
		"PINGONE_PASSCODE": "outbox", "PINGONE_OUTBOX_URL": server.OutboxURL(),
	})
	return server
}

func TestEverySubcommandExplainsItself(t *testing.T) {
	set(t, nil)
	listed := start(t.Context(), t, "--help")
	require.Zero(t, listed.status, listed.stderr)
	require.Contains(t, listed.stdout, "Exit status:")
	for _, cmd := range newRoot().Commands() {
		require.Contains(t, listed.stdout, "  "+cmd.Name()+" ")
		got := start(t.Context(), t, cmd.Name(), "--help")
		require.Zero(t, got.status, got.stderr)
		require.Contains(t, got.stdout, "Usage:\n  pingone-conformance "+cmd.Name())
		require.Contains(t, got.stdout, cmd.Long)
		require.Equal(t, strings.TrimRight(cmd.Long, " \n"), cmd.Long, "%s explains nothing", cmd.Name())
	}
	for _, name := range []string{"run", "emulator", "record", "list", "trace", "preflight", "sweep", "drift", "detect", "vary", "mutants"} {
		require.Contains(t, listed.stdout, "\n  "+name+" ")
	}
}

func TestMisuseIsSaidAndEndsWith2(t *testing.T) {
	for _, row := range []struct{ name, line, says string }{
		{"no such command", "rum", `there is no command "rum"; did you mean run?`},
		{"nothing like a command", "xyzzy", `there is no command "xyzzy"; --help lists them`},
		{"no such flag of the program", "--loud", "unknown flag: --loud"},
		{"no such flag", "run --loud", "unknown flag: --loud"},
		{"a flag without its value", "list --tags", "flag needs an argument: --tags"},
		{"no number", "run --order x", `invalid argument "x" for "--order"`},
		{"a word too many", "run login", `unexpected argument "login"`},
		{"no folder to report of", "report", "say which folder, such as reports"},
		{"a word too many for the emulator", "emulator please", `unexpected argument "please"`},
		{"a word too many for detect", "detect please", `unexpected argument "please"`},
		{"a word too many for vary", "vary please", `unexpected argument "please"`},
		{"a word too many for mutants", "mutants all", `unexpected argument "all"`},
		{"a word too many for preflight", "preflight now", `unexpected argument "now"`},
		{"a word too many for sweep", "sweep everything", `unexpected argument "everything"`},
		{"a word too many for trace", "trace all", `unexpected argument "all"`},
		{"a word too many for drift", "drift login", `unexpected argument "login"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			set(t, nil)
			got := start(t.Context(), t, strings.Fields(row.line)...)
			require.Equal(t, statusMisuse, got.status, got.stderr)
			require.Contains(t, got.stderr, row.says)
			require.Contains(t, got.stderr, "--help")
			require.Empty(t, got.stdout)
		})
	}
}

func TestTheVersionIsShown(t *testing.T) {
	got := start(t.Context(), t, "--version")
	require.Zero(t, got.status)
	require.Regexp(t, `^pingone-conformance \S+\n$`, got.stdout)
	version = "v1.2.3"
	defer func() { version = "" }()
	require.Equal(t, "pingone-conformance v1.2.3\n", start(t.Context(), t, "--version").stdout)
}

func TestShellsCompleteWordsOfOurs(t *testing.T) {
	for line, word := range map[string]string{
		"__complete sw":                             "sweep\t",
		"__complete run --scenario ":                "An authorization code works once\n",
		"__complete list --tags ":                   "@journey\n",
		"__complete emulator --deviate ":            "code-reusable\t",
		"__complete emulator --vary ":               "redirect-303\t",
		"__complete vary --only ":                   "all\t",
		"__complete emulator --fault ":              "limited\t",
		"__complete detect --only ":                 "pkce-ignored\t",
		"completion bash":                           "__start_pingone-conformance",
		"__complete drift --scenario ":              "Ben signs on with his password and a passcode\n",
		"__complete run --features nowhere --tags ": ":4\n",
	} {
		t.Run(line, func(t *testing.T) {
			set(t, nil)
			got := start(t.Context(), t, strings.Split(line, " ")...)
			require.Zero(t, got.status, got.stderr)
			require.Contains(t, got.stdout, word)
		})
	}
}
