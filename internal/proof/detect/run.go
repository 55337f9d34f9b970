package detect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pingone-conformance/config"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/gherkin"
	"pingone-conformance/internal/retry"
	"pingone-conformance/suite"
)

const (
	// scenariosAtATime is how many scenarios of one run share an emulator.
	scenariosAtATime = 8
	// pause is between two tries of a call that a busy emulator sent away.
	pause = 5 * time.Millisecond
	// lag is how long something new, or gone, is waited for, which this emulator shows at once; variedLag is the same where it
	// shows some of it late.
	lag       = 150 * time.Millisecond
	variedLag = 3 * time.Second
)

// look tries a deviation on the scenario that noticed it before, and on all of them unless that one notices it again.
func look(ctx context.Context, o Options, scenarios []gherkin.Scenario, deviation string) (Outcome, error) {
	first, known := o.First.of(deviation, scenarios)
	if !known || o.All {
		return try(ctx, o, scenarios, deviation)
	}
	alone := o
	alone.Suite.Features, alone.All = first.Alone(), true
	outcome, err := try(ctx, alone, scenarios, deviation)
	if err != nil || !outcome.Noticed() {
		return try(ctx, o, scenarios, deviation)
	}
	outcome.AtOnce, outcome.Complete = true, len(scenarios) == 1
	return outcome, nil
}

// try runs the features against one emulator with the deviation switched on, "" for none.
func try(ctx context.Context, o Options, scenarios []gherkin.Scenario, deviation string) (Outcome, error) {
	// Nothing else counts, whatever the shell or .env say.
	only := map[string]string{"PINGONE_MODE": config.Emulator}
	c, err := config.Load(func(name string) (string, bool) {
		value, set := only[name]
		return value, set
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("configure the run: %w", err)
	}
	run := o.Suite
	run.Config, run.Concurrency, run.Emulator = c, scenariosAtATime, emulator.Options{}
	if deviation != "" {
		run.Emulator.Deviations = []string{deviation}
	}
	run.Retry = retry.Options{FirstWait: pause, LongestWait: pause, LagLimit: lag, LagInterval: 2 * pause}
	if o.Varied {
		run.Emulator.Variations = varied(deviation)
		run.Retry.LagLimit = variedLag
	}
	results, err := runFeatures(ctx, run, o.All)
	outcome := Outcome{Complete: true, Varied: o.Varied}
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
		return outcome, fmt.Errorf("run the features with %s: %w", deviation, err)
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
