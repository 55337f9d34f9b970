package steps

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	gherkin "github.com/cucumber/gherkin/go/v42"
	"github.com/cucumber/godog"
	messages "github.com/cucumber/messages/go/v34"
	"github.com/stretchr/testify/require"
)

// allSentences collects every pattern as it is registered with godog.
func allSentences(t *testing.T) []string {
	t.Helper()
	var found []string
	var listing strings.Builder
	status := godog.TestSuite{
		ScenarioInitializer: func(sc *godog.ScenarioContext) { register(sc, &World{}, func(*phrase) bool { return true }) },
		Options:             &godog.Options{ShowStepDefinitions: true, Format: "pretty", NoColors: true, Output: &listing, FS: os.DirFS("../features")},
	}.Run()
	require.NotZero(t, status, "showing the definitions ends godog with its status for options")
	colours := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for line := range strings.Lines(colours.ReplaceAllString(listing.String(), "")) {
		if pattern, _, ok := strings.Cut(strings.TrimSpace(line), " #"); ok {
			found = append(found, strings.TrimSpace(pattern))
		}
	}
	require.NotEmpty(t, found)
	return found
}

// example replaces what a sentence leaves open by plain words.
func example(pattern string) string {
	for expression, word := range map[string]string{
		`([A-Z][a-z]+)`: "Anna", `"([^"]*)"`: `"Shop"`, `(\d+)`: "3", `(\S+)`: "name", `(.+?)`: "a user", `(.+)`: "it is", `(an? .+)`: "a user",
	} {
		pattern = strings.ReplaceAll(pattern, expression, word)
	}
	pattern = strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$")
	choice := regexp.MustCompile(`\((?:\?:)?([^()|]*)(?:\|[^()]*)*\)(\?)?`)
	for choice.MatchString(pattern) {
		pattern = choice.ReplaceAllStringFunc(pattern, func(group string) string {
			m := choice.FindStringSubmatch(group)
			if m[2] == "?" {
				return ""
			}
			return m[1]
		})
	}
	return strings.NewReplacer(`an?`, "a", `\`, "").Replace(pattern)
}

func TestEveryStepOfTheFeaturesIsReadByExactlyOneSentence(t *testing.T) {
	patterns := allSentences(t)
	files, err := fs.Glob(os.DirFS("../features"), "*.feature")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	used := map[string]bool{}
	var compiled []*regexp.Regexp
	for _, pattern := range patterns {
		compiled = append(compiled, regexp.MustCompile(pattern))
	}
	for _, file := range files {
		for _, step := range stepsOf(t, file) {
			var readers []string
			for _, pattern := range compiled {
				if pattern.MatchString(step) {
					readers = append(readers, pattern.String())
					used[pattern.String()] = true
				}
			}
			require.Len(t, readers, 1, "%s: %s", file, step)
		}
	}
	for _, pattern := range patterns {
		require.True(t, used[pattern], "no feature uses %s", pattern)
	}
}

// stepsOf returns the texts of a feature's steps, outlines filled in.
func stepsOf(t *testing.T, file string) []string {
	t.Helper()
	in, err := os.Open("../features/" + file)
	require.NoError(t, err)
	defer func() { require.NoError(t, in.Close()) }()
	newID := (&messages.Incrementing{}).NewId
	doc, err := gherkin.ParseGherkinDocument(in, newID)
	require.NoError(t, err, file)
	var texts []string
	for _, pickle := range gherkin.Pickles(*doc, file, newID) {
		for _, step := range pickle.Steps {
			texts = append(texts, step.Text)
		}
	}
	return texts
}
