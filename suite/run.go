package suite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/cucumber/godog"

	"pingone-conformance/internal/plain"
	"pingone-conformance/suite/report"
)

// Run runs the selected scenarios in the places of the configured mode and returns how
// each ended, in the order in which they ended. Its error is nil only when at least one
// scenario ran and all passed; an undefined, pending or ambiguous step is a failure.
func Run(ctx context.Context, o Options) ([]Result, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	o = o.sharing()
	places, end, err := Places(ctx, o)
	if err != nil {
		return nil, err
	}
	if limit := o.Config.Limits.Run; limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, limit, fmt.Errorf("the run took longer than %s", limit))
		defer cancel()
	}
	results, err := runIn(ctx, o, places)
	if fault := end(); fault != nil && err == nil {
		err = fault
	}
	return results, err
}

func runIn(ctx context.Context, o Options, places Opener) ([]Result, error) {
	report.RegisterStory()
	selected := o.godog(ctx, nil)
	if err := removeTranscripts(o, selected); err != nil {
		return nil, err
	}
	o.expect(selected)
	if o.Repeat < 2 {
		return play(ctx, o, places)
	}
	some, err := o.selected()
	if err != nil || len(some) == 0 {
		return nil, cmp.Or(err, ErrNoScenario)
	}
	return inRounds(ctx, o, places, len(some))
}

// play runs the selection once.
func play(ctx context.Context, o Options, places Opener) ([]Result, error) {
	r := &run{options: o, places: places, sentences: indexOf(o.Sentences)}
	suite := o.godog(ctx, r.initialize)
	status := suite.Run()
	return r.results, r.verdict(ctx, status)
}

// godog is the runner for what is selected.
func (o Options) godog(ctx context.Context, initialize func(*godog.ScenarioContext)) godog.TestSuite {
	output := o.Output
	if output == nil {
		output = io.Discard
	}
	paths := o.Paths
	if len(paths) == 0 {
		paths = []string{"."}
	}
	return godog.TestSuite{
		Name:                order(o.Seed, o.Repeat),
		ScenarioInitializer: initialize,
		Options: &godog.Options{
			Strict: true, Format: report.StoryFormat, Output: output, FS: o.Features, Paths: paths,
			Tags: possible(o), Concurrency: max(1, o.Concurrency), Randomize: o.Seed, DefaultContext: ctx,
		},
	}
}

// order says in words how scenarios are shuffled, so that a run can be repeated.
func order(seed int64, times int) string {
	said := "in the order of the files"
	if seed != 0 {
		said = fmt.Sprintf("order seed %d", seed)
	}
	if times > 1 {
		said += fmt.Sprintf(", %d rounds", times)
	}
	return said
}

type run struct {
	options   Options
	places    Opener
	sentences *index
	mu        sync.Mutex
	results   []Result
}

func (r *run) verdict(ctx context.Context, status int) error {
	failed, waiting := 0, 0
	for _, result := range r.results {
		switch {
		case errors.Is(result.Err, ErrNotStarted):
			waiting++
		case result.Err != nil:
			failed++
		}
	}
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w (%w): %s passed, %d failed or stopped, %d not started",
			ErrInterrupted, context.Cause(ctx), plain.Count(len(r.results)-failed-waiting, "scenario"), failed, waiting)
	case failed > 0:
		return fmt.Errorf("%d of %s failed", failed, plain.Count(len(r.results), "scenario"))
	case status != 0:
		return fmt.Errorf("godog ended with status %d: a scenario has no step, or a feature, a path or a tag expression is wrong", status)
	case len(r.results) == 0:
		return ErrNoScenario
	}
	return nil
}

// initialize is called by godog before each scenario: it binds the sentences to a
// Scenario that is opened when its name and steps are known, which is before godog
// looks for the sentence of the first step.
func (r *run) initialize(sc *godog.ScenarioContext) {
	one := &Scenario{rerun: rerun(r.options)}
	registry := &Registry{sc: sc, scenario: one}
	started := time.Now()
	var failed *godog.Step
	cancel, ended := func() {}, func() {}
	sc.Before(func(ctx context.Context, s *godog.Scenario) (context.Context, error) {
		deepen(0)
		if places, some := r.places.(interface{ turn(context.Context) func() }); some {
			ended = places.turn(ctx)
			started = time.Now() // the wait is none of the scenario's
		}
		if r.options.Config.Limits.Scenario > 0 {
			ctx, cancel = context.WithTimeoutCause(ctx, r.options.Config.Limits.Scenario,
				fmt.Errorf("the scenario took longer than %s", r.options.Config.Limits.Scenario))
		}
		one.record = r.options.Recorder.begin(ctx, s)
		return ctx, one.unpanicked("what comes before the scenario", func() error {
			registry.needed = r.sentences.of(s)
			r.options.Sentences(registry)
			return r.open(ctx, one, s)
		})
	})
	sc.StepContext().Before(func(ctx context.Context, s *godog.Step) (context.Context, error) {
		one.step, one.line = publishedNumber(s.Text), s.Text
		one.record.stepBegins(s.Id)
		r.options.progress().Step(one.ID, s.Text)
		return ctx, nil
	})
	sc.StepContext().After(func(ctx context.Context, s *godog.Step, status godog.StepResultStatus, err error) (context.Context, error) {
		one.skipped = one.skipped || errors.Is(err, godog.ErrSkip)
		fault := one.afterStep(status, err)
		err = r.sentences.undefined(err, s)
		if failed == nil && (err != nil || fault != nil) {
			failed = s
		}
		one.record.stepEnds(s.Id, status, cmp.Or(err, fault))
		return ctx, fault
	})
	sc.After(func(ctx context.Context, s *godog.Scenario, err error) (context.Context, error) {
		cancel()
		own := one.unpanicked("what comes after the scenario", func() error { return r.end(ctx, one, err) })
		ended()
		elapsed := time.Since(started)
		fault := errors.Join(r.sentences.undefined(err, failed), own)
		r.options.Recorder.end(one, s, r.options.inRound(fault))
		r.record(one, failed, fault, elapsed)
		registry.drop()
		return ctx, own
	})
}

// unpanicked makes a failure of the scenario's out of a panic in a hook, which would end the
// process before anything is written about the run.
func (s *Scenario) unpanicked(where string, do func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = s.explain(fmt.Errorf("%s panicked: %v", where, cause))
		}
	}()
	return do()
}

func (r *run) open(ctx context.Context, one *Scenario, s *godog.Scenario) error {
	one.ID = identify(s)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrNotStarted, context.Cause(ctx))
	}
	if err := orphanArgument(s); err != nil {
		return err
	}
	texts := make([]string, len(s.Steps))
	for i, step := range s.Steps {
		texts[i] = step.Text
	}
	var err error
	if one.list, err = listFor(one.Feature, texts, r.options.UseCases); err != nil {
		return err
	}
	place, err := r.places.Open(ctx, one.ID)
	if err != nil {
		return err
	}
	return one.enter(place, r.options)
}

// end deletes what the scenario created, with a time limit of its own so that an
// interrupted run still cleans up.
func (r *run) end(ctx context.Context, one *Scenario, err error) error {
	if one.place == nil {
		return nil
	}
	one.step = 0
	var own error
	switch {
	case one.skipped: // the runner takes it for passed
		own = errors.New("a sentence skipped the scenario, which therefore proves nothing")
	case err == nil:
		own = errors.Join(one.proof.err(), one.follows(one.list))
	}
	limit := r.options.CleanUpLimit
	if limit <= 0 {
		limit = time.Minute
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	fault := errors.Join(own, one.close(ctx, err == nil && own == nil))
	if fault != nil {
		return one.explain(fmt.Errorf("after the scenario: %w", fault))
	}
	if err != nil {
		_ = one.writeTranscript() // once more, with the deletions; the failure has named the file already
	}
	return nil
}

func (r *run) record(one *Scenario, failed *godog.Step, err error, elapsed time.Duration) {
	result := Result{Scenario: one.ID, Err: err, Elapsed: elapsed}
	if r.options.Trace {
		result.Trace = one.trace
	}
	if failed != nil {
		result.Step = failed.Text
	}
	if err != nil {
		result.Rerun = one.rerunOf(one.Name)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.results = append(r.results, result)
	r.options.progress().End(result)
	if r.options.Done != nil {
		r.options.Done(result)
	}
}

func identify(s *godog.Scenario) ID {
	file := fileOf(s.Uri)
	id := ID{Feature: strings.TrimSuffix(path.Base(file), ".feature"), Name: s.Name, File: file}
	for _, tag := range s.Tags {
		id.Tags = append(id.Tags, tag.Name)
	}
	return id
}

// afterStep turns a broken contract into the step's failure.
func (s *Scenario) afterStep(status godog.StepResultStatus, err error) error {
	if err != nil && status != godog.StepFailed {
		return nil
	}
	return s.takeBreaches()
}
