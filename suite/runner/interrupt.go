package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// ErrStopped is the cause of a context that Ctrl-C or SIGTERM has ended.
var ErrStopped = errors.New("stopped")

// StatusStopped is the exit status of a process that Ctrl-C or SIGTERM has ended.
const StatusStopped = 130

// Interruptible ends the context at the first Ctrl-C or SIGTERM, so that running
// scenarios stop and clean up; the second one ends the process at once, after leaving
// has said what is left. The returned function gives the signals back.
func Interruptible(parent context.Context, stderr io.Writer, leaving func()) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case s := <-signals:
			_, _ = fmt.Fprintf(stderr, "\n%s: the running scenarios stop and delete what they made; press Ctrl-C again to leave at once\n", s)
			cancel(fmt.Errorf("%w by %s", ErrStopped, s))
		case <-ctx.Done():
			return
		}
		<-signals
		leaving()
		os.Exit(StatusStopped)
	}()
	return ctx, func() { signal.Stop(signals); cancel(nil) }
}
