package config

import (
	"time"

	"pingone-conformance/client"
)

// Every time limit of a run, as it is when nothing else is said. Nothing waits
// longer than one of these, but for the single phases of a connection that
// client.NewTransport bounds.
const (
	// CallLimit bounds one try of a call to PingOne; repetitions come on top.
	CallLimit = client.DefaultTimeout
	// ScenarioLimit bounds one scenario without its clean-up.
	ScenarioLimit = 3 * time.Minute
	// CleanUpLimit bounds the deletions after one scenario; it begins anew when
	// the scenario's own time has run out.
	CleanUpLimit = time.Minute
	// RunLimit bounds all scenarios together. With CleanUpLimit it stays below
	// the ten minutes after which go test ends the process without clean-up.
	RunLimit = 8 * time.Minute
	// LagLimit bounds the polling for a change that PingOne shows late, such as
	// a new application's secret; LagInterval is the pause between two looks.
	LagLimit    = 30 * time.Second
	LagInterval = 500 * time.Millisecond
	// PasscodeLimit bounds the wait for one passcode.
	PasscodeLimit = 2 * time.Minute
)

// Three limits can be set from outside: those that hang on a network, a
// tenant's speed or a person. The others guard the run and stay as they are.
const (
	callVariable     = "PINGONE_CALL_TIMEOUT"
	lagVariable      = "PINGONE_LAG_TIMEOUT"
	passcodeVariable = "PINGONE_PASSCODE_TIMEOUT"

	// shortest and longest are what such a variable may say at least and at most.
	shortest = 100 * time.Millisecond
	longest  = 10 * time.Minute
)

// Limits are the time limits of a run.
type Limits struct {
	// Call is CallLimit or PINGONE_CALL_TIMEOUT, Lag is LagLimit or
	// PINGONE_LAG_TIMEOUT, Passcode is PasscodeLimit or
	// PINGONE_PASSCODE_TIMEOUT.
	Call, Lag, Passcode time.Duration
	// Scenario and Run are ScenarioLimit and RunLimit, longer by as much as the
	// three above are longer than usual, so that a wait that was asked for is
	// not cut off. A run longer than ten minutes needs go test's -timeout too.
	Scenario, Run time.Duration
}

func (r *reader) limits() Limits {
	limits := Limits{
		Call:     r.duration(callVariable, CallLimit),
		Lag:      r.duration(lagVariable, LagLimit),
		Passcode: r.duration(passcodeVariable, PasscodeLimit),
	}
	longer := max(limits.Call-CallLimit, 0) + max(limits.Lag-LagLimit, 0) + max(limits.Passcode-PasscodeLimit, 0)
	limits.Scenario, limits.Run = ScenarioLimit+longer, RunLimit+longer
	return limits
}

// What the whole suite needs at most, rounded up: calls of all scenarios and of one
// with those that run beside it, and passcodes that somebody has to bring.
const (
	callsOfRun      = 3000
	callsOfScenario = 400
	passcodesOfRun  = 60
	passcodesOfOne  = 3
)

// slowed gives a run the time that a limited rate of calls costs, and that a person
// or a program may take for each passcode, one scenario after the other.
func (l Limits) slowed(maxRPS float64, brought bool) Limits {
	if maxRPS > 0 {
		second := float64(time.Second)
		l.Scenario += time.Duration(callsOfScenario / maxRPS * second)
		l.Run += time.Duration(callsOfRun / maxRPS * second)
	}
	if brought {
		l.Scenario += passcodesOfOne * l.Passcode
		l.Run += passcodesOfRun * l.Passcode
	}
	return l
}
