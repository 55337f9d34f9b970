package faults

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"pingone-conformance/emulator"
	"pingone-conformance/internal/lazy"
	"pingone-conformance/suite"
)

// atATime is how many trials run together, besides those that wait: a core is busy while another trial's calls are under way.
const atATime = 5

// Row is what became of one trial.
type Row struct {
	Trial
	// Outcomes are the journeys', in the order of the use cases.
	Outcomes []Outcome
	// Left says whether something had to be swept.
	Left bool
	// Err is what was not as it should be, nil when all was.
	Err error
}

// Run makes the trials, each journey of the specification's use cases against an emulator of
// its own, and returns the rows in the order of the trials. Those that wait run beside the others. done hears of each as it ends.
func Run(ctx context.Context, specification suite.Options, trials []Trial, done func(Row)) []Row {
	rows := make([]Row, len(trials))
	var group sync.WaitGroup
	var mu sync.Mutex
	free := make(chan struct{}, atATime)
	for i, trial := range trials {
		group.Go(func() {
			if !trial.Waits {
				free <- struct{}{}
				defer func() { <-free }()
			}
			row := trial.run(ctx, specification)
			mu.Lock()
			defer mu.Unlock()
			rows[i] = row
			done(row)
		})
	}
	group.Wait()
	return rows
}

// run runs the journeys side by side and judges each.
func (trial Trial) run(ctx context.Context, specification suite.Options) Row {
	row := Row{Trial: trial, Outcomes: make([]Outcome, len(specification.UseCases))}
	left, faults := make([]bool, len(row.Outcomes)), make([]error, len(row.Outcomes))
	var group sync.WaitGroup
	for i, u := range specification.UseCases {
		group.Go(func() {
			row.Outcomes[i], left[i], faults[i] = trial.journey(ctx, specification, u.Name)
		})
	}
	group.Wait()
	for i := range left {
		row.Left = row.Left || left[i]
	}
	row.Err = errors.Join(faults...)
	return row
}

// journey runs one journey. left tells whether it has left something, which is swept.
func (trial Trial) journey(ctx context.Context, specification suite.Options, name string) (got Outcome, left bool, err error) {
	if err := ctx.Err(); err != nil {
		return Outcome{Err: context.Cause(ctx)}, false, context.Cause(ctx)
	}
	var rules []emulator.Fault
	for _, text := range strings.Fields(trial.Fault) {
		rule, err := emulator.ParseFault(text)
		if err != nil {
			return got, false, err
		}
		rules = append(rules, rule)
	}
	e, err := Start(context.WithoutCancel(ctx), specification, emulator.Options{Faults: rules})
	if err != nil {
		return got, false, err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	e.Limit = trial.Limit
	got = e.Run(ctx, e.URL(), name)
	err = trial.judge(e, name, got)
	if left = e.Left() != ""; left {
		err = errors.Join(err, e.SetFaults(ctx), e.Sweep(ctx))
		if still := e.Left(); still != "" {
			err = errors.Join(err, fmt.Errorf("%s: the sweep has overlooked %s", name, still))
		}
	}
	return got, left, err
}

// judge says what is not as the trial wants it.
func (trial Trial) judge(e *Tenant, journey string, got Outcome) error {
	var faults []error
	wrong := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf(journey+": "+format, args...))
	}
	fails := trial.Says != ""
	for _, spared := range trial.Spared {
		fails = fails && journey != spared
	}
	switch said := errText(got.Err); {
	case fails && !strings.Contains(said, trial.Says):
		wrong("it should fail and say %q, but: %s", trial.Says, orPassed(said))
	case !fails && got.Err != nil:
		wrong("it should pass, but: %w", got.Err)
	case strings.Contains(said, e.Credentials().ClientSecret):
		wrong("the failure shows a secret")
	}
	if !strings.Contains(got.Printed, trial.Notes) {
		wrong("it should say %q before it begins", trial.Notes)
	}
	if got.Elapsed < trial.Least {
		wrong("it should wait %s, and has taken %s", trial.Least, got.Elapsed)
	}
	if left := e.Left(); left != "" && !trial.Stays {
		wrong("it has left %s behind", left)
	}
	return errors.Join(faults...)
}

func orPassed(said string) string {
	if said == "" {
		return "it passes"
	}
	return said
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

var stepNumber = lazy.Regexp(`^step \d+`)

// String is an outcome in a word or two.
func (got Outcome) String() string {
	switch said := errText(got.Err); {
	case got.Err == nil:
		return "passes"
	case stepNumber.Get().MatchString(said):
		return "fails at " + stepNumber.Get().FindString(said)
	case strings.HasPrefix(said, "look at the environment"):
		return "does not begin"
	case strings.HasPrefix(said, "after the scenario"):
		return "fails afterwards"
	}
	return "fails"
}
