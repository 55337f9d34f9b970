// Command detect breaks the emulator in every named way, runs the features
// against each, and prints which scenario noticed. It exits with 1 when nothing
// noticed a deviation, or when the features fail without any.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"pingone-conformance/cmd/internal/spec"
	"pingone-conformance/internal/proof/detect"
)

// gcPercent spends memory, of which a run needs little, on time.
const gcPercent = 400

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit status: 0 when every deviation was noticed, 1 when one
// was not or the run failed, 2 for wrong flags.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("detect", flag.ContinueOnError)
	flags.SetOutput(stderr)
	only := flags.String("only", "", "try these deviations, `names` separated by commas; emulator -deviate list shows them")
	verbose := flags.Bool("v", false, "print whole messages, as a user of the suite sees them")
	every := flags.Bool("all", false, "run every scenario against every deviation, and not only until one has failed; takes a few times as long")
	features := flags.String("features", "", "`folder` of other features than this project's")
	parallel := flags.Int("parallel", 0, "how many deviations to try at a time; 0 is one for each processor")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if flags.NArg() > 0 {
		report(stderr, "detect: unexpected argument %q\n", flags.Arg(0))
		return 2
	}
	debug.SetGCPercent(gcPercent)
	began := time.Now()
	tell := progress(stderr)
	if *verbose {
		tell = func(o detect.Outcome) { _ = detect.Detail(stdout, o) }
	}
	o := detect.Options{Suite: spec.Options(), Only: names(*only), Parallel: *parallel, All: *every}
	if *features != "" {
		o.Suite.Features = os.DirFS(*features)
	}
	outcomes, err := detect.Run(ctx, o, tell)
	if err != nil {
		report(stderr, "\ndetect: %v\n", err)
		return 1
	}
	if err := detect.Print(stdout, outcomes); err != nil {
		report(stderr, "detect: %v\n", err)
		return 1
	}
	report(stdout, "\n%d deviations in %s\n", len(outcomes), time.Since(began).Round(time.Second))
	if left := len(detect.Survivors(outcomes)); left > 0 {
		report(stderr, "detect: nothing noticed %d of %d deviations\n", left, len(outcomes))
		return 1
	}
	return 0
}

// progress shows that something happens: a dot for each deviation that was
// noticed, an S for one that survived.
func progress(w io.Writer) func(detect.Outcome) {
	return func(o detect.Outcome) {
		mark := "."
		if !o.Noticed() {
			mark = "S"
		}
		report(w, "%s", mark)
	}
}

func names(list string) []string {
	return strings.FieldsFunc(list, func(c rune) bool { return c == ',' || c == ' ' })
}

// report writes for a person; one that is gone cannot be told.
func report(w io.Writer, format string, arguments ...any) {
	_, _ = fmt.Fprintf(w, format, arguments...)
}
