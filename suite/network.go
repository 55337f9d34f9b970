package suite

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/internal/plain"
	"pingone-conformance/internal/retry"
)

// emulatorLag is how long an emulator of ours is given to show what was just
// created: it shows it at once, unless it was told to lag.
const emulatorLag = time.Second

// How many calls are made at a time: by preflight, and, about, by the clean-up of one scenario.
// Their connections are kept for the next ones.
const preflightCalls, cleanUpCalls = 8, 4

// callLimit bounds a call with all its repetitions: one try, a wait for lag, and
// the longest pause that a busy server may ask for.
func callLimit(l config.Limits) time.Duration {
	if l.Call == 0 {
		return 0 // the client's own limit
	}
	return l.Call + l.Lag + retry.MaxRetryAfter
}

// again prints each repetition as it happens.
func again(out io.Writer) func(retry.Event) {
	return func(e retry.Event) { _, _ = fmt.Fprintln(out, plain.Line("again: "+e.String())) }
}

// awaited says what a repetition waits for.
func awaited(e retry.Event) string {
	if strings.Contains(e.Why, strconv.Itoa(http.StatusTooManyRequests)) {
		return "PingOne's rate limit"
	}
	return e.Why
}

// network is the way to a server that may be busy, late or gone: connections that
// are kept, at most so many calls a second for the whole run, and calls that are
// repeated where that does no harm.
// Who is told of answers that mean too many calls are the slots, which may be nil.
func network(o Options, slots *slots) (http.RoundTripper, *http.Transport) {
	connections := client.NewTransport(max(preflightCalls, cleanUpCalls*o.Concurrency))
	var sending http.RoundTripper = connections
	if slots != nil {
		sending = noticing{connections, slots}
	}
	return retry.New(retry.Limit(sending, o.Config.MaxRPS, o.ownPace), repetitions(o)), connections
}

// repetitions are the limits within which calls are repeated: those that are given, or the configuration's.
func repetitions(o Options) retry.Options {
	settings := o.Retry
	if settings.LagLimit == 0 {
		settings.LagLimit = lagOf(o).limit
	}
	if settings.LagInterval == 0 {
		settings.LagInterval = lagOf(o).interval
	}
	if settings.RightsLimit == 0 && o.Config.Mode == config.Live {
		settings.RightsLimit = settings.LagLimit
	}
	if settings.AttemptLimit == 0 {
		settings.AttemptLimit = o.Config.Limits.Call
	}
	if settings.Log == nil && o.Output != nil {
		again := again(o.Output)
		settings.Log = func(e retry.Event) {
			o.progress().Waiting(awaited(e), e.Wait)
			again(e)
		}
	}
	return settings
}

// shortWait is too short to be said: the line that is shown changes as often.
const shortWait = time.Second / 2

// ownPace says that it is this run's own limit that is waited for.
func (o Options) ownPace(pause time.Duration) {
	if pause >= shortWait {
		o.progress().Waiting(fmt.Sprintf("its turn at %g calls a second, PINGONE_MAX_RPS", o.Config.MaxRPS), pause)
	}
}
