package features

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"pingone-conformance/config"
	"pingone-conformance/contract"
	"pingone-conformance/fixtures"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
	"pingone-conformance/suite/report"
)

var (
	scenarioName = flag.String("scenario", "", "run only the scenarios whose name contains this text")
	tags         = flag.String("tags", "", "run only the scenarios that this godog tag expression selects, such as @journey")
	orderSeed    = flag.Int64("order", 0, "shuffle the scenarios with this seed, as an earlier run printed it; 0 draws one")
	concurrency  = flag.Int("concurrency", 0, "how many scenarios run at a time; 0 leaves it to the mode")
	junit        = flag.String("junit", "", "write a JUnit report to this file")
	quiet        = flag.Bool("quiet", false, "do not print the story of the run")
)

// TestFeatures runs the specification in the mode that PINGONE_MODE names.
func TestFeatures(t *testing.T) {
	contract.Warm()
	cfg, err := config.FromEnvironment("")
	if err != nil {
		t.Fatal(err)
	}
	left := &suite.Leftovers{}
	ctx, stop := interruptible(t.Context(), left)
	defer stop()
	o := options(t, cfg)
	o.Leftovers = left
	o.Observations = contract.NewObservations()
	results, err := suite.Run(ctx, o)
	if !*quiet && cfg.Mode != config.Replay && len(results) > 0 {
		o.Observations.Print(os.Stdout)
	}
	if *junit != "" {
		writeJUnit(t, *junit, results)
	}
	for _, r := range results {
		t.Run(r.Scenario.Feature+"/"+r.Scenario.Slug(), func(t *testing.T) {
			switch {
			case r.Err == nil:
			case errors.Is(r.Err, suite.ErrNotStarted):
				t.Skip(r.Err)
			case *quiet:
				t.Errorf("%s: %s\n%v", r.Scenario.Name, r.Step, r.Err)
			case r.Step == "":
				t.Error("failed after its last step; the story above says why")
			default:
				t.Errorf("failed at %q; the story above says why", r.Step)
			}
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func writeJUnit(t *testing.T, file string, results []suite.Result) {
	t.Helper()
	var text bytes.Buffer
	err := report.WriteJUnit(&text, results)
	if err == nil {
		err = os.WriteFile(file, text.Bytes(), 0o600)
	}
	if err != nil {
		t.Errorf("the JUnit report: %v", err)
	}
}

func options(t *testing.T, cfg config.Config) suite.Options {
	t.Helper()
	paths, err := suite.Select(Files, *scenarioName)
	if err != nil {
		t.Fatal(err)
	}
	o := suite.Options{
		Config: cfg, Features: Files, Fixtures: fixtures.Files, RecordTo: filepath.Join("..", "fixtures"), Sentences: steps.All, UseCases: steps.UseCases(),
		Paths: paths, Tags: *tags,
		Concurrency: *concurrency, Seed: *orderSeed, Output: os.Stdout, Transcripts: filepath.Join("..", "reports"),
	}
	if o.Concurrency == 0 {
		o.Concurrency = atATime(cfg)
	}
	if o.Seed == 0 {
		o.Seed = time.Now().UnixNano()%1_000_000 + 1
	}
	if *quiet {
		o.Output = io.Discard
	}
	return o
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

// interruptible ends the context at the first Ctrl-C or SIGTERM, so that running
// scenarios stop and clean up; the second one ends the process at once and prints
// what is left.
func interruptible(parent context.Context, left *suite.Leftovers) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case s := <-signals:
			fmt.Fprintf(os.Stderr, "\n%s: the running scenarios stop and delete what they made; press Ctrl-C again to leave at once\n", s)
			cancel(fmt.Errorf("stopped by %s", s))
		case <-ctx.Done():
			return
		}
		<-signals
		left.Print(os.Stderr)
		os.Exit(130)
	}()
	return ctx, func() { signal.Stop(signals); cancel(nil) }
}
