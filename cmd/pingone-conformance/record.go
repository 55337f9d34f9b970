package main

import (
	"github.com/spf13/cobra"

	"pingone-conformance/config"
	"pingone-conformance/suite/runner"
)

func newRecord() *cobra.Command {
	flags := &runner.Flags{}
	cmd := &cobra.Command{
		Use: "record", Short: "Run the features and record what is answered", GroupID: toRun, Args: noArguments,
		Long: `Record runs the features and writes the exchanges of each scenario that passes to
FOLDER/<feature>/<scenario>.txtar, without secrets. FOLDER is fixtures/ in a checkout;
elsewhere --fixtures says it.

The emulator answers, unless PINGONE_MODE=live lets your PingOne sandbox answer. Two
recordings from the emulator are the same to the byte.`,
		Example: `  pingone-conformance record
  PINGONE_MODE=live pingone-conformance record --fixtures my/fixtures --tags @journey`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runFeatures(cmd, flags, config.Recording)
		},
	}
	addRunFlags(cmd, flags)
	return cmd
}
