// Command preflight says what the configured live environment lacks before
// anything is created in it. It only reads.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"pingone-conformance/cmd/internal/live"
	"pingone-conformance/internal/live/preflight"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run looks for all use cases and returns the exit status: 0 when they can run, 1
// when something stands in the way or nothing answers, 2 when the configuration is
// not right.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		report(stderr, "preflight: takes no arguments; everything it needs stands in the PINGONE_ variables\n")
		return 2
	}
	cfg, ok := live.Config("preflight", stderr)
	if !ok {
		return 2
	}
	c, err := live.Client(cfg, stderr)
	if err != nil {
		report(stderr, "preflight: %v\n", err)
		return 2
	}
	report(stdout, "preflight of environment %s at %s\n", cfg.TargetEnvironmentID, cfg.APIURL)
	findings, err := preflight.Check(ctx, c, cfg, preflight.NeedsOf(cfg.Passcode.Source))
	if err := errors.Join(preflight.Print(stdout, findings), err); err != nil {
		report(stderr, "%v\n", err)
		return 1
	}
	switch {
	case preflight.Stops(findings):
		report(stdout, "nothing was created; what is marked STOP has to change first\n")
		return 1
	case len(findings) > 0:
		report(stdout, "  ok    nothing stands in the way\n")
	default:
		report(stdout, "  ok    nothing is missing\n")
	}
	return 0
}

// report writes for a person; one that is gone cannot be told.
func report(w io.Writer, format string, arguments ...any) {
	_, _ = fmt.Fprintf(w, format, arguments...)
}
