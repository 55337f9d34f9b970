package faults

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/live/sweep"
	"pingone-conformance/internal/retry"
	"pingone-conformance/suite"
)

// CallLimit bounds one call of a run, unless its tenant says otherwise.
const CallLimit = 4 * time.Second

// Tenant is an emulator that plays a live PingOne environment, and what was in it
// before the run.
type Tenant struct {
	*emulator.Server
	// Limit bounds one call of a run against it, 0 for CallLimit.
	Limit         time.Duration
	specification suite.Options
	before        map[string]int
}

// Start starts a tenant against which a specification can be run.
func Start(ctx context.Context, specification suite.Options, o emulator.Options) (*Tenant, error) {
	server, err := emulator.Start(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("start the emulator: %w", err)
	}
	return &Tenant{Server: server, specification: specification, before: server.Counts()}, nil
}

// Variables are what an engineer would export to run live against it. At is where it is reached.
func (e *Tenant) Variables(at string) map[string]string {
	c := e.Credentials()
	return map[string]string{
		"PINGONE_MODE": config.Live, "PINGONE_RECORD": "false", "PINGONE_API_URL": at, "PINGONE_AUTH_URL": at,
		"PINGONE_ENVIRONMENT_ID": c.EnvironmentID, "PINGONE_TARGET_ENVIRONMENT_ID": c.EnvironmentID,
		"PINGONE_CLIENT_ID": c.ClientID, "PINGONE_CLIENT_SECRET": c.ClientSecret,
		"PINGONE_PASSCODE": config.Outbox, "PINGONE_OUTBOX_URL": e.OutboxURL(),
		"PINGONE_CALL_TIMEOUT": cmp.Or(e.Limit, CallLimit).String(), "PINGONE_PASSCODE_TIMEOUT": "20s",
	}
}

// Config is the configuration that the variables make.
func (e *Tenant) Config(at string) (config.Config, error) {
	said := e.Variables(at)
	return config.Load(func(name string) (string, bool) { value, ok := said[name]; return value, ok })
}

// Outcome is how one journey ended.
type Outcome struct {
	// Err is nil when it passed.
	Err     error
	Printed string
	Elapsed time.Duration
}

// Quick repeats calls with pauses that a test can afford.
var Quick = retry.Options{
	FirstWait: time.Millisecond, LongestWait: 5 * time.Millisecond, LagLimit: 1500 * time.Millisecond, LagInterval: 10 * time.Millisecond,
}

// Run runs one journey as a live run does, with pauses that a test can afford. At is where
// the tenant is reached.
func (e *Tenant) Run(ctx context.Context, at, journey string) Outcome {
	cfg, err := e.Config(at)
	if err != nil {
		return Outcome{Err: err}
	}
	var out bytes.Buffer
	o := e.specification
	o.Config, o.Paths, o.Tags, o.Concurrency, o.Output, o.Transcripts = cfg, []string{journey + ".feature"}, "@journey", 1, &out, ""
	o.Retry = Quick
	began := time.Now()
	results, err := suite.Run(ctx, o)
	for _, r := range results {
		if r.Err != nil {
			err = r.Err
		}
	}
	return Outcome{err, out.String(), time.Since(began)}
}

// Left names what is there that was not there before the run, such as "actions, users".
func (e *Tenant) Left() string {
	var more []string
	for name, count := range e.Counts() {
		if count > e.before[name] {
			more = append(more, name)
		}
	}
	slices.Sort(more)
	return strings.Join(more, ", ")
}

// SetFaults says to the running emulator what goes wrong from now on.
func (e *Tenant) SetFaults(ctx context.Context, rules ...emulator.Fault) error {
	body, err := json.Marshal(append([]emulator.Fault{}, rules...))
	if err != nil {
		return fmt.Errorf("write the faults: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, e.FaultsURL(), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask for faults: %w", err)
	}
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		return fmt.Errorf("ask for faults: %w", err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
		return fmt.Errorf("ask for faults: the emulator answered %s", response.Status)
	}
	return nil
}

// Sweep deletes what a run has left, whatever its age.
func (e *Tenant) Sweep(ctx context.Context) error {
	cfg, err := e.Config(e.URL())
	if err != nil {
		return err
	}
	c, err := client.New(client.Options{APIURL: cfg.APIURL, AuthURL: cfg.AuthURL})
	if err != nil {
		return fmt.Errorf("prepare the client: %w", err)
	}
	found, _, err := sweep.Find(ctx, c, cfg, sweep.Options{EvenRunning: true})
	if err != nil {
		return fmt.Errorf("look for leftovers: %w", err)
	}
	var faults []error
	for _, stuck := range sweep.Delete(ctx, c, cfg, found, func(sweep.Leftover) {}) {
		faults = append(faults, fmt.Errorf("the %s %q is left: %w", stuck.Kind, stuck.Name, stuck.Err))
	}
	return errors.Join(faults...)
}
