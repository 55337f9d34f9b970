package suite_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/live/sweep"
	"pingone-conformance/internal/retry"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// journeys are the three use cases, as their features are named.
func journeys() []string {
	return []string{"progressive_profiling", "login_and_mfa", "mfa_only_login_hint_token"}
}

func features() fs.FS { return os.DirFS("../features") }

// callLimit bounds one call of these runs.
const callLimit = 4 * time.Second

// tenant is an emulator that plays a live PingOne environment, and what was in it
// before the run.
type tenant struct {
	*emulator.Server
	t      *testing.T
	before map[string]int
}

func newTenant(t *testing.T, o emulator.Options) *tenant {
	t.Helper()
	server, err := emulator.Start(context.Background(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return &tenant{Server: server, t: t, before: server.Counts()}
}

// variables are what an engineer would export to run live against it. At is where
// it is reached.
func (e *tenant) variables(at string) map[string]string {
	c := e.Credentials()
	return map[string]string{
		"PINGONE_MODE": config.Live, "PINGONE_RECORD": "false", "PINGONE_API_URL": at, "PINGONE_AUTH_URL": at,
		"PINGONE_ENVIRONMENT_ID": c.EnvironmentID, "PINGONE_TARGET_ENVIRONMENT_ID": c.EnvironmentID,
		"PINGONE_CLIENT_ID": c.ClientID, "PINGONE_CLIENT_SECRET": c.ClientSecret,
		"PINGONE_PASSCODE": config.Outbox, "PINGONE_OUTBOX_URL": e.OutboxURL(),
		"PINGONE_CALL_TIMEOUT": callLimit.String(), "PINGONE_PASSCODE_TIMEOUT": "20s",
	}
}

func (e *tenant) config(at string) config.Config {
	e.t.Helper()
	said := e.variables(at)
	cfg, err := config.Load(func(name string) (string, bool) { value, ok := said[name]; return value, ok })
	require.NoError(e.t, err)
	return cfg
}

// outcome is how one journey ended.
type outcome struct {
	err     error // nil when it passed
	printed string
	elapsed time.Duration
}

// run runs one journey as a live run does, with pauses that a test can afford.
func (e *tenant) run(ctx context.Context, cfg config.Config, journey string) outcome {
	var out bytes.Buffer
	began := time.Now()
	results, err := suite.Run(ctx, suite.Options{
		Config: cfg, Features: features(), Sentences: steps.All, UseCases: steps.UseCases(),
		Paths: []string{journey + ".feature"}, Tags: "@journey", Concurrency: 1, Output: &out,
		Retry: retry.Options{
			FirstWait: time.Millisecond, LongestWait: 5 * time.Millisecond, LagLimit: 1500 * time.Millisecond, LagInterval: 10 * time.Millisecond,
		},
	})
	for _, r := range results {
		if r.Err != nil {
			err = r.Err
		}
	}
	return outcome{err, out.String(), time.Since(began)}
}

// left names what is there that was not there before, such as "1 user".
func (e *tenant) left() string {
	var more []string
	for name, count := range e.Counts() {
		if count > e.before[name] {
			more = append(more, name)
		}
	}
	return strings.Join(more, ", ")
}

// setFaults tells the running emulator what goes wrong from now on.
func (e *tenant) setFaults(rules ...emulator.Fault) {
	e.t.Helper()
	body, err := json.Marshal(append([]emulator.Fault{}, rules...))
	require.NoError(e.t, err)
	request, err := http.NewRequest(http.MethodPut, e.FaultsURL(), bytes.NewReader(body))
	require.NoError(e.t, err)
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	require.NoError(e.t, err)
	require.NoError(e.t, response.Body.Close())
	require.Equal(e.t, http.StatusOK, response.StatusCode)
}

// sweep deletes what a run has left, two hours later.
func (e *tenant) sweep() {
	e.t.Helper()
	cfg := e.config(e.URL())
	c, err := client.New(client.Options{APIURL: cfg.APIURL, AuthURL: cfg.AuthURL})
	require.NoError(e.t, err)
	later := func() time.Time { return time.Now().Add(2 * time.Hour) }
	found, _, err := sweep.Find(context.Background(), c, cfg, sweep.Options{OlderThan: time.Hour, Now: later})
	require.NoError(e.t, err)
	require.Empty(e.t, sweep.Delete(context.Background(), c, cfg, found, func(sweep.Leftover) {}))
}

// errText is an error's text, "" for none.
func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
