package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"pingone-conformance/config"
	"pingone-conformance/internal/proof/drift"
	"pingone-conformance/suite"
	"pingone-conformance/suite/runner"
)

// drifting is what the flags of drift say.
type drifting struct {
	run         runner.Flags
	json        string
	fail        bool
	concurrency int
}

func newDrift() *cobra.Command {
	d := &drifting{run: runner.Flags{Tags: "@journey"}}
	cmd := &cobra.Command{
		Use: "drift", Short: "Compare an environment's answers with the recorded ones", GroupID: toLive, Args: noArguments,
		Long: `Drift runs scenarios, the journeys unless told otherwise, with PINGONE_MODE=live or
emulator and compares every answer with the recorded one: what is not wrong, but not
as it was. It changes no recording and prints no secret. What it could not delete is
named on stderr as it is called in the tenant; the report has stand-ins for such names.

It ends with 0 when the answers were compared, with drift or without. With --fail it
ends with 1 when anything is not as recorded, or could not be compared.`,
		Example: `  PINGONE_MODE=live pingone-conformance drift --json drift.json
  PINGONE_MODE=live pingone-conformance drift --tags "" --fail`,
		RunE: func(cmd *cobra.Command, _ []string) error { return d.stoppable(cmd) },
	}
	flags := cmd.Flags()
	set := flag.NewFlagSet(cmd.Name(), flag.ContinueOnError)
	d.run.RegisterSelection(set)
	d.run.RegisterFolders(set)
	flags.AddGoFlagSet(set)
	flags.Lookup("tags").Usage = "the scenarios that this godog tag `expression` selects; \"\" selects all, as --scenario does by itself"
	flags.StringVar(&d.json, "json", "", "also write the report to this `file` as JSON")
	flags.BoolVar(&d.fail, "fail", false, "end with 1 when anything is not as recorded, or could not be compared")
	flags.IntVar(&d.concurrency, "concurrency", 4, "how `many` scenarios run at a time")
	completeScenarios(cmd, &d.run)
	return cmd
}

// stoppable compares until somebody stops it, and says what is left behind.
func (d *drifting) stoppable(cmd *cobra.Command) error {
	left, stderr := &suite.Leftovers{}, cmd.ErrOrStderr()
	ctx, stop := runner.Interruptible(cmd.Context(), stderr, func() { left.Print(stderr) })
	defer stop()
	err := d.compare(ctx, cmd, left)
	if !left.Empty() {
		left.Print(stderr)
	}
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("%w: %w", runner.ErrStopped, err)
	}
	return err
}

func (d *drifting) compare(ctx context.Context, cmd *cobra.Command, left *suite.Leftovers) error {
	o, err := d.options(cmd)
	if err != nil {
		return err
	}
	o.Leftovers = left
	report, err := drift.Run(ctx, o)
	if errors.Is(err, suite.ErrNoScenario) {
		return misuse("%w", err)
	}
	if err != nil {
		return err
	}
	if err := d.publish(report, cmd.OutOrStdout()); err != nil {
		return err
	}
	switch {
	case ctx.Err() != nil:
		return errors.New("the run was interrupted; the report covers what was answered")
	case report.Totals.Compared == 0:
		return errors.New("nothing was compared")
	case d.fail && !report.Totals.Clean():
		return errSaid
	}
	return nil
}

// options is what is run, by the flags and the configuration.
func (d *drifting) options(cmd *cobra.Command) (suite.Options, error) {
	o := specification()
	var err error
	o.Config, err = config.FromEnvironment("")
	switch {
	case err != nil:
		return o, misuse("the configuration is not right:\n%w", err)
	case o.Config.Mode == config.Replay:
		return o, misuse("PINGONE_MODE is %q, which would compare the recordings with themselves; set it to live or emulator", o.Config.Mode)
	case o.Config.Record:
		return o, misuse("PINGONE_RECORD is true, but drift writes no recording; unset it, or use the subcommand record")
	}
	if _, err := os.Stat(filepath.Dir(d.json)); err != nil {
		return o, misuse("--json %s cannot be written: %w", d.json, err)
	}
	if cmd.Flags().Changed("scenario") && !cmd.Flags().Changed("tags") {
		d.run.Tags = ""
	}
	o, err = d.run.Apply(o)
	o.Concurrency = d.concurrency
	return o, err
}

// publish prints the report and writes its file.
func (d *drifting) publish(report drift.Report, stdout io.Writer) (err error) {
	if err := report.Print(stdout); err != nil || d.json == "" {
		return err
	}
	file, err := os.Create(filepath.Clean(d.json))
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
