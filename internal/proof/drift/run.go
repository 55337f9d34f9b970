package drift

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/replay"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// Options say what is run, where, and what it is compared with.
type Options struct {
	// Config names the environment; its mode is emulator or live.
	Config config.Config
	// Features holds the .feature files, Fixtures is the folder of the recordings.
	Features fs.FS
	Fixtures string
	// Paths and Tags select scenarios as steps.Options do.
	Paths []string
	Tags  string
	// Concurrency is how many scenarios run at a time, at least 1.
	Concurrency int
	// Transcripts is the folder for the calls of scenarios that fail; "" writes none.
	Transcripts string
}

// Run runs the selected scenarios and compares what was answered with the recordings.
// It writes nothing but transcripts. A scenario that fails is no error: its report says
// so and holds what was answered. The error is not nil when no scenario ran.
func Run(ctx context.Context, o Options) (Report, error) {
	heard := &listener{sessions: map[string]*replay.Session{}}
	results, err := o.run(ctx, heard)
	if len(results) == 0 {
		if err == nil {
			err = steps.ErrNoScenario
		}
		return Report{}, fmt.Errorf("compare with the recordings: %w", err)
	}
	then := o.recordedSteps(ctx)
	report := Report{Format: Format, Mode: o.Config.Mode, Answered: answered(o.Config)}
	slices.SortFunc(results, func(a, b steps.Result) int {
		return cmp.Or(cmp.Compare(a.Scenario.Feature, b.Scenario.Feature), cmp.Compare(a.Scenario.Name, b.Scenario.Name))
	})
	for _, result := range results {
		s := o.compare(result, heard.session(result.Scenario), then[key(result.Scenario)])
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

// suite is the run's options for the suite. Each call is recorded, but not to a file.
func (o Options) suite() suite.Options {
	s := suite.Options{
		Config: o.Config, Features: o.Features, Fixtures: o.Fixtures, Paths: o.Paths, Tags: o.Tags,
		Concurrency: o.Concurrency, Transcripts: o.Transcripts, Trace: true, Lenient: true,
	}
	s.Config.Record = true
	return s
}

// run runs the scenarios as suite.Run does, with heard between.
func (o Options) run(ctx context.Context, heard *listener) (results []steps.Result, err error) {
	places, end, err := suite.Places(ctx, o.suite())
	if err != nil {
		return nil, err
	}
	if limit := o.Config.Limits.Run; limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, limit, fmt.Errorf("the run took longer than %s", limit))
		defer cancel()
	}
	heard.places = places
	results, err = suite.RunIn(ctx, o.suite(), heard)
	if fault := end(); fault != nil && err == nil {
		err = fault
	}
	return results, err
}

// recordedSteps replays the recordings for what each numbered line sent. A recording
// that does not fit the features any more tells less; it is compared all the same.
func (o Options) recordedSteps(ctx context.Context) map[string][]steps.Traced {
	s := o.suite()
	s.Config = config.Config{Mode: config.Replay}
	s.Concurrency, s.Transcripts = runtime.GOMAXPROCS(0), ""
	results, _ := suite.Run(context.WithoutCancel(ctx), s)
	traced := map[string][]steps.Traced{}
	for _, r := range results {
		traced[key(r.Scenario)] = r.Trace
	}
	return traced
}

// compare holds one scenario's calls against its recording.
func (o Options) compare(result steps.Result, session *replay.Session, then []steps.Traced) Scenario {
	s := Scenario{
		Feature: result.Scenario.Feature, Name: result.Scenario.Name, FailedAt: result.Step,
		Recording: result.Scenario.Recording(o.Fixtures), Passcodes: o.Config.Passcode.Source, Calls: []Call{},
	}
	if result.Err != nil {
		s.Failure = result.Err.Error()
	}
	if session == nil {
		s.Uncompared = "the scenario was not begun"
		return s
	}
	recorded, err := replay.Load(s.Recording)
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
func key(s steps.Scenario) string { return s.Feature + "/" + s.Slug() }

// listener opens the places of a run and keeps their sessions.
type listener struct {
	places   steps.Opener
	mu       sync.Mutex
	sessions map[string]*replay.Session
}

// Open opens the scenario's place, and sees to it that nothing is written.
func (l *listener) Open(ctx context.Context, s steps.Scenario) (*steps.Place, error) {
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

func (l *listener) session(s steps.Scenario) *replay.Session {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sessions[key(s)]
}
