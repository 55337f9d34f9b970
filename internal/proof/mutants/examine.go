package mutants

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pingone-conformance/suite"
)

// Options says what to examine.
type Options struct {
	// Suite brings features, recordings, sentences and published lists.
	Suite    suite.Options
	Accepted []Acceptance
	// Workers is how many mutants are replayed at a time.
	Workers int
	// Only keeps the mutants whose line contains it; empty keeps all.
	Only string
}

// Examine makes the mutants, replays them, and adds up what became of them.
func Examine(ctx context.Context, o Options) (Tally, error) {
	all, err := plan(o.Suite)
	if err != nil {
		return Tally{}, fmt.Errorf("plan the mutants: %w", err)
	}
	chosen := slices.DeleteFunc(all, func(m Mutant) bool { return !strings.Contains(m.line(), o.Only) })
	if len(chosen) == 0 {
		return Tally{}, errors.New("there is no mutant: nothing was recorded, or nothing was chosen")
	}
	verdicts, err := judgeAll(ctx, chosen, o.Workers)
	if err != nil {
		return Tally{}, err
	}
	return sum(verdicts, o.Accepted), nil
}

// line is the mutant's class in one line, as the report lists survivors.
func (m Mutant) line() string {
	return fmt.Sprintf("%s %d  %s  %s  (%s)", m.Operation, m.Status, m.Member(), m.Kind, standingWord(m))
}
