package suite

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/internal/live/preflight"
)

// guarded is the way to a live environment. Just before the first call that creates or
// changes something there, it has the environment's type read once more: since preflight
// looked, somebody may have promoted it.
type guarded struct {
	next http.RoundTripper
	look func(context.Context) error

	mu      sync.Mutex
	passed  bool
	refused error
}

// errUntouchable says why nothing is sent that changes anything.
var errUntouchable = errors.New("not sent, since the environment may not be touched any more")

// RoundTrip sends a call, unless it would change what may not be touched.
func (g *guarded) RoundTrip(request *http.Request) (*http.Response, error) {
	if changes(request) {
		if err := g.may(request.Context()); err != nil {
			return nil, err
		}
	}
	return g.next.RoundTrip(request)
}

// changes tells of the calls of the management API that do not only read.
func changes(request *http.Request) bool {
	reads := request.Method == http.MethodGet || request.Method == http.MethodHead
	return !reads && strings.HasPrefix(request.URL.Path, "/v1/")
}

// may looks once. What it could not see may be seen the next time; a refusal stays one.
func (g *guarded) may(ctx context.Context) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.passed || g.refused != nil {
		return g.refused
	}
	err := g.look(ctx)
	if errors.Is(err, errUntouchable) {
		g.refused = err
	}
	g.passed = err == nil
	return err
}

// lookAgain reads the environment's type, with preflight's token, or a new one where that has expired.
func lookAgain(c *client.Client, cfg config.Config) func(context.Context) error {
	return func(ctx context.Context) error {
		findings, err := preflight.GuardAgain(ctx, c, cfg)
		if err != nil {
			return fmt.Errorf("not sent, since the environment's type could not be read once more: %w", err)
		}
		for _, f := range findings {
			if f.Fatal {
				return fmt.Errorf("%w: %s: %s", errUntouchable, f.What, f.Missing)
			}
		}
		return nil
	}
}
