package gotest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/gherkin"
	"pingone-conformance/internal/gotest"
)

var features = fstest.MapFS{
	"login.feature": {Data: []byte(`@login
Feature: Login
  Background:
    Given a shop

  @journey
  Scenario: Ben signs on
    When he signs on

  Scenario Outline: A <fault> is refused
    When he has a <fault>
    Examples:
      | fault            |
      | wrong password   |
      | (blank) password |
`)},
	"hint.feature": {Data: []byte(`@hint
Feature: Hint
  Scenario: Chloe is known
    When she comes
`)},
}

func TestWhatRunAndSkipSelect(t *testing.T) {
	const ben, wrong, blank, chloe = "login/Ben signs on", "login/A wrong password is refused", "login/A (blank) password is refused", "hint/Chloe is known"
	rows := map[string]struct {
		run, skip string
		want      []string
	}{
		"nothing said":                {"", "", []string{chloe, ben, wrong, blank}},
		"the test":                    {"TestFeatures", "", []string{chloe, ben, wrong, blank}},
		"another test as well":        {"Other|TestFeatures/hint", "", []string{chloe}},
		"a feature":                   {"TestFeatures/login", "", []string{ben, wrong, blank}},
		"a part of a name":            {"TestFeatures/login/sign", "", []string{ben}},
		"a name, anchored":            {"^TestFeatures$/^login$/^ben-signs-on$", "", []string{ben}},
		"one row of an outline":       {"TestFeatures/login/a-wrong-password-is-refused", "", []string{wrong}},
		"a row with brackets":         {"TestFeatures/login/a-blank-password-is-refused", "", []string{blank}},
		"any feature":                 {"TestFeatures//refused", "", []string{wrong, blank}},
		"two names":                   {"TestFeatures/login/(ben|wrong)", "", []string{ben, wrong}},
		"two alternatives":            {"TestFeatures/hint|TestFeatures/login/ben", "", []string{chloe, ben}},
		"a slash in a class":          {"TestFeatures/[l/|]ogin/ben", "", []string{ben}},
		"deeper than a scenario":      {"TestFeatures/hint/chloe/more", "", []string{chloe}},
		"a feature is skipped":        {"", "TestFeatures/login", []string{chloe}},
		"a scenario is skipped":       {"TestFeatures/login", "TestFeatures/login/ben", []string{wrong, blank}},
		"something deeper is skipped": {"", "TestFeatures/login/ben/more", []string{chloe, ben, wrong, blank}},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			s := gotest.Selection{Test: "TestFeatures", Run: row.run, Skip: row.skip}
			selected, paths, err := s.From(features)
			require.NoError(t, err)
			require.Equal(t, row.want, names(t, selected))
			if len(row.want) == 4 {
				require.Nil(t, paths)
				return
			}
			var files []string
			for _, name := range row.want {
				if feature, _, _ := strings.Cut(name, "/"); len(files) == 0 || files[len(files)-1] != feature+".feature" {
					files = append(files, feature+".feature")
				}
			}
			require.Equal(t, files, paths, "who looks at the paths sees which use cases run")
		})
	}
}

// names lists the scenarios, and holds their lines against the ones of all features.
func names(t *testing.T, selected fs.FS) []string {
	t.Helper()
	all, err := gherkin.Read(features)
	require.NoError(t, err)
	lines := map[string]int{}
	for _, s := range all {
		lines[s.Name] = s.Line
	}
	some, err := gherkin.Read(selected)
	require.NoError(t, err)
	var found []string
	for _, s := range some {
		found = append(found, s.Feature()+"/"+s.Name)
		require.Equal(t, lines[s.Name], s.Line, s.Name)
	}
	return found
}

func TestASelectionOfNothingIsAnError(t *testing.T) {
	rows := map[string]struct {
		selection gotest.Selection
		says      string
	}{
		"-run":           {gotest.Selection{Test: "T", Run: "T/nosuch"}, "-run \"T/nosuch\" and -skip \"\" select no scenario of these:\n  T/hint/chloe-is-known\n  T/login/ben-signs-on"},
		"-skip":          {gotest.Selection{Test: "T", Skip: "T/./."}, `and -skip "T/./." select no scenario`},
		"no expression":  {gotest.Selection{Test: "T", Run: "T/(", Skip: ""}, `-run: "T/(" is no pattern of tests: `},
		"nor to skip by": {gotest.Selection{Test: "T", Skip: "T/["}, `-skip: "T/[" is no pattern of tests: `},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			_, _, err := row.selection.From(features)
			require.ErrorContains(t, err, row.says)
		})
	}
}

func TestATagForTheBuildIsRefusedWhenItIsOneOfTheFeatures(t *testing.T) {
	for given, write := range map[string]string{
		"@journey": "-args -tags '@journey'", "journey": "-args -tags '@journey'", "@journey,&&,~@hint": "-args -tags '@journey && ~@hint'", "netgo,hint": "-args -tags '@netgo hint'",
	} {
		require.ErrorContains(t, gotest.Refuse(features, given), "write go test ./features "+write, given)
	}
	for _, given := range []string{"", "netgo", "integration,journeys"} {
		require.NoError(t, gotest.Refuse(features, given), given)
	}
	require.NoError(t, gotest.RefuseBuildTags(features), "this test was built without any")
}

func TestTheFileThatKeepsARunFromTheCache(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "reports")
	for range 2 {
		require.NoError(t, gotest.NeverCached(folder))
	}
	info, err := os.Stat(filepath.Join(folder, "never-cached"))
	require.NoError(t, err)
	require.Greater(t, time.Until(info.ModTime()), 30*time.Minute, "too new for as long as other tests may take")

	file := filepath.Join(folder, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	require.ErrorContains(t, gotest.NeverCached(file), "a run must not come from go test's cache")
}
