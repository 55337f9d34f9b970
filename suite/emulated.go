package suite

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"pingone-conformance/emulator"
	"pingone-conformance/internal/passcode"
	"pingone-conformance/internal/replay"
)

// emulatorPlaces answers from one emulator that all scenarios of a run share, as
// they would share a tenant.
type emulatorPlaces struct {
	options  Options
	settings emulator.Options
	server   *emulator.Server

	transport   http.RoundTripper
	connections *http.Transport
}

func startEmulator(ctx context.Context, o Options, settings emulator.Options) (*emulatorPlaces, error) {
	server, err := emulator.Start(ctx, settings)
	if err != nil {
		return nil, fmt.Errorf("start the emulator: %w", err)
	}
	transport, connections := network(o, nil)
	return &emulatorPlaces{
		options: o, settings: settings, server: server, transport: transport, connections: connections,
	}, nil
}

// Open gives the scenario the shared emulator, or one of its own if it sets the clock.
func (e *emulatorPlaces) Open(ctx context.Context, s ID) (*Place, error) {
	if slices.Contains(s.Tags, TimeTravel) {
		return e.apart(ctx)
	}
	return e.place(passcode.Clock{}, replay.Direct(e.transport, rand.Uint64())) //nolint:gosec // names of test objects, no secret
}

// apart opens a place with an emulator of its own, whose clock the scenario may set forward.
func (e *emulatorPlaces) apart(ctx context.Context) (*Place, error) {
	clock := &shiftedClock{now: time.Now}
	settings := e.settings
	settings.Addr, settings.Now = "", clock.read
	own, err := startEmulator(ctx, e.options, settings)
	if err != nil {
		return nil, err
	}
	place, err := own.place(passcode.Clock{Now: clock.read}, replay.Direct(own.transport, rand.Uint64())) //nolint:gosec // names of test objects, no secret
	if err != nil {
		return nil, errors.Join(err, own.close())
	}
	place.Advance, place.Close = clock.advance, own.close
	return place, nil
}

func (e *emulatorPlaces) place(clock passcode.Clock, session *replay.Session) (*Place, error) {
	p := e.options.Config.Passcode
	source, err := passcode.New(passcode.Options{Kind: p.Source, Command: p.Command, OutboxURL: e.server.OutboxURL(), Timeout: p.Timeout, Clock: clock})
	if err != nil {
		return nil, err
	}
	c, in := e.server.Credentials(), replay.Replayed()
	return &Place{
		Session: session, APIURL: e.server.URL(), AuthURL: e.server.URL(),
		EnvironmentID: c.EnvironmentID, WorkerEnvironmentID: c.EnvironmentID,
		ClientID: c.ClientID, ClientSecret: c.ClientSecret,
		CallLimit: callLimit(e.options.Config.Limits), Passcodes: source, PasscodeKind: p.Source, Phone: in.Phone, Email: in.Email,
		Foreign: &Foreign{EnvironmentID: c.OtherEnvironmentID, ClientID: c.OtherClientID, ClientSecret: c.OtherClientSecret},
	}, nil
}

func (e *emulatorPlaces) close() error {
	e.connections.CloseIdleConnections()
	return e.server.Close()
}

// emulatorRecorder starts an emulator for each scenario, with a clock and a
// randomness that run the same way every time, and records what it answers.
type emulatorRecorder struct{ options Options }

// Open starts an emulator for the scenario and records what it answers.
func (r emulatorRecorder) Open(ctx context.Context, s ID) (*Place, error) {
	seed := scenarioSeed(s)
	clock := newSteppingClock()
	places, err := startEmulator(ctx, r.options, emulator.Options{Now: clock.now, Random: seededReader(seed)})
	if err != nil {
		return nil, err
	}
	c := places.server.Credentials()
	in := replay.Replayed()
	session := replay.Record(places.transport, filepath.Join(r.options.RecordTo, s.Recording()), seed, replay.RecordOptions{
		Answered: "emulator " + emulator.Version, Passcodes: r.options.Config.Passcode.Source,
		APIURL: places.server.URL(), AuthURL: places.server.URL(), AppsURL: places.server.URL(),
		Known: map[string]string{
			c.EnvironmentID: in.EnvironmentID, c.ClientID: in.ClientID, c.ClientSecret: in.ClientSecret,
		},
		Now: clock.now,
	})
	place, err := places.place(passcode.Clock{Now: clock.now, Wait: clock.wait}, session)
	if err != nil {
		return nil, errors.Join(err, places.close())
	}
	place.Advance, place.Close = clock.advance, places.close
	return place, nil
}

// scenarioSeed is the same for a scenario each time it is recorded.
func scenarioSeed(s ID) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s.Feature + "/" + s.Slug()))
	return h.Sum64()
}

// shiftedClock is a clock that can be set forward.
type shiftedClock struct {
	mu    sync.Mutex
	now   func() time.Time
	shift time.Duration
}

func (c *shiftedClock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now().Add(c.shift)
}

func (c *shiftedClock) advance(minutes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shift += time.Duration(minutes) * time.Minute
}

// steppingClock moves by one millisecond each time it is read, so that a
// recording's times do not depend on how fast the machine is.
type steppingClock struct {
	mu   sync.Mutex
	time time.Time
}

func newSteppingClock() *steppingClock {
	return &steppingClock{time: time.Date(2026, time.January, 15, 9, 0, 0, 0, time.UTC)}
}

func (c *steppingClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.time = c.time.Add(time.Millisecond)
	return c.time
}

func (c *steppingClock) advance(minutes int) { c.add(time.Duration(minutes) * time.Minute) }

// wait is over at once, since this clock moves only when it is told.
func (c *steppingClock) wait(_ context.Context, d time.Duration) error {
	c.add(d)
	return nil
}

func (c *steppingClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.time = c.time.Add(d)
}

// seededReader is an endless stream of bytes that the seed decides.
func seededReader(seed uint64) *rand.ChaCha8 {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return rand.NewChaCha8(key)
}
