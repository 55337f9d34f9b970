package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"pingone-conformance/suite/runner"
)

// The exit statuses; the help of the program says what they mean.
const (
	statusFailed = 1
	statusMisuse = 2
)

// exit is an error that ends the program with a status of its own.
type exit struct {
	status int
	err    error // nil when everything has been said
}

// Error returns the cause's text.
func (e *exit) Error() string {
	if e.err == nil {
		return "failed"
	}
	return e.err.Error()
}

// Unwrap returns the cause.
func (e *exit) Unwrap() error { return e.err }

// misuse is an error in flags or configuration: nothing was done.
func misuse(format string, args ...any) error {
	return &exit{statusMisuse, fmt.Errorf(format, args...)}
}

// errSaid ends the program with statusFailed when its output has said why.
var errSaid = &exit{status: statusFailed}

// ended prints what went wrong and returns the exit status.
func ended(cmd *cobra.Command, err error) int {
	if err == nil {
		return 0
	}
	status := statusFailed
	var own *exit
	switch {
	case errors.As(err, &own):
		status = own.status
	case errors.Is(err, runner.ErrStopped):
		status = runner.StatusStopped
	case errors.Is(err, runner.ErrUsage):
		status = statusMisuse
	}
	var said *runner.SaidError
	if (own != nil && own.err == nil) || errors.As(err, &said) {
		return status
	}
	say(cmd.ErrOrStderr(), "%s: %v\n", cmd.CommandPath(), err)
	if status == statusMisuse {
		say(cmd.ErrOrStderr(), "%s --help explains it\n", cmd.CommandPath())
	}
	return status
}

// noArguments refuses words that no flag took.
func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return misuse("unexpected argument %q", args[0])
	}
	return nil
}

// stoppable is a subcommand that Ctrl-C or SIGTERM ends: the first by its context, the
// second at once.
func stoppable(run func(ctx context.Context, cmd *cobra.Command) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		context.AfterFunc(ctx, stop)
		err := run(ctx, cmd)
		if err != nil && ctx.Err() != nil {
			return fmt.Errorf("%w: %w", runner.ErrStopped, err)
		}
		return err
	}
}
