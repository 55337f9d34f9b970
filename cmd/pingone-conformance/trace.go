package main

import (
	"context"
	"flag"

	"github.com/spf13/cobra"

	"pingone-conformance/internal/proof/trace"
	"pingone-conformance/suite/runner"
)

func newTrace() *cobra.Command {
	flags := &runner.Flags{}
	cmd := &cobra.Command{
		Use: "trace", Short: "Print which line of which feature sends which published call", GroupID: toRun, Args: noArguments,
		Long: `Trace replays the journeys and prints, for each list of calls that Ping Identity has
published, which line of the feature sends which call. It fails when a journey and its
list differ. It needs neither network nor tenant.`,
		RunE: stoppable(func(ctx context.Context, cmd *cobra.Command) error { return runTrace(ctx, cmd, flags) }),
	}
	set := flag.NewFlagSet(cmd.Name(), flag.ContinueOnError)
	flags.RegisterFolders(set)
	cmd.Flags().AddGoFlagSet(set)
	return cmd
}

func runTrace(ctx context.Context, cmd *cobra.Command, flags *runner.Flags) error {
	o, err := flags.Apply(specification())
	if err != nil {
		return err
	}
	sent, err := trace.Journeys(ctx, o)
	if err != nil {
		return err
	}
	for _, u := range o.UseCases {
		if sent[u.Name] == nil {
			continue // other features, with some of our lists
		}
		if err := trace.Print(cmd.OutOrStdout(), u, sent[u.Name]); err != nil {
			return err
		}
	}
	return nil
}
