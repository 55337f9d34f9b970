package suite

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"pingone-conformance/internal/gherkin"
	"pingone-conformance/suite/report/results"
)

// Listed is one scenario of the feature files, found without running it: an outline's
// rows each with the name that the row gives it.
type Listed struct {
	ID
	Line int
}

// Catalogue lists the scenarios of every feature file at the root of features.
func Catalogue(features fs.FS) ([]Listed, error) {
	all, err := gherkin.Read(features)
	if err != nil {
		return nil, err
	}
	listed := make([]Listed, len(all))
	for i, s := range all {
		listed[i] = Listed{ID{Feature: s.Feature(), Name: s.Name, Tags: s.Tags, File: s.File}, s.Line}
	}
	return listed, nil
}

// Select finds the scenarios whose name contains text, in any case, in the form that
// Options.Paths takes. With "" it returns nil, which selects everything; when
// nothing matches, the error lists all names.
func Select(features fs.FS, text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	all, err := gherkin.Read(features)
	if err != nil {
		return nil, err
	}
	some, err := gherkin.Select(all, text)
	if err != nil {
		return nil, err
	}
	return pathsOf(some), nil
}

// Choose narrows features to the scenarios that Select finds, without the other rows of
// their outlines, and returns their paths in the form that Options.Paths takes.
func Choose(features fs.FS, text string) (fs.FS, []string, error) {
	all, err := gherkin.Read(features)
	if err != nil {
		return nil, nil, err
	}
	some, err := gherkin.Select(all, text)
	if err != nil {
		return nil, nil, err
	}
	return gherkin.Only(some), pathsOf(some), nil
}

// ErrNothingFailed is returned when an earlier run has left nothing to run again.
var ErrNothingFailed = errors.New("nothing failed, and nothing was left out")

// Failed narrows features to the scenarios that did not pass in an earlier run; of a run that
// could not begin these are all.
func Failed(features fs.FS, earlier results.Run) (fs.FS, []string, error) {
	all, err := gherkin.Read(features)
	if err != nil {
		return nil, nil, err
	}
	failed := map[string]bool{}
	for i := range earlier.Features {
		f := &earlier.Features[i]
		for _, s := range f.Scenarios {
			if s.State != results.Passed {
				failed[strings.TrimPrefix(f.File, "features/")+"\x00"+s.Name] = true
			}
		}
	}
	switch {
	case earlier.State == results.NotBegun:
		return features, nil, nil
	case len(failed) == 0:
		return nil, nil, ErrNothingFailed
	}
	some := slices.DeleteFunc(all, func(s gherkin.Scenario) bool { return !failed[s.File+"\x00"+s.Name] })
	if len(some) == 0 {
		return nil, nil, errors.New("the scenarios that failed are no longer in the features")
	}
	return gherkin.Only(some), pathsOf(some), nil
}

func pathsOf(some []gherkin.Scenario) []string {
	var paths []string
	for _, s := range some {
		if !slices.Contains(paths, s.Path()) {
			paths = append(paths, s.Path())
		}
	}
	return paths
}
