package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"

	"pingone-conformance/config"
	"pingone-conformance/contract"
	"pingone-conformance/internal/plain"
	"pingone-conformance/suite"
)

// Run runs what the options and the flags select, prints it to stdout and writes the
// reports that were asked for. The first Ctrl-C or SIGTERM stops the run, which then
// deletes what it made; the second ends the process. Its error is nil only when at least
// one scenario ran and all passed; it is an ErrUsage when nothing could be run, and an
// ErrStopped when somebody stopped it.
func (f *Flags) Run(ctx context.Context, o suite.Options, stdout, stderr io.Writer) ([]suite.Result, error) {
	applied, err := f.Apply(o)
	if err != nil {
		if f.Rerun { // what is there is what a correct rerun needs
			return nil, err
		}
		return nil, errors.Join(err, f.Stopped(o, err, stdout))
	}
	o = applied
	f.choose(&o)
	stdout, gone := f.dress(ctx, &o, stdout, stderr)
	if o.Output = stdout; f.Quiet {
		o.Output = io.Discard
	}
	if o.Transcripts != "" {
		o.Transcripts = f.at(f.Reports)
	}
	o.Leftovers, o.Observations, o.Recorder = &suite.Leftovers{}, contract.NewObservations(), f.recorder()
	ctx, stop := Interruptible(ctx, stderr, func() {
		o.Leftovers.Print(stderr)
		_ = f.write(o, fmt.Errorf("%w: left at once", suite.ErrInterrupted), nil, stdout)
	})
	defer stop()
	defer func() {
		if cause := recover(); cause != nil {
			_ = f.write(o, fmt.Errorf("%w by a panic: %v", suite.ErrInterrupted, cause), nil, stdout)
			panic(cause)
		}
	}()
	results, err := runPart(ctx, o)
	gone()
	switch {
	case errors.Is(err, suite.ErrNoScenario):
		if err = fmt.Errorf("%w: %w", ErrUsage, err); f.Tags != "" {
			err = fmt.Errorf("%w: none has the tags %s", err, f.Tags)
		}
	case ctx.Err() != nil && !errors.Is(err, ErrStopped) && errors.Is(context.Cause(ctx), ErrStopped):
		err = fmt.Errorf("%w: %w", context.Cause(ctx), err)
	}
	if !f.Quiet && o.Config.Mode != config.Replay && len(results) > 0 {
		o.Observations.Print(stdout)
	}
	return results, f.finish(o, err, results, stdout)
}

// runPart says first which shard runs, if it is one; nothing falls to an empty one.
func runPart(ctx context.Context, o suite.Options) ([]suite.Result, error) {
	if s := o.Shard; s != nil {
		_, _ = fmt.Fprintf(o.Output, "Shard %s: %d of %s, %s\n\n", s, s.Scenarios, plain.Count(s.Selected, "scenario"), plain.Count(s.Calls, "recorded call"))
	}
	if o.Shard.Empty() {
		return nil, nil
	}
	return suite.Run(ctx, o)
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

// mostlyWaiting is how many scenarios run at a time that mostly wait for answers.
const mostlyWaiting = 16

// atATime is how many scenarios run at a time: as many as there are processors when
// the work is ours, more when it is mostly waiting. A live environment that is asked too
// often says so, and gets fewer.
func atATime(cfg config.Config) int {
	switch cfg.Mode {
	case config.Emulator:
		return mostlyWaiting
	case config.Live:
		if s := cfg.Passcode.Source; s == config.Command || s == config.Prompt {
			return 1 // one phone and one mailbox for all: a message does not say for whom it is
		}
		return mostlyWaiting
	}
	return runtime.GOMAXPROCS(0)
}
