package suite

import (
	"io/fs"
	"slices"

	"pingone-conformance/internal/gherkin"
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
	var paths []string
	for _, s := range some {
		if !slices.Contains(paths, s.Path()) {
			paths = append(paths, s.Path())
		}
	}
	return paths, nil
}
