package retry

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// HeldBackError says that a call was not sent, because this run may not make more
// calls before the call's own time limit.
type HeldBackError struct {
	// Why is the reason in words, without anything secret.
	Why string
}

// Error tells the reason.
func (h *HeldBackError) Error() string { return "not sent: " + h.Why }

// Limit returns a round tripper that is shared by all scenarios of a run and sends
// at most rps calls a second, evenly; 0 or less means no such limit. Whatever rps
// is, after a 429 with Retry-After it holds back every call until that time is
// over, since PingOne counts calls by licence and not by caller. Waiting ends with
// the request's context, and is not begun when it would outlast its deadline. Who is
// told of a wait for the turn that rps allows, and of how long it is, is waits, which
// may be nil.
//
// developer.pingidentity.com/pingone-api/platform/rate-limiting.html
func Limit(next http.RoundTripper, rps float64, waits func(time.Duration)) http.RoundTripper {
	allowed := rate.Inf
	if rps > 0 {
		allowed = rate.Limit(rps)
	}
	return &limiter{next: next, calls: rate.NewLimiter(allowed, 1), waits: waits}
}

type limiter struct {
	next  http.RoundTripper
	calls *rate.Limiter
	waits func(time.Duration)
	gate  gate
}

// RoundTrip sends a request when it is its turn.
func (l *limiter) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := l.turn(request.Context()); err != nil {
		if request.Body != nil {
			_ = request.Body.Close() // the reason why it is not sent matters more
		}
		return nil, err
	}
	response, err := l.next.RoundTrip(request)
	if err == nil && response.StatusCode == http.StatusTooManyRequests {
		if pause, ok := retryAfter(response.Header); ok {
			l.gate.close(time.Now().Add(pause))
		}
	}
	return response, err
}

// turn waits until a call may be sent. The gate comes first, so that calls which
// it held back leave it one after the other, and is looked at again after the
// wait for the rate.
func (l *limiter) turn(ctx context.Context) error {
	for {
		if err := l.gate.wait(ctx); err != nil {
			return err
		}
		if pause := l.untilTurn(); l.waits != nil && pause > 0 && fits(ctx, pause) {
			l.waits(pause)
		}
		if err := l.calls.Wait(ctx); err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return &HeldBackError{
				Why: fmt.Sprintf("at %g calls a second there is no turn before the call's time limit", float64(l.calls.Limit())),
			}
		}
		if l.gate.opensIn() <= 0 {
			return nil
		}
	}
}

// untilTurn is how long the next call has to wait for the rate.
func (l *limiter) untilTurn() time.Duration {
	return time.Duration((1 - l.calls.Tokens()) / float64(l.calls.Limit()) * float64(time.Second))
}

// gate is closed until a time.
type gate struct {
	mu    sync.Mutex
	until time.Time
}

func (g *gate) close(until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.until) {
		g.until = until
	}
}

func (g *gate) opensIn() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return time.Until(g.until)
}

// wait returns when the gate is open.
func (g *gate) wait(ctx context.Context) error {
	for pause := g.opensIn(); pause > 0; pause = g.opensIn() {
		if !fits(ctx, pause) {
			return &HeldBackError{Why: fmt.Sprintf(
				"PingOne answered 429 to another call of this run and wants a pause of %s more, which outlasts the call's time limit", inWords(pause))}
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		}
	}
	return nil
}
