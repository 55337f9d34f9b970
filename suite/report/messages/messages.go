// Package messages writes results in Cucumber's own message protocol, version 34: one JSON
// object a line, which its HTML formatter, Allure and editors read.
//
// https://github.com/cucumber/messages
package messages

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"time"

	gherkin "github.com/cucumber/gherkin/go/v42"
	messages "github.com/cucumber/messages/go/v34"

	"pingone-conformance/suite/report/encode"
	"pingone-conformance/suite/report/results"
)

// protocol is the version of the schema that is followed.
const protocol = "34.2.1"

// Write writes the messages of a run.
func Write(out io.Writer, run *results.Run) error {
	w := &writer{run: run, Stream: encode.NewStream(out), definitions: map[string]string{}, pickles: map[string]*messages.Pickle{}}
	w.encoder = json.NewEncoder(&w.JSON)
	w.encoder.SetEscapeHTML(false)
	w.write()
	if err := cmp.Or(w.err, w.Flush()); err != nil {
		return fmt.Errorf("write the messages: %w", err)
	}
	return nil
}

type writer struct {
	*encode.Stream
	run         *results.Run
	encoder     *json.Encoder
	err         error
	ids         int
	started     string            // the run's id
	hook        string            // the clean-up's id
	definitions map[string]string // ids by expression
	pickles     map[string]*messages.Pickle
}

func (w *writer) id() string {
	w.ids++
	return strconv.Itoa(w.ids)
}

func (w *writer) send(e *messages.Envelope) {
	if w.err == nil {
		w.err = w.encoder.Encode(e)
	}
	w.Next()
}

func (w *writer) write() {
	product := func(name, version string) *messages.Product { return &messages.Product{Name: name, Version: version} }
	w.send(&messages.Envelope{Meta: &messages.Meta{
		ProtocolVersion: protocol, Implementation: product("pingone-conformance", w.run.Suite), Runtime: product("go", runtime.Version()),
		Os: product(runtime.GOOS, ""), Cpu: product(runtime.GOARCH, ""),
	}})
	for i := range w.run.Features {
		f := &w.run.Features[i]
		w.feature(f.File, f.Source, func(line int) bool { return has(f, line) })
	}
	early := w.run.State == results.NotBegun || w.run.State == results.Interrupted
	if early {
		w.feature(earlyFile, earlyFeature, func(int) bool { return true })
	}
	w.stepDefinitions()
	w.hook = w.id()
	w.send(&messages.Envelope{Hook: &messages.Hook{
		Id: w.hook, Name: "clean-up: deletes what the scenario made", Type: messages.HookType_AFTER_TEST_CASE,
		SourceReference: &messages.SourceReference{Uri: "suite/undo.go"},
	}})
	w.started = w.id()
	w.send(&messages.Envelope{TestRunStarted: &messages.TestRunStarted{Id: w.started, Timestamp: at(w.run.Began)}})
	for i := range w.run.Features {
		f := &w.run.Features[i]
		for k := range f.Scenarios {
			w.scenario(f.File, &f.Scenarios[k])
		}
	}
	if early {
		w.scenario(earlyFile, w.early())
	}
	w.send(&messages.Envelope{TestRunFinished: &messages.TestRunFinished{
		Success: w.run.State == results.Passed, Message: w.run.Why, TestRunStartedId: w.started,
		Timestamp: at(w.run.Began.Add(duration(w.run.Seconds))),
	}})
}

func has(f *results.Feature, line int) bool {
	for i := range f.Scenarios {
		if f.Scenarios[i].Line == line {
			return true
		}
	}
	return false
}

// A run that could not begin, or ended early, is a failed case: readers show nothing else.
const (
	earlyFile    = "run.feature"
	earlyFeature = "Feature: The run\n  Scenario: The run begins and comes to its end\n    Given the run begins and comes to its end\n"
)

func (w *writer) early() *results.Scenario {
	const name = "the run begins and comes to its end"
	return &results.Scenario{
		Name: name, Line: 2, State: results.Failed, Began: w.run.Began, Failure: &results.Failure{Step: 0, Text: w.run.Why},
		Steps: []results.Step{{Text: name, State: results.Failed, Error: w.run.Why, Began: w.run.Began}},
	}
}

// feature sends a file, its syntax tree, and those of its scenarios that were selected.
func (w *writer) feature(file, source string, selected func(line int) bool) {
	w.send(&messages.Envelope{Source: &messages.Source{Uri: file, Data: source, MediaType: "text/x.cucumber.gherkin+plain"}})
	parsed, err := gherkin.ParseGherkinDocument(strings.NewReader(source), w.id)
	if err != nil {
		w.err = fmt.Errorf("%s: %w", file, err)
		return
	}
	parsed.Uri = file
	fill(parsed)
	w.send(&messages.Envelope{GherkinDocument: parsed})
	for _, pickle := range gherkin.Pickles(*parsed, file, w.id) {
		if line := int(pickle.Location.Line); selected(line) {
			fill(pickle)
			w.pickles[key(file, line)] = pickle
			w.send(&messages.Envelope{Pickle: pickle})
		}
	}
}

func key(file string, line int) string { return fmt.Sprintf("%s:%d", file, line) }

func (w *writer) stepDefinitions() {
	for _, s := range w.run.Sentences {
		w.definitions[s.Expression] = w.id()
		w.send(&messages.Envelope{StepDefinition: &messages.StepDefinition{
			Id:              w.definitions[s.Expression],
			SourceReference: &messages.SourceReference{Uri: s.File, Location: &messages.Location{Line: int64(s.Line)}},
			Pattern:         &messages.StepDefinitionPattern{Source: s.Expression, Type: messages.StepDefinitionPatternType_REGULAR_EXPRESSION},
		}})
	}
}

func (w *writer) scenario(file string, s *results.Scenario) {
	pickle := w.pickles[key(file, s.Line)]
	if pickle == nil || len(pickle.Steps) != len(s.Steps) {
		w.err = fmt.Errorf("%s:%d: the file's text has no such scenario", file, s.Line)
		return
	}
	test := &messages.TestCase{Id: w.id(), PickleId: pickle.Id, TestSteps: []*messages.TestStep{}, TestRunStartedId: w.started}
	for i, step := range pickle.Steps {
		one := &messages.TestStep{Id: w.id(), PickleStepId: step.Id}
		if definition := w.definitions[s.Steps[i].Sentence]; definition != "" {
			one.StepDefinitionIds = []string{definition}
			one.StepMatchArgumentsLists = []*messages.StepMatchArgumentsList{{StepMatchArguments: arguments(s.Steps[i].Sentence, step.Text)}}
		}
		test.TestSteps = append(test.TestSteps, one)
	}
	cleanUp := len(s.TearDown) > 0 || (s.Failure != nil && s.Failure.Step < 0)
	if cleanUp {
		test.TestSteps = append(test.TestSteps, &messages.TestStep{Id: w.id(), HookId: w.hook})
	}
	w.send(&messages.Envelope{TestCase: test})
	began := s.Began
	if began.IsZero() {
		began = w.run.Began
	}
	run := w.id()
	w.send(&messages.Envelope{TestCaseStarted: &messages.TestCaseStarted{Id: run, TestCaseId: test.Id, Timestamp: at(began)}})
	now := began
	for i := range s.Steps {
		now = w.step(run, test.TestSteps[i].Id, s, &s.Steps[i], now)
	}
	if cleanUp {
		step := results.Step{State: results.Passed, Calls: s.TearDown}
		if s.Failure != nil && s.Failure.Step < 0 {
			step.State, step.Error = results.Failed, s.Failure.Text
		}
		w.step(run, test.TestSteps[len(s.Steps)].Id, s, &step, now)
	}
	w.send(&messages.Envelope{TestCaseFinished: &messages.TestCaseFinished{TestCaseStartedId: run, Timestamp: at(began.Add(duration(s.Seconds)))}})
}

func duration(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }

func at(t time.Time) *messages.Timestamp {
	return &messages.Timestamp{Seconds: t.Unix(), Nanos: int64(t.Nanosecond())}
}
