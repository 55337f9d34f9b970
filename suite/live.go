package suite

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/internal/names"
	"pingone-conformance/internal/passcode"
	"pingone-conformance/internal/replay"
	"pingone-conformance/internal/retry"
)

// livePlaces answers from the environment that the configuration names.
type livePlaces struct {
	options     Options
	transport   http.RoundTripper
	connections *http.Transport
	source      passcode.Source
	clock       *liveClock // nil where the clock cannot be set
	slots       *slots
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
	o.Retry.Missing = &retry.Missing{}
	slots := newSlots(o.Concurrency, o.Config.MaxRPS, o.Output)
	transport, connections := network(o, slots)
	looking, err := checkEnvironment(ctx, o, transport)
	if err != nil {
		return nil, err
	}
	guard := &guarded{next: transport, look: lookAgain(looking, o.Config)}
	places := &livePlaces{options: o, transport: guard, connections: connections, source: source, slots: slots}
	if address, settable := clockOf(o.Config); settable {
		places.clock = &liveClock{address: address, http: &http.Client{Transport: connections}}
	}
	return places, nil
}

// turn waits until the environment takes one more scenario.
func (l *livePlaces) turn(ctx context.Context) (end func()) { return l.slots.turn(ctx) }

func (l *livePlaces) close() error {
	l.connections.CloseIdleConnections()
	return nil
}

// Open gives the scenario the configured environment.
func (l *livePlaces) Open(ctx context.Context, s ID) (*Place, error) {
	c, run := l.options.Config, names.Run(names.LiveSeed(time.Now(), rand.Uint32())) //nolint:gosec // names are no secret
	session := replay.Hiding(l.transport, rand.Uint64(), configured(c))              //nolint:gosec // as above
	if c.Record {
		seed := scenarioSeed(s)
		session = replay.Record(l.transport, filepath.Join(l.options.RecordTo, s.Recording()), seed, recordLive(c, run, names.Run(seed)))
	}
	in := replay.Replayed()
	place := &Place{
		Session: session, Run: run, APIURL: c.APIURL, AuthURL: c.AuthURL, AppsURL: appsURL(c),
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
	return place, l.clocked(ctx, place, s)
}

// clocked lets a scenario set the clock, alone, or run beside others that do not.
func (l *livePlaces) clocked(ctx context.Context, place *Place, s ID) error {
	switch {
	case l.clock == nil:
		return nil
	case !slices.Contains(s.Tags, TimeTravel):
		place.Close = l.clock.share()
		return nil
	}
	if guard, is := l.transport.(*guarded); is {
		if err := guard.may(ctx); err != nil { // once time has passed, the token that it looks with has expired
			return err
		}
	}
	t := l.clock.travel()
	p := l.options.Config.Passcode
	source, err := passcode.New(passcode.Options{
		Kind: p.Source, Command: p.Command, Timeout: p.Timeout, OutboxURL: p.OutboxURL, Clock: passcode.Clock{Now: t.now},
	})
	if err != nil {
		return errors.Join(err, t.back())
	}
	place.Passcodes, place.Advance, place.Close = source, t.advance, t.back
	return nil
}

// recordLive says what a recording hides. The run id becomes the one that a replay
// makes up again, so that two recordings differ only where the environment did.
func recordLive(c config.Config, run, replayedRun string) replay.RecordOptions {
	known := configured(c)
	known[run] = replayedRun
	return replay.RecordOptions{
		Answered: answered(c), Passcodes: c.Passcode.Source, APIURL: c.APIURL, AuthURL: c.AuthURL, AppsURL: appsURL(c), Known: known,
	}
}

// configured are the values of a configuration that belong to somebody, each with what
// stands for it on disk.
func configured(c config.Config) map[string]string {
	in := replay.Replayed()
	known := map[string]string{
		c.EnvironmentID: in.WorkerEnvironmentID, c.TargetEnvironmentID: in.EnvironmentID,
		c.ClientID: in.ClientID, c.ClientSecret: in.ClientSecret,
	}
	if c.AllowProduction != "" {
		known[c.AllowProduction] = in.EnvironmentID
	}
	if c.Phone != "" {
		known[c.Phone] = in.Phone
	}
	if c.Email != "" {
		known[c.Email] = in.Email
	}
	return known
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
