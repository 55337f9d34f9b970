package mutants

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// Options says what to examine.
type Options struct {
	// Features holds the .feature files at its root, Fixtures is the folder of the recordings.
	Features fs.FS
	Fixtures string
	Accepted []Acceptance
	// Workers is how many mutants are replayed at a time.
	Workers int
	// Only keeps the mutants whose line contains it; empty keeps all.
	Only string
}

// Examine makes the mutants, replays them, and adds up what became of them.
func Examine(ctx context.Context, o Options) (Tally, error) {
	all, err := Plan(o.Features, o.Fixtures)
	if err != nil {
		return Tally{}, fmt.Errorf("plan the mutants: %w", err)
	}
	chosen := all
	if o.Only != "" {
		chosen = nil
		for _, m := range all {
			if strings.Contains(m.line(), o.Only) {
				chosen = append(chosen, m)
			}
		}
	}
	if len(chosen) == 0 {
		return Tally{}, errors.New("there is no mutant: nothing was recorded, or nothing was chosen")
	}
	verdicts, err := Run(ctx, chosen, o.Workers)
	if err != nil {
		return Tally{}, err
	}
	return Sum(verdicts, o.Accepted), nil
}

// line is the mutant's class in one line, as the report lists survivors.
func (m Mutant) line() string {
	return fmt.Sprintf("%s %d  %s  %s  (%s)", m.Operation, m.Status, m.Member(), m.Kind, standingWord(m))
}
