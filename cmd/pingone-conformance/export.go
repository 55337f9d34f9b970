package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pingone-conformance/internal/export"
)

func newExport() *cobra.Command {
	to := "exports"
	cmd := &cobra.Command{
		Use: "export FORMAT...", Short: "Write the journeys for other tools: " + strings.Join(export.Formats, ", "), GroupID: toRun,
		Long: `Export writes the journeys as files of other tools, into a folder of each format's name
below that of --to. It makes them from the recordings, and needs neither network nor tenant.

  postman  a collection (v2.1) and an environment for each journey; the environment's
           secrets are empty
  curl     a script for a POSIX shell with curl and jq for each journey
  k6       a load test for each journey; it refuses PingOne's own hosts unless told`,
		Example:   `  pingone-conformance export postman --to exports`,
		ValidArgs: export.Formats,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misuse("say which format: %s", strings.Join(export.Formats, ", "))
			}
			for _, format := range args {
				if !slices.Contains(export.Formats, format) {
					return misuse("there is no format %q: %s", format, strings.Join(export.Formats, ", "))
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&to, "to", to, "the `folder` that gets a folder for each format")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		for _, format := range args {
			if err := writeExports(cmd.Context(), cmd, format, filepath.Join(to, format)); err != nil {
				return err
			}
		}
		return nil
	}
	return cmd
}

func writeExports(ctx context.Context, cmd *cobra.Command, format, folder string) error {
	files, err := export.Files(ctx, specification(), format)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // files to hand on
		return fmt.Errorf("make the folder of the exports: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, files[name], 0o644); err != nil { //nolint:gosec // files to hand on
			return fmt.Errorf("write an export: %w", err)
		}
		say(cmd.OutOrStdout(), "%s\n", path)
	}
	return nil
}
