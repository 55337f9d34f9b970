package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/fixtures"
)

const once = "an authorization code works once"

func TestRunNeedsNoCheckout(t *testing.T) {
	set(t, nil)
	got := start(t.Context(), t, "run", "--scenario", once, "--junit", "junit.xml")
	require.Zero(t, got.status, got.stderr)
	require.Contains(t, got.stdout, "An authorization code works once")
	require.FileExists(t, "junit.xml")
}

func TestRunEndsWithAStatusThatSaysHow(t *testing.T) {
	for _, row := range []struct {
		name      string
		variables map[string]string
		args      []string
		status    int
		says      string
	}{
		{"passed", map[string]string{"PINGONE_MODE": "emulator"}, []string{"--scenario", once}, 0, ""},
		{"no such scenario", nil, []string{"--scenario", "nosuch"}, 2, `no scenario's name contains "nosuch"`},
		{"no such tag", nil, []string{"--tags", "@nosuch"}, 2, "no scenario was selected"},
		{"no such mode", map[string]string{"PINGONE_MODE": "alive"}, nil, 2, "PINGONE_MODE"},
		{"live without a tenant", map[string]string{"PINGONE_MODE": "live"}, nil, 2, "PINGONE_CLIENT_SECRET: is missing"},
		{"nowhere to record", map[string]string{"PINGONE_MODE": "emulator", "PINGONE_RECORD": "true"}, nil, 2, "say which with --fixtures"},
	} {
		t.Run(row.name, func(t *testing.T) {
			set(t, row.variables)
			got := start(t.Context(), t, append([]string{"run"}, row.args...)...)
			require.Equal(t, row.status, got.status, got.stderr)
			require.Contains(t, got.stderr, row.says)
		})
	}
}

func TestAQuietRunSaysWhatFailed(t *testing.T) {
	server := liveAgainst(t, emulator.Options{Deviations: []string{"code-reusable"}})
	got := start(t.Context(), t, "run", "--quiet", "--scenario", once)
	require.Equal(t, statusFailed, got.status)
	require.Contains(t, got.stderr, "An authorization code works once: \"Example Shop\" tries to exchange the code again\nthe answer breaks its contract")
	require.Contains(t, got.stderr, "pingone-conformance run: 1 of 1 scenario failed")
	require.NotContains(t, got.stderr, server.Credentials().ClientSecret)
	require.Empty(t, got.stdout)
	require.FileExists(t, filepath.Join("reports", "progressive_profiling", "an-authorization-code-works-once.txt"))
}

func TestRecordWritesWhatIsBuiltIn(t *testing.T) {
	set(t, nil)
	const name = "progressive_profiling/an-authorization-code-works-once.txtar"
	got := start(t.Context(), t, "record", "--scenario", once)
	require.Equal(t, statusMisuse, got.status, "there is no folder for it here")
	got = start(t.Context(), t, "record", "--scenario", once, "--fixtures", "mine")
	require.Zero(t, got.status, got.stderr)
	written, err := os.ReadFile(filepath.Join("mine", name))
	require.NoError(t, err)
	built, err := fixtures.Files.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(built), string(written), "the emulator answers as it did")
}

func TestInACheckoutRecordKnowsItsFolder(t *testing.T) {
	set(t, nil)
	t.Chdir(t.TempDir())
	require.Empty(t, specification().RecordTo)
	require.NoError(t, os.Mkdir("fixtures", 0o750))
	require.Equal(t, "fixtures", specification().RecordTo)
}
