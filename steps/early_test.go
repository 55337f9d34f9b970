package steps_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/internal/retry"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// each plays every scenario against one emulator and returns how each ended, by its name.
func each(t *testing.T, scenarios map[string][]string) map[string]error {
	t.Helper()
	var text strings.Builder
	text.WriteString("Feature: F\n")
	for name, lines := range scenarios {
		fmt.Fprintf(&text, "  Scenario: %s\n    %s\n", name, strings.Join(lines, "\n    "))
	}
	results, _ := suite.Run(t.Context(), suite.Options{
		Config:   config.Config{Mode: config.Emulator, Passcode: config.PasscodeConfig{Source: config.Outbox, Timeout: time.Minute}},
		Retry:    retry.Options{LagLimit: 10 * time.Millisecond, LagInterval: time.Millisecond},
		Features: fstest.MapFS{"some.feature": {Data: []byte(text.String())}}, Sentences: steps.All, Concurrency: 8,
	})
	require.Len(t, results, len(scenarios))
	ended := map[string]error{}
	for _, r := range results {
		ended[r.Scenario.Name] = r.Err
	}
	return ended
}

// registered is people and an application with whom nothing has happened yet.
var registered = []string{
	`Given Priya has an access token of the worker application`,
	`And Anna is registered`,
	`And Ben is registered`,
	`And Chloe is registered`,
	`And "Example Bank" is another application`,
}

// trueAtOnce are the Thens that hold of whoever was just registered or created, since
// the creation itself shows them.
var trueAtOnce = []string{
	`Anna has no mobile phone number`,
	`Anna has no mobile phone number yet`,
	`the password of Anna is in force`,
	`the secret of "Example Bank" is not in the answer`,
}

// falseAtOnce are the Thens that the creation itself refutes, each with what is said.
var falseAtOnce = map[string]string{
	`the mobile phone number of Anna is "Example Bank"`: `the mobile phone number of Anna: wanted "Example Bank", got ""`,
}

// TestEveryThenAsksForAnEarlierSentence plays every Then where nothing has happened that it
// could be about: with nobody there, and with people and an application who did nothing.
func TestEveryThenAsksForAnEarlierSentence(t *testing.T) {
	nobody, idle := map[string][]string{}, map[string][]string{}
	for _, sentence := range suite.Sentences(steps.All) {
		for _, text := range written(sentence.Expression) {
			if sentence.Role == "Then" {
				nobody[text] = []string{"Then " + text}
				idle[text] = append(slices.Clone(registered), "Then "+text)
			}
		}
	}
	require.Greater(t, len(nobody), 50)
	for text, err := range each(t, nobody) {
		require.ErrorContains(t, err, "an earlier sentence has to", "with nobody there: %s", text)
	}
	ended := each(t, idle)
	for text, err := range ended {
		switch {
		case slices.Contains(trueAtOnce, text):
			require.NoError(t, err, text)
		case falseAtOnce[text] != "":
			require.ErrorContains(t, err, falseAtOnce[text], text)
		default:
			require.ErrorContains(t, err, "an earlier sentence has to", "of idle people: %s", text)
		}
	}
	for _, text := range append(trueAtOnce, slices.Collect(maps.Keys(falseAtOnce))...) {
		require.Contains(t, ended, text, "it is no Then any more")
	}
}

// things are what sentences speak of as something that is created.
var things = []string{
	"an application", "a grant", "an assignment", "a sign-on policy", "a login action", "a progressive profiling action", "a population",
	"the user Anna", "a device of Anna",
}

// asIs takes the choices out of an expression that make no difference to what it does.
var asIs = strings.NewReplacer(
	"(?:his|her|their)", "her", "(?:her|him|them)", "her", "(?:he|she|they)", "she", "(?: yet)?", "", `(?: \(step \d+\))?`, "", "an? ", "a ",
)

// withThings are the ways to write a sentence, with each thing that it may speak of.
func withThings(expression string) []string {
	var all []string
	for _, text := range written(asIs.Replace(expression)) {
		all = append(all, text)
		for _, verb := range []string{"create", "created", "everything that"} {
			before, after, ok := strings.Cut(text, verb+" ")
			if ok && strings.Contains(expression, verb+" (") {
				_, rest, _ := strings.Cut(after, "thing")
				for _, thing := range things {
					all = append(all, before+verb+" "+thing+strings.Replace(rest, "without thing", "without type", 1))
				}
			}
		}
	}
	return all
}

// TestNoSentencePanics plays every sentence where nobody is there, and where somebody has
// begun anew after a sign-on: whatever comes, it is an error in words or nothing.
func TestNoSentencePanics(t *testing.T) {
	anew := []string{
		`Given "Example Bank" sends people a passcode and nothing else`,
		`And Anna is registered with a text message device`,
		`And Ben is registered`,
		`And Chloe is registered`,
		`And Anna has signed on to "Example Bank" with a login hint token`,
		`When "Example Bank" tries a sign-on for Anna in the browser of Anna`,
	}
	scenarios := map[string][]string{}
	for _, sentence := range suite.Sentences(steps.All) {
		for _, text := range withThings(sentence.Expression) {
			line := sentence.Role + " " + text
			scenarios["alone: "+line] = []string{line}
			scenarios["anew: "+line] = append(slices.Clone(anew), line)
		}
	}
	require.Contains(t, scenarios, "alone: When Priya tries to create a grant without type")
	require.Contains(t, scenarios, "alone: Given Priya has everything that a device of Anna needs")
	for name, err := range each(t, scenarios) {
		if err != nil {
			require.NotContains(t, err.Error(), "panicked", name)
			require.NotContains(t, err.Error(), "left behind", name)
		}
	}
}
