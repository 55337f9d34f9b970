// Package live is what the programs for a live environment share: reading the
// configuration, and a client that keeps to its limits. What such a program does
// stands in the rooms, not here.
package live

import (
	"fmt"
	"io"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/internal/retry"
)

// Config reads the configuration for a program that needs a live environment. It
// tells w what is wrong with it, each fault in the user's names, and returns false.
func Config(program string, w io.Writer) (config.Config, bool) {
	cfg, err := config.FromEnvironment("")
	switch {
	case err != nil:
		_, _ = fmt.Fprintf(w, "%s: the configuration is not right:\n%v\n", program, err)
		return cfg, false
	case cfg.Mode != config.Live:
		_, _ = fmt.Fprintf(w, "%s: PINGONE_MODE is %q, and only live has an environment to look at; "+
			"set PINGONE_MODE=live and the worker application's variables (docs/running-live.md lists them)\n", program, cfg.Mode)
		return cfg, false
	}
	return cfg, true
}

// Client returns a client for the configured environment that repeats calls as
// package retry does, telling w of each, and keeps to PINGONE_MAX_RPS. One try may
// take PINGONE_CALL_TIMEOUT; a pause that PingOne asks for is waited for besides.
func Client(cfg config.Config, w io.Writer) (*client.Client, error) {
	transport := retry.New(retry.Limit(client.NewTransport(1), cfg.MaxRPS), retry.Options{
		AttemptLimit: cfg.Limits.Call,
		LagLimit:     cfg.Limits.Lag,
		LagInterval:  config.LagInterval,
		Log:          func(e retry.Event) { _, _ = fmt.Fprintln(w, e) },
	})
	return client.New(client.Options{
		APIURL: cfg.APIURL, AuthURL: cfg.AuthURL, Transport: transport, Timeout: cfg.Limits.Call + 2*retry.MaxRetryAfter,
	})
}
