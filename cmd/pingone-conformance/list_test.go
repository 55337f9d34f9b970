package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/suite"
)

func TestScenariosAreListedWithTheirTags(t *testing.T) {
	set(t, nil)
	all, err := suite.Catalogue(specification().Features)
	require.NoError(t, err)
	got := start(t.Context(), t, "list")
	require.Zero(t, got.status, got.stderr)
	require.Equal(t, len(all), strings.Count(got.stdout, "\n"))
	require.Regexp(t, `(?m)^login_and_mfa\.feature:\d+ +Ben signs on with his password and a passcode +@login_and_mfa @journey$`, got.stdout)

	got = start(t.Context(), t, "list", "--tags", "@journey && ~@login_and_mfa")
	require.Equal(t, 2, strings.Count(got.stdout, "\n"), got.stdout)
	got = start(t.Context(), t, "list", "--scenario", "Ben signs on with his password and a passcode", "--tags", "@login_and_mfa")
	require.Equal(t, 1, strings.Count(got.stdout, "\n"), got.stdout)
}

func TestSentencesAreListed(t *testing.T) {
	got := start(t.Context(), t, "list", "--sentences")
	require.Zero(t, got.status, got.stderr)
	require.Contains(t, got.stdout, "Then   sign-on is complete\n")
	require.Equal(t, len(suite.Sentences(specification().Sentences)), strings.Count(got.stdout, "\n"))
}

func TestWhatSelectsNothingIsMisuse(t *testing.T) {
	for _, args := range [][]string{{"--tags", "@nosuch"}, {"--scenario", "nosuch"}, {"--features", "nowhere"}} {
		got := start(t.Context(), t, append([]string{"list"}, args...)...)
		require.Equal(t, statusMisuse, got.status, args)
		require.NotEmpty(t, got.stderr)
	}
}
