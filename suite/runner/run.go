package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"pingone-conformance/config"
	"pingone-conformance/contract"
	"pingone-conformance/suite"
	"pingone-conformance/suite/report"
)

// Run runs what the options and the flags select, prints it to stdout and writes the
// reports that were asked for. The first Ctrl-C or SIGTERM stops the run, which then
// deletes what it made; the second ends the process. Its error is nil only when at least
// one scenario ran and all passed; it is an ErrUsage when nothing could be run, and an
// ErrStopped when somebody stopped it.
func (f *Flags) Run(ctx context.Context, o suite.Options, stdout, stderr io.Writer) ([]suite.Result, error) {
	o, err := f.Apply(o)
	if err != nil {
		return nil, err
	}
	f.choose(&o)
	if o.Output = stdout; f.Quiet {
		o.Output = io.Discard
	}
	o.Leftovers, o.Observations = &suite.Leftovers{}, contract.NewObservations()
	ctx, stop := Interruptible(ctx, stderr, func() { o.Leftovers.Print(stderr) })
	defer stop()
	results, err := suite.Run(ctx, o)
	switch {
	case errors.Is(err, suite.ErrNoScenario):
		err = fmt.Errorf("%w: %w", ErrUsage, err)
	case ctx.Err() != nil && !errors.Is(err, ErrStopped) && errors.Is(context.Cause(ctx), ErrStopped):
		err = fmt.Errorf("%w: %w", context.Cause(ctx), err)
	}
	if !f.Quiet && o.Config.Mode != config.Replay && len(results) > 0 {
		o.Observations.Print(stdout)
	}
	return results, errors.Join(err, f.write(results))
}

// choose fills in what the flags leave open.
func (f *Flags) choose(o *suite.Options) {
	if o.Concurrency == 0 {
		o.Concurrency = atATime(o.Config)
	}
	if o.Seed == 0 {
		o.Seed = time.Now().UnixNano()%1_000_000 + 1
	}
}

// atATime is how many scenarios run at a time: as many as there are processors when
// the work is ours, more when it is mostly waiting, few when others share the tenant.
func atATime(cfg config.Config) int {
	switch cfg.Mode {
	case config.Emulator:
		return 16
	case config.Live:
		if s := cfg.Passcode.Source; s == config.Command || s == config.Prompt {
			return 1 // one phone and one mailbox for all: a message does not say for whom it is
		}
		return 4
	}
	return runtime.GOMAXPROCS(0)
}

// write writes the reports.
func (f *Flags) write(results []suite.Result) error {
	if f.JUnit == "" {
		return nil
	}
	var text bytes.Buffer
	err := report.WriteJUnit(&text, results)
	if err == nil {
		err = os.WriteFile(f.JUnit, text.Bytes(), 0o600)
	}
	if err != nil {
		return fmt.Errorf("the JUnit report: %w", err)
	}
	return nil
}
