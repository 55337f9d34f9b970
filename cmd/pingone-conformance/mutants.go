package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pingone-conformance/internal/plain"
	"pingone-conformance/internal/proof/mutants"
	"pingone-conformance/suite/runner"
)

// mutating is what the flags of mutants say.
type mutating struct {
	folders  runner.Flags
	workers  int
	only     string
	accepted string
}

func newMutants() *cobra.Command {
	m := &mutating{}
	cmd := &cobra.Command{
		Use: "mutants", Short: "Change every member of every recorded answer and show what goes unnoticed", GroupID: toProve, Args: noArguments,
		Long: `Mutants changes every place of every recorded answer, one at a time, and replays the
scenario: what goes unnoticed, no scenario holds. It fails when less of what the
documents speak of is held than wanted, when a survivor is not accepted, or when an
acceptance is stale. It opens no socket and writes nothing.`,
		Example: `  pingone-conformance mutants --only "Get Token 401"`,
		RunE:    stoppable(m.run),
	}
	flags := cmd.Flags()
	flags.IntVar(&m.workers, "workers", runtime.GOMAXPROCS(0), "how `many` mutants are replayed at a time")
	flags.StringVar(&m.only, "only", "", "only the mutants whose operation, status, place and kind, in one line, contain `text`; then what killed each is shown, and nothing is judged")
	flags.StringVar(&m.accepted, "accepted", "", "the `file` with the accepted survivors; default: the one that is built in")
	set := flag.NewFlagSet(cmd.Name(), flag.ContinueOnError)
	m.folders.RegisterFolders(set)
	flags.AddGoFlagSet(set)
	return cmd
}

func (m *mutating) run(ctx context.Context, cmd *cobra.Command) error {
	o := mutants.Options{Workers: m.workers, Only: m.only}
	var err error
	if o.Suite, err = m.folders.Apply(specification()); err != nil {
		return err
	}
	if o.Accepted, err = m.acceptances(); err != nil {
		return err
	}
	started := time.Now()
	report, err := mutants.Examine(ctx, o)
	if err != nil {
		return err
	}
	show := report.Print
	if m.only != "" {
		show = report.PrintVerdicts
	}
	if err := show(cmd.OutOrStdout()); err != nil {
		return err
	}
	say(cmd.OutOrStdout(), "%s in %s\n", plain.Count(report.Total.All, "mutant"), time.Since(started).Round(100*time.Millisecond))
	if m.only != "" {
		return nil
	}
	return faulty(report.Faults())
}

func (m *mutating) acceptances() ([]mutants.Acceptance, error) {
	if m.accepted == "" {
		return mutants.ParseAccepted(mutants.Accepted)
	}
	text, err := os.ReadFile(m.accepted)
	if err != nil {
		return nil, fmt.Errorf("read the accepted survivors: %w", err)
	}
	return mutants.ParseAccepted(string(text))
}

// faulty makes one error of what is wrong.
func faulty(faults []string) error {
	if len(faults) == 0 {
		return nil
	}
	return errors.New(strings.Join(faults, "\n"))
}
