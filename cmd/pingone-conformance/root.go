package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"pingone-conformance/internal/plain"
	"pingone-conformance/suite/runner"
)

const about = `What should happen when a person signs on with PingOne, as sentences that people
read and this program checks. Features, recordings and contracts are built in.

PINGONE_MODE says who answers:

  replay    the recordings; no network (default)
  emulator  a stand-in for PingOne, started in this process
  live      your PingOne sandbox, whose worker application these name:
            PINGONE_REGION_CODE, PINGONE_ENVIRONMENT_ID, PINGONE_CLIENT_ID,
            PINGONE_CLIENT_SECRET

It and all other variables may stand in a file .env in the working folder.

Exit status:

  0    done, and all is as it should be
  1    something is not: a scenario failed, a deviation went unnoticed, a
       variation failed a scenario, something is left behind, or the work
       could not be done
  2    the flags or the configuration are wrong; nothing was done
  130  stopped by Ctrl-C or SIGTERM before the end`

const examples = `  pingone-conformance run                                  everything, from the recordings
  pingone-conformance run --scenario "wrong password"      some of it
  PINGONE_MODE=emulator pingone-conformance run            against the emulator
  pingone-conformance emulator                             PingOne's answers on a laptop`

// The groups in which the help lists the subcommands.
const (
	toRun   = "run"
	toLive  = "live"
	toProve = "prove"
)

// newRoot makes the program with all its subcommands.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use: "pingone-conformance", Short: "An executable specification of PingOne sign-on", Long: about, Example: examples,
		Version: runner.Version(version), SilenceErrors: true, SilenceUsage: true, SuggestionsMinimumDistance: 2,
	}
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.Args, root.RunE = subcommandOnly, func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return misuse("%w", err) })
	root.AddGroup(
		&cobra.Group{ID: toRun, Title: "The specification:"},
		&cobra.Group{ID: toLive, Title: "A live environment:"},
		&cobra.Group{ID: toProve, Title: "Proofs that the specification notices what breaks, and nothing else:"},
	)
	for _, subcommand := range []func() *cobra.Command{
		newRun, newReport, newList, newTrace, newRecord, newEmulator, newExport,
		newPreflight, newSweep, newDrift,
		newDetect, newVary, newMutants, newFaults,
	} {
		root.AddCommand(subcommand())
	}
	return root
}

// execute runs the program with these words of a command line and returns its exit status.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(append([]string{}, args...)) // with nil, cobra reads the process's own
	root.SetOut(stdout)
	root.SetErr(stderr)
	cmd, err := root.ExecuteContextC(ctx)
	return ended(cmd, err)
}

func subcommandOnly(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return misuse("there is no command %q; did you mean %s?", args[0], strings.Join(near, " or "))
	}
	return misuse("there is no command %q; --help lists them", args[0])
}

// version is set when a release is built: -ldflags "-X main.version=v1.2.3".
var version string

// say writes for a person; one that is gone cannot be told.
func say(w io.Writer, format string, args ...any) {
	_, _ = io.WriteString(w, plain.Text(fmt.Sprintf(format, args...)))
}
