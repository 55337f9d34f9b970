package drift

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/replay"
	"pingone-conformance/suite"
)

// Run runs the selected scenarios and compares what was answered with the recordings.
// It writes nothing but transcripts. A scenario that fails is no error: its report says
// so and holds what was answered. The error is not nil when no scenario ran.
func Run(ctx context.Context, o suite.Options) (Report, error) {
	o.Trace, o.Lenient, o.Config.Record = true, true, true // each call is recorded, but not to a file
	began, heard := time.Now().UTC().Truncate(time.Second), &listener{sessions: map[string]*replay.Session{}}
	results, err := run(ctx, o, heard)
	if len(results) == 0 {
		if err == nil {
			err = suite.ErrNoScenario
		}
		return Report{}, fmt.Errorf("compare with the recordings: %w", err)
	}
	then := recordedSteps(ctx, o)
	report := Report{Format: Format, Mode: o.Config.Mode, Answered: answered(o.Config), Compared: began}
	slices.SortFunc(results, func(a, b suite.Result) int {
		return cmp.Or(cmp.Compare(a.Scenario.Feature, b.Scenario.Feature), cmp.Compare(a.Scenario.Name, b.Scenario.Name))
	})
	for _, result := range results {
		s := compare(o, result, heard.session(result.Scenario), then[key(result.Scenario)])
		report.Scenarios = append(report.Scenarios, s)
		report.Totals.add(s)
	}
	return report, nil
}

// answered says who answers this time.
func answered(c config.Config) string {
	if c.Mode == config.Emulator {
		return "emulator " + emulator.Version
	}
	if api, _, err := client.Region(c.Region); err == nil && strings.HasPrefix(c.APIURL, api) {
		return "live " + c.Region
	}
	return "live at " + c.APIURL
}

// run runs the scenarios as suite.Run does, with heard between.
func run(ctx context.Context, o suite.Options, heard *listener) (results []suite.Result, err error) {
	places, end, err := suite.Places(ctx, o)
	if err != nil {
		return nil, err
	}
	heard.places = places
	o.Places = heard
	results, err = suite.Run(ctx, o)
	if fault := end(); fault != nil && err == nil {
		err = fault
	}
	return results, err
}

// recordedSteps replays the recordings for what each numbered line sent. A recording
// that does not fit the features any more tells less; it is compared all the same.
func recordedSteps(ctx context.Context, o suite.Options) map[string][]suite.Traced {
	o.Config = config.Config{Mode: config.Replay}
	o.Concurrency, o.Transcripts = runtime.GOMAXPROCS(0), ""
	results, _ := suite.Run(context.WithoutCancel(ctx), o)
	traced := map[string][]suite.Traced{}
	for _, r := range results {
		traced[key(r.Scenario)] = r.Trace
	}
	return traced
}

// compare holds one scenario's calls against its recording.
func compare(o suite.Options, result suite.Result, session *replay.Session, then []suite.Traced) Scenario {
	s := Scenario{
		Feature: result.Scenario.Feature, Name: result.Scenario.Name, FailedAt: result.Step,
		Recording: result.Scenario.Recording(), Passcodes: o.Config.Passcode.Source, Calls: []Call{},
	}
	if result.Err != nil {
		s.Failure = result.Err.Error()
	}
	if session == nil {
		s.Uncompared = "the scenario was not begun"
		return s
	}
	recorded, err := replay.Load(o.Fixtures, result.Scenario.Recording())
	if err != nil {
		s.Uncompared = session.Scrub(err.Error())
		return s
	}
	s.RecordedFrom, s.RecordedPasscodes = recorded.RecordedFrom, recorded.Passcodes
	seen, err := session.Recording()
	if err != nil {
		s.Uncompared = session.Scrub(err.Error())
		return s
	}
	s.judge(callsOf(recorded, then), callsOf(seen, result.Trace), result.Err != nil)
	return s
}

// key names a scenario among all.
func key(s suite.ID) string { return s.Feature + "/" + s.Slug() }

// listener opens the places of a run and keeps their sessions.
type listener struct {
	places   suite.Opener
	mu       sync.Mutex
	sessions map[string]*replay.Session
}

// Open opens the scenario's place, and sees to it that nothing is written.
func (l *listener) Open(ctx context.Context, s suite.ID) (*suite.Place, error) {
	place, err := l.places.Open(ctx, s)
	if err != nil {
		return nil, err
	}
	place.Session.KeepInMemory()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sessions[key(s)] = place.Session
	return place, nil
}

func (l *listener) session(s suite.ID) *replay.Session {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sessions[key(s)]
}
