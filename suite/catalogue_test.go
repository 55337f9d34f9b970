package suite_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/suite"
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
