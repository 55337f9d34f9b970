package report

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/cucumber/godog"
	"github.com/cucumber/godog/formatters"
	messages "github.com/cucumber/messages/go/v34"

	"pingone-conformance/internal/gherkin"
	"pingone-conformance/internal/plain"
)

// StoryFormat names our formatter: it prints features in the order of their files
// and scenarios in the order of their lines, whatever order they ran in.
const StoryFormat = "story"

// RegisterStory makes the story known to godog, once per process.
var RegisterStory = sync.OnceFunc(func() {
	godog.Format(StoryFormat, "Features in order, each step with its outcome.", newStory)
})

type story struct {
	mu       sync.Mutex
	order    string // how the scenarios were shuffled, in words
	out      io.Writer
	features []*storyFeature
	byURI    map[string]*storyFeature
	pickles  map[string]*storyScenario
}

type storyFeature struct {
	doc       *messages.Feature
	uri       string
	lines     map[string]int64
	scenarios []*storyScenario
}

type storyScenario struct {
	pickle *messages.Pickle
	line   int64
	steps  map[string]storyStep
}

type storyStep struct {
	mark string
	err  error
}

func newStory(order string, out io.Writer) formatters.Formatter {
	return &story{order: order, out: out, byURI: map[string]*storyFeature{}, pickles: map[string]*storyScenario{}}
}

// TestRunStarted is part of godog's interface; the story begins with its first feature.
func (s *story) TestRunStarted() {}

// Feature notes a feature when its first scenario starts.
func (s *story) Feature(doc *messages.GherkinDocument, uri string, _ []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if doc.Feature == nil {
		return
	}
	uri = fileOf(uri)
	f := s.byURI[uri]
	if f == nil {
		f = &storyFeature{doc: doc.Feature, uri: uri, lines: map[string]int64{}}
		s.features = append(s.features, f)
		s.byURI[uri] = f
	}
	f.learnLines(doc)
}

// learnLines notes where the feature's scenarios, steps and rows stand. A feature of
// which single scenarios are selected is parsed once for each.
func (f *storyFeature) learnLines(doc *messages.GherkinDocument) {
	for _, child := range doc.Feature.Children {
		if child.Scenario == nil {
			continue
		}
		f.lines[child.Scenario.Id] = child.Scenario.Location.Line
		for _, step := range child.Scenario.Steps {
			f.lines[step.Id] = step.Location.Line
		}
		for _, examples := range child.Scenario.Examples {
			for _, row := range examples.TableBody {
				f.lines[row.Id] = row.Location.Line
			}
		}
	}
}

// fileOf is the feature file of a URI that may end in the line of one scenario.
func fileOf(uri string) string {
	file, _, _ := strings.Cut(uri, ":")
	return file
}

// Pickle notes a scenario when it starts.
func (s *story) Pickle(p *messages.Pickle) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scenario(p)
}

func (s *story) scenario(p *messages.Pickle) *storyScenario {
	if known := s.pickles[p.Id]; known != nil {
		return known
	}
	sc := &storyScenario{pickle: p, steps: map[string]storyStep{}}
	if f := s.byURI[fileOf(p.Uri)]; f != nil {
		sc.line = f.lines[p.AstNodeIds[len(p.AstNodeIds)-1]]
		f.scenarios = append(f.scenarios, sc)
	}
	s.pickles[p.Id] = sc
	return sc
}

func (s *story) note(p *messages.Pickle, step *messages.PickleStep, mark string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scenario(p).steps[step.Id] = storyStep{mark: mark, err: err}
}

// Defined is part of godog's interface; what counts is how a step ends.
func (s *story) Defined(*messages.Pickle, *messages.PickleStep, *formatters.StepDefinition) {}

// Failed notes a step that failed, with its error.
func (s *story) Failed(p *messages.Pickle, st *messages.PickleStep, _ *formatters.StepDefinition, err error) {
	if errors.Is(err, ErrNotStarted) {
		s.note(p, st, "-", err)
		return
	}
	s.note(p, st, "FAIL", err)
}

// Passed notes a step that passed.
func (s *story) Passed(p *messages.Pickle, st *messages.PickleStep, _ *formatters.StepDefinition) {
	s.note(p, st, "ok", nil)
}

// Skipped notes a step that did not run.
func (s *story) Skipped(p *messages.Pickle, st *messages.PickleStep, _ *formatters.StepDefinition) {
	s.note(p, st, "-", nil)
}

// Undefined notes a step that no sentence reads, which is a failure.
func (s *story) Undefined(p *messages.Pickle, st *messages.PickleStep, _ *formatters.StepDefinition) {
	s.note(p, st, "FAIL", fmt.Errorf("no step definition reads this sentence as a %s", role(st)))
}

// Pending notes a step without an implementation, which is a failure.
func (s *story) Pending(p *messages.Pickle, st *messages.PickleStep, _ *formatters.StepDefinition) {
	s.note(p, st, "FAIL", godog.ErrPending)
}

// Ambiguous notes a step that two sentences read, which is a failure.
func (s *story) Ambiguous(p *messages.Pickle, st *messages.PickleStep, _ *formatters.StepDefinition, err error) {
	s.note(p, st, "FAIL", err)
}

func role(st *messages.PickleStep) string { return cmp.Or(gherkin.Role(st.Type), "step") }

// Summary prints the whole story, features and scenarios in the order of the files.
func (s *story) Summary() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.features) == 0 {
		return // the run says that nothing was selected
	}
	var b strings.Builder
	slices.SortFunc(s.features, func(a, b *storyFeature) int { return strings.Compare(a.uri, b.uri) })
	passed, failed, waiting := 0, 0, 0
	for _, f := range s.features {
		if len(f.scenarios) == 0 {
			continue
		}
		f.print(&b)
		for _, sc := range f.scenarios {
			switch {
			case sc.notStarted():
				waiting++
			case sc.failed():
				failed++
			default:
				passed++
			}
		}
	}
	b.WriteString(PrintCauses(Causes(s.failures())))
	fmt.Fprintf(&b, "%s: %d passed, %d failed", plain.Count(passed+failed+waiting, "scenario"), passed, failed)
	if waiting > 0 {
		fmt.Fprintf(&b, ", %d not started", waiting)
	}
	if s.order != "" {
		fmt.Fprintf(&b, " (%s)", s.order)
	}
	fmt.Fprintln(&b)
	_, _ = io.WriteString(s.out, plain.Text(b.String()))
}

// failures are the scenarios that failed, each with the error of its first step that did.
func (s *story) failures() []Result {
	var all []Result
	for _, f := range s.features {
		for _, sc := range f.scenarios {
			for _, step := range sc.pickle.Steps {
				if outcome := sc.steps[step.Id]; outcome.err != nil {
					all = append(all, Result{Scenario: ID{Feature: f.doc.Name, Name: sc.pickle.Name}, Err: outcome.err})
					break
				}
			}
		}
	}
	return all
}

func (f *storyFeature) print(b *strings.Builder) {
	fmt.Fprintf(b, "\n%s\n", f.doc.Name)
	paragraph(b, f.doc.Description, "  ")
	slices.SortFunc(f.scenarios, func(a, b *storyScenario) int { return int(a.line - b.line) })
	for _, sc := range f.scenarios {
		if !sc.notStarted() {
			sc.print(b, f)
		}
	}
}

func (sc *storyScenario) print(b *strings.Builder, f *storyFeature) {
	fmt.Fprintf(b, "\n  %s  [%s:%d]\n", sc.pickle.Name, f.uri, sc.line)
	if len(sc.pickle.Steps) == 0 {
		b.WriteString("         | it has no step: a sentence begins with Given, When, Then, And or But\n")
	}
	last := ""
	for _, step := range sc.pickle.Steps {
		outcome, ran := sc.steps[step.Id]
		if !ran {
			outcome.mark = "-"
		}
		word := role(step)
		if word == last {
			word = "and"
		} else {
			last = word
		}
		fmt.Fprintf(b, "    %-4s %5s %s\n", outcome.mark, word, step.Text)
		if outcome.err != nil {
			fmt.Fprintf(b, "         %s:%d\n", f.uri, f.lines[step.AstNodeIds[0]])
			// What an answer said may be in the text: no line of it may pass for a step.
			b.WriteString(plain.Block(InOrder(outcome.err.Error()), "         "))
		}
	}
}

// InOrder is an error of godog's without its own words, a step's own failure before what went
// wrong after the scenario: godog joins the two the other way round.
func InOrder(text string) string {
	after, step, both := strings.Cut(text, ", step error: ")
	after = strings.TrimPrefix(after, "after scenario hook failed: ")
	after = strings.TrimPrefix(after, "before scenario hook failed: ")
	if !both {
		return after
	}
	return step + "\n" + after
}

func (sc *storyScenario) notStarted() bool {
	for _, outcome := range sc.steps {
		if errors.Is(outcome.err, ErrNotStarted) {
			return true
		}
	}
	return false
}

func (sc *storyScenario) failed() bool {
	for _, step := range sc.pickle.Steps {
		if outcome, ran := sc.steps[step.Id]; !ran || outcome.mark != "ok" {
			return true
		}
	}
	return len(sc.pickle.Steps) == 0
}

func paragraph(b *strings.Builder, text, indent string) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			fmt.Fprintln(b)
			continue
		}
		fmt.Fprintf(b, "%s%s\n", indent, line)
	}
}
