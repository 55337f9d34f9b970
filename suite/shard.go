package suite

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/cucumber/godog"

	"pingone-conformance/internal/gherkin"
	"pingone-conformance/suite/report/results"
)

// mostShards is into how many parts a run can be split.
const mostShards = 1000

// ParseShard reads "i/n", the i-th of n parts, such as 2/3.
func ParseShard(text string) (results.Shard, error) {
	left, right, _ := strings.Cut(text, "/")
	i, err := strconv.ParseUint(left, 10, 16)
	n, fault := strconv.ParseUint(right, 10, 16)
	if err != nil || fault != nil || i < 1 || i > n || n > mostShards {
		return results.Shard{}, fmt.Errorf("%q is not i/n, the i-th of n parts, such as 2/3: from 1/n to n/n, and at most %d parts", text, mostShards)
	}
	return results.Shard{Index: int(i), Of: int(n)}, nil
}

// Shard narrows the options to one part of the scenarios that they select, and notes in
// them which. Each scenario is in exactly one part; the parts cost about the same number of
// calls, counted in the recordings, and are the same wherever features, recordings and
// selection are. A part may be empty.
func Shard(o Options, part results.Shard) (Options, error) {
	all, err := gherkin.Read(o.Features)
	if err != nil {
		return o, err
	}
	selected, err := o.selected()
	if err != nil {
		return o, err
	}
	all = slices.DeleteFunc(all, func(s gherkin.Scenario) bool { return !selected[place(s.File, s.Line)] })
	if len(all) == 0 {
		return o, ErrNoScenario
	}
	costs := o.costs(all)
	mine := split(costs, part.Of)[part.Index-1]
	some := make([]gherkin.Scenario, len(mine))
	for i, index := range mine {
		some[i] = all[index]
		part.Calls += costs[index]
	}
	part.Scenarios, part.Selected = len(mine), len(all)
	o.Features, o.Paths, o.Shard = gherkin.Only(some), pathsOf(some), &part
	return o, nil
}

func place(file string, line int) string { return fmt.Sprintf("%s:%d", file, line) }

// selected are the places of the scenarios that paths and tags leave, as godog reads them.
func (o Options) selected() (map[string]bool, error) {
	paths := o.Paths
	if len(paths) == 0 {
		paths = []string{"."}
	}
	suite := godog.TestSuite{Options: &godog.Options{FS: o.Features, Paths: paths, Tags: possible(o)}}
	features, err := suite.RetrieveFeatures()
	if err != nil {
		return nil, fmt.Errorf("read the features: %w", err)
	}
	places := map[string]bool{}
	for _, f := range features {
		for _, p := range f.Pickles {
			places[place(fileOf(f.Uri), lineOf(p))] = true
		}
	}
	return places, nil
}

// costs are how many calls each scenario's recording has; the middle of the others where
// there is none.
func (o Options) costs(all []gherkin.Scenario) []int {
	costs := make([]int, len(all))
	var known []int
	for i, s := range all {
		if o.Fixtures == nil {
			break
		}
		text, err := fs.ReadFile(o.Fixtures, ID{Feature: s.Feature(), Name: s.Name}.Recording())
		if calls := bytes.Count(text, []byte(".request --")); err == nil && calls > 0 {
			costs[i] = calls
			known = append(known, calls)
		}
	}
	middle := 1
	if len(known) > 0 {
		slices.Sort(known)
		middle = known[len(known)/2]
	}
	for i := range costs {
		costs[i] = cmp.Or(costs[i], middle)
	}
	return costs
}

// split gives each index to one of n parts: the dearest first, each to the part that has least.
func split(costs []int, n int) [][]int {
	order := make([]int, len(costs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return costs[b] - costs[a] })
	parts, sums := make([][]int, n), make([]int, n)
	for _, index := range order {
		least := slices.Index(sums, slices.Min(sums))
		parts[least] = append(parts[least], index)
		sums[least] += costs[index]
	}
	for _, part := range parts {
		slices.Sort(part)
	}
	return parts
}
