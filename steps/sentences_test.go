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

// TestNoSentenceIsLeftOutThatReadsAStep holds the quick look at a step against the expressions themselves.
func TestNoSentenceIsLeftOutThatReadsAStep(t *testing.T) {
	x := newIndex()
	require.NotEmpty(t, x.all)
	files, err := fs.Glob(os.DirFS("../features"), "*.feature")
	require.NoError(t, err)
	for _, file := range files {
		for _, step := range stepsOf(t, file) {
			want := map[*phrase]bool{}
			for _, sentence := range x.all {
				if sentence.expression().MatchString(step) {
					want[sentence] = true
				}
			}
			require.NotEmpty(t, want, step)
			for range 2 { // the second time from memory
				require.Equal(t, want, x.of(&godog.Scenario{Steps: []*godog.Step{{Text: step}}}), step)
			}
		}
	}
	require.Empty(t, x.of(&godog.Scenario{Steps: []*godog.Step{{Text: "the moon is made of cheese"}}}))
}
