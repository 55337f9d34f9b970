package suite_test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/suite"
	"pingone-conformance/suite/report/results"
)

// shards are the places of the scenarios in each of n parts, and what the parts cost.
func shards(t *testing.T, o suite.Options, n int) (places [][]string, calls []int) {
	t.Helper()
	for i := 1; i <= n; i++ {
		part, err := suite.Shard(o, results.Shard{Index: i, Of: n})
		require.NoError(t, err)
		all, err := suite.Catalogue(part.Features)
		require.NoError(t, err)
		var mine []string
		for _, s := range all {
			mine = append(mine, fmt.Sprintf("%s:%d %s", s.File, s.Line, s.Name))
		}
		require.Equal(t, part.Shard.Scenarios, len(mine))
		require.Equal(t, len(mine) == 0, part.Shard.Empty())
		places, calls = append(places, mine), append(calls, part.Shard.Calls)
	}
	return places, calls
}

func TestEveryScenarioIsInExactlyOneShard(t *testing.T) {
	o := suite.Options{Features: features(), Fixtures: os.DirFS("../fixtures")}
	all, err := suite.Catalogue(o.Features)
	require.NoError(t, err)
	for _, n := range []int{1, 2, 5} {
		places, calls := shards(t, o, n)
		seen := map[string]int{}
		for _, mine := range places {
			for _, place := range mine {
				seen[place]++
			}
		}
		require.Len(t, seen, len(all))
		for place, times := range seen {
			require.Equal(t, 1, times, place)
		}
		require.Less(t, slices.Max(calls)-slices.Min(calls), slices.Max(calls)/20+1, "%d parts: %v", n, calls)
	}
	places, _ := shards(t, suite.Options{Features: two}, 5)
	require.Equal(t, 3, len(slices.Concat(places...)))
	require.Empty(t, places[4], "a part may be empty")
	again, _ := shards(t, suite.Options{Features: two}, 5)
	require.Equal(t, places, again)
}

func TestOnlyWhatIsSelectedIsSplit(t *testing.T) {
	three := suite.Options{Features: features(), Fixtures: os.DirFS("../fixtures"), Tags: "@journey"}
	places, _ := shards(t, three, 3)
	for _, mine := range places {
		require.Len(t, mine, 1)
	}
	rows := suite.Options{Features: two}
	places, _ = shards(t, rows, 2)
	require.Equal(t, [][]string{{"some.feature:3 One", "some.feature:11 Two of caps"}, {"some.feature:10 Two of pens"}}, places, "rows of an outline are scenarios")
	live := suite.Options{Features: features(), Config: config.Config{Mode: config.Live}}
	whole, err := suite.Catalogue(features())
	require.NoError(t, err)
	places, _ = shards(t, live, 1)
	require.Less(t, len(places[0]), len(whole), "what cannot be done there is no part of the run")
	_, err = suite.Shard(suite.Options{Features: two, Tags: "@nosuch"}, results.Shard{Index: 1, Of: 1})
	require.ErrorIs(t, err, suite.ErrNoScenario)
}

func TestTheDearestScenariosAreSpread(t *testing.T) {
	recording := func(calls int) *fstest.MapFile {
		text := "format: 1\n"
		for i := range calls {
			text += fmt.Sprintf("-- %02d.request --\n", i+1)
		}
		return &fstest.MapFile{Data: []byte(text)}
	}
	o := suite.Options{Features: two, Fixtures: fstest.MapFS{
		"some/one.txtar": recording(3), "some/two-of-pens.txtar": recording(9), "some/two-of-caps.txtar": recording(5),
	}}
	places, calls := shards(t, o, 2)
	require.Equal(t, [][]string{{"some.feature:10 Two of pens"}, {"some.feature:3 One", "some.feature:11 Two of caps"}}, places)
	require.Equal(t, []int{9, 8}, calls)
}

func TestAShardIsSaidAsAPartOfANumber(t *testing.T) {
	got, err := suite.ParseShard("2/3")
	require.NoError(t, err)
	require.Equal(t, results.Shard{Index: 2, Of: 3}, got)
	for _, text := range []string{"", "2", "/", "0/3", "4/3", "1/0", "-1/3", "1/3/5", "a/b", "1 / 3", "1/1001", "1/99999999999999999999", "+1/3"} {
		_, err := suite.ParseShard(text)
		require.ErrorContains(t, err, fmt.Sprintf("%q is not i/n, the i-th of n parts, such as 2/3", text))
	}
}
