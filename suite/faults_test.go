package suite_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/emulator"
)

// trial is one fault and what a live run makes of it.
type trial struct {
	// fault is what -fault of cmd/emulator takes; several stand apart.
	fault string
	// says is what every journey that fails has to say; "" means that none fails.
	says string
	// spared are journeys that pass all the same.
	spared []string
	// notes is what the run prints about the environment before it begins.
	notes string
	// least is what the run has to wait at least.
	least time.Duration
	// stays says that something may stay, since nothing could be deleted.
	stays bool
}

// trials are the rows of the matrix: every kind of fault, on every sort of call for
// which a run can do something else about it.
func trials() []trial {
	const (
		profiling, login = "progressive_profiling", "login_and_mfa"
		broke            = "closed the connection before it answered"
		half             = "the answer broke off"
		password         = "set the password of"
	)
	return []trial{
		{fault: ""},
		{fault: "latency:*::5ms"},
		{fault: "slow:*::20ms"},
		{fault: "slow:token::40s", says: "look at the environment: preflight: Get Worker Token: no answer to POST"},
		{fault: "latency:user.create:1:40s"},
		{fault: "latency:user.create::40s"},

		{fault: "limited:*:1:1ms"},
		{fault: "limited-date:*:1:1ms"},
		{fault: "limited:token:1:1s", least: time.Second},
		{fault: "limited:application.create::1ms", says: `answered 429; PingOne says REQUEST_LIMITED`},
		{fault: "limited:flow.*:1:1ms"},
		{fault: "unavailable:*:1:1ms"},
		{fault: "unavailable:population.create::1ms", says: "answered 503"},

		{fault: "failed:token:1"},
		{fault: "failed:token:/3", says: "exchange the authorization code: wanted 200"},
		{fault: "failed:*.list:1"},
		{fault: "failed:*.read:1"},
		{fault: "failed:*.create:1"},
		{fault: "failed:*.delete:1"},
		{fault: "failed:user.password.set:1", says: password},
		{fault: "failed:authorize:1"},
		{fault: "failed:flow.read:1"},
		{fault: "failed:flow.*.check:1", says: "answered 500; PingOne says UNEXPECTED_ERROR"},
		{fault: "failed:resume:1", says: "resume the authorization: wanted"},
		{fault: "failed:signOnPolicy.create", says: "(tried 5 times in"},
		{fault: "failed:*.delete", says: "is left behind: DELETE", stays: true},

		{fault: "timeout:*.create:1"},
		{fault: "timeout:*.delete:1"},
		{fault: "timeout:user.password.set:1", says: password},
		{fault: "timeout:flow.*.check:1", says: "answered 504"},
		{fault: "timeout:*.create"},

		{fault: "reset:token:1"},
		{fault: "reset:*.list:1"},
		{fault: "reset:*.create:1"},
		{fault: "reset:*.delete:1"},
		{fault: "reset:user.password.set:1", says: broke},
		{fault: "reset:flow.*.check:1", says: broke},
		{fault: "reset:population.create", says: broke},

		{fault: "lost:token:1"},
		{fault: "lost:*.create:1"},
		{fault: "lost:*.create"},
		{fault: "lost:user.create failed:user.read", says: "it was created, but could not be read back", stays: true},
		{fault: "lost:*.delete:1"},
		{fault: "lost:user.password.set:1", says: broke},
		{fault: "lost:flow.*.check:1", says: broke},

		{fault: "half:token:1"},
		{fault: "half:*.read:1"},
		{fault: "half:*.create:1"},
		{fault: "half:*.delete:1"},
		{fault: "half:flow.*.check:1", says: half},
		{fault: "half:jwks:1"},

		{fault: "lag:::150ms"},
		{fault: "lag:grant.*::150ms"},
		{fault: "lag:::1m", says: "(still 404 after"},

		{fault: "skew:20s", notes: "note  clock: this machine's is"},
		{fault: "skew:-20s", notes: "note  clock: this machine's is"},
		{fault: "skew:5m", notes: "behind PingOne's", says: "login_hint_token The login hint token is not valid", spared: []string{profiling, login}},
		{fault: "skew:-5m", notes: "ahead of PingOne's"},
	}
}

var matrix = flag.Bool("matrix", false, "print what the journeys make of each fault")

// TestFaultMatrix runs the three journeys against each fault. Each passes, or fails
// with the right message, and nothing is left behind either way.
func TestFaultMatrix(t *testing.T) {
	rows := trials()
	lines := make([]string, len(rows))
	attempts := make([]attempt, len(rows))
	var group sync.WaitGroup
	room := make(chan struct{}, 5) // most of a run is waiting
	for i, row := range rows {
		attempts[i] = newAttempt(t, func(int) []emulator.Fault { return row.rules(t) })
		group.Go(func() {
			room <- struct{}{}
			attempts[i].run()
			<-room
		})
	}
	group.Wait()
	for i, row := range rows {
		lines[i] = row.name() + "\tnot as expected, see above"
		t.Run(strings.ReplaceAll(row.name(), " ", "_"), func(t *testing.T) { lines[i] = row.judge(t, attempts[i]) })
	}
	if *matrix {
		printMatrix(lines)
	}
}

func (row trial) name() string {
	if row.fault == "" {
		return "none"
	}
	return row.fault
}

// attempt is the three journeys under one fault, each with an emulator of its own so
// that every one meets the fault.
type attempt struct {
	tenants  []*tenant
	configs  []config.Config
	outcomes []outcome
}

// newAttempt starts the emulators; rules are the faults of each.
func newAttempt(t *testing.T, rules func(journey int) []emulator.Fault) (a attempt) {
	for i := range journeys() {
		e := newTenant(t, emulator.Options{Faults: rules(i)})
		a.tenants, a.configs = append(a.tenants, e), append(a.configs, e.config(e.URL()))
	}
	a.outcomes = make([]outcome, len(journeys()))
	return a
}

// run runs the journeys side by side.
func (a attempt) run() {
	var group sync.WaitGroup
	for i, journey := range journeys() {
		group.Go(func() { a.outcomes[i] = a.tenants[i].run(context.Background(), a.configs[i], journey) })
	}
	group.Wait()
}

// judge holds an attempt against the row and returns its line of the matrix.
func (row trial) judge(t *testing.T, a attempt) string {
	cells := []string{row.name()}
	said, left := "", "nothing"
	for i, journey := range journeys() {
		e, got := a.tenants[i], a.outcomes[i]
		row.check(t, e, journey, got)
		if e.left() != "" {
			left = "all; then swept"
			e.setFaults()
			e.sweep()
			require.Empty(t, e.left(), "the sweep has overlooked something")
		}
		cells = append(cells, cell(got))
		if got.err != nil {
			said = row.says
		}
	}
	return strings.Join(append(cells, left, said), "\t")
}

func (row trial) rules(t *testing.T) []emulator.Fault {
	var rules []emulator.Fault
	for _, text := range strings.Fields(row.fault) {
		rule, err := emulator.ParseFault(text)
		require.NoError(t, err)
		rules = append(rules, rule)
	}
	return rules
}

func (row trial) check(t *testing.T, e *tenant, journey string, got outcome) {
	fails := row.says != ""
	for _, spared := range row.spared {
		fails = fails && journey != spared
	}
	if fails {
		require.ErrorContains(t, got.err, row.says, journey)
		require.NotContains(t, got.err.Error(), e.Credentials().ClientSecret)
	} else {
		require.NoError(t, got.err, journey)
	}
	require.Contains(t, got.printed, row.notes, journey)
	require.GreaterOrEqual(t, got.elapsed, row.least, journey)
	if !row.stays {
		require.Empty(t, e.left(), "%s left something behind", journey)
	}
}

var stepNumber = regexp.MustCompile(`^step \d+`)

// cell is an outcome in a word or two.
func cell(got outcome) string {
	switch step := stepNumber.FindString(errText(got.err)); {
	case got.err == nil:
		return "passes"
	case step != "":
		return "fails at " + step
	case strings.HasPrefix(got.err.Error(), "look at the environment"):
		return "does not begin"
	case strings.HasPrefix(got.err.Error(), "after the scenario"):
		return "fails afterwards"
	default:
		return "fails"
	}
}

func printMatrix(lines []string) {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, strings.Join(append(append([]string{"fault"}, journeys()...), "left behind", "says"), "\t"))
	for _, line := range lines {
		_, _ = fmt.Fprintln(table, line)
	}
	_ = table.Flush()
}
