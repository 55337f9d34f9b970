package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"pingone-conformance/internal/live/preflight"
)

func newPreflight() *cobra.Command {
	return &cobra.Command{
		Use: "preflight", Short: "Say what the live environment lacks before anything is created", GroupID: toLive, Args: noArguments,
		Long: `Preflight looks at the environment that the PINGONE_ variables name and says what it
lacks for a run: services, roles, methods of MFA. It only reads. It fails when
something stands in the way.`,
		RunE: stoppable(runPreflight),
	}
}

func runPreflight(ctx context.Context, cmd *cobra.Command) error {
	cfg, err := liveConfig()
	if err != nil {
		return err
	}
	c, err := liveClient(cfg, cmd.ErrOrStderr())
	if err != nil {
		return misuse("%w", err)
	}
	stdout := cmd.OutOrStdout()
	say(stdout, "preflight of environment %s at %s\n", cfg.TargetEnvironmentID, cfg.APIURL)
	findings, err := preflight.Check(ctx, c, cfg, preflight.NeedsOf(cfg.Passcode.Source))
	if err := errors.Join(preflight.Print(stdout, findings), err); err != nil {
		return err
	}
	switch {
	case preflight.Stops(findings):
		say(stdout, "nothing was created; what is marked STOP has to change first\n")
		return errSaid
	case len(findings) > 0:
		say(stdout, "  ok    nothing stands in the way\n")
	default:
		say(stdout, "  ok    nothing is missing\n")
	}
	return nil
}
