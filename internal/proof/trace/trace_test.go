package trace

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

func ours() suite.Options {
	return suite.Options{
		Features: os.DirFS("../../../features"), Fixtures: os.DirFS("../../../fixtures"), Sentences: steps.All, UseCases: steps.UseCases(),
	}
}

func TestEveryLineOfAListIsPrintedWithWhatTheJourneySays(t *testing.T) {
	sent, err := Journeys(t.Context(), ours())
	require.NoError(t, err)
	for _, u := range steps.UseCases() {
		require.Len(t, sent[u.Name], len(u.Calls))
		var b strings.Builder
		require.NoError(t, Print(&b, u, sent[u.Name]))
		require.Equal(t, len(u.Calls)+4, strings.Count(b.String(), "\n"))
		require.Contains(t, b.String(), u.Page)
		for _, s := range sent[u.Name] {
			require.Contains(t, b.String(), s.Line)
		}
		for _, slip := range u.Slips() {
			require.Contains(t, b.String(), slip.Printed)
		}
	}
}

func TestAJourneyThatDoesNotFollowItsListIsNamed(t *testing.T) {
	text, err := os.ReadFile("../../../features/login_and_mfa.feature")
	require.NoError(t, err)
	for name, row := range map[string]struct{ old, now, says string }{
		"another number":     {"(step 5)", "(step 4)", `replay "Ben signs on with his password and a passcode": after the scenario: the calls are not those of the published list: `},
		"a sentence unknown": {"(step 5)", "(step five)", `replay "Ben signs on with his password and a passcode": step is undefined`},
		"no journey":         {"@journey", "@voyage", "replay the journeys: no scenario was selected"},
	} {
		t.Run(name, func(t *testing.T) {
			o := ours()
			o.Features = fstest.MapFS{"login_and_mfa.feature": {Data: []byte(strings.Replace(string(text), row.old, row.now, 1))}}
			_, err := Journeys(t.Context(), o)
			require.ErrorContains(t, err, row.says)
		})
	}
}
