package steps

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/cucumber/godog"
	messages "github.com/cucumber/messages/go/v21"
)

// sentence compiles one sentence of the features, once per process. {name} is a
// person, {text} a quoted text; any sentence may end with its published number.
func sentence(pattern string) *regexp.Regexp {
	return regexp.MustCompile(`^` + placeholders.Replace(pattern) + `(?: \(step \d+\))?$`)
}

var placeholders = strings.NewReplacer(
	"{name}", `([A-Z][a-z]+)`,
	"{text}", `"([^"]*)"`,
	"{int}", `(\d+)`,
	"{his}", `(?:his|her|their|he|she|they)`,
)

var published = regexp.MustCompile(`\(step (\d+)\)$`)

// publishedNumber is the number of the published list at a sentence's end, or 0.
func publishedNumber(text string) int {
	m := published.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	return n
}

// register binds every sentence to the scenario's World, one topic after the other.
func register(sc *godog.ScenarioContext, w *World) {
	for _, topic := range []func(book, *World){
		setupSentences, registeredSentences, administrationSentences, listSentences, policySentences, peopleSentences, deviceSentences,
		signOnSentences, profileSentences, passcodeSentences, hintSentences, tokenSentences,
		refusedSignOnSentences, refusedMFASentences, refusedTokenSentences, refusedHintSentences, refusedCallSentences, refusedDataSentences,
	} {
		topic(book{sc: sc, w: w}, w)
	}
}

func isOutcome(s *godog.Step) bool { return s.Type == messages.PickleStepType_OUTCOME }

// orphanArgument refuses doc strings and tables: no sentence of this suite reads one,
// and godog would ignore it without a word.
func orphanArgument(s *godog.Scenario) error {
	for _, step := range s.Steps {
		if step.Argument != nil {
			return fmt.Errorf("%s: the step %q carries a doc string or table that no sentence reads", s.Uri, step.Text)
		}
	}
	return nil
}
