package passcode

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

const (
	totpPeriod = 30 * time.Second
	// totpLooks bounds how often the clock is read while a step lasts: a clock
	// that stands still must not hang a run.
	totpLooks = 5
)

// Clock tells the time and waits; the zero Clock is the real one.
type Clock struct {
	Now func() time.Time
	// Wait returns after d, or earlier with the context's error.
	Wait func(ctx context.Context, d time.Duration) error
}

// TOTP computes the passcodes of authenticator devices, as an authenticator app
// does (RFC 6238: SHA-1, six digits, steps of 30 seconds). No time step of a
// device is given twice, since PingOne need not accept it again: it waits for
// the next one.
//
// https://developer.pingidentity.com/pingone-api/workflow-library/pingone-mfa/login-with-an-authenticator-app.html
type TOTP struct {
	clock  Clock
	mu     sync.Mutex
	paired map[string]*authenticator
}

// authenticator is one paired device. Its lock is held while it waits, so that
// two callers get two steps.
type authenticator struct {
	secret string
	turn   chan struct{}
	last   int64 // the newest step that was given
}

// NewTOTP returns a source in which no device is paired yet.
func NewTOTP(clock Clock) *TOTP {
	if clock.Now == nil {
		clock.Now = time.Now
	}
	if clock.Wait == nil {
		clock.Wait = wait
	}
	return &TOTP{clock: clock, paired: map[string]*authenticator{}}
}

// Pair makes the source know a device by its id and the base32 secret of the
// answer that created it. Pairing again replaces the secret.
func (t *TOTP) Pair(deviceID, secret string) error {
	if deviceID == "" {
		return errors.New("pairing an authenticator app needs the device's id")
	}
	secret = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(secret), " ", ""))
	if secret == "" {
		return errors.New("pairing an authenticator app: the device's answer carries no secret")
	}
	if _, err := codeAt(secret, time.Unix(0, 0)); err != nil {
		return errors.New("pairing an authenticator app: the device's secret is no base32 text")
	}
	a := &authenticator{secret: secret, turn: make(chan struct{}, 1), last: -1}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.paired[deviceID] = a
	return nil
}

// Passcode implements Source. It waits up to 30 seconds when the present step
// was given before.
func (t *TOTP) Passcode(ctx context.Context, d Device, _ []byte, _ time.Time) (string, error) {
	t.mu.Lock()
	a := t.paired[d.ID]
	t.mu.Unlock()
	if a == nil {
		return "", fmt.Errorf("PINGONE_PASSCODE=totp: the %s was not paired in this scenario, so its secret is unknown", d)
	}
	select {
	case a.turn <- struct{}{}:
		defer func() { <-a.turn }()
	case <-ctx.Done():
		return "", fmt.Errorf("waiting for the %s: %w", d, context.Cause(ctx))
	}
	now, err := t.unusedStep(ctx, a)
	if err != nil {
		return "", fmt.Errorf("PINGONE_PASSCODE=totp: %w", err)
	}
	return codeAt(a.secret, now)
}

// unusedStep waits until the clock is past the last step that was given, and
// takes the present one.
func (t *TOTP) unusedStep(ctx context.Context, a *authenticator) (time.Time, error) {
	for range totpLooks {
		now := t.clock.Now()
		if step := now.Unix() / int64(totpPeriod/time.Second); step > a.last {
			a.last = step
			return now, nil
		}
		next := time.Unix((a.last+1)*int64(totpPeriod/time.Second), 0)
		if err := t.clock.Wait(ctx, min(next.Sub(now), totpPeriod)); err != nil {
			return time.Time{}, fmt.Errorf("waiting for the next time step: %w", err)
		}
	}
	return time.Time{}, errors.New("the clock does not reach the next time step: it stands still or was set back")
}

// codeAt is the passcode of the step that now is in.
func codeAt(secret string, now time.Time) (string, error) {
	return totp.GenerateCodeCustom(secret, now, totp.ValidateOpts{
		Period: uint(totpPeriod / time.Second), Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
}

// wait is Clock.Wait on the real clock.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
