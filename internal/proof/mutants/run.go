package mutants

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"pingone-conformance/internal/replay"
)

// Outcome says what became of a mutant.
type Outcome string

const (
	// ByCheck means that a step or the contract objected to the changed answer.
	ByCheck Outcome = "killed by a check"
	// ByReplay means that no check objected, but a later call was not the recorded one.
	ByReplay Outcome = "killed by replay alone"
	// Survived means that the scenario passed.
	Survived Outcome = "survived"
)

// Verdict is a mutant and what became of it.
type Verdict struct {
	Mutant
	Outcome Outcome
	// Err is what killed it.
	Err error
}

// replayLimit bounds one replay; a scenario that takes longer hangs, which kills its mutant.
const replayLimit = 10 * time.Second

// judgeAll replays every mutant, so many at a time, and returns the verdicts in the order of the mutants.
func judgeAll(ctx context.Context, mutants []Mutant, workers int) ([]Verdict, error) {
	verdicts := make([]Verdict, len(mutants))
	free := make(chan struct{}, max(1, workers))
	var group sync.WaitGroup
	for i := range mutants {
		if ctx.Err() != nil {
			break
		}
		free <- struct{}{}
		group.Go(func() {
			verdicts[i] = mutants[i].judge(ctx)
			<-free
		})
	}
	group.Wait()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("stopped: %w", context.Cause(ctx))
	}
	return verdicts, nil
}

// judge replays the mutant strictly and, where only the strictness of replay
// killed it, once more tolerantly: a live server would not know what was recorded.
func (m Mutant) judge(ctx context.Context) Verdict {
	changed := m.Recording.Exchange(m.Exchange)
	m.apply(&changed.Response)
	recording := m.Recording.With(m.Exchange, changed)
	err := m.bounded(ctx, recording, false)
	switch {
	case err == nil:
		return Verdict{Mutant: m, Outcome: Survived}
	case !m.isMismatch(err):
		return Verdict{Mutant: m, Outcome: ByCheck, Err: err}
	}
	if again := m.bounded(ctx, recording, true); again != nil && !m.isMismatch(again) {
		return Verdict{Mutant: m, Outcome: ByCheck, Err: again}
	}
	return Verdict{Mutant: m, Outcome: ByReplay, Err: err}
}

func (m Mutant) bounded(ctx context.Context, recording *replay.Recording, tolerant bool) error {
	ctx, cancel := context.WithTimeoutCause(ctx, replayLimit, fmt.Errorf("the scenario hangs: it took longer than %s", replayLimit))
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- m.Scenario.replay(ctx, recording, tolerant) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// isMismatch tells whether nothing but a call that was not recorded failed the
// scenario. godog hands on only one of several errors as a value, so the text counts.
func (m Mutant) isMismatch(err error) bool {
	if strings.Contains(err.Error(), "breaks its contract") {
		return false
	}
	var mismatch *replay.MismatchError
	return errors.As(err, &mismatch) || strings.Contains(err.Error(), "replay "+m.Recording.File+":")
}
