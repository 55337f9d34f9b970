package vary

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/contract"
	"pingone-conformance/emulator"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// few is a specification of two scenarios, so that trying a variation is quick.
func few(refusal string) suite.Options {
	text := `Feature: Few

  Scenario: A wrong secret gets no token
    When Priya tries to get an access token with a wrong secret
    Then the token endpoint refuses with "` + refusal + `"

  Scenario: Nothing is created without a token
    Given Priya has an access token of the worker application
    When Priya tries to create an application with no access token
    Then PingOne refuses the call as unauthorized
`
	return suite.Options{Features: fstest.MapFS{"few.feature": {Data: []byte(text)}}, Sentences: steps.All}
}

func TestWhatIsChangedAndStaysGreenHolds(t *testing.T) {
	var reported []string
	outcomes, err := Run(t.Context(), Options{Suite: few("invalid_client"), Parallel: 2, Only: []string{
		"unauthorized-as-403", "oauth-error-without-description", "redirect-303", "all",
	}}, func(o Outcome) { reported = append(reported, o.Variation.Name) })
	require.NoError(t, err)
	require.Len(t, outcomes, 4)
	require.ElementsMatch(t, []string{"unauthorized-as-403", "oauth-error-without-description", "redirect-303", AllAtOnce}, reported)
	for _, o := range outcomes {
		require.Equal(t, 2, o.Ran)
		require.Empty(t, o.Alarms)
		require.Equal(t, o.Variation.Name != "redirect-303", o.Held(), "%s: nothing here is redirected", o.Variation.Name)
	}
	require.Equal(t, AllAtOnce, outcomes[3].Variation.Name, "all at once comes last")
	require.Positive(t, outcomes[3].Changed["unauthorized-as-403"])
	require.Len(t, Faulty(outcomes), 1)
}

func TestAScenarioThatFailsIsAFalseAlarm(t *testing.T) {
	outcomes, err := Run(t.Context(), Options{Suite: few("invalid_grant"), Only: []string{"oauth-error-without-description"}}, func(Outcome) {})
	require.NoError(t, err)
	require.Len(t, outcomes[0].Alarms, 1)
	alarm := outcomes[0].Alarms[0]
	require.Equal(t, "A wrong secret gets no token", alarm.Scenario)
	require.Equal(t, `the token endpoint refuses with "invalid_grant"`, alarm.Step)
	require.Contains(t, alarm.Message, `wanted "invalid_grant"`)
	require.False(t, outcomes[0].Held())
}

func TestTheTable(t *testing.T) {
	outcomes, err := Run(t.Context(), Options{Suite: few("invalid_grant"), Only: []string{"unauthorized-as-403", "all"}}, func(Outcome) {})
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, Print(&b, outcomes))
	table := b.String()
	require.Regexp(t, `\nrefusals\n  unauthorized-as-403 +1 calls changed  FALSE ALARM in 1 of 2 scenarios\n      few.feature: A wrong secret gets no token\n`, table)
	require.Contains(t, table, "What a tenant as different as the pages allow shows:")
	require.Contains(t, table, "a call without a usable token: 403 ACCESS_FAILED")
	require.Regexp(t, `refusals +1 +0\n`, table)
	b.Reset()
	outcomes, err = Run(t.Context(), Options{Suite: few("invalid_client"), Only: []string{"redirect-303"}}, func(Outcome) {})
	require.NoError(t, err)
	require.NoError(t, Print(&b, outcomes))
	require.Contains(t, b.String(), "CHANGES NO CALL of 2 scenarios: it proves nothing")
}

func TestWhatCannotRun(t *testing.T) {
	_, err := Run(t.Context(), Options{Suite: few("invalid_client"), Only: []string{"redirect-304"}}, func(Outcome) {})
	require.ErrorContains(t, err, "the nearest are redirect-303")
	_, err = Run(t.Context(), Options{Suite: suite.Options{Features: fstest.MapFS{}, Sentences: steps.All}, Only: []string{"redirect-303"}}, func(Outcome) {})
	require.Error(t, err, "no scenario proves nothing")
	ended, end := context.WithCancel(t.Context())
	end()
	_, err = Run(ended, Options{Suite: few("invalid_client"), Only: []string{"redirect-303"}}, func(Outcome) {})
	require.ErrorContains(t, err, "interrupted")
}

func TestEveryVariationIsTriedAndThenAllAtOnce(t *testing.T) {
	chosen, err := choose(nil)
	require.NoError(t, err)
	require.Len(t, chosen, len(emulator.Variations())+1)
	require.Equal(t, AllAtOnce, chosen[len(chosen)-1].Name)
}

// What was not changed proves nothing, and more alarms than are told are counted.
func TestTheTableCountsWhatHeld(t *testing.T) {
	refusals := func(name string) emulator.VariationInfo {
		return emulator.VariationInfo{Name: name, Group: "refusals"}
	}
	var alarms []Alarm
	for _, scenario := range []string{"one", "two", "three", "four", "five"} {
		alarms = append(alarms, Alarm{Scenario: scenario, File: "few.feature", Step: "it is so", Message: "wanted so\nmore"})
	}
	alarms[0].Step = ""
	outcomes := []Outcome{
		{Variation: refusals("held"), Ran: 7, Changed: map[string]int{"held": 3}},
		{Variation: refusals("unchanged"), Ran: 7, Changed: map[string]int{"held": 3}},
		{Variation: refusals("alarming"), Ran: 7, Changed: map[string]int{"alarming": 2}, Alarms: alarms},
		{Variation: emulator.VariationInfo{Name: AllAtOnce, Group: "all at once"}, Ran: 7, Changed: map[string]int{"held": 3, "alarming": 2}, Seen: contract.NewObservations()},
	}
	require.Equal(t, outcomes[1:3], Faulty(outcomes))
	var b strings.Builder
	require.NoError(t, Print(&b, outcomes))
	table, observed, _ := strings.Cut(b.String(), "\nWhat a tenant as different as the pages allow shows:\n")
	require.NotContains(t, observed, "What a tenant")
	require.Equal(t, `
refusals
  held                                         3 calls changed  7 scenarios green
  unchanged                                  CHANGES NO CALL of 7 scenarios: it proves nothing
  alarming                                     2 calls changed  FALSE ALARM in 5 of 7 scenarios
      few.feature: one
        (at its end)
        wanted so
      few.feature: two
        it is so
        wanted so
      few.feature: three
        it is so
        wanted so
      … and 2 more

all at once
  all                                          5 calls changed  7 scenarios green

group          variations     no alarm
refusals                3            1
all at once             1            1
`, table)
}
