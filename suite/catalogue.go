package suite

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
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

// Tagged are the feature files in which a godog tag expression can select a scenario, in the form that Options.Paths takes: those
// that name each tag of one of its alternatives somewhere. It is nil, which stands for all, when that leaves none out or only none.
func Tagged(features fs.FS, expression string) ([]string, error) {
	var paths []string
	left := false
	err := fs.WalkDir(features, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(file) != ".feature" {
			return err
		}
		text, err := fs.ReadFile(features, file)
		if err != nil {
			return err
		}
		if mayHold(text, expression) {
			paths = append(paths, file)
		} else {
			left = true
		}
		return nil
	})
	if err != nil || !left {
		return nil, err
	}
	return paths, nil
}

// CheckTags says what is wrong with a godog tag expression: godog panics at an empty tag, and
// takes the words of other runners for a tag that nothing has.
func CheckTags(expression string) error {
	if expression == "" {
		return nil
	}
	for alternative := range strings.SplitSeq(expression, ",") {
		for tag := range strings.SplitSeq(alternative, "&&") {
			tag = strings.TrimSpace(tag)
			if name := strings.TrimPrefix(strings.TrimPrefix(tag, "~"), "@"); name == "" || strings.ContainsAny(name, " \t\n@~&|()") {
				return fmt.Errorf("--tags: %q is no tag: @a && @b wants both, @a,@b one of them, ~@a none", tag)
			}
		}
	}
	return nil
}

// mayHold tells whether a text has in it every tag that one of the expression's alternatives wants.
func mayHold(text []byte, expression string) bool {
	for alternative := range strings.SplitSeq(expression, ",") {
		lacks := func(tag string) bool {
			tag = strings.ReplaceAll(strings.TrimSpace(tag), "@", "")
			return !strings.HasPrefix(tag, "~") && !bytes.Contains(text, []byte("@"+tag))
		}
		if !slices.ContainsFunc(strings.Split(alternative, "&&"), lacks) {
			return true
		}
	}
	return false
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
