package detect

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/contract"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/gherkin"
)

func TestEveryDeviationIsTriedUnlessSomeAreNamed(t *testing.T) {
	chosen, err := choose(nil)
	require.NoError(t, err)
	require.Equal(t, emulator.Deviations(), chosen)
	require.Greater(t, len(chosen), 100)
}

// What is tried on top of all variations is answered otherwise in every way.
func TestAVariedRunIsVaried(t *testing.T) {
	for _, varied := range []bool{true, false} {
		o := by(few(t, `the token endpoint refuses with "invalid_client"`))
		o.Observations = contract.NewObservations()
		_, err := Run(t.Context(), Options{Suite: o, Only: []string{"code-reusable"}, Varied: varied}, func(Outcome) {})
		require.NoError(t, err)
		var seen strings.Builder
		o.Observations.Print(&seen)
		require.Equal(t, varied, strings.Contains(seen.String(), "a call without a usable token: 403 ACCESS_FAILED"), seen.String())
	}
}

// A proof that ends early is an error, whatever was seen before.
func TestAProofThatIsInterruptedIsNone(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	defer end()
	outcomes, err := Run(ctx, Options{
		Suite: by(few(t, `the token endpoint refuses with "invalid_client"`)), Only: []string{"client-secret-not-checked", "bearer-not-required"}, Parallel: 1, All: true,
	}, func(Outcome) { end() })
	require.ErrorContains(t, err, "interrupted")
	require.Len(t, outcomes, 2)
	require.True(t, outcomes[0].Noticed())
}

// A scenario of the same name in another file is another one.
func TestTheScenarioThatIsTriedFirstIsThatOfItsFile(t *testing.T) {
	scenarios := []gherkin.Scenario{{File: "a.feature", Name: "Anna signs on"}, {File: "b.feature", Name: "Anna signs on"}}
	first := First{"code-reusable": {"b.feature", "Anna signs on"}, "state-dropped": {"c.feature", "Anna signs on"}, "empty": {}}
	found, known := first.of("code-reusable", scenarios)
	require.True(t, known)
	require.Equal(t, scenarios[1], found)
	for _, deviation := range []string{"state-dropped", "empty", "unheard-of"} {
		_, known = first.of(deviation, scenarios)
		require.False(t, known, deviation)
	}
	found, known = First{"code-reusable": {"a.feature", "Anna signs on"}}.of("code-reusable", scenarios)
	require.True(t, known)
	require.Equal(t, scenarios[0], found, "the first of all")
}

func TestTheTableCountsWhatWasNoticed(t *testing.T) {
	security := func(name string) emulator.DeviationInfo {
		return emulator.DeviationInfo{Name: name, Group: "security", Breaks: "a password is not looked at", Rule: "passwords are looked at", Page: "https://example.com"}
	}
	catch := Catch{Scenario: "Anna signs on", File: "few.feature", Line: 5, Message: "wanted a refusal of the password " + strings.Repeat("x", 300) + "\nmore"}
	step := catch
	step.Step, step.Message = "the password is refused", "wanted a refusal"
	outcomes := []Outcome{
		{Deviation: security("first"), Caught: []Catch{catch, step}, Ran: 7, Complete: true},
		{Deviation: security("second"), Caught: []Catch{step}, Ran: 1},
		{Deviation: security("third"), Ran: 7, Complete: true},
		{Deviation: emulator.DeviationInfo{Name: "fourth", Group: "shape", Breaks: "a password is a number"}, Caught: []Catch{step}, Ran: 7, Complete: true},
	}
	var b strings.Builder
	require.NoError(t, Print(&b, outcomes))
	require.Equal(t, `
security
  first                          few.feature:5  Anna signs on (2 of 7)
                                   (at its end)
                                   caught by the sentence
                                   wanted a refusal of the password `+strings.Repeat("x", 247)+`…
  second                         few.feature:5  Anna signs on
                                   the password is refused
                                   caught by the sentence
                                   wanted a refusal
  third                          NOT NOTICED by any of 7 scenarios

shape
  fourth                         few.feature:5  Anna signs on (1 of 7)
                                   the password is refused
                                   caught by the sentence
                                   wanted a refusal

group        deviations    noticed
security              3          2
shape                 1          1
all                   4          3
of 3 that were noticed, 3 by a sentence or message that names the deviation's own place

Nothing noticed when
  - a password is not looked at (third), though passwords are looked at: https://example.com
`, b.String())
	b.Reset()
	require.NoError(t, Print(&b, outcomes[:2]))
	require.NotContains(t, b.String(), "Nothing noticed")
	b.Reset()
	require.NoError(t, Detail(&b, outcomes[1]))
	require.Equal(t, `
second (security): a password is not looked at
  rule: passwords are looked at
  https://example.com
  few.feature:5  Anna signs on
    the password is refused
      wanted a refusal
`, b.String())
}
