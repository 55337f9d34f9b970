package mutants

import (
	"context"
	"fmt"

	"pingone-conformance/internal/gherkin"
	"pingone-conformance/internal/replay"
	"pingone-conformance/suite"
)

// Scenario is one scenario, or one row of an outline, by itself.
type Scenario struct {
	suite.ID
	// alone runs nothing but this scenario, so that it is done quickly.
	alone suite.Options
}

// scenariosOf lists every scenario of the feature files.
func scenariosOf(o suite.Options) ([]Scenario, error) {
	found, err := gherkin.Read(o.Features)
	if err != nil {
		return nil, err
	}
	all := make([]Scenario, len(found))
	for i, s := range found {
		one := o
		one.Features = s.Alone()
		all[i] = Scenario{suite.ID{Feature: s.Feature(), Name: s.Name, Tags: s.Tags, File: s.File}, one}
	}
	return all, nil
}

// replay runs the scenario against a recording and returns how it failed, nil when it passed.
func (s Scenario) replay(ctx context.Context, recording *replay.Recording, tolerant bool) error {
	o := s.alone
	o.Places = place{recording, tolerant}
	results, err := suite.Run(ctx, o)
	if len(results) == 1 {
		return results[0].Err
	}
	return fmt.Errorf("%d scenarios ran instead of one: %w", len(results), err)
}

// place opens the place of one scenario on a recording in memory.
type place struct {
	recording *replay.Recording
	tolerant  bool
}

// Open gives every scenario this recording.
func (p place) Open(context.Context, suite.ID) (*suite.Place, error) {
	return suite.Replayed(replay.Play(p.recording, p.tolerant)), nil
}
