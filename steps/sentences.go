package steps

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/cucumber/godog"
	messages "github.com/cucumber/messages/go/v34"
)

// phrase is one sentence of the features. Its expression is compiled when a scenario
// may need it, once per process: a run of one scenario needs few of them.
type phrase struct {
	pattern string
	// words stand, as they are, in every step that the sentence reads.
	words      string
	expression func() *regexp.Regexp
}

// sentence makes a phrase. {name} is a person, {text} a quoted text; any sentence
// may end with its published number.
func sentence(pattern string) *phrase {
	return &phrase{pattern: pattern, words: plainWords(pattern), expression: sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^` + placeholders.Replace(pattern) + `(?: \(step \d+\))?$`)
	})}
}

// plainWords is the longest part of a pattern that each of its matches has in it: outside
// groups and placeholders, without a letter that may be missing; "" when there is none.
func plainWords(pattern string) string {
	longest, start, depth := "", 0, 0
	take := func(end int) {
		if depth == 0 && end-start > len(longest) {
			longest = pattern[start:end]
		}
	}
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '{', '?', '*', '+':
			_, last := utf8.DecodeLastRuneInString(pattern[:i])
			take(i - last)
			if pattern[i] == '{' {
				depth++
			}
		case '(', '[':
			take(i)
			depth++
		case '}', ')', ']':
			depth--
		case '\\':
			take(i)
			i++
		case '.', '^', '$':
			take(i)
		case '|':
			if depth == 0 {
				return ""
			}
		default:
			continue
		}
		start = i + 1
	}
	take(len(pattern))
	return longest
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

// index knows which sentences read which steps. godog tries each sentence it is given
// on each step, twice; most belong to other scenarios, so a scenario gives it only
// those that read one of its steps, all of them: whether a step is undefined or ambiguous
// stays for godog to find out.
type index struct {
	mu      sync.Mutex
	all     []*phrase
	readers map[string][]*phrase // by the text of a step
}

func newIndex() *index {
	x := &index{readers: map[string][]*phrase{}}
	register(&godog.ScenarioContext{}, &World{}, func(sentence *phrase) bool {
		x.all = append(x.all, sentence)
		return false
	})
	return x
}

// of returns the sentences that read a step of the scenario, whatever the step's role.
func (x *index) of(s *godog.Scenario) map[*phrase]bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	found := map[*phrase]bool{}
	for _, step := range s.Steps {
		readers, known := x.readers[step.Text]
		if !known {
			for _, sentence := range x.all {
				if strings.Contains(step.Text, sentence.words) && sentence.expression().MatchString(step.Text) {
					readers = append(readers, sentence)
				}
			}
			x.readers[step.Text] = readers
		}
		for _, sentence := range readers {
			found[sentence] = true
		}
	}
	return found
}

// register binds the wanted sentences to the scenario's World, one topic after the other.
func register(sc *godog.ScenarioContext, w *World, wanted func(*phrase) bool) {
	b := book{sc: sc, w: w, wanted: wanted}
	for _, topic := range []func(book, *World){
		setupSentences, registeredSentences, administrationSentences, listSentences, policySentences, peopleSentences, deviceSentences,
		signOnSentences, profileSentences, passcodeSentences, hintSentences, tokenSentences,
		refusedSignOnSentences, refusedMFASentences, refusedTokenSentences, refusedHintSentences, refusedCallSentences, refusedDataSentences,
	} {
		topic(b, w)
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
