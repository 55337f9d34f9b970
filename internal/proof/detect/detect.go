package detect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"pingone-conformance/emulator"
	"pingone-conformance/internal/gherkin"
	"pingone-conformance/suite"
	"pingone-conformance/suite/report"
)

// Options says what to run.
type Options struct {
	// Suite brings features, sentences and published lists; the rest is the proof's own.
	Suite suite.Options
	// Only names the deviations to try; empty means all.
	Only []string
	// Parallel is how many deviations are tried at a time; 0 means one for each processor.
	Parallel int
	// Varied lets the emulator answer otherwise in every way that the pages allow, besides what it does wrong, but for what
	// would hide that: see hidings.
	Varied bool
	// All runs every scenario against every deviation; otherwise no further scenario
	// begins once one has failed.
	All bool
	// First says which scenario to try a deviation on by itself before all others, which run when that one does not notice;
	// nil is none.
	First First
}

// Catch is one scenario that failed under a deviation.
type Catch struct {
	Scenario string
	// File and Line are where the failing step stands, or the scenario when it was
	// none.
	File string
	Line int
	// Step is the sentence that failed, "" when it was the scenario's end.
	Step string
	// Message is the error as a user sees it.
	Message string
}

// At is where the failing step stands, such as "login_and_mfa.feature:57".
func (c Catch) At() string { return fmt.Sprintf("%s:%d", c.File, c.Line) }

// By is what caught the deviation: the contract's rule about a place, or the sentence itself.
func (c Catch) By() string {
	if rule := report.Rule(c.Message); rule != "" {
		return "the rule that " + rule
	}
	return "the sentence"
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
	// Varied says that all else was varied, but for what hides the deviation.
	Varied bool
	// AtOnce says that the scenario which Options.First names noticed, by itself.
	AtOnce bool
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
	scenarios, err := gherkin.Read(o.Suite.Features)
	if err != nil {
		return nil, err
	}
	control, err := try(ctx, o, scenarios, "")
	if err != nil {
		return nil, err
	}
	if control.Noticed() {
		c := control.Caught[0]
		return nil, fmt.Errorf("%w: %s %s: %s", ErrControl, c.At(), c.Scenario, c.Message)
	}
	return all(ctx, o, scenarios, chosen, report)
}

// all tries the deviations, several at a time.
func all(ctx context.Context, o Options, scenarios []gherkin.Scenario, chosen []emulator.DeviationInfo, report func(Outcome)) ([]Outcome, error) {
	outcomes := make([]Outcome, len(chosen))
	faults := make([]error, len(chosen))
	free := make(chan struct{}, cmp.Or(o.Parallel, runtime.GOMAXPROCS(0)))
	var group sync.WaitGroup
	var reporting sync.Mutex
	for i := range chosen {
		free <- struct{}{}
		group.Go(func() {
			outcomes[i], faults[i] = look(ctx, o, scenarios, chosen[i].Name)
			outcomes[i].Deviation = chosen[i]
			reporting.Lock()
			defer reporting.Unlock()
			report(outcomes[i])
			<-free
		})
	}
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
