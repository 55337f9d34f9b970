package steps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/cucumber/godog"

	"pingone-conformance/contract"
)

// Options says which scenarios to run, where, and who is told.
type Options struct {
	// Features holds the .feature files at its root.
	Features fs.FS
	// Paths selects features ("login_and_mfa.feature") or single scenarios
	// ("login_and_mfa.feature:12"); empty means all.
	Paths []string
	// Tags is a godog tag expression; empty means all.
	Tags string
	// Concurrency is how many scenarios run at a time, at least 1.
	Concurrency int
	// Seed shuffles the scenarios; 0 keeps the order of the files.
	Seed int64
	// Output receives the story of the run; nil prints nothing.
	Output io.Writer
	// CleanUpLimit bounds the deletion of what one scenario created.
	CleanUpLimit time.Duration
	// ScenarioLimit bounds one scenario without its clean-up; 0 means no bound.
	ScenarioLimit time.Duration
	// Places opens the place of each scenario.
	Places Opener
	// Transcripts is the folder that gets the calls of each scenario that fails
	// while somebody really answers; "" writes none.
	Transcripts string
	// Lenient lets a scenario go on when an answer breaks its contract, for whoever
	// wants to see all answers rather than the first wrong one.
	Lenient bool
	// Leftovers is told what was created and deleted; may be nil.
	Leftovers *Leftovers
	// Done hears of each scenario as it ends, one at a time; may be nil.
	Done func(Result)
	// Trace keeps the exchanges of numbered steps in the results.
	Trace bool
	// Observations collects what the contract leaves open; may be nil.
	Observations *contract.Observations
}

// Result is how one scenario ended.
type Result struct {
	Scenario Scenario
	// Step is the text of the step that failed, "" when none did.
	Step    string
	Err     error
	Trace   []Traced
	Elapsed time.Duration
}

// ErrNoScenario is returned when nothing was selected: a run that proves nothing must not pass.
var ErrNoScenario = errors.New("no scenario was selected")

// ErrNotStarted is a scenario's error when the run was interrupted before its turn.
var ErrNotStarted = errors.New("not started")

// Run runs the selected scenarios and returns how each ended, in the order in
// which they ended. Its error is nil only when at least one scenario ran and all
// passed; an undefined, pending or ambiguous step is a failure.
func Run(ctx context.Context, o Options) ([]Result, error) {
	registerStory()
	r := &run{options: o, sentences: newIndex()}
	output := o.Output
	if output == nil {
		output = io.Discard
	}
	paths := o.Paths
	if len(paths) == 0 {
		paths = []string{"."}
	}
	status := godog.TestSuite{
		Name:                order(o.Seed),
		ScenarioInitializer: r.initialize,
		Options: &godog.Options{
			Strict: true, Format: storyFormat, Output: output, FS: o.Features, Paths: paths,
			Tags: o.Tags, Concurrency: max(1, o.Concurrency), Randomize: o.Seed, DefaultContext: ctx,
		},
	}.Run()
	return r.results, r.verdict(ctx, status)
}

// order says in words how scenarios are shuffled, so that a run can be repeated.
func order(seed int64) string {
	if seed == 0 {
		return "in the order of the files"
	}
	return fmt.Sprintf("order seed %d", seed)
}

type run struct {
	options   Options
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
		return fmt.Errorf("the run was interrupted (%w): %d scenarios passed, %d failed or were stopped, %d were not started",
			context.Cause(ctx), len(r.results)-failed-waiting, failed, waiting)
	case failed > 0:
		return fmt.Errorf("%d of %d scenarios failed", failed, len(r.results))
	case status != 0:
		return fmt.Errorf("godog ended with status %d: a feature, a path or a tag expression is wrong", status)
	case len(r.results) == 0:
		return ErrNoScenario
	}
	return nil
}

// initialize is called by godog before each scenario: it binds the sentences to a
// World that is filled when the scenario's name and steps are known, which is
// before godog looks for the sentence of the first step.
func (r *run) initialize(sc *godog.ScenarioContext) {
	w := &World{}
	started := time.Now()
	var failed *godog.Step
	cancel := func() {}
	sc.Before(func(ctx context.Context, s *godog.Scenario) (context.Context, error) {
		if r.options.ScenarioLimit > 0 {
			ctx, cancel = context.WithTimeoutCause(ctx, r.options.ScenarioLimit,
				fmt.Errorf("the scenario took longer than %s", r.options.ScenarioLimit))
		}
		needed := r.sentences.of(s)
		register(sc, w, func(sentence *phrase) bool { return needed[sentence] })
		return ctx, r.open(ctx, w, s)
	})
	sc.StepContext().Before(func(ctx context.Context, s *godog.Step) (context.Context, error) {
		w.step, w.line = publishedNumber(s.Text), s.Text
		return ctx, nil
	})
	sc.StepContext().After(func(ctx context.Context, s *godog.Step, status godog.StepResultStatus, err error) (context.Context, error) {
		fault := w.afterStep(s, status, err)
		if failed == nil && (err != nil || fault != nil) {
			failed = s
		}
		return ctx, fault
	})
	sc.After(func(ctx context.Context, s *godog.Scenario, err error) (context.Context, error) {
		cancel()
		fault := r.end(ctx, w, err)
		r.record(w, s, failed, errors.Join(err, fault), time.Since(started))
		return ctx, fault
	})
}

func (r *run) open(ctx context.Context, w *World, s *godog.Scenario) error {
	scenario := describe(s)
	w.scenario = scenario
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrNotStarted, context.Cause(ctx))
	}
	if err := orphanArgument(s); err != nil {
		return err
	}
	place, err := r.options.Places.Open(ctx, scenario)
	if err != nil {
		return err
	}
	return w.enter(place, scenario, r.options)
}

// end deletes what the scenario created, with a time limit of its own so that an
// interrupted run still cleans up.
func (r *run) end(ctx context.Context, w *World, err error) error {
	if w.place == nil {
		return nil
	}
	var own error
	if err == nil {
		own = w.proof.err()
	}
	limit := r.options.CleanUpLimit
	if limit <= 0 {
		limit = time.Minute
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	fault := errors.Join(own, w.close(ctx, err == nil && own == nil))
	if fault != nil {
		return w.told(fmt.Errorf("after the scenario: %w", fault))
	}
	if err != nil {
		_ = w.writeTranscript() // once more, with the deletions; the failure has named the file already
	}
	return nil
}

func (r *run) record(w *World, s *godog.Scenario, failed *godog.Step, err error, elapsed time.Duration) {
	result := Result{Scenario: describe(s), Err: err, Elapsed: elapsed}
	if r.options.Trace {
		result.Trace = w.trace
	}
	if failed != nil {
		result.Step = failed.Text
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.results = append(r.results, result)
	if r.options.Done != nil {
		r.options.Done(result)
	}
}

func describe(s *godog.Scenario) Scenario {
	file := fileOf(s.Uri)
	d := Scenario{Feature: strings.TrimSuffix(path.Base(file), ".feature"), Name: s.Name, File: file}
	for _, tag := range s.Tags {
		d.Tags = append(d.Tags, tag.Name)
	}
	return d
}

// fileOf is the feature file of a URI that may end in the line of one scenario.
func fileOf(uri string) string {
	file, _, _ := strings.Cut(uri, ":")
	return file
}

// afterStep turns a broken contract into the step's failure and counts the Thens that ran.
func (w *World) afterStep(s *godog.Step, status godog.StepResultStatus, err error) error {
	if isOutcome(s) && status == godog.StepPassed {
		w.proof.thens++
	}
	if err != nil && status != godog.StepFailed {
		return nil
	}
	return w.takeBreaches()
}
