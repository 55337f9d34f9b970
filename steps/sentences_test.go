package steps

import (
	"io/fs"
	"os"
	"testing"

	"github.com/cucumber/godog"
	"github.com/stretchr/testify/require"
)

func TestPlainWordsStandInEveryMatch(t *testing.T) {
	for pattern, want := range map[string]string{
		`Priya reads the user {name}`:                         "Priya reads the user",
		`{name} is registered`:                                " is registered",
		`the device is new(?: yet)?`:                          "the device is new",
		`{name} tries {his} own passcode( without cookies)?`:  " own passcode",
		`asks for an? (optional|required) number`:             "asks for a",
		`asks for a (?:(?:very )?long|short) number of words`: " number of words",
		`a price of {int}\.50 or mor[e]`:                      "a price of",
		`one|the other`:                                       "",
		`caf\S+ or thé?`:                                      " or th",
		`é?`:                                                  "",
	} {
		require.Equal(t, want, plainWords(pattern), pattern)
	}
}

// TestNoSentenceIsLeftOutThatReadsAStep holds the quick look at a scenario's steps against the expressions themselves.
func TestNoSentenceIsLeftOutThatReadsAStep(t *testing.T) {
	var all []*phrase
	register(&godog.ScenarioContext{}, &World{}, func(p *phrase) bool { all = append(all, p); return false })
	require.NotEmpty(t, all)
	files, err := fs.Glob(os.DirFS("../features"), "*.feature")
	require.NoError(t, err)
	tried, read := 0, 0
	for _, file := range files {
		for _, step := range stepsOf(t, file) {
			wanted := mayRead(&godog.Scenario{Steps: []*godog.Step{{Text: step}}})
			for _, p := range all {
				tried++
				if p.expression().MatchString(step) {
					read++
					require.True(t, wanted(p), "%s reads %q and is left out", p.pattern, step)
				}
			}
		}
	}
	require.Less(t, read*20, tried, "most sentences read most steps: leaving some out proves nothing")
	for _, p := range all {
		require.NotEmpty(t, p.words, "%s would be tried on the steps of every scenario", p.pattern)
	}
}
