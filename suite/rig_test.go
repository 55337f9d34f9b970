package suite_test

import (
	"context"
	"io/fs"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/internal/proof/faults"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// journeys are the three use cases, as their features are named.
func journeys() []string {
	return []string{"progressive_profiling", "login_and_mfa", "mfa_only_login_hint_token"}
}

func features() fs.FS { return os.DirFS("../features") }

// tenant is an emulator that plays a live PingOne environment.
type tenant struct {
	*faults.Tenant
	t *testing.T
}

func newTenant(t *testing.T, o emulator.Options) *tenant {
	t.Helper()
	specification := suite.Options{Features: features(), Sentences: steps.All, UseCases: steps.UseCases()}
	e, err := faults.Start(context.Background(), specification, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return &tenant{e, t}
}

// sweep deletes what a run has left.
func (e *tenant) sweep() {
	e.t.Helper()
	require.NoError(e.t, e.Sweep(context.Background()))
}

// clear ends all faults.
func (e *tenant) clear() {
	e.t.Helper()
	require.NoError(e.t, e.SetFaults(context.Background()))
}

// attempt is the three journeys, each with an emulator of its own so that every one meets
// its faults.
type attempt struct {
	tenants  []*tenant
	outcomes []faults.Outcome
}

// newAttempt starts the emulators; rules are the faults of each.
func newAttempt(t *testing.T, rules func(journey int) []emulator.Fault) (a attempt) {
	for i := range journeys() {
		a.tenants = append(a.tenants, newTenant(t, emulator.Options{Faults: rules(i)}))
	}
	a.outcomes = make([]faults.Outcome, len(journeys()))
	return a
}

// run runs the journeys side by side.
func (a attempt) run() {
	var group sync.WaitGroup
	for i, journey := range journeys() {
		group.Go(func() { a.outcomes[i] = a.tenants[i].Run(context.Background(), a.tenants[i].URL(), journey) })
	}
	group.Wait()
}

// errText is an error's text, "" for none.
func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
