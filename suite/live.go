package suite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"pingone-conformance/config"
	"pingone-conformance/fixtures"
	"pingone-conformance/passcode"
	"pingone-conformance/steps"
	"pingone-conformance/sweep/names"
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
func (l *livePlaces) Open(_ context.Context, s steps.Scenario) (*steps.Place, error) {
	c, seed := l.options.Config, names.LiveSeed(time.Now(), rand.Uint32()) //nolint:gosec // names are no secret
	session := fixtures.Direct(l.transport, seed)
	if c.Record {
		session = fixtures.Record(l.transport, s.Recording(l.options.Fixtures), seed, recordLive(c))
	}
	in := fixtures.Replayed()
	place := &steps.Place{
		Session: session, APIURL: c.APIURL, AuthURL: c.AuthURL,
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

func recordLive(c config.Config) fixtures.RecordOptions {
	in := fixtures.Replayed()
	known := map[string]string{
		c.EnvironmentID: in.WorkerEnvironmentID, c.TargetEnvironmentID: in.EnvironmentID,
		c.ClientID: in.ClientID, c.ClientSecret: in.ClientSecret,
	}
	if c.Phone != "" {
		known[c.Phone] = in.Phone
	}
	if c.Email != "" {
		known[c.Email] = in.Email
	}
	return fixtures.RecordOptions{
		Answered: fmt.Sprintf("live %s", c.Region), Passcodes: c.Passcode.Source, APIURL: c.APIURL, AuthURL: c.AuthURL, AppsURL: appsURL(c), Known: known,
	}
}
