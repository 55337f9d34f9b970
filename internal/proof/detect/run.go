package detect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"pingone-conformance/config"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/gherkin"
	"pingone-conformance/internal/proof/vary"
	"pingone-conformance/internal/retry"
	"pingone-conformance/suite"
)

const (
	// scenariosAtATime is how many scenarios of one run share an emulator.
	scenariosAtATime = 8
	// passcodeTimeout is short: an emulator that sends a passcode does so at once.
	passcodeTimeout = 3 * time.Second
	// pause is between two tries of a call that a busy emulator sent away.
	pause = 5 * time.Millisecond
	// lag is how long something new, or gone, is waited for, which this emulator shows at once; variedLag is the same where it
	// shows some of it late.
	lag       = 150 * time.Millisecond
	variedLag = 3 * time.Second
)

// try runs the features against one emulator with the deviations switched on.
func try(ctx context.Context, o Options, scenarios []gherkin.Scenario, deviations []string) (Outcome, error) {
	// Nothing else counts, whatever the shell or .env say.
	only := map[string]string{"PINGONE_MODE": config.Emulator}
	c, err := config.Load(func(name string) (string, bool) {
		value, set := only[name]
		return value, set
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("configure the run: %w", err)
	}
	c.Passcode.Timeout = passcodeTimeout
	run := o.Suite
	run.Config, run.Concurrency, run.Emulator = c, scenariosAtATime, emulator.Options{Deviations: deviations}
	run.Retry = retry.Options{FirstWait: pause, LongestWait: pause, LagLimit: lag, LagInterval: 2 * pause}
	if o.Varied {
		run.Emulator.Variations = []string{vary.AllAtOnce}
		run.Retry.LagLimit = variedLag
	}
	results, err := runFeatures(ctx, run, o.All)
	outcome := Outcome{Complete: true}
	for _, r := range results {
		if errors.Is(r.Err, suite.ErrNotStarted) {
			outcome.Complete = false
			continue
		}
		outcome.Ran++
		if r.Err != nil {
			outcome.Caught = append(outcome.Caught, Catch{
				Scenario: r.Scenario.Name, File: r.Scenario.File, Line: lineOf(scenarios, r), Step: r.Step, Message: r.Err.Error(),
			})
		}
	}
	slices.SortFunc(outcome.Caught, func(a, b Catch) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, strings.Compare(a.Scenario, b.Scenario))
	})
	switch {
	case ctx.Err() != nil:
		return outcome, fmt.Errorf("interrupted: %w", context.Cause(ctx))
	case err != nil && !outcome.Noticed():
		// Not a scenario failed, but the run itself.
		return outcome, fmt.Errorf("run the features with %s: %w", strings.Join(deviations, ", "), err)
	}
	return outcome, nil
}

// lineOf is where the step that failed stands, or its scenario when it was none.
func lineOf(scenarios []gherkin.Scenario, r suite.Result) int {
	for _, s := range scenarios {
		if s.File != r.Scenario.File || s.Name != r.Scenario.Name {
			continue
		}
		for _, step := range s.Steps {
			if step.Text == r.Step {
				return step.Line
			}
		}
		return s.Line
	}
	return 0
}

// runFeatures runs the features, all of them or until one scenario has failed.
func runFeatures(ctx context.Context, o suite.Options, all bool) ([]suite.Result, error) {
	places, end, err := suite.Places(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("open the emulator: %w", err)
	}
	o.Places = places
	if !all {
		u := &untilFailure{places: places}
		o.Places, o.Done = u, u.done
	}
	results, err := suite.Run(ctx, o)
	return results, errors.Join(err, end())
}

// untilFailure opens places until a scenario has failed. Scenarios that have begun
// go on to their end, so that none fails for having been cut off.
type untilFailure struct {
	places suite.Opener
	failed atomic.Bool
}

func (u *untilFailure) done(r suite.Result) {
	if r.Err != nil {
		u.failed.Store(true)
	}
}

// Open implements suite.Opener.
func (u *untilFailure) Open(ctx context.Context, s suite.ID) (*suite.Place, error) {
	if u.failed.Load() {
		return nil, fmt.Errorf("%w: another scenario has failed already", suite.ErrNotStarted)
	}
	return u.places.Open(ctx, s)
}
