package suite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cucumber/godog"
	messages "github.com/cucumber/messages/go/v34"

	"pingone-conformance/config"
	"pingone-conformance/suite/report"
	"pingone-conformance/suite/report/results"
)

// Recorder collects what a run does, for the reports: each scenario's lines with their
// times, exchanges, rules and evidence. A nil Recorder collects nothing and costs nothing.
// It is safe for concurrent use.
type Recorder struct {
	mu    sync.Mutex
	run   results.Run
	known map[string]*results.Scenario // by file and line
	blank map[string]results.Scenario  // as they were before they ran
}

// NewRecorder returns an empty recorder for one run of this version of the program.
func NewRecorder(version string) *Recorder {
	return &Recorder{
		run:   results.Run{Format: results.Format, Suite: version, Began: time.Now()},
		known: map[string]*results.Scenario{}, blank: map[string]results.Scenario{},
	}
}

// Results returns what was collected so far, as how the run ended: err is its error. Later
// changes of the recorder do not change it.
func (r *Recorder) Results(o Options, err error) results.Run {
	r.mu.Lock()
	defer r.mu.Unlock()
	run := r.run
	run.Features = slices.Clone(run.Features)
	for i := range run.Features {
		run.Features[i].Scenarios = slices.Clone(run.Features[i].Scenarios)
	}
	run.Region, run.Passcodes = o.Config.Region, o.Config.Passcode.Source
	run.Answered, run.Order, run.Seconds = answeredBy(o.Config), order(o.Seed, o.Repeat), time.Since(run.Began).Seconds()
	run.UseCases, run.Sentences = useCasesOf(o.UseCases), sentencesOf(o.Sentences, run.Features)
	if o.Observations != nil {
		for _, one := range o.Observations.List() {
			run.Observations = append(run.Observations, results.Observation{
				Times: one.Times, What: one.What, Seen: one.Seen, Expected: slices.Clone(one.Expected), Sources: slices.Clone(one.Sources),
			})
		}
	}
	conclude(&run, o, err)
	return run
}

// conclude says how the run ended: err is its error.
func conclude(run *results.Run, o Options, err error) {
	run.Mode, run.Shard = o.Config.Mode, o.Shard
	if err != nil {
		run.Why = hideIDs(err.Error(), knownOf(o.Config))
	}
	switch {
	case errors.Is(err, ErrInterrupted):
		run.State = results.Interrupted
	case err != nil && len(run.Features) == 0: // they are noted when everything is ready
		run.State = results.NotBegun
	}
	run.Count()
}

// Brief is what results alone say of a run that had no Recorder: which scenarios failed, for
// what, and how it ended.
func Brief(o Options, ended []Result, err error) results.Run {
	ended = slices.SortedFunc(slices.Values(ended), func(a, b Result) int {
		return cmp.Or(strings.Compare(a.Scenario.File, b.Scenario.File), strings.Compare(a.Scenario.Name, b.Scenario.Name))
	})
	var all results.Feature
	for _, r := range ended {
		s := results.Scenario{Name: r.Scenario.Name, State: results.Passed}
		switch {
		case errors.Is(r.Err, ErrNotStarted):
			s.State = results.NotStarted
		case r.Err != nil:
			cause, _, _ := strings.Cut(report.InOrder(r.Err.Error()), "\n")
			s.State, s.Failure = results.Failed, &results.Failure{Cause: id.Get().ReplaceAllString(cause, "{id}"), Rerun: r.Rerun}
		}
		all.Scenarios = append(all.Scenarios, s)
	}
	run := results.Run{Features: []results.Feature{all}}
	conclude(&run, o, err)
	return run
}

// answeredBy says in words who answered.
func answeredBy(c config.Config) string {
	switch c.Mode {
	case config.Replay:
		return "recordings"
	case config.Emulator:
		return "the emulator of this project"
	}
	return answered(c)
}

func useCasesOf(known []UseCase) []results.UseCase {
	var all []results.UseCase
	for _, u := range known {
		one := results.UseCase{Name: u.Name, Page: u.Page}
		for _, c := range u.Calls {
			one.Calls = append(one.Calls, results.PublishedCall{Step: c.Step, Method: c.Method, Path: c.Path, Printed: c.Printed, Why: c.Why})
		}
		all = append(all, one)
	}
	return all
}

// sentencesOf are the sentences that the steps of the features were read by.
func sentencesOf(register func(*Registry), features []results.Feature) []results.Sentence {
	if register == nil {
		return nil
	}
	read := map[string]bool{}
	for _, f := range features {
		for _, s := range f.Scenarios {
			for _, step := range s.Steps {
				read[step.Sentence] = true
			}
		}
	}
	delete(read, "")
	if len(read) == 0 { // nothing ran, perhaps since the sentences are not right
		return nil
	}
	var all []results.Sentence
	for _, s := range Sentences(register) {
		if read[s.Expression] {
			read[s.Expression] = false // several roles may have it
			all = append(all, results.Sentence{Expression: s.Expression, File: s.File, Line: s.Line})
		}
	}
	return all
}

// expect tells recorder and progress what is going to run, so that what was not started is
// seen as well.
func (o Options) expect(suite godog.TestSuite) {
	if o.Recorder == nil && o.Progress == nil {
		return
	}
	features, err := suite.RetrieveFeatures()
	if err != nil {
		return // the run says what is wrong with a feature
	}
	all := 0
	for _, f := range features {
		all += len(f.Pickles)
	}
	o.progress().Begin(all * max(1, o.Repeat))
	if o.Recorder == nil {
		return
	}
	found := make([]feature, len(features))
	for i, f := range features {
		found[i] = feature{f.GherkinDocument, f.Pickles, f.Content}
	}
	o.Recorder.expect(found)
}

// feature is a file, or one scenario of it that was selected by itself.
type feature struct {
	*messages.GherkinDocument
	pickles []*messages.Pickle
	content []byte
}

func (r *Recorder) expect(features []feature) {
	r.mu.Lock()
	defer r.mu.Unlock()
	files := map[string]*results.Feature{}
	for _, f := range features {
		if f.Feature == nil {
			continue
		}
		file := fileOf(f.Uri)
		if files[file] == nil {
			files[file] = &results.Feature{
				Name: nameOf(file), File: "features/" + file, Title: f.Feature.Name, Description: strings.TrimSpace(f.Feature.Description), Source: string(f.content),
			}
		}
		places := placesIn(f.GherkinDocument)
		for _, pickle := range f.pickles {
			files[file].Scenarios = append(files[file].Scenarios, scenarioOf(pickle, places))
		}
	}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		f := files[file]
		slices.SortStableFunc(f.Scenarios, func(a, b results.Scenario) int { return a.Line - b.Line })
		distinct(f)
		r.run.Features = append(r.run.Features, *f)
	}
	for i := range r.run.Features {
		f := &r.run.Features[i]
		for k := range f.Scenarios {
			at := place(f.File, f.Scenarios[k].Line)
			r.known[at], r.blank[at] = &f.Scenarios[k], f.Scenarios[k]
		}
	}
}

// distinct gives each scenario an ID of its own; it stays the same while names and order do.
func distinct(f *results.Feature) {
	times := map[string]int{}
	for i := range f.Scenarios {
		s := &f.Scenarios[i]
		s.ID = f.Name + "/" + ID{Feature: f.Name, Name: s.Name}.Slug()
		if times[s.ID]++; times[s.ID] > 1 {
			s.ID = fmt.Sprintf("%s-%d", s.ID, times[s.ID])
		}
	}
}

func scenarioOf(p *messages.Pickle, places placed) results.Scenario {
	s := results.Scenario{Name: p.Name, Line: lineOf(p), State: results.NotStarted, Tags: []string{}, TearDown: []results.Call{}}
	for _, id := range p.AstNodeIds {
		if ast := places.scenarios[id]; ast != nil {
			s.Description = strings.TrimSpace(ast.Description)
		}
	}
	for _, tag := range p.Tags {
		if !slices.Contains(s.Tags, tag.Name) {
			s.Tags = append(s.Tags, tag.Name)
		}
	}
	for _, step := range p.Steps {
		one := results.Step{
			Text: step.Text, Published: publishedNumber(step.Text), State: results.Skipped, Calls: []results.Call{}, Evidence: []results.Evidence{},
		}
		if ast := places.steps[step.AstNodeIds[0]]; ast != nil {
			one.Line, one.Keyword = int(ast.Location.Line), strings.TrimSpace(ast.Keyword)
		}
		s.Steps = append(s.Steps, one)
	}
	return s
}

func lineOf(p *messages.Pickle) int {
	if p.Location == nil {
		return 0
	}
	return int(p.Location.Line)
}

type placed struct {
	scenarios map[string]*messages.Scenario
	steps     map[string]*messages.Step
}

func placesIn(doc *messages.GherkinDocument) placed {
	p := placed{map[string]*messages.Scenario{}, map[string]*messages.Step{}}
	add := func(background *messages.Background, scenario *messages.Scenario) {
		var steps []*messages.Step
		if background != nil {
			steps = background.Steps
		}
		if scenario != nil {
			p.scenarios[scenario.Id] = scenario
			steps = scenario.Steps
		}
		for _, step := range steps {
			p.steps[step.Id] = step
		}
	}
	for _, child := range doc.Feature.Children {
		add(child.Background, child.Scenario)
		if child.Rule != nil {
			for _, inner := range child.Rule.Children {
				add(inner.Background, inner.Scenario)
			}
		}
	}
	return p
}

// begin is the record of a scenario that starts; nil when nothing is recorded.
func (r *Recorder) begin(ctx context.Context, s *godog.Scenario) *record {
	if r == nil || ctx.Err() != nil {
		return nil
	}
	one := &record{began: time.Now(), current: outside, steps: make([]stepRecord, len(s.Steps)), index: make(map[string]int, len(s.Steps))}
	for i, step := range s.Steps {
		one.index[step.Id] = i
	}
	return one
}

// end takes in how a scenario ended. Of one that runs several times the first failure is kept, or the first time.
func (r *Recorder) end(one *Scenario, s *godog.Scenario, err error) {
	if r == nil || one.record == nil || errors.Is(err, ErrNotStarted) {
		return
	}
	at := place("features/"+fileOf(s.Uri), lineOf(s))
	r.mu.Lock()
	known, made, version := r.known[at], r.blank[at], r.run.Suite
	wanted := known != nil && tells(known, err)
	r.mu.Unlock()
	if !wanted {
		return
	}
	one.record.fill(&made, one, err, version)
	r.mu.Lock()
	defer r.mu.Unlock()
	if tells(known, err) {
		*known = made
	}
}

// tells whether one more ending of a scenario is worth more than what is known.
func tells(known *results.Scenario, err error) bool {
	return known.State == results.NotStarted || known.State == results.Passed && err != nil
}

// fileOf is the feature file of a URI, which may end in the line of one scenario.
func fileOf(uri string) string {
	file, _, _ := strings.Cut(uri, ":")
	return file
}

func nameOf(file string) string { return identify(&godog.Scenario{Uri: file}).Feature }
