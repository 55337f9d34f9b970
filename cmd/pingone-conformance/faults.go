package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"

	"pingone-conformance/internal/proof/faults"
)

func newFaults() *cobra.Command {
	var only []string
	cmd := &cobra.Command{
		Use: "faults", Short: "Run the journeys against every fault of the emulator and print the matrix", GroupID: toProve, Args: noArguments,
		Long: `Faults runs the journeys, as a live run would, against emulators on which something goes
wrong: latency, 429, 503, broken connections, late changes, a wrong clock. It prints
what becomes of each journey, and fails when one does not do what it should: pass, or
fail with the right words, and leave nothing behind. "pingone-conformance emulator
--fault list" explains the faults.`,
		Example: `  pingone-conformance faults --only "limited:*:1:1ms,lost:token:1"`,
		RunE: stoppable(func(ctx context.Context, cmd *cobra.Command) error {
			trials, err := trialsOf(only)
			if err != nil {
				return err
			}
			return runFaults(ctx, cmd, trials)
		}),
	}
	cmd.Flags().StringSliceVar(&only, "only", nil, "try these `faults` of the matrix, separated by commas; none is the run without one")
	complete(cmd, "only", func() []string {
		var names []string
		for _, trial := range faults.Trials() {
			names = append(names, trial.Name())
		}
		return names
	})
	return cmd
}

// trialsOf are the trials of these names, all for none.
func trialsOf(only []string) ([]faults.Trial, error) {
	all := faults.Trials()
	if len(only) == 0 {
		return all, nil
	}
	var some []faults.Trial
	for _, name := range only {
		i := slices.IndexFunc(all, func(trial faults.Trial) bool { return trial.Name() == name })
		if i < 0 {
			return nil, misuse("--only %s: the matrix has no such fault", name)
		}
		some = append(some, all[i])
	}
	return some, nil
}

func runFaults(ctx context.Context, cmd *cobra.Command, trials []faults.Trial) error {
	debug.SetGCPercent(gcPercent)
	o := specification()
	rows := faults.Run(ctx, o, trials, func(row faults.Row) {
		mark := "."
		if row.Err != nil {
			mark = "F"
		}
		say(cmd.ErrOrStderr(), "%s", mark)
	})
	say(cmd.ErrOrStderr(), "\n")
	if err := faults.Print(cmd.OutOrStdout(), o.UseCases, rows); err != nil {
		return err
	}
	var wrong []error
	for _, row := range rows {
		if row.Err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", row.Name(), row.Err))
		}
	}
	return errors.Join(wrong...)
}
