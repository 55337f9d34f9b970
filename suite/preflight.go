package suite

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path"
	"strings"
	"syscall"

	"pingone-conformance/client"
	"pingone-conformance/internal/live/preflight"
	"pingone-conformance/internal/retry"
)

// ErrNotReady says that the environment lacks what the run needs, or may not be
// touched; nothing was created.
var ErrNotReady = errors.New("the environment is not ready, and nothing was created")

// checkEnvironment looks at a live environment before the first creation, and returns the
// client that it looked with. What is missing comes back as one list, each entry with what
// to do about it.
func checkEnvironment(ctx context.Context, o Options, transport http.RoundTripper) (*client.Client, error) {
	c, err := client.New(client.Options{
		APIURL: o.Config.APIURL, AuthURL: o.Config.AuthURL, Transport: transport, Timeout: callLimit(o.Config.Limits),
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the client: %w", err)
	}
	findings, err := lookAt(ctx, c, o)
	if err != nil {
		return nil, fmt.Errorf("look at the environment: %w", err)
	}
	var list strings.Builder
	if err := preflight.Print(&list, findings); err != nil {
		return nil, fmt.Errorf("print the findings: %w", err)
	}
	if preflight.Stops(findings) {
		return nil, fmt.Errorf("%w:\n%s", ErrNotReady, list.String())
	}
	for _, f := range findings {
		for _, collection := range f.Collections {
			o.Retry.Missing.Add(collection, f.Role)
		}
	}
	if o.Output != nil && len(findings) > 0 {
		_, _ = fmt.Fprintf(o.Output, "About the environment:\n%s", list.String())
	}
	return c, nil
}

// lookAt is preflight's look. Beside its first call another one is made only once, so that a wrong or dead
// address fails at once, where a call that matters would be repeated for a while.
func lookAt(ctx context.Context, c *client.Client, o Options) ([]preflight.Finding, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	dead := make(chan error, 1)
	go func() {
		_, err := c.Discovery(retry.Never(ctx), o.Config.EnvironmentID)
		var unknown *net.DNSError
		if !errors.Is(err, syscall.ECONNREFUSED) && (!errors.As(err, &unknown) || !unknown.IsNotFound) {
			err = nil
		}
		if dead <- err; err != nil {
			cancel()
		}
	}()
	findings, err := preflight.Check(ctx, c, o.Config, preflight.NeedsOf(o.Config.Passcode.Source, useCases(o.Paths)...))
	if fault := <-dead; fault != nil && err != nil {
		return nil, fault
	}
	return findings, err
}

// useCases are the features that paths select; none means all.
func useCases(paths []string) []string {
	var names []string
	for _, p := range paths {
		file, _, _ := strings.Cut(path.Base(p), ":")
		names = append(names, strings.TrimSuffix(file, ".feature"))
	}
	return names
}
