package gotest

import (
	"flag"
	"fmt"
	"io/fs"
	"runtime/debug"
	"slices"
	"strings"

	"pingone-conformance/internal/gherkin"
	"pingone-conformance/suite/report"
)

// Selection says which scenarios a command line selects; the zero value selects all.
type Selection struct {
	// Test is the name of the test that runs the features. Each scenario is a sub-test
	// of it, TestFeatures/login_and_mfa/wrong-password for instance.
	Test string
	// Run and Skip are what -run and -skip say.
	Run, Skip string
}

// OfFlags is the selection of go test's own flags, for a test.
func OfFlags(test string) Selection {
	return Selection{Test: test, Run: value("test.run"), Skip: value("test.skip")}
}

func value(name string) string {
	if f := flag.Lookup(name); f != nil {
		return f.Value.String()
	}
	return ""
}

// From returns the features with only the selected scenarios in them, each on the line
// where it stood, and the paths of their files. Paths is nil when all are selected; it
// is an error, which lists the names, when none is.
func (s Selection) From(features fs.FS) (selected fs.FS, paths []string, err error) {
	all, err := gherkin.Read(features)
	if err != nil {
		return nil, nil, err
	}
	some, err := s.filter(all)
	if err != nil {
		return nil, nil, err
	}
	if len(some) == len(all) {
		return features, nil, nil
	}
	for _, one := range some {
		if !slices.Contains(paths, one.File) {
			paths = append(paths, one.File)
		}
	}
	return gherkin.Only(some), paths, nil
}

// filter keeps what -run and -skip select of the scenarios.
func (s Selection) filter(scenarios []gherkin.Scenario) ([]gherkin.Scenario, error) {
	run, err := compile(s.Run)
	if err != nil {
		return nil, fmt.Errorf("-run: %w", err)
	}
	skip, err := compile(s.Skip)
	if err != nil {
		return nil, fmt.Errorf("-skip: %w", err)
	}
	var kept []gherkin.Scenario
	var names strings.Builder
	for _, one := range scenarios {
		name := []string{s.Test, one.Feature(), report.ID{Name: one.Name}.Slug()}
		names.WriteString("\n  " + strings.Join(name, "/"))
		wanted := run == nil
		if !wanted {
			wanted, _ = run.matches(name)
		}
		_, skipped := skip.matches(name)
		if wanted && !skipped {
			kept = append(kept, one)
		}
	}
	if len(kept) == 0 {
		return nil, fmt.Errorf("-run %q and -skip %q select no scenario of these:%s", s.Run, s.Skip, names.String())
	}
	return kept, nil
}

// RefuseBuildTags is an error when a tag of the features was given to go itself, whose
// flag -tags is about files and selects no scenario.
func RefuseBuildTags(features fs.FS) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	for _, setting := range info.Settings {
		if setting.Key == "-tags" {
			return refuse(features, setting.Value)
		}
	}
	return nil
}

func refuse(features fs.FS, tags string) error {
	all, err := gherkin.Read(features)
	if err != nil {
		return err
	}
	ours := map[string]bool{}
	for _, scenario := range all {
		for _, tag := range scenario.Tags {
			ours[tag], ours[strings.TrimPrefix(tag, "@")] = true, true
		}
	}
	for _, tag := range strings.Split(tags, ",") {
		if strings.Contains(tag, "@") || ours[tag] {
			expression := "@" + strings.TrimPrefix(strings.ReplaceAll(tags, ",", " "), "@")
			return fmt.Errorf("-tags %s went to go, as tags of the build, and selects no scenario: write go test ./features -args -tags '%s'", tags, expression)
		}
	}
	return nil
}
