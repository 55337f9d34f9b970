package detect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"pingone-conformance/config"
	"pingone-conformance/emulator"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

const (
	// scenariosAtATime is how many scenarios of one run share an emulator.
	scenariosAtATime = 8
	// passcodeTimeout is short: an emulator that sends a passcode does so at once.
	passcodeTimeout = time.Second
)

// Options says what to run.
type Options struct {
	// Features holds the .feature files at its root.
	Features fs.FS
	// Only names the deviations to try; empty means all.
	Only []string
	// Parallel is how many deviations are tried at a time; 0 means one for each processor.
	Parallel int
	// All runs every scenario against every deviation; otherwise no further scenario
	// begins once one has failed.
	All bool
}

// Catch is one scenario that failed under a deviation.
type Catch struct {
	Scenario string
	// At is where the failing step stands, such as "login_and_mfa.feature:57".
	At string
	// Step is the sentence that failed, "" when it was the scenario's end.
	Step string
	// Message is the error as a user sees it.
	Message string

	order int
}

// Outcome is what the features made of one deviation.
type Outcome struct {
	Deviation emulator.DeviationInfo
	// Caught are the scenarios that failed, in the order of the files; none means
	// that nothing noticed.
	Caught []Catch
	// Ran is how many scenarios ran; Complete says that those were all.
	Ran      int
	Complete bool
}

// Noticed says whether any scenario failed.
func (o Outcome) Noticed() bool { return len(o.Caught) > 0 }

// ErrControl says that the features fail without any deviation: then nothing
// can be said about any.
var ErrControl = errors.New("the features fail against the emulator as it is")

// Run tries each deviation against an emulator of its own, after a run without
// any has passed. It reports outcomes as they come and returns them in the order
// of emulator.Deviations.
func Run(ctx context.Context, o Options, report func(Outcome)) ([]Outcome, error) {
	chosen, err := choose(o.Only)
	if err != nil {
		return nil, err
	}
	lines, err := readLines(o.Features)
	if err != nil {
		return nil, err
	}
	control, err := try(ctx, o, lines, nil)
	if err != nil {
		return nil, err
	}
	if control.Noticed() {
		c := control.Caught[0]
		return nil, fmt.Errorf("%w: %s %s: %s", ErrControl, c.At, c.Scenario, c.Message)
	}
	return all(ctx, o, lines, chosen, report)
}

// all tries the deviations, several at a time.
func all(ctx context.Context, o Options, lines lineIndex, chosen []emulator.DeviationInfo, report func(Outcome)) ([]Outcome, error) {
	outcomes := make([]Outcome, len(chosen))
	faults := make([]error, len(chosen))
	next := make(chan int)
	var group sync.WaitGroup
	var telling sync.Mutex
	for range cmp.Or(o.Parallel, runtime.GOMAXPROCS(0)) {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range next {
				outcomes[i], faults[i] = try(ctx, o, lines, []string{chosen[i].Name})
				outcomes[i].Deviation = chosen[i]
				telling.Lock()
				report(outcomes[i])
				telling.Unlock()
			}
		}()
	}
	for i := range chosen {
		next <- i
	}
	close(next)
	group.Wait()
	return outcomes, errors.Join(faults...)
}

func choose(names []string) ([]emulator.DeviationInfo, error) {
	known := emulator.Deviations()
	if len(names) == 0 {
		return known, nil
	}
	// An emulator knows best what to say about a name that does not exist.
	if err := emulator.CheckDeviations(names); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(known, func(d emulator.DeviationInfo) bool { return !slices.Contains(names, d.Name) }), nil
}

// try runs the features against one emulator with the deviations switched on.
func try(ctx context.Context, o Options, lines lineIndex, deviations []string) (Outcome, error) {
	c, err := config.Load(func(name string) (string, bool) {
		if name == "PINGONE_MODE" {
			return config.Emulator, true
		}
		return "", false // nothing else counts, whatever the shell or .env say
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("configure the run: %w", err)
	}
	c.Passcode.Timeout = passcodeTimeout
	results, err := runFeatures(ctx, suite.Options{
		Config: c, Features: o.Features, Concurrency: scenariosAtATime,
		Emulator: emulator.Options{Deviations: deviations},
	}, o.All)
	outcome := Outcome{Complete: true}
	for _, r := range results {
		if errors.Is(r.Err, steps.ErrNotStarted) {
			outcome.Complete = false
			continue
		}
		outcome.Ran++
		if r.Err != nil {
			outcome.Caught = append(outcome.Caught, caught(lines, r))
		}
	}
	slices.SortFunc(outcome.Caught, func(a, b Catch) int { return cmp.Or(a.order-b.order, strings.Compare(a.Scenario, b.Scenario)) })
	switch {
	case ctx.Err() != nil:
		return outcome, fmt.Errorf("interrupted: %w", context.Cause(ctx))
	case err != nil && !outcome.Noticed():
		// Not a scenario failed, but the run itself.
		return outcome, fmt.Errorf("run the features with %s: %w", strings.Join(deviations, ", "), err)
	}
	return outcome, nil
}

func caught(lines lineIndex, r steps.Result) Catch {
	at, order := lines.find(r.Scenario.File, r.Scenario.Name, r.Step)
	return Catch{Scenario: r.Scenario.Name, At: at, Step: r.Step, Message: r.Err.Error(), order: order}
}
