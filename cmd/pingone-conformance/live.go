package main

import (
	"io"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/internal/retry"
)

// liveConfig is the configuration of a subcommand that needs a live environment; its
// error names each fault in the user's names.
func liveConfig() (config.Config, error) {
	cfg, err := config.FromEnvironment("")
	switch {
	case err != nil:
		return cfg, misuse("the configuration is not right:\n%w", err)
	case cfg.Mode != config.Live:
		return cfg, misuse("PINGONE_MODE is %q, and only live has an environment to look at; "+
			"set PINGONE_MODE=live and the worker application's variables", cfg.Mode)
	}
	return cfg, nil
}

// liveClient is a client for the configured environment that repeats calls as package
// retry does, with a word to w about each, and keeps to PINGONE_MAX_RPS. One try may take
// PINGONE_CALL_TIMEOUT; a pause that PingOne asks for is waited for besides.
func liveClient(cfg config.Config, w io.Writer) (*client.Client, error) {
	// Preflight makes eight calls at a time.
	transport := retry.New(retry.Limit(client.NewTransport(8), cfg.MaxRPS, nil), retry.Options{
		AttemptLimit: cfg.Limits.Call,
		LagLimit:     cfg.Limits.Lag,
		LagInterval:  config.LagInterval,
		Log:          func(e retry.Event) { say(w, "%v\n", e) },
	})
	return client.New(client.Options{
		APIURL: cfg.APIURL, AuthURL: cfg.AuthURL, Transport: transport, Timeout: cfg.Limits.Call + 2*retry.MaxRetryAfter,
	})
}
