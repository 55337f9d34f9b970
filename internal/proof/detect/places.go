package detect

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"pingone-conformance/internal/passcode"
	"pingone-conformance/suite"
)

// runFeatures runs the features, all of them or until one scenario has failed.
func runFeatures(ctx context.Context, o suite.Options, all bool) ([]suite.Result, error) {
	places, end, err := suite.Places(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("open the emulator: %w", err)
	}
	o.Places = waitless{places}
	if !all {
		u := &untilFailure{places: o.Places}
		o.Places, o.Done = u, u.done
	}
	results, err := suite.Run(ctx, o)
	return results, errors.Join(err, end())
}

// untilFailure opens places until a scenario has failed. Scenarios that have begun
// go on to their end, so that none fails for having been cut off.
type untilFailure struct {
	places suite.Opener
	failed atomic.Bool
}

func (u *untilFailure) done(r suite.Result) {
	if r.Err != nil {
		u.failed.Store(true)
	}
}

// Open implements suite.Opener.
func (u *untilFailure) Open(ctx context.Context, s suite.ID) (*suite.Place, error) {
	if u.failed.Load() {
		return nil, fmt.Errorf("%w: another scenario has failed already", suite.ErrNotStarted)
	}
	return u.places.Open(ctx, s)
}

// waitless opens places in which nobody waits for a passcode.
type waitless struct{ places suite.Opener }

// Open implements suite.Opener.
func (w waitless) Open(ctx context.Context, s suite.ID) (*suite.Place, error) {
	place, err := w.places.Open(ctx, s)
	if err != nil {
		return nil, err
	}
	if outbox, reads := place.Passcodes.(*passcode.Outbox); reads {
		place.Passcodes = sentAlready{outbox}
	}
	return place, nil
}

// sentAlready looks for a passcode once. The emulator sends before it answers, so what is missing then never comes; and a
// machine that is busy fails no scenario, which would pass for a notice.
type sentAlready struct{ *passcode.Outbox }

// Passcode implements passcode.Source.
func (s sentAlready) Passcode(ctx context.Context, d passcode.Device, flow []byte, since time.Time) (string, error) {
	if sent, err := s.Sent(ctx, d, since); err == nil && !sent {
		return "", fmt.Errorf("no passcode was sent to the %s", d)
	}
	return s.Outbox.Passcode(ctx, d, flow, since)
}
