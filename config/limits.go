package config

import "time"

// Limits are all time limits of a run; nothing waits longer than one of these.
type Limits struct {
	// Call bounds one call to PingOne with its retries. PINGONE_CALL_TIMEOUT.
	Call time.Duration
	// Scenario bounds one scenario without its clean-up.
	Scenario time.Duration
	// Run bounds all scenarios together. With Cleanup it stays below the ten
	// minutes after which go test ends the process without any clean-up.
	Run time.Duration
	// Cleanup bounds the deletions after one scenario; it begins anew when the
	// scenario's own time has run out.
	Cleanup time.Duration
	// Lag bounds the polling for a change that PingOne shows late, such as a new
	// application's secret. PINGONE_LAG_TIMEOUT.
	Lag time.Duration
	// LagInterval is the pause between two looks during Lag.
	LagInterval time.Duration
	// Passcode bounds the wait for one passcode. PINGONE_PASSCODE_TIMEOUT.
	Passcode time.Duration
}

// Three limits can be set from outside: those that hang on a tenant's speed, a
// network or a person. The others guard the run and stay as they are.
const (
	callVariable     = "PINGONE_CALL_TIMEOUT"
	lagVariable      = "PINGONE_LAG_TIMEOUT"
	passcodeVariable = "PINGONE_PASSCODE_TIMEOUT"

	// longest is what such a variable may say at most.
	longest = 10 * time.Minute
)

// DefaultLimits are the limits when nothing else is said.
func DefaultLimits() Limits {
	return Limits{
		Call:        30 * time.Second,
		Scenario:    3 * time.Minute,
		Run:         8 * time.Minute,
		Cleanup:     time.Minute,
		Lag:         30 * time.Second,
		LagInterval: 500 * time.Millisecond,
		Passcode:    2 * time.Minute,
	}
}

// limits reads the limits that can be set. A longer wait for a person or a
// tenant lengthens the scenario's own limit by as much.
func (r *reader) limits() Limits {
	usual := DefaultLimits()
	limits := usual
	limits.Call = r.duration(callVariable, usual.Call)
	limits.Lag = r.duration(lagVariable, usual.Lag)
	limits.Passcode = r.duration(passcodeVariable, usual.Passcode)
	for _, longer := range []time.Duration{
		limits.Call - usual.Call, limits.Lag - usual.Lag, limits.Passcode - usual.Passcode,
	} {
		limits.Scenario += max(longer, 0)
	}
	return limits
}
