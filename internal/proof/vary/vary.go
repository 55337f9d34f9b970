package vary

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"pingone-conformance/config"
	"pingone-conformance/contract"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/retry"
	"pingone-conformance/suite"
)

// Options says what to run.
type Options struct {
	// Suite brings features, sentences and published lists; the rest is the proof's own.
	Suite suite.Options
	// Only names the variations to try; empty means all, and then all at once as well.
	Only []string
	// Parallel is how many variations are tried at a time; 0 means one for each processor.
	Parallel int
}

// Alarm is one scenario that failed under a variation.
type Alarm struct {
	// Scenario is its name, File where it stands, Step the sentence that failed, ""
	// when it was the scenario's end, and Message the error as a user sees it.
	Scenario, File, Step, Message string
}

// Outcome is what the features made of one variation, or of all at once.
type Outcome struct {
	// Variation is the one that was tried; its name is AllAtOnce for all.
	Variation emulator.VariationInfo
	// Ran is how many scenarios ran, Alarms which of them failed, by their names.
	Ran    int
	Alarms []Alarm
	// Changed is how many calls each variation has changed, by its name.
	Changed map[string]int
	// Seen is what the run observed.
	Seen *contract.Observations
}

// AllAtOnce is the name under which all variations together are tried: a tenant as
// different as the pages allow.
const AllAtOnce = "all"

// Held says whether the features stayed green although calls were changed.
func (o Outcome) Held() bool { return len(o.Alarms) == 0 && o.changes() > 0 }

// changes is how many calls were changed by what was tried.
func (o Outcome) changes() int {
	if o.Variation.Name != AllAtOnce {
		return o.Changed[o.Variation.Name]
	}
	sum := 0
	for _, n := range o.Changed {
		sum += n
	}
	return sum
}

// Run tries each variation against an emulator of its own and then, unless only some
// are asked for, all at once. It reports outcomes as they come and returns them in
// the order of emulator.Variations, all at once last.
func Run(ctx context.Context, o Options, report func(Outcome)) ([]Outcome, error) {
	chosen, err := choose(o.Only)
	if err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(chosen))
	faults := make([]error, len(chosen))
	free := make(chan struct{}, cmp.Or(o.Parallel, runtime.GOMAXPROCS(0)))
	var group sync.WaitGroup
	var reporting sync.Mutex
	for i := range chosen {
		free <- struct{}{}
		group.Go(func() {
			outcomes[i], faults[i] = try(ctx, o.Suite, chosen[i])
			reporting.Lock()
			defer reporting.Unlock()
			report(outcomes[i])
			<-free
		})
	}
	group.Wait()
	return outcomes, errors.Join(faults...)
}

func choose(names []string) ([]emulator.VariationInfo, error) {
	together := emulator.VariationInfo{Name: AllAtOnce, Group: "all at once", Does: "answers as differently as the pages allow"}
	known := append(emulator.Variations(), together)
	if len(names) == 0 {
		return known, nil
	}
	// An emulator knows best what to say about a name that does not exist.
	if err := emulator.CheckVariations(names); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(known, func(v emulator.VariationInfo) bool { return !slices.Contains(names, v.Name) }), nil
}

const (
	// scenariosAtATime is how many scenarios of one run share an emulator.
	scenariosAtATime = 8
	// passcodeTimeout is never used up: this emulator sends a passcode at once, on however busy a machine.
	passcodeTimeout = time.Minute
	// pause is between two tries of a call that a busy emulator sent away.
	pause = 5 * time.Millisecond
	// lag is never used up either: whatever a variation shows late it shows at one of the next looks.
	lag = time.Minute
)

// try runs all features against one emulator with the variation switched on.
func try(ctx context.Context, run suite.Options, v emulator.VariationInfo) (Outcome, error) {
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
	outcome := Outcome{Variation: v, Changed: map[string]int{}, Seen: contract.NewObservations()}
	var counting sync.Mutex
	run.Config, run.Concurrency, run.Observations = c, scenariosAtATime, outcome.Seen
	run.Retry = retry.Options{FirstWait: pause, LongestWait: pause, LagLimit: lag, LagInterval: 2 * pause}
	run.Emulator = emulator.Options{Variations: []string{v.Name}, Varied: func(name string) {
		counting.Lock()
		defer counting.Unlock()
		outcome.Changed[name]++
	}}
	results, err := suite.Run(ctx, run)
	for _, r := range results {
		outcome.Ran++
		if r.Err != nil {
			outcome.Alarms = append(outcome.Alarms, Alarm{Scenario: r.Scenario.Name, File: r.Scenario.File, Step: r.Step, Message: r.Err.Error()})
		}
	}
	slices.SortFunc(outcome.Alarms, func(a, b Alarm) int { return strings.Compare(a.File+a.Scenario, b.File+b.Scenario) })
	switch {
	case ctx.Err() != nil:
		return outcome, fmt.Errorf("interrupted: %w", context.Cause(ctx))
	case err != nil && len(outcome.Alarms) == 0:
		// Not a scenario failed, but the run itself.
		return outcome, fmt.Errorf("run the features with %s: %w", v.Name, err)
	}
	return outcome, nil
}

// Faulty are the outcomes that fail the proof: a scenario failed, or nothing was changed.
func Faulty(outcomes []Outcome) []Outcome {
	return slices.DeleteFunc(slices.Clone(outcomes), Outcome.Held)
}
