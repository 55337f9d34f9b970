package main

import (
	"github.com/spf13/cobra"

	"pingone-conformance/suite/report/files"
)

func newReport() *cobra.Command {
	return &cobra.Command{
		Use: "report FOLDER...", Short: "Make the reports of a run again, or join those of its parts", GroupID: toRun, Args: cobra.MinimumNArgs(1),
		Long: `Report makes index.html, junit.xml, messages.ndjson and summary.md again from
conformance.json and the HAR files in a folder that a run has written. Of several folders,
such as those of a run that was split over machines, it makes one run, and writes that
into the first.`,
		Example: `  pingone-conformance report reports
  pingone-conformance report shard-1 shard-2 shard-3`,
		RunE: func(cmd *cobra.Command, folders []string) error {
			page, err := files.Again(folders...)
			if err != nil {
				return misuse("%w", err)
			}
			say(cmd.OutOrStdout(), "%s\n", page)
			return nil
		},
	}
}
