package steps_test

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/features"
	"pingone-conformance/internal/gherkin"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// TestEveryStepIsReadByExactlyOneSentence holds for all features: no step is undefined or
// ambiguous, and no sentence is unused.
func TestEveryStepIsReadByExactlyOneSentence(t *testing.T) {
	all := suite.Sentences(steps.All)
	scenarios, err := gherkin.Read(features.Files)
	require.NoError(t, err)
	require.NotEmpty(t, scenarios)
	used := map[string]bool{}
	for _, s := range scenarios {
		for _, step := range s.Steps {
			read := readers(all, step.Text)
			require.Len(t, read, 1, "%s:%d: %s", s.File, step.Line, step.Text)
			require.Equal(t, step.Role, read[0].Role, "%s:%d: %s", s.File, step.Line, step.Text)
			used[read[0].Expression] = true
		}
	}
	for _, sentence := range all {
		require.True(t, used[sentence.Expression], "no feature uses %s", sentence.Expression)
	}
}

// TestNoSentenceIsReadByTwo writes every sentence in every way that its expression allows.
func TestNoSentenceIsReadByTwo(t *testing.T) {
	all := suite.Sentences(steps.All)
	require.NotEmpty(t, all)
	for _, sentence := range all {
		for _, text := range written(sentence.Expression) {
			require.Equal(t, []suite.Sentence{sentence}, readers(all, text), text)
		}
	}
	two := []suite.Sentence{{Role: "Given", Expression: `^a$`}, {Role: "When", Expression: `^[a-z]+$`}}
	require.Equal(t, two, readers(two, written(`^a$`)[0]))
}

func TestWrittenInEveryWay(t *testing.T) {
	for expression, want := range map[string][]string{
		`^([A-Z][a-z]+) and ([A-Z][a-z]+)$`:     {"Anna and Ben"},
		`^an? (optional|required) "([^"]*)"$`:   {`a optional "Example Bank"`, `a required "Example Bank"`, `an optional "Example Bank"`, `an required "Example Bank"`},
		`^(?:his|her) (\d+)(?: \(step \d+\))?$`: {"his 3", "his 3 (step 3)", "her 3", "her 3 (step 3)"},
		`^the (.+?) needs (\S+)$`:               {"the thing needs thing"},
		`^(an? .+|the user .+)$`:                {"a thing", "an thing", "the user thing"},
	} {
		require.ElementsMatch(t, want, written(expression), expression)
	}
}

func readers(all []suite.Sentence, text string) []suite.Sentence {
	var found []suite.Sentence
	for _, sentence := range all {
		if compiled(sentence.Expression).MatchString(text) {
			found = append(found, sentence)
		}
	}
	return found
}

var expressions = map[string]*regexp.Regexp{}

func compiled(expression string) *regexp.Regexp {
	if expressions[expression] == nil {
		expressions[expression] = regexp.MustCompile(expression)
	}
	return expressions[expression]
}

// written are the texts that an expression reads: every choice in it, with Anna, Ben and
// Chloe for its people and Example Bank for every quoted text.
func written(expression string) []string {
	text := strings.ReplaceAll(expression, `"([^"]*)"`, `"Example Bank"`)
	for _, name := range []string{"Anna", "Ben", "Chloe"} {
		text = strings.Replace(text, `([A-Z][a-z]+)`, name, 1)
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		panic(err)
	}
	return choices(parsed)
}

func choices(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpBeginText, syntax.OpEndText, syntax.OpEmptyMatch:
		return []string{""}
	case syntax.OpCapture:
		return choices(re.Sub[0])
	case syntax.OpQuest:
		return append(choices(re.Sub[0]), "")
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			all = append(all, choices(sub)...)
		}
		return all
	case syntax.OpConcat:
		all := []string{""}
		for _, sub := range re.Sub {
			var longer []string
			for _, begun := range all {
				for _, more := range choices(sub) {
					longer = append(longer, begun+more)
				}
			}
			all = longer
		}
		return all
	case syntax.OpCharClass, syntax.OpStar: // of a number that is not 0
		return []string{"3"}
	case syntax.OpPlus:
		if regexp.MustCompile(re.String()).MatchString("thing") {
			return []string{"thing"}
		}
		return []string{"3"}
	}
	panic("sentences are not expected to say " + re.String())
}
