package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/internal/live/preflight"
	"pingone-conformance/internal/live/sweep"
	"pingone-conformance/internal/plain"
)

// sweeping is what the flags of sweep say, and what it works with.
type sweeping struct {
	yes         bool
	olderThan   time.Duration
	evenRunning bool
	client      *client.Client
	config      config.Config
	out         io.Writer
}

func newSweep() *cobra.Command {
	s := &sweeping{}
	cmd := &cobra.Command{
		Use: "sweep", Short: "List what killed runs left in the environment; --yes deletes it", GroupID: toLive, Args: noArguments,
		Long: `Sweep looks in the live environment for what killed runs have left behind, by its name
and age, and lists it. Ages are counted by PingOne's clock; one here that is more than a
minute off stops the sweep. With --yes what is listed is deleted, and read back. The first
Ctrl-C stops between two deletions. It fails when something is left, cannot be looked for, or must not be swept.`,
		Example: `  pingone-conformance sweep
  pingone-conformance sweep --yes --older-than 10m`,
		RunE: stoppable(s.run),
	}
	cmd.Flags().BoolVar(&s.yes, "yes", false, "delete what is listed; without it nothing is deleted")
	cmd.Flags().DurationVar(&s.olderThan, "older-than", time.Hour, "the least `age` of what is deleted, such as 1h, so that a run that still goes on is left alone")
	cmd.Flags().BoolVar(&s.evenRunning, "even-running", false, "allow an age that the things of a run may have which still goes on")
	return cmd
}

func (s *sweeping) run(ctx context.Context, cmd *cobra.Command) (err error) {
	if s.olderThan < 0 {
		return misuse("--older-than %s: an age is not below 0", s.olderThan)
	}
	if s.config, err = liveConfig(); err != nil {
		return err
	}
	if s.client, err = liveClient(s.config, cmd.ErrOrStderr()); err != nil {
		return misuse("%w", err)
	}
	s.out = cmd.OutOrStdout()
	say(s.out, "sweep of environment %s at %s\n", s.config.TargetEnvironmentID, s.config.APIURL)
	found, err := s.find(ctx)
	if err != nil {
		return err
	}
	due := sweep.Due(found)
	switch {
	case due == 0:
		say(s.out, "nothing to delete\n")
		return nil
	case !s.yes:
		say(s.out, "%d to delete; nothing was deleted: add --yes\n", due)
		return nil
	}
	return s.delete(ctx, found, due)
}

// find looks for leftovers and lists them.
func (s *sweeping) find(ctx context.Context) ([]sweep.Leftover, error) {
	found, notes, err := sweep.Find(ctx, s.client, s.config, sweep.Options{OlderThan: s.olderThan, EvenRunning: s.evenRunning})
	if errors.Is(err, sweep.ErrMayBeRunning) {
		return nil, misuse("%w; wait, or add --even-running when no run goes on", err)
	}
	var refusal *sweep.Refusal
	if errors.As(err, &refusal) {
		notes = refusal.Findings
	}
	err = errors.Join(preflight.Print(s.out, notes), err)
	if err == nil && len(found) > 0 {
		err = sweep.Print(s.out, found)
	}
	return found, err
}

func (s *sweeping) delete(ctx context.Context, found []sweep.Leftover, due int) error {
	stuck := sweep.Delete(ctx, s.client, s.config, found, func(one sweep.Leftover) {
		say(s.out, "deleted the %s %q\n", one.Kind, one.Name)
	})
	say(s.out, "%d of %d deleted\n", due-len(stuck), due)
	for _, one := range stuck {
		say(s.out, "left: the %s %q (%s): %s\n", one.Kind, one.Name, one.ID, plain.Line(one.Err.Error()))
	}
	if len(stuck) > 0 {
		return errSaid
	}
	return nil
}
