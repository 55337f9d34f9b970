package suite

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/internal/names"
	"pingone-conformance/internal/passcode"
	"pingone-conformance/internal/replay"
)

// livePlaces answers from the environment that the configuration names.
type livePlaces struct {
	options     Options
	transport   http.RoundTripper
	connections *http.Transport
	source      passcode.Source
}

// newLivePlaces makes sure that the environment may be used and has what it needs.
func newLivePlaces(ctx context.Context, o Options) (*livePlaces, error) {
	source, err := passcode.New(passcode.Options{
		Kind: o.Config.Passcode.Source, Command: o.Config.Passcode.Command,
		Timeout: o.Config.Passcode.Timeout, OutboxURL: o.Config.Passcode.OutboxURL,
	})
	if err != nil {
		return nil, err
	}
	if prompt, ok := source.(*passcode.Prompt); ok {
		if err := prompt.Ready(); err != nil {
			return nil, err
		}
	}
	transport, connections := network(o)
	if err := checkEnvironment(ctx, o, transport); err != nil {
		return nil, err
	}
	return &livePlaces{options: o, transport: transport, connections: connections, source: source}, nil
}

func (l *livePlaces) close() error {
	l.connections.CloseIdleConnections()
	return nil
}

// Open gives the scenario the configured environment.
func (l *livePlaces) Open(_ context.Context, s ID) (*Place, error) {
	c, run := l.options.Config, names.Run(names.LiveSeed(time.Now(), rand.Uint32())) //nolint:gosec // names are no secret
	session := replay.Direct(l.transport, rand.Uint64())                             //nolint:gosec // as above
	if c.Record {
		seed := scenarioSeed(s)
		session = replay.Record(l.transport, filepath.Join(l.options.RecordTo, s.Recording()), seed, recordLive(c, run, names.Run(seed)))
	}
	in := replay.Replayed()
	place := &Place{
		Session: session, Run: run, APIURL: c.APIURL, AuthURL: c.AuthURL,
		EnvironmentID: c.TargetEnvironmentID, WorkerEnvironmentID: c.EnvironmentID,
		ClientID: c.ClientID, ClientSecret: c.ClientSecret,
		CallLimit: callLimit(c.Limits), Passcodes: l.source, PasscodeKind: c.Passcode.Source, Phone: c.Phone, Email: c.Email,
	}
	if place.Phone == "" {
		place.Phone = in.Phone
	}
	if place.Email == "" {
		place.Email = in.Email
	}
	return place, nil
}

// recordLive says what a recording hides. The run id becomes the one that a replay
// makes up again, so that two recordings differ only where the environment did.
func recordLive(c config.Config, run, replayedRun string) replay.RecordOptions {
	in := replay.Replayed()
	known := map[string]string{
		run:             replayedRun,
		c.EnvironmentID: in.WorkerEnvironmentID, c.TargetEnvironmentID: in.EnvironmentID,
		c.ClientID: in.ClientID, c.ClientSecret: in.ClientSecret,
	}
	if c.Phone != "" {
		known[c.Phone] = in.Phone
	}
	if c.Email != "" {
		known[c.Email] = in.Email
	}
	return replay.RecordOptions{
		Answered: answered(c), Passcodes: c.Passcode.Source, APIURL: c.APIURL, AuthURL: c.AuthURL, AppsURL: appsURL(c), Known: known,
	}
}

// answered names who answers, for a recording's header: a region of PingOne's, or
// the host that was given instead.
func answered(c config.Config) string {
	if api, _, err := client.Region(c.Region); err == nil && strings.HasPrefix(c.APIURL, strings.TrimSuffix(api, "/v1")) {
		return "live " + c.Region
	}
	u, err := url.Parse(c.APIURL)
	if err != nil {
		return "live, elsewhere"
	}
	return "live at " + u.Hostname()
}
