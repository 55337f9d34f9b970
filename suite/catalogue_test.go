package suite_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cucumber/godog"
	"github.com/stretchr/testify/require"

	builtin "pingone-conformance/features"
	"pingone-conformance/suite"
	"pingone-conformance/suite/report/results"
)

var two = fstest.MapFS{"some.feature": {Data: []byte(`@some
Feature: F
  Scenario: One
    Given a
  @rows
  Scenario Outline: Two of <what>
    Given a
    Examples:
      | what |
      | pens |
      | caps |
`)}}

func TestSelectListsAllNamesWhenNoneMatches(t *testing.T) {
	for text, want := range map[string][]string{
		"one":         {"some.feature:3"},
		"TWO OF":      {"some.feature:6"},
		"two of caps": {"some.feature:6"},
		"o":           {"some.feature:3", "some.feature:6"},
		"":            nil,
	} {
		paths, err := suite.Select(two, text)
		require.NoError(t, err)
		require.Equal(t, want, paths, text)
	}
	_, err := suite.Select(two, "three")
	require.ErrorContains(t, err, "One\n  Two of pens\n  Two of caps")
}

func TestFilesWithoutATagAreLeftOut(t *testing.T) {
	three := fstest.MapFS{
		"a.feature": {Data: []byte("@journey @a\nFeature: A\n")}, "b.feature": {Data: []byte("@b\nFeature: B\n")},
		"in/c.feature": {Data: []byte("Feature: C\n  @journey\n  Scenario: C")}, "notes.md": {Data: []byte("@notes")},
	}
	for expression, want := range map[string][]string{
		"":                    nil,
		"@journey":            {"a.feature", "in/c.feature"},
		"journey":             {"a.feature", "in/c.feature"},
		" @journey &&  @a ":   {"a.feature"},
		"@journey && ~@a":     {"a.feature", "in/c.feature"}, // another scenario of the file may be without it
		"~@journey":           nil,
		"@a, @b":              {"a.feature", "b.feature"},
		"@a && @b,@journey":   {"a.feature", "in/c.feature"},
		"@nowhere":            nil,
		"@notes":              nil,
		"@a,@b,@journey":      nil,
		"@a && @b, ~@journey": nil,
	} {
		paths, err := suite.Tagged(three, expression)
		require.NoError(t, err)
		require.Equal(t, want, paths, expression)
	}
}

// What is left out has nothing to select: for every expression of a few tags, godog finds the same scenarios with it and without.
func TestNothingThatATagSelectsIsLeftOut(t *testing.T) {
	tags := []string{"@journey", "@login_and_mfa", "~@journey", "@undocumented", "@option", "@refusal"}
	for _, a := range tags {
		for _, b := range tags {
			for _, expression := range []string{a, a + " && " + b, a + "," + b, a + "&&" + b + "," + b} {
				found := func(paths []string) []string {
					features, err := godog.TestSuite{Options: &godog.Options{FS: builtin.Files, Paths: paths, Tags: expression}}.RetrieveFeatures()
					require.NoError(t, err)
					var all []string
					for _, f := range features {
						for _, p := range f.Pickles {
							all = append(all, p.Uri+" "+p.Name)
						}
					}
					return all
				}
				some, err := suite.Tagged(builtin.Files, expression)
				require.NoError(t, err)
				if some != nil {
					require.Equal(t, found([]string{"."}), found(some), expression)
				}
			}
		}
	}
}

func TestTheCatalogueListsEveryRow(t *testing.T) {
	all, err := suite.Catalogue(two)
	require.NoError(t, err)
	rows := []string{"@some", "@rows"}
	require.Equal(t, []suite.Listed{
		{ID: suite.ID{Feature: "some", Name: "One", Tags: []string{"@some"}, File: "some.feature"}, Line: 3},
		{ID: suite.ID{Feature: "some", Name: "Two of pens", Tags: rows, File: "some.feature"}, Line: 10},
		{ID: suite.ID{Feature: "some", Name: "Two of caps", Tags: rows, File: "some.feature"}, Line: 11},
	}, all)
}

func TestFeaturesThatCannotBeReadAreNamed(t *testing.T) {
	broken := fstest.MapFS{"broken.feature": {Data: []byte("no feature at all")}}
	_, err := suite.Catalogue(broken)
	require.ErrorContains(t, err, "broken.feature is no feature")
	_, err = suite.Select(broken, "one")
	require.ErrorContains(t, err, "broken.feature is no feature")
}

// Whatever a run prints as a scenario's name selects it, and an outline's row without the others.
func TestEveryPrintedNameSelectsItself(t *testing.T) {
	all, err := suite.Catalogue(features())
	require.NoError(t, err)
	for _, one := range all {
		for _, text := range []string{one.Name, strings.ToUpper(one.Name), fmt.Sprintf("%s  [%s:%d]", one.Name, one.File, one.Line)} {
			left, paths, err := suite.Choose(features(), text)
			require.NoError(t, err)
			require.NotEmpty(t, paths)
			found, err := suite.Catalogue(left)
			require.NoError(t, err)
			require.Contains(t, found, one, text)
			for _, other := range found {
				require.Equal(t, one.Name, other.Name)
			}
		}
	}
}

func TestOnlyWhatDidNotPassRunsAgain(t *testing.T) {
	earlier := func(states ...string) results.Run {
		run := results.Run{Features: []results.Feature{{File: "features/some.feature"}}}
		for i, name := range []string{"One", "Two of pens", "Two of caps"} {
			run.Features[0].Scenarios = append(run.Features[0].Scenarios, results.Scenario{Name: name, State: states[i]})
		}
		return run
	}
	for name, row := range map[string]struct {
		run  results.Run
		left []string
		says string
	}{
		"one failed":             {earlier(results.Passed, results.Passed, results.Failed), []string{"Two of caps"}, ""},
		"one was not started":    {earlier(results.NotStarted, results.Failed, results.Passed), []string{"One", "Two of pens"}, ""},
		"all passed":             {earlier(results.Passed, results.Passed, results.Passed), nil, "nothing failed"},
		"it could not begin":     {results.Run{State: results.NotBegun}, []string{"One", "Two of pens", "Two of caps"}, ""},
		"its scenarios are gone": {results.Run{Features: []results.Feature{{File: "features/gone.feature", Scenarios: []results.Scenario{{State: results.Failed}}}}}, nil, "no longer in the features"},
	} {
		t.Run(name, func(t *testing.T) {
			left, _, err := suite.Failed(two, row.run)
			if row.says != "" {
				require.ErrorContains(t, err, row.says)
				return
			}
			require.NoError(t, err)
			found, err := suite.Catalogue(left)
			require.NoError(t, err)
			var names []string
			for _, one := range found {
				names = append(names, one.Name)
			}
			require.Equal(t, row.left, names)
		})
	}
}

func TestWhatIsNoTagExpressionIsSaid(t *testing.T) {
	for expression, wrong := range map[string]string{
		"": "", "@a": "", "a": "", "~@a": "", "@a && ~@b": "", "@a,@b": "", "@step-3&&@b , @c": "",
		"@a &&": `""`, "@a,": `""`, "&&": `""`, "~": `"~"`, "@": `"@"`, "not @a": `"not @a"`, "@a and @b": `"@a and @b"`, "(@a)": `"(@a)"`, "@a & @b": `"@a & @b"`,
	} {
		if wrong == "" {
			require.NoError(t, suite.CheckTags(expression), expression)
			continue
		}
		require.EqualError(t, suite.CheckTags(expression), "--tags: "+wrong+" is no tag: @a && @b wants both, @a,@b one of them, ~@a none")
	}
}
