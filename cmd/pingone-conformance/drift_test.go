package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/fixtures"
	"pingone-conformance/internal/proof/drift"
	"pingone-conformance/internal/replay"
)

// drifts runs the subcommand with these variables and no others of ours.
func drifts(t *testing.T, variables map[string]string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	set(t, variables)
	got := start(t.Context(), t, append([]string{"drift"}, args...)...)
	return got.status, got.stdout, got.stderr
}

func emulated() map[string]string { return map[string]string{"PINGONE_MODE": "emulator"} }

func TestTheEmulatorIsAsRecorded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "drift.json")
	status, stdout, stderr := drifts(t, emulated(), "--fail", "--scenario", "Ben signs on with his password and a passcode", "--json", file)
	require.Empty(t, stderr)
	require.Zero(t, status)
	recording, err := replay.Load(fixtures.Files, "login_and_mfa/ben-signs-on-with-his-password-and-a-passcode.txtar")
	require.NoError(t, err)
	calls := len(recording.Exchanges())
	require.Equal(t, fmt.Sprintf("%d calls of 1 scenario compared with the recordings (emulator %s): no drift\n", calls, emulator.Version), stdout)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var report drift.Report
	require.NoError(t, json.Unmarshal(text, &report))
	require.Equal(t, drift.Format, report.Format)
	require.Equal(t, calls, report.Totals.Compared)
}

// lives starts an emulator that is called as a tenant is, and gives the variables for it.
func lives(t *testing.T, o emulator.Options) map[string]string {
	t.Helper()
	server, err := emulator.Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	c := server.Credentials()
	return map[string]string{
		"PINGONE_MODE": "live", "PINGONE_API_URL": server.URL(), "PINGONE_AUTH_URL": server.URL(),
		"PINGONE_ENVIRONMENT_ID": c.EnvironmentID, "PINGONE_CLIENT_ID": c.ClientID, "PINGONE_CLIENT_SECRET": c.ClientSecret,
		"PINGONE_PASSCODE": "outbox", "PINGONE_OUTBOX_URL": server.OutboxURL(),
	}
}

func TestDriftFailsOnlyWhenAsked(t *testing.T) {
	variables := lives(t, emulator.Options{Deviations: []string{"methods-missing"}})
	for want, args := range map[int][]string{
		0: {"--tags", "@journey && @login_and_mfa"},
		1: {"--tags", "@journey && @login_and_mfa", "--fail"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			status, stdout, stderr := drifts(t, variables, args...)
			require.Empty(t, stderr)
			require.Equal(t, want, status)
			require.Contains(t, stdout, "member gone /id_token/claims/amr: was array")
			require.NotContains(t, stdout+stderr, variables["PINGONE_CLIENT_SECRET"])
		})
	}
}

// What stays in the tenant is named so that a person finds it there.
func TestDriftNamesWhatItLeaves(t *testing.T) {
	variables := lives(t, emulator.Options{Faults: []emulator.Fault{{Kind: "ignored", Operation: "application.delete"}}})
	variables["PINGONE_LAG_TIMEOUT"] = "1s"
	_, _, stderr := drifts(t, variables, "--tags", "@journey && @login_and_mfa")
	require.Contains(t, stderr, "1 thing is left behind")
	address := variables["PINGONE_API_URL"] + "/v1/environments/" + variables["PINGONE_ENVIRONMENT_ID"] + "/applications/"
	require.Regexp(t, `the application Example Bank  `+regexp.QuoteMeta(address)+`[0-9a-f-]{36}\n`, stderr)
}

func TestWhatIsNotRightIsSaidBeforeAnythingRuns(t *testing.T) {
	for name, row := range map[string]struct {
		variables map[string]string
		args      []string
		status    int
		stderr    string
	}{
		"no such scenario":       {emulated(), []string{"--scenario", "no such"}, 2, `no scenario's name contains "no such"`},
		"no such tag":            {emulated(), []string{"--tags", "@nosuch"}, 2, "no scenario was selected"},
		"replay":                 {map[string]string{"PINGONE_MODE": "replay"}, nil, 2, "would compare the recordings with themselves"},
		"recording":              {map[string]string{"PINGONE_MODE": "emulator", "PINGONE_RECORD": "true"}, nil, 2, "PINGONE_RECORD"},
		"an unknown mode":        {map[string]string{"PINGONE_MODE": "alive"}, nil, 2, "PINGONE_MODE"},
		"live without a tenant":  {map[string]string{"PINGONE_MODE": "live"}, nil, 2, "PINGONE_CLIENT_SECRET"},
		"a report for no folder": {emulated(), []string{"--json", filepath.Join("no", "such", "x.json")}, 2, "cannot be written"},
	} {
		t.Run(name, func(t *testing.T) {
			status, _, stderr := drifts(t, row.variables, row.args...)
			require.Equal(t, row.status, status, stderr)
			require.Contains(t, stderr, row.stderr)
		})
	}
}
