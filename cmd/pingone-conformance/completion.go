package main

import (
	"strings"

	"github.com/spf13/cobra"

	"pingone-conformance/suite"
	"pingone-conformance/suite/runner"
)

// complete has the shell offer these words for a flag.
func complete(cmd *cobra.Command, flag string, words func() []string) {
	err := cmd.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words(), cobra.ShellCompDirectiveNoFileComp
	})
	if err != nil { // the flag does not exist: a slip of whoever wrote the subcommand
		panic(err)
	}
}

// completeScenarios has the shell offer names of scenarios, and tags.
func completeScenarios(cmd *cobra.Command, flags *runner.Flags) {
	complete(cmd, "scenario", func() []string {
		var names []string
		for _, s := range scenarios(flags) {
			names = append(names, s.Name)
		}
		return names
	})
	complete(cmd, "tags", func() []string {
		seen, tags := map[string]bool{}, []string{}
		for _, s := range scenarios(flags) {
			for _, tag := range s.Tags {
				if !seen[tag] && !strings.HasPrefix(tag, "@step-") {
					seen[tag], tags = true, append(tags, tag)
				}
			}
		}
		return tags
	})
}

// scenarios are those of the features that the flags name; none when they cannot be read.
func scenarios(flags *runner.Flags) []suite.Listed {
	o, err := (&runner.Flags{Features: flags.Features}).Apply(specification())
	if err != nil {
		return nil
	}
	all, err := suite.Catalogue(o.Features)
	if err != nil {
		return nil
	}
	return all
}
