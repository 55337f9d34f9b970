// Command sweep lists what killed runs have left in the configured live
// environment and, with -yes, deletes it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"pingone-conformance/client"
	"pingone-conformance/cmd/internal/live"
	"pingone-conformance/config"
	"pingone-conformance/internal/live/preflight"
	"pingone-conformance/internal/live/sweep"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first Ctrl-C stops between two deletions, the second one at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit status: 0 when everything that was due is deleted, or has
// been listed; 1 when something is left, cannot be looked for, or must not be
// swept; 2 for wrong flags and a configuration that is not right.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("sweep", flag.ContinueOnError)
	flags.SetOutput(stderr)
	yes := flags.Bool("yes", false, "delete what is listed; without it nothing is deleted")
	olderThan := flags.Duration("older-than", time.Hour, "the least `age` of what is deleted, so that a run that still goes on is left alone")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if flags.NArg() > 0 || *olderThan < 0 {
		report(stderr, "sweep: takes -yes and -older-than, which is an age such as 1h, and nothing else\n")
		return 2
	}
	cfg, ok := live.Config("sweep", stderr)
	if !ok {
		return 2
	}
	c, err := live.Client(cfg, stderr)
	if err != nil {
		report(stderr, "sweep: %v\n", err)
		return 2
	}
	s := &sweeping{client: c, config: cfg, stdout: stdout, stderr: stderr}
	return s.run(ctx, sweep.Options{OlderThan: *olderThan}, *yes)
}

type sweeping struct {
	client         *client.Client
	config         config.Config
	stdout, stderr io.Writer
}

func (s *sweeping) run(ctx context.Context, o sweep.Options, yes bool) int {
	report(s.stdout, "sweep of environment %s at %s\n", s.config.TargetEnvironmentID, s.config.APIURL)
	found, notes, err := sweep.Find(ctx, s.client, s.config, o)
	var refusal *sweep.Refusal
	if errors.As(err, &refusal) {
		notes = refusal.Findings
	}
	err = errors.Join(preflight.Print(s.stdout, notes), err)
	if err == nil && len(found) > 0 {
		err = sweep.Print(s.stdout, found)
	}
	if err != nil {
		report(s.stderr, "sweep: %v\n", err)
		return 1
	}
	due := sweep.Due(found)
	switch {
	case due == 0:
		report(s.stdout, "nothing to delete\n")
		return 0
	case !yes:
		report(s.stdout, "%d to delete; nothing was deleted: add -yes, or YES=1 to make sweep\n", due)
		return 0
	}
	return s.delete(ctx, found, due)
}

func (s *sweeping) delete(ctx context.Context, found []sweep.Leftover, due int) int {
	stuck := sweep.Delete(ctx, s.client, s.config, found, func(one sweep.Leftover) {
		report(s.stdout, "deleted the %s %q\n", one.Kind, one.Name)
	})
	report(s.stdout, "%d of %d deleted\n", due-len(stuck), due)
	for _, one := range stuck {
		report(s.stdout, "left: the %s %q (%s): %v\n", one.Kind, one.Name, one.ID, one.Err)
	}
	if len(stuck) > 0 {
		return 1
	}
	return 0
}

// report writes for a person; one that is gone cannot be told.
func report(w io.Writer, format string, arguments ...any) {
	_, _ = fmt.Fprintf(w, format, arguments...)
}
