package suite

import (
	"crypto/sha256"
	"fmt"
	"io"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"

	"github.com/cucumber/godog"

	"pingone-conformance/internal/lazy"
)

// Sentences lists what register registers, in its order.
func Sentences(register func(*Registry)) []Sentence { return listed(register, true) }

// listed is Sentences; where each stands is looked up only for whoever asks, which takes a replayed journey's start long.
func listed(register func(*Registry), where bool) []Sentence {
	var all []Sentence
	register(&Registry{scenario: &Scenario{}, listed: &all, where: where})
	return all
}

// compiled is an expression of ours: godog would compile a text again for every scenario.
func compiled(expression string) *regexp.Regexp {
	made := lazy.Compiled(expression)
	if made == nil {
		panic("no expression: " + expression)
	}
	return made
}

// indexes holds the index of each list of sentences that this process has run: a
// proof runs the same ones thousands of times.
var indexes sync.Map // the hash of all sentences → *index

// index knows which sentences read which steps. godog tries each sentence it is given
// on each step, twice; most belong to other scenarios, so a scenario gives it only
// those that read one of its steps, all of them: whether a step is undefined or ambiguous
// stays for godog to find out.
type index struct {
	mu       sync.Mutex
	all      []Sentence
	literals []string            // of each, what stands in every step that it reads
	readers  map[string][]string // expressions by the text of a step
}

func indexOf(register func(*Registry)) *index {
	all := listed(register, false)
	text := sha256.New()
	for _, s := range all {
		_, _ = io.WriteString(text, s.Role+s.Expression+"\x00") // a hash takes everything
	}
	key := [sha256.Size]byte(text.Sum(nil))
	if known, ok := indexes.Load(key); ok {
		return known.(*index)
	}
	x := &index{readers: map[string][]string{}, all: all}
	for _, s := range all {
		x.literals = append(x.literals, scan(s.Expression).literal)
	}
	made, _ := indexes.LoadOrStore(key, x)
	return made.(*index)
}

// of returns the expressions that read a step of the scenario, whatever the step's role.
func (x *index) of(s *godog.Scenario) map[string]bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	found := map[string]bool{}
	for _, step := range s.Steps {
		readers, known := x.readers[step.Text]
		if !known {
			for i, sentence := range x.all {
				if strings.Contains(step.Text, x.literals[i]) && compiled(sentence.Expression).MatchString(step.Text) {
					readers = append(readers, sentence.Expression)
				}
			}
			x.readers[step.Text] = readers
		}
		for _, expression := range readers {
			found[expression] = true
		}
	}
	return found
}

// scanned is what can be said of an expression without compiling it, which takes longer
// than all else that a sentence costs that its scenario does not need.
type scanned struct {
	// literal is the longest text outside its groups, which every match has in it; "" when
	// there is none.
	literal string
	// groups is how many texts it hands to its function.
	groups int
	// whole tells whether it can read nothing but a whole step: it begins with ^ and ends
	// with $ in each of its alternatives.
	whole bool
}

// scans holds each expression that was scanned in this process.
var scans sync.Map // expression → scanned

func scan(expression string) scanned {
	if known, ok := scans.Load(expression); ok {
		return known.(scanned)
	}
	found, plain := scanPlain(expression)
	if !plain {
		found = scanParsed(expression)
	}
	scans.Store(expression, found)
	return found
}

// plainGroups are those that most sentences have, with how many texts each hands on.
var plainGroups = map[string]int{`([A-Z][a-z]+)`: 1, `([^"]*)`: 1, `(\d+)`: 1, `(\S+)`: 1, `(?: \(step \d+\))?`: 0}

// scanPlain scans an expression that has nothing but words, plain groups, and groups of words, such as (?:his|her) and
// ( with PKCE)?. Parsing all of them took a twentieth of a replayed journey.
func scanPlain(expression string) (found scanned, plain bool) {
	rest, begins := strings.CutPrefix(expression, "^")
	rest, ends := strings.CutSuffix(rest, "$")
	found.whole = begins && ends
	for found.whole {
		at := strings.IndexAny(rest, `\.+*?()|[]{}^$`)
		if at < 0 {
			at = len(rest)
		}
		if at > len(found.literal) {
			found.literal = rest[:at]
		}
		if rest = rest[at:]; rest == "" {
			return found, true
		}
		texts, length := groupOfWords(rest)
		for group, n := range plainGroups {
			if strings.HasPrefix(rest, group) {
				texts, length = n, len(group)
			}
		}
		if length == 0 {
			break
		}
		found.groups += texts
		rest = rest[length:]
	}
	return scanned{}, false
}

// groupOfWords is how many texts a group hands on that begins a text and has words alone, and how long it is; 0 when it is another.
func groupOfWords(text string) (texts, length int) {
	within, _, closed := strings.Cut(text, ")")
	if !closed || !strings.HasPrefix(within, "(") {
		return 0, 0
	}
	words, silent := strings.CutPrefix(within[1:], "?:")
	if strings.Trim(words, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ |") != "" {
		return 0, 0
	}
	if length = len(within) + 1; strings.HasPrefix(text[length:], "?") {
		length++
	}
	if !silent {
		texts = 1
	}
	return texts, length
}

// scanParsed scans any expression.
func scanParsed(expression string) scanned {
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		panic(fmt.Sprintf("the expression %s: %v", expression, err))
	}
	found := scanned{groups: parsed.MaxCap()}
	if parsed.Op == syntax.OpConcat {
		for _, part := range parsed.Sub {
			if text := string(part.Rune); part.Op == syntax.OpLiteral && part.Flags&syntax.FoldCase == 0 && len(text) > len(found.literal) {
				found.literal = text
			}
		}
		found.whole = parsed.Sub[0].Op == syntax.OpBeginText && parsed.Sub[len(parsed.Sub)-1].Op == syntax.OpEndText
	}
	return found
}
