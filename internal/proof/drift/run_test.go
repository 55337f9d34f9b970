package drift

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/replay"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

const features, recordings = "../../../features", "../../../fixtures"

// inProcess runs the journeys against the emulator mode's own emulators.
func inProcess() suite.Options {
	return suite.Options{
		Config:   config.Config{Mode: config.Emulator, Passcode: config.PasscodeConfig{Source: config.Outbox, Timeout: time.Minute}},
		Features: os.DirFS(features), Fixtures: os.DirFS(recordings), Sentences: steps.All, UseCases: steps.UseCases(),
		Tags: "@journey", Concurrency: 3,
	}
}

// against runs the journeys live against an emulator that breaks its contract as named.
func against(t *testing.T, deviations ...string) (suite.Options, emulator.Credentials) {
	t.Helper()
	server, err := emulator.Start(t.Context(), emulator.Options{Deviations: deviations})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	c, o := server.Credentials(), inProcess()
	o.Config = config.Config{
		Mode: config.Live, Region: "NA", APIURL: server.URL() + "/v1", AuthURL: server.URL(),
		EnvironmentID: c.EnvironmentID, TargetEnvironmentID: c.EnvironmentID, ClientID: c.ClientID, ClientSecret: c.ClientSecret,
		Passcode: config.PasscodeConfig{Source: config.Outbox, OutboxURL: server.OutboxURL(), Timeout: time.Minute},
		Limits:   config.Limits{Call: 10 * time.Second, Scenario: time.Minute, Run: time.Minute, Lag: time.Second},
	}
	return o, c
}

// printed is a report as people see it.
func printed(t *testing.T, r Report) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, r.Print(&b))
	return b.String()
}

func TestTheEmulatorHasNotDrifted(t *testing.T) {
	before := contents(t, recordings)
	r, err := Run(t.Context(), inProcess())
	require.NoError(t, err)
	require.Equal(t, "102 calls of 3 scenarios compared with the recordings (emulator "+emulator.Version+"): no drift\n", printed(t, r))
	require.True(t, r.Totals.Clean())
	require.Equal(t, before, contents(t, recordings), "no fixture is touched")
}

func TestALiveServerIsComparedThoughItsIdsAndTimesAreItsOwn(t *testing.T) {
	o, _ := against(t)
	r, err := Run(t.Context(), o)
	require.NoError(t, err)
	require.Equal(t, "102 calls of 3 scenarios compared with the recordings (live at "+o.Config.APIURL+"): no drift\n", printed(t, r))
}

func TestEachDeviationIsToldWhereItIs(t *testing.T) {
	o, c := against(t, "prompt-not-echoed", "nonce-dropped")
	r, err := Run(t.Context(), o)
	require.NoError(t, err)
	found := map[string]bool{}
	for _, s := range r.Scenarios {
		lost := strings.Contains(s.FailedAt, "the ID token proves")
		require.Equal(t, lost, s.Failure != "", "a broken contract stops nothing; a nonce that is missed does")
		for _, call := range s.Calls {
			require.Equal(t, Drifted, call.Outcome)
			for _, d := range call.Differences {
				found[call.Operation+": "+d.String()] = true
			}
		}
	}
	require.Equal(t, map[string]bool{
		"Create Sign-On Policy Action: member gone /attributes: was array": true,
		"Get Token: member gone /id_token/claims/nonce: was string":        true,
	}, found)
	var machine bytes.Buffer
	require.NoError(t, r.WriteJSON(&machine))
	for _, text := range []string{printed(t, r), machine.String()} {
		require.NotContains(t, text, c.ClientSecret)
		require.NotContains(t, text, "eyJ", "a token")
		require.Contains(t, text, "attributes")
	}
}

func TestDriftIsSeenFromBothSides(t *testing.T) {
	const feature, scenario = "login_and_mfa", "ben-signs-on-with-his-password-and-a-passcode.txtar"
	changed := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(changed, feature), os.DirFS(filepath.Join(recordings, feature))))
	file := filepath.Join(changed, feature, scenario)
	recorded, err := replay.Load(os.DirFS(changed), feature+"/"+scenario)
	require.NoError(t, err)
	for i, e := range recorded.Exchanges() {
		switch {
		case e.Request.Method == "POST" && strings.HasSuffix(e.Request.URL.Path, "/populations"):
			e.Response.Body = bytes.Replace(e.Response.Body, []byte(`"name"`), []byte(`"label"`), 1)
		case e.Request.Method == "POST" && strings.HasSuffix(e.Request.URL.Path, "/devices"):
			e.Response.Body = bytes.Replace(e.Response.Body, []byte(`"self"`), []byte(`"itself"`), 1)
		}
		recorded = recorded.With(i, e)
	}
	require.NoError(t, os.WriteFile(file, recorded.Format(), 0o600))
	o := inProcess()
	o.Fixtures, o.Tags, o.Paths = os.DirFS(changed), "", []string{feature + ".feature:10"}
	r, err := Run(t.Context(), o)
	require.NoError(t, err)
	require.Len(t, r.Scenarios, 1)
	got := map[string][]string{}
	for _, c := range r.Scenarios[0].Calls {
		require.Positive(t, c.Step, c.Operation)
		require.Contains(t, c.Line, "(step ", c.Operation)
		got[c.Operation] = texts(c.Differences)
	}
	require.Equal(t, map[string][]string{
		"Create Population": {"member gone /label: was string", "member added /name: string"},
		"Create Device":     {"link gone /_links/itself", "link added /_links/self"},
	}, got)
	require.Equal(t, Totals{Scenarios: 1, Compared: 37, Drifted: 2, Differences: 4}, r.Totals)
}

func TestACallMoreOrLessShiftsNothing(t *testing.T) {
	o, _ := against(t)
	o.Config.Passcode.Source = config.TestDevice // reads the application's secret earlier, for a signed request
	r, err := Run(t.Context(), o)
	require.NoError(t, err)
	require.Equal(t, 1, r.Totals.Extra)
	require.Zero(t, r.Totals.Missing)
	require.Zero(t, r.Totals.Failed)
	text := printed(t, r)
	require.Contains(t, text, "extra call, answered 200: the recording has none like it here")
	require.Contains(t, text, "note: recorded with passcodes from outbox, run with test-device")
	require.Equal(t, 2, strings.Count(text, "member added /test: object"))
}

func TestWhatCannotBeComparedIsSaid(t *testing.T) {
	o := inProcess()
	empty := t.TempDir()
	o.Fixtures = os.DirFS(empty)
	r, err := Run(t.Context(), o)
	require.NoError(t, err)
	require.Equal(t, 3, r.Totals.Uncompared)
	require.False(t, r.Totals.Clean())
	require.Contains(t, printed(t, r), "NOT COMPARED: there is no recording")
	require.Empty(t, contents(t, empty), "nothing is written")
}

func TestAnInterruptedRunTellsHowFarItCame(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := Run(ctx, inProcess())
	require.NoError(t, err)
	require.Equal(t, 3, r.Totals.Failed)
	require.Equal(t, 3, r.Totals.Uncompared)
	require.Contains(t, printed(t, r), "NOT COMPARED: the scenario was not begun")
}

func TestNothingSelectedIsAnError(t *testing.T) {
	o := inProcess()
	o.Tags = "@nosuchtag"
	_, err := Run(t.Context(), o)
	require.ErrorIs(t, err, suite.ErrNoScenario)
}

func TestTheJSONFormIsStable(t *testing.T) {
	r := Report{Format: Format, Mode: "live", Answered: "live NA", Scenarios: []Scenario{{
		Feature: "login_and_mfa", Name: "Ben", Recording: "fixtures/x.txtar", RecordedFrom: "emulator 0.1.0", Compared: 27,
		Calls: []Call{{
			Outcome: Drifted, Recorded: 11, Seen: 12, Step: 10, Operation: "Create User", Method: "POST", Path: "/v1/users", Status: 201,
			Differences: []Difference{{Kind: "member gone", At: "/account", Recorded: "object"}},
		}},
	}}}
	r.Totals.add(r.Scenarios[0])
	var b bytes.Buffer
	require.NoError(t, r.WriteJSON(&b))
	require.JSONEq(t, `{
		"format": 1, "mode": "live", "answered": "live NA",
		"scenarios": [{
			"feature": "login_and_mfa", "name": "Ben", "recording": "fixtures/x.txtar", "recordedFrom": "emulator 0.1.0",
			"compared": 27, "notReached": 0,
			"calls": [{
				"outcome": "drifted", "recorded": 11, "seen": 12, "step": 10, "operation": "Create User",
				"method": "POST", "path": "/v1/users", "status": 201,
				"differences": [{"kind": "member gone", "at": "/account", "recorded": "object"}]
			}]
		}],
		"totals": {"scenarios": 1, "failed": 0, "uncompared": 0, "compared": 27, "drifted": 1, "extra": 0, "missing": 0, "notReached": 0, "differences": 1}
	}`, b.String())
	var again Report
	require.NoError(t, json.Unmarshal(b.Bytes(), &again))
	require.Equal(t, r, again)
}

// contents are the files below a folder by name.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".txtar" {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, path))
		files[path] = string(text)
		return err
	}))
	return files
}
