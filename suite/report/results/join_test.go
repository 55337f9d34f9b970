package results_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/suite/report/results"
)

// part is a run of scenarios of one feature, named "name state" each, on lines of their own.
func part(change func(*results.Run), scenarios ...string) results.Run {
	run := results.Run{Format: results.Format, Suite: "v1.0.0", Mode: "live", Answered: "live EU", State: results.Passed}
	f := results.Feature{Name: "some", File: "features/some.feature"}
	for i, text := range scenarios {
		name, state, ran := strings.Cut(text, " ")
		if ran {
			f.Scenarios = append(f.Scenarios, results.Scenario{ID: "some/" + strings.Trim(name, "'"), Name: strings.Trim(name, "'"), Line: i + 1, State: state, HAR: "some/x.har"})
		}
	}
	run.Features = []results.Feature{f}
	if change != nil {
		change(&run)
	}
	run.Count()
	return run
}

func shard(index, of, selected, scenarios int) func(*results.Run) {
	return func(r *results.Run) {
		r.Shard = &results.Shard{Index: index, Of: of, Selected: selected, Scenarios: scenarios}
	}
}

func TestJoinedPartsSayWhatMakesThemLessThanOneRun(t *testing.T) {
	for _, row := range []struct {
		name        string
		parts       []results.Run
		state       string
		notes, says string
	}{
		{"two halves", []results.Run{part(nil, "a passed", "-"), part(nil, "-", "b passed")}, results.Passed, "", ""},
		{"one failed", []results.Run{part(nil, "a passed", "-"), part(nil, "-", "b failed")}, results.Failed, "", ""},
		{"one scenario twice", []results.Run{part(nil, "a passed"), part(nil, "a passed")}, results.Passed, `1 of the scenarios ran in more than one part, such as "a"`, ""},
		{"one scenario twice, failed once", []results.Run{part(nil, "a passed"), part(nil, "a failed")}, results.Failed, `such as "a"`, ""},
		{"where it was not started it did not run", []results.Run{part(nil, "a not started"), part(nil, "a passed")}, results.Passed, "", ""},
		{"versions", []results.Run{part(nil, "a passed", "-"), part(func(r *results.Run) { r.Suite = "v1.1.0" }, "-", "b passed")}, results.Passed, "different versions of the suite: v1.0.0; v1.1.0", ""},
		{"answerers", []results.Run{part(nil, "a passed", "-"), part(func(r *results.Run) { r.Answered = "live NA" }, "-", "b passed")}, results.Passed, "different answerers: live EU; live NA", ""},
		{"all shards", []results.Run{part(shard(1, 2, 2, 1), "a passed"), part(shard(2, 2, 2, 1), "-", "b passed")}, results.Passed, "", ""},
		{"an empty shard", []results.Run{part(shard(1, 2, 1, 1), "a passed"), part(shard(2, 2, 1, 0))}, results.Passed, "", ""},
		{"a shard is missing", []results.Run{part(shard(1, 3, 9, 4), "a passed"), part(shard(3, 3, 9, 2), "-", "b passed")}, results.Failed, "", "shard 2/3 is missing: 3 of 9 scenarios are not known"},
		{"of two runs", []results.Run{part(shard(1, 2, 9, 4), "a passed"), part(shard(2, 3, 9, 2), "-", "b passed")}, results.Passed, "the shards are not of one run: 2/3", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			joined := results.Join(row.parts)
			require.Equal(t, row.state, joined.State)
			require.Equal(t, row.says, joined.Why)
			if row.notes == "" {
				require.Empty(t, joined.Notes)
			} else {
				require.Contains(t, strings.Join(joined.Notes, "\n"), row.notes)
			}
		})
	}
}

func TestAFileThatDiffersBetweenThePartsIsSaid(t *testing.T) {
	text := func(source string) func(*results.Run) {
		return func(r *results.Run) { r.Features[0].Source = source }
	}
	joined := results.Join([]results.Run{part(text("F\n a\n\n"), "a passed", "-"), part(text("F\n\n b\n"), "-", "b passed")})
	require.Equal(t, "F\n a\n b\n", joined.Features[0].Source)
	require.Empty(t, joined.Notes)
	joined = results.Join([]results.Run{part(text("F\n"), "a passed", "-"), part(text("G\n"), "-", "b passed")})
	require.Equal(t, []string{"features/some.feature is not the same in all parts"}, joined.Notes)
}

func TestScenariosOfOneNameFromTwoPartsStayApart(t *testing.T) {
	joined := results.Join([]results.Run{part(nil, "a passed", "-"), part(nil, "-", "a passed")})
	require.Equal(t, []string{"some/a", "some/a-2"}, []string{joined.Features[0].Scenarios[0].ID, joined.Features[0].Scenarios[1].ID})
	require.Equal(t, "some/x-2.har", joined.Features[0].Scenarios[1].HAR)
}
