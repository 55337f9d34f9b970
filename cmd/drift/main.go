// Command drift runs scenarios against an environment and compares every answer with
// the recorded one. It changes no fixture and prints no secret.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"pingone-conformance/cmd/internal/spec"
	"pingone-conformance/config"
	"pingone-conformance/internal/proof/drift"
	"pingone-conformance/suite"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// reportsDir is the folder of the transcripts.
const reportsDir = "reports"

// settings are what the flags say.
type settings struct {
	tags, scenario, json string
	fail                 bool
	concurrency          int
}

// run returns the exit status: 0 when the answers were compared, with or without
// drift; 1 when nothing could be, or, with -fail, when anything is not as recorded; 2
// when flags or configuration are not right.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set, status := parse(args, stderr)
	if set == nil {
		return status
	}
	cfg, ok := configuration(stderr)
	if !ok {
		return 2
	}
	if _, err := os.Stat(filepath.Dir(set.json)); err != nil {
		tell(stderr, "drift: -json %s cannot be written: %v\n", set.json, err)
		return 2
	}
	o := spec.Options()
	paths, err := suite.Select(o.Features, set.scenario)
	if err != nil {
		tell(stderr, "drift: %v\n", err)
		return 2
	}
	o.Config, o.Transcripts, o.Paths, o.Tags, o.Concurrency = cfg, reportsDir, paths, set.tags, set.concurrency
	report, err := drift.Run(ctx, o)
	if err != nil {
		tell(stderr, "drift: %v\n", err)
		if errors.Is(err, suite.ErrNoScenario) {
			return 2
		}
		return 1
	}
	if err := set.publish(report, stdout); err != nil {
		tell(stderr, "drift: %v\n", err)
		return 1
	}
	switch {
	case ctx.Err() != nil:
		tell(stderr, "drift: the run was interrupted; the report covers what was answered\n")
		return 1
	case report.Totals.Compared == 0:
		tell(stderr, "drift: nothing was compared\n")
		return 1
	case set.fail && !report.Totals.Clean():
		return 1
	}
	return 0
}

// parse reads the flags. It returns nil and the exit status when there is nothing to do.
func parse(args []string, stderr io.Writer) (*settings, int) {
	set := &settings{}
	flags := flag.NewFlagSet("drift", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&set.tags, "tags", "@journey", "run the scenarios that this godog tag `expression` selects; \"\" selects all, as -scenario does by itself")
	flags.StringVar(&set.scenario, "scenario", "", "run the scenarios whose name contains this `text`")
	flags.StringVar(&set.json, "json", "", "also write the report to `file` as JSON")
	flags.BoolVar(&set.fail, "fail", false, "exit with 1 when anything is not as recorded, or could not be compared")
	flags.IntVar(&set.concurrency, "concurrency", 4, "how many scenarios run at a time")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, 0
		}
		return nil, 2
	}
	if flags.NArg() > 0 {
		tell(stderr, "drift: unexpected argument %q\n", flags.Arg(0))
		return nil, 2
	}
	chosen := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { chosen[f.Name] = true })
	if chosen["scenario"] && !chosen["tags"] {
		set.tags = ""
	}
	return set, 0
}

// configuration reads the variables and tells what is wrong with them.
func configuration(stderr io.Writer) (config.Config, bool) {
	cfg, err := config.FromEnvironment("")
	switch {
	case err != nil:
		tell(stderr, "drift: the configuration is not right:\n%v\n", err)
	case cfg.Mode == config.Replay:
		tell(stderr, "drift: PINGONE_MODE is %q, which would compare the recordings with themselves; set it to live or emulator\n", cfg.Mode)
	case cfg.Record:
		tell(stderr, "drift: PINGONE_RECORD is true, but drift writes no recording; unset it, or run make record\n")
	default:
		return cfg, true
	}
	return cfg, false
}

// publish prints the report and writes its file.
func (s *settings) publish(report drift.Report, stdout io.Writer) (err error) {
	if err := report.Print(stdout); err != nil || s.json == "" {
		return err
	}
	file, err := os.Create(filepath.Clean(s.json))
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	defer func() {
		if fault := file.Close(); fault != nil && err == nil {
			err = fmt.Errorf("write the report: %w", fault)
		}
	}()
	return report.WriteJSON(file)
}

// tell writes for a person; one that is gone cannot be told.
func tell(w io.Writer, format string, arguments ...any) {
	_, _ = fmt.Fprintf(w, format, arguments...)
}
