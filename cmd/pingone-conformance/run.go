package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"pingone-conformance/config"
	"pingone-conformance/internal/collector"
	"pingone-conformance/suite"
	"pingone-conformance/suite/runner"
)

func newRun() *cobra.Command {
	flags := &runner.Flags{}
	cmd := &cobra.Command{
		Use: "run", Short: "Run the features and print each line with its outcome", GroupID: toRun, Args: noArguments,
		Long: `Run runs the features, in the order that a seed draws, and prints them in the order
of the files, each line with its outcome. PINGONE_MODE says who answers.

A scenario that fails while somebody really answers leaves its calls, without secrets,
in reports/. The first Ctrl-C stops the run, which then deletes what it has made; the
second leaves at once and prints what is left. With PINGONE_RECORD=true what passes
is recorded, as by the subcommand record.`,
		Example: `  pingone-conformance run --tags @journey
  pingone-conformance run --scenario "passcode" --junit report.xml
  pingone-conformance run --features my/features --fixtures my/fixtures`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runFeatures(cmd, flags, config.FromEnvironment)
		},
	}
	addRunFlags(cmd, flags)
	return cmd
}

// addRunFlags gives the subcommand the flags that `go test ./features` takes as well.
func addRunFlags(cmd *cobra.Command, flags *runner.Flags) {
	set := flag.NewFlagSet(cmd.Name(), flag.ContinueOnError)
	flags.Register(set)
	flags.Version = version
	cmd.Flags().AddGoFlagSet(set)
	completeScenarios(cmd, flags)
}

// runFeatures runs what the flags select, as the configuration says.
func runFeatures(cmd *cobra.Command, flags *runner.Flags, read func(dotenv string) (config.Config, error)) error {
	collector.Seldom()
	o := specification()
	var err error
	if o.Config, err = read(""); err != nil {
		err = fmt.Errorf("the configuration is not right:\n%w", err)
		return misuse("%w", errors.Join(err, flags.Stopped(o, err, cmd.OutOrStdout())))
	}
	if flags.Features == "" { // those that are built in have been parsed by the tests of this program
		flags.Narrow = func(features fs.FS) (fs.FS, []string, error) {
			paths, err := suite.Tagged(features, flags.Tags)
			return features, paths, err
		}
	}
	results, err := flags.Run(cmd.Context(), o, cmd.OutOrStdout(), cmd.ErrOrStderr())
	for _, r := range results {
		if flags.Quiet && r.Err != nil {
			say(cmd.ErrOrStderr(), "%s: %s\n%v\n", r.Scenario.Name, r.Step, r.Err)
		}
	}
	return err
}
