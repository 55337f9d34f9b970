package results_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/suite/report/results"
)

// onDisk is a folder with the results of a run, as they are.
func onDisk(t *testing.T, run results.Run) string {
	t.Helper()
	folder := t.TempDir()
	file, err := os.Create(filepath.Join(folder, results.FileName))
	require.NoError(t, err)
	require.NoError(t, results.Write(file, &run))
	require.NoError(t, file.Close())
	return folder
}

func TestResultsThatContradictThemselvesAreNotRead(t *testing.T) {
	scenarios := []string{"one passed", "two failed", "three passed", "'four' not started"}
	for name, row := range map[string]struct {
		lie  func(*results.Run)
		says string
	}{
		"a failure is not counted":   {func(r *results.Run) { r.Totals.Failed, r.Totals.Passed = 0, 3 }, "its totals say 4 (3 passed, 0 of them undocumented, 0 failed, 1 not started), and its scenarios are 4 (2 passed, 0 of them undocumented, 1 failed, 1 not started)"},
		"more than there are":        {func(r *results.Run) { r.Totals.Scenarios = 5 }, "its totals say 5"},
		"nothing waits":              {func(r *results.Run) { r.Totals.NotStarted = 0 }, "0 not started), and"},
		"undocumented":               {func(r *results.Run) { r.Totals.Undocumented = 1 }, "1 of them undocumented"},
		"a scenario was taken out":   {func(r *results.Run) { r.Features[0].Scenarios = r.Features[0].Scenarios[:1] }, "and its scenarios are 1"},
		"a failure is called passed": {func(r *results.Run) { r.Features[0].Scenarios[1].State = results.Passed }, "and its scenarios are 4 (3 passed"},
		"the run passed":             {func(r *results.Run) { r.State = results.Passed }, `it says that the run is "passed", and its scenarios that it is "failed"`},
		"it passed and has a failure": {func(r *results.Run) {
			r.Features[0].Scenarios[0].Failure = &results.Failure{Text: "no"}
		}, `it says that "one" passed, and what failed in it`},
		"it failed in a step that there is not": {func(r *results.Run) {
			r.Features[0].Scenarios[1].Failure = &results.Failure{Step: 7}
		}, `it says that "two" failed in a step that it does not have`},
		"a call that is no exchange": {func(r *results.Run) {
			r.Features[0].Scenarios[0].Steps = []results.Step{{State: results.Passed, Calls: []results.Call{{Exchange: -1}}}}
		}, `it names an exchange of "one" that it cannot have`},
		"a call of the end that is no exchange": {func(r *results.Run) {
			r.Features[0].Scenarios[0].TearDown = []results.Call{{Exchange: -1}}
		}, `it names an exchange of "one" that it cannot have`},
		"it passed and a step failed": {func(r *results.Run) {
			r.Features[0].Scenarios[2].Steps = []results.Step{{State: results.Failed}}
		}, `it says that "three" passed, and what failed in it`},
	} {
		t.Run(name, func(t *testing.T) {
			run := part(nil, scenarios...)
			row.lie(&run)
			folder := onDisk(t, run)
			_, err := results.Peek(folder)
			require.ErrorContains(t, err, filepath.Join(folder, results.FileName)+" contradicts itself, so nothing is made of it: ")
			require.ErrorContains(t, err, row.says)
		})
	}
}

func TestResultsThatAreRightAreRead(t *testing.T) {
	for name, run := range map[string]results.Run{
		"failed":      part(nil, "one passed", "two failed", "'three' not started"),
		"passed":      part(nil, "one passed"),
		"interrupted": part(func(r *results.Run) { r.State = results.Interrupted }, "one passed", "'two' not started"),
		"not begun":   part(func(r *results.Run) { r.State, r.Why = results.NotBegun, "no network" }),
		"no scenario": part(shard(4, 4, 3, 0)),
		"a reason":    part(func(r *results.Run) { r.Why = "shard 2/3 is missing" }, "one passed"),
		"joined":      results.Join([]results.Run{part(shard(1, 2, 2, 1), "one passed"), part(shard(2, 2, 2, 1), "two failed")}),
	} {
		t.Run(name, func(t *testing.T) {
			read, err := results.Peek(onDisk(t, run))
			require.NoError(t, err)
			require.Equal(t, run.Totals, read.Totals)
			require.Equal(t, run.State, read.State)
		})
	}
}
