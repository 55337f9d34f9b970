package main

import (
	"cmp"

	"github.com/spf13/cobra"

	"pingone-conformance/suite/report/files"
)

func newReport() *cobra.Command {
	to := ""
	cmd := &cobra.Command{
		Use: "report FOLDER...", Short: "Make the reports of a run again, or join those of its parts", GroupID: toRun,
		Long: `Report makes index.html, junit.xml, messages.ndjson and summary.md again from
conformance.json and the HAR files in a folder that a run has written. Of several folders,
such as those of run --shard, it makes one run, and writes that into the first or into
the folder of --to. It says what makes them less than one run: a shard that is missing,
which fails the run; a scenario that ran twice; parts of different versions or answerers.`,
		Example: `  pingone-conformance report reports
  pingone-conformance report --to reports shard-1 shard-2 shard-3`,
		RunE: func(cmd *cobra.Command, folders []string) error {
			if len(folders) == 0 {
				return misuse("say which folder, such as reports")
			}
			page, notes, err := files.Again(cmp.Or(to, folders[0]), folders...)
			if err != nil {
				return misuse("%w", err)
			}
			for _, note := range notes {
				say(cmd.ErrOrStderr(), "note: %s\n", note)
			}
			say(cmd.OutOrStdout(), "%s\n", page)
			return nil
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "the `folder` that gets the reports; default: the first one")
	return cmd
}
