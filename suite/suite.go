package suite

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"strings"

	"pingone-conformance/config"
	"pingone-conformance/contract"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/retry"
	"pingone-conformance/steps"
)

// Options says what a run needs beside the configuration.
type Options struct {
	Config config.Config
	// Features holds the .feature files, Fixtures is the folder of the recordings.
	Features fs.FS
	Fixtures string
	// Paths and Tags select scenarios as steps.Options do.
	Paths []string
	Tags  string
	// Concurrency is how many scenarios run at a time, Seed shuffles them.
	Concurrency int
	Seed        int64
	Output      io.Writer
	// Retry changes how calls are repeated; the zero value is what the mode needs.
	Retry retry.Options
	// Emulator changes the emulator that the emulator mode starts.
	Emulator emulator.Options
	// Transcripts is the folder for the calls of scenarios that fail; "" writes none.
	Transcripts string
	// Lenient lets a scenario go on when an answer breaks its contract.
	Lenient bool
	// Leftovers is told what was created and deleted; may be nil.
	Leftovers *steps.Leftovers
	// Done hears of each scenario as it ends, one at a time; may be nil.
	Done func(steps.Result)
	// Trace keeps the exchanges of numbered steps in the results.
	Trace bool
	// Observations collects what the contract leaves open; may be nil.
	Observations *contract.Observations
}

// Tags of scenarios that not every place can hold.
const (
	// TimeTravel marks scenarios that set the environment's clock forward.
	TimeTravel = "@time-travel"
	// TwoEnvironments marks scenarios that need a worker application of another environment.
	TwoEnvironments = "@two-environments"
	// SentPasscode marks scenarios about passcodes that are sent: with an
	// authenticator device, which computes its own, they make no sense.
	SentPasscode = "@sent-passcode"
)

// possible narrows a tag expression to what the environment and the source of
// passcodes can hold.
func possible(o Options) string {
	var parts []string
	if o.Tags != "" {
		parts = append(parts, o.Tags)
	}
	if o.Config.Mode == config.Live {
		parts = append(parts, "~"+TimeTravel, "~"+TwoEnvironments)
	}
	if o.Config.Passcode.Source == config.TOTP {
		parts = append(parts, "~"+SentPasscode)
	}
	return strings.Join(parts, " && ")
}

// Run runs the selected scenarios in the configured mode.
func Run(ctx context.Context, o Options) ([]steps.Result, error) {
	places, end, err := Places(ctx, o)
	if err != nil {
		return nil, err
	}
	if limit := o.Config.Limits.Run; limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, limit, fmt.Errorf("the run took longer than %s", limit))
		defer cancel()
	}
	results, err := RunIn(ctx, o, places)
	if fault := end(); fault != nil && err == nil {
		err = fault
	}
	return results, err
}

// RunIn runs the selected scenarios in places that are open already.
func RunIn(ctx context.Context, o Options, places steps.Opener) ([]steps.Result, error) {
	return steps.Run(ctx, steps.Options{
		Features: o.Features, Paths: o.Paths, Tags: possible(o), Concurrency: o.Concurrency, Seed: o.Seed,
		Output: o.Output, Places: places, Done: o.Done, Trace: o.Trace, Transcripts: o.Transcripts, Leftovers: o.Leftovers, Lenient: o.Lenient, Observations: o.Observations,
		CleanUpLimit: config.CleanUpLimit, ScenarioLimit: o.Config.Limits.Scenario,
	})
}

// Places opens what the mode needs; the returned function ends it.
func Places(ctx context.Context, o Options) (steps.Opener, func() error, error) {
	nothing := func() error { return nil }
	switch o.Config.Mode {
	case config.Replay:
		return replayPlaces{dir: o.Fixtures}, nothing, nil
	case config.Emulator:
		if o.Config.Record {
			return emulatorRecorder{options: o}, nothing, nil
		}
		places, err := startEmulator(ctx, o, o.Emulator)
		if err != nil {
			return nil, nil, err
		}
		return places, places.close, nil
	case config.Live:
		places, err := newLivePlaces(ctx, o)
		if err != nil {
			return nil, nil, err
		}
		return places, places.close, nil
	}
	return nil, nil, fmt.Errorf("mode %q is not known", o.Config.Mode)
}

// appsURL is where a region's sign-on pages are: beside the authorization server,
// or on it when its host does not begin with auth.
func appsURL(c config.Config) string {
	u, err := url.Parse(c.AuthURL)
	if err != nil {
		return c.AuthURL
	}
	if rest, ok := strings.CutPrefix(u.Host, "auth."); ok {
		u.Host = "apps." + rest
	}
	return u.String()
}
