package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"pingone-conformance/config"
	"pingone-conformance/suite"
	"pingone-conformance/suite/runner"
)

func newList() *cobra.Command {
	flags, sentences := &runner.Flags{}, false
	cmd := &cobra.Command{
		Use: "list", Short: "List the scenarios with their tags, or the sentences", GroupID: toRun, Args: noArguments,
		Long: `List prints where each scenario stands, its name and its tags, without running it.
With --sentences it prints every sentence that a feature may use.`,
		Example: `  pingone-conformance list --tags @undocumented
  pingone-conformance list --sentences`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if sentences {
				return listSentences(cmd.OutOrStdout())
			}
			return listScenarios(cmd, flags)
		},
	}
	set := flag.NewFlagSet(cmd.Name(), flag.ContinueOnError)
	flags.RegisterSelection(set)
	set.StringVar(&flags.Features, "features", "", "the `folder` with the .feature files; default: those that are built in")
	cmd.Flags().AddGoFlagSet(set)
	cmd.Flags().BoolVar(&sentences, "sentences", false, "list the sentences that a feature may use, each as a regular expression")
	completeScenarios(cmd, flags)
	return cmd
}

func listSentences(out io.Writer) error {
	for _, s := range suite.Sentences(specification().Sentences) {
		say(out, "%-5s  %s\n", s.Role, strings.TrimSuffix(strings.TrimPrefix(s.Expression, "^"), "$"))
	}
	return nil
}

func listScenarios(cmd *cobra.Command, flags *runner.Flags) error {
	o, err := flags.Apply(specification())
	if err != nil {
		return err
	}
	selected, err := selected(cmd.Context(), o)
	if err != nil {
		return err
	}
	all, err := suite.Catalogue(o.Features)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	for _, s := range all {
		if selected[s.File+s.Name] {
			say(table, "%s:%d\t%s\t%s\n", s.File, s.Line, s.Name, strings.Join(s.Tags, " "))
		}
	}
	return table.Flush()
}

// selected are the scenarios that a run would start, by file and name: only the runner knows
// what a tag expression means.
func selected(ctx context.Context, o suite.Options) (map[string]bool, error) {
	o.Config, o.Places = config.Config{Mode: config.Replay}, nowhere{}
	results, err := suite.Run(ctx, o)
	if len(results) == 0 {
		return nil, fmt.Errorf("%w: %w", runner.ErrUsage, err)
	}
	found := map[string]bool{}
	for _, r := range results {
		found[r.Scenario.File+r.Scenario.Name] = true
	}
	return found, nil
}

// nowhere starts no scenario.
type nowhere struct{}

// Open implements suite.Opener.
func (nowhere) Open(context.Context, suite.ID) (*suite.Place, error) {
	return nil, suite.ErrNotStarted
}
