package detect

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// runFeatures runs the features, all of them or until one scenario has failed.
func runFeatures(ctx context.Context, o suite.Options, all bool) ([]steps.Result, error) {
	places, end, err := suite.Places(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("open the emulator: %w", err)
	}
	if !all {
		e := &enough{places: places}
		places, o.Done = e, e.heard
	}
	results, err := suite.RunIn(ctx, o, places)
	return results, errors.Join(err, end())
}

// enough opens places until it has heard of a failure. Scenarios that have begun
// go on to their end, so that none fails for having been cut off.
type enough struct {
	places steps.Opener
	failed atomic.Bool
}

func (e *enough) heard(r steps.Result) {
	if r.Err != nil {
		e.failed.Store(true)
	}
}

// Open implements steps.Opener.
func (e *enough) Open(ctx context.Context, s steps.Scenario) (*steps.Place, error) {
	if e.failed.Load() {
		return nil, fmt.Errorf("%w: another scenario has failed already", steps.ErrNotStarted)
	}
	return e.places.Open(ctx, s)
}
