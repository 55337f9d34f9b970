// Command mutants changes every place of every recorded answer, one at a time, and
// replays the scenario: what goes unnoticed, no scenario holds. It prints what was
// killed and what survived, and fails when less of what the documents speak of is
// held than wanted, when a survivor is not accepted, or when an acceptance is stale.
//
// It opens no socket and writes nothing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"pingone-conformance/cmd/internal/spec"
	"pingone-conformance/internal/proof/mutants"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit status: 0 when all is held, 1 when not or when the run failed, 2 for wrong flags.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("mutants", flag.ContinueOnError)
	flags.SetOutput(stderr)
	o := mutants.Options{Suite: spec.Options()}
	flags.IntVar(&o.Workers, "workers", runtime.GOMAXPROCS(0), "how `many` mutants are replayed at a time")
	flags.StringVar(&o.Only, "only", "", "only the mutants whose operation, status, place and kind, in one line, contain `text`; then each is told with what killed it, and nothing is judged")
	accepted := flags.String("accepted", "internal/proof/mutants/accepted.txt", "the `file` with the accepted survivors")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if flags.NArg() > 0 {
		say(stderr, "mutants: unexpected argument %q\n", flags.Arg(0))
		return 2
	}
	text, err := os.ReadFile(*accepted)
	if err != nil {
		return failed(stderr, err)
	}
	if o.Accepted, err = mutants.ParseAccepted(string(text)); err != nil {
		return failed(stderr, err)
	}
	started := time.Now()
	report, err := mutants.Examine(ctx, o)
	if err != nil {
		return failed(stderr, err)
	}
	show := report.Print
	if o.Only != "" {
		show = report.PrintVerdicts
	}
	if err := show(stdout); err != nil {
		return failed(stderr, err)
	}
	say(stdout, "%d mutants in %s\n", report.Total.All, time.Since(started).Round(100*time.Millisecond))
	if o.Only != "" {
		return 0
	}
	return judged(stderr, report.Faults())
}

// judged tells the faults and returns the exit status.
func judged(stderr io.Writer, faults []string) int {
	for _, fault := range faults {
		say(stderr, "mutants: %s\n", fault)
	}
	if len(faults) > 0 {
		return 1
	}
	return 0
}

func failed(stderr io.Writer, err error) int {
	say(stderr, "mutants: %v\n", err)
	return 1
}

// say writes to the terminal; there is nobody to tell when that fails.
func say(w io.Writer, format string, args ...any) {
	_, _ = fmt.Fprintf(w, format, args...)
}
