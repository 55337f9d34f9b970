package fault

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/wire"
)

// bench is an injector before a platform that answers everything and counts.
type bench struct {
	*Injector
	t         *testing.T
	clock     time.Time
	stop      chan struct{}
	processed int
	made      string // the id that a creation gives
}

func newBench(t *testing.T, rules ...Rule) *bench {
	b := &bench{t: t, clock: time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC), stop: make(chan struct{}), made: "thing-1"}
	b.Injector = New(func() time.Time { return b.clock }, b.stop)
	b.Cover([]wire.Route{{Operation: "thing.create"}, {Operation: "thing.read"}, {Operation: "token"}})
	require.NoError(t, b.Set(rules))
	return b
}

func (b *bench) call(operation, method string, path map[string]string) *wire.Answer {
	return b.Wrap(func(*wire.Call) *wire.Answer {
		b.processed++
		if operation == "thing.create" {
			return wire.JSON(http.StatusCreated, map[string]string{"id": b.made})
		}
		return wire.JSON(http.StatusOK, map[string]string{"id": "x"})
	})(&wire.Call{ID: "call", Operation: operation, Method: method, Path: path})
}

func (b *bench) status(operation string) int { return b.call(operation, http.MethodGet, nil).Status }

func (b *bench) statuses(operation string, n int) (seen []int) {
	for range n {
		seen = append(seen, b.status(operation))
	}
	return seen
}

func TestWhichCallsAreStruck(t *testing.T) {
	for name, row := range map[string]struct {
		rule Rule
		want []int
	}{
		"all":               {Rule{}, []int{500, 500, 500, 500}},
		"the first two":     {Rule{First: 2}, []int{500, 500, 200, 200}},
		"every second":      {Rule{Every: 2}, []int{200, 500, 200, 500}},
		"its own operation": {Rule{Operation: "token"}, []int{500, 500, 500, 500}},
		"a pattern":         {Rule{Operation: "tok*"}, []int{500, 500, 500, 500}},
		"another operation": {Rule{Operation: "thing.*"}, []int{200, 200, 200, 200}},
		"a sure chance":     {Rule{Chance: 1}, []int{500, 500, 500, 500}},
	} {
		row.rule.Kind = kindFailed
		require.Equal(t, row.want, newBench(t, row.rule).statuses("token", 4), name)
	}
}

func TestEachOperationIsCountedByItself(t *testing.T) {
	b := newBench(t, Rule{Kind: kindFailed, First: 1})
	require.Equal(t, []int{500, 500, 200, 200}, []int{b.status("token"), b.status("thing.read"), b.status("token"), b.status("thing.read")})
	require.Equal(t, []State{{Rule{Kind: kindFailed, First: 1}, 2}}, b.States())
	require.NoError(t, b.Set(nil))
	require.Empty(t, b.States())
	require.Equal(t, 200, b.status("token"))
}

func TestChanceDependsOnTheSeedAndNotOnTheCompany(t *testing.T) {
	rule := Rule{Kind: kindFailed, Chance: 0.3, Seed: 42}
	alone := newBench(t, rule).statuses("token", 200)
	b := newBench(t, rule)
	var beside []int
	for range 200 {
		b.status("thing.read")
		beside = append(beside, b.status("token"))
	}
	require.Equal(t, alone, beside)
	failed := 0
	for _, status := range alone {
		if status == 500 {
			failed++
		}
	}
	require.InDelta(t, 60, failed, 20)
	rule.Seed = 43
	require.NotEqual(t, alone, newBench(t, rule).statuses("token", 200))
}

func TestWhatIsProcessed(t *testing.T) {
	for _, kind := range Kinds() {
		b := newBench(t, Rule{Kind: kind.Name, For: min(kind.Usual, time.Millisecond)})
		answer := b.call("thing.create", http.MethodPost, nil)
		wasNot := map[string]bool{kindLimited: true, kindLimitedDate: true, kindUnavailable: true, kindFailed: true, kindReset: true, kindIgnored: true}[kind.Name]
		require.Equal(t, wasNot, b.processed == 0, kind.Name)
		switch kind.Name {
		case kindReset, kindLost:
			require.True(t, answer.Delivery.Reset, kind.Name)
		case kindHalf:
			require.True(t, answer.Delivery.Half)
		case kindSlow:
			require.Equal(t, time.Millisecond, answer.Delivery.Over)
		case kindTimeout:
			require.Equal(t, 504, answer.Status)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	header := func(rule Rule) string {
		return newBench(t, rule).call("token", http.MethodPost, nil).Header.Get("Retry-After")
	}
	require.Equal(t, "1", header(Rule{Kind: kindLimited}))
	require.Equal(t, "7", header(Rule{Kind: kindLimited, For: 7900 * time.Millisecond}))
	require.Equal(t, "0", header(Rule{Kind: kindLimited, For: time.Millisecond}))
	require.Equal(t, "Thu, 15 Jan 2026 09:00:05 GMT", header(Rule{Kind: kindLimitedDate, For: 5 * time.Second}))
	require.Equal(t, "Thu, 15 Jan 2026 09:00:01 GMT", header(Rule{Kind: kindUnavailable}))
	answer := newBench(t, Rule{Kind: kindUnavailable}).call("token", http.MethodPost, nil)
	require.Equal(t, 503, answer.Status)
	require.Contains(t, string(answer.Body), "<h1>503 Service Unavailable</h1>")
	answer = newBench(t, Rule{Kind: kindLimited}).call("token", http.MethodPost, nil)
	require.Equal(t, 429, answer.Status)
	require.Contains(t, string(answer.Body), `"REQUEST_LIMITED"`)
}

func TestLag(t *testing.T) {
	here := map[string]string{"envID": "env", "thingID": "thing-1"}
	b := newBench(t, Rule{Kind: kindLag, For: 2 * time.Second})
	require.Equal(t, 200, b.call("thing.read", http.MethodGet, here).Status, "nobody knows when it was made")
	b.call("thing.create", http.MethodPost, map[string]string{"envID": "env"})
	require.Equal(t, 404, b.call("thing.read", http.MethodGet, here).Status)
	require.Equal(t, 200, b.call("thing.read", http.MethodDelete, here).Status, "only reads lag")
	require.Equal(t, 200, b.call("thing.read", http.MethodGet, map[string]string{"envID": "env", "thingID": "older"}).Status)
	b.clock = b.clock.Add(2 * time.Second)
	require.Equal(t, 200, b.call("thing.read", http.MethodGet, here).Status)
	require.Equal(t, []State{{Rule{Kind: kindLag, For: 2 * time.Second}, 1}}, b.States())
}

func TestLagOfANamedOperationAndInANewEnvironment(t *testing.T) {
	b := newBench(t, Rule{Kind: kindLag, Operation: "thing.read", First: 1})
	b.call("thing.create", http.MethodPost, nil)
	below := map[string]string{"envID": "env", "thingID": "thing-1"}
	require.Equal(t, 404, b.call("thing.read", http.MethodPost, below).Status, "whatever its method")
	require.Equal(t, 200, b.call("thing.read", http.MethodPost, below).Status, "the first call alone")

	b = newBench(t, Rule{Kind: kindLag})
	b.made = "env"
	b.call("thing.create", http.MethodPost, nil)
	require.Equal(t, 403, b.call("thing.read", http.MethodGet, below).Status)
}

func TestCreationsAreNotRememberedForEver(t *testing.T) {
	b := newBench(t, Rule{Kind: kindLag})
	for n := range 3 * maxCreations {
		b.made = fmt.Sprint("thing-", n)
		b.call("thing.create", http.MethodPost, nil)
	}
	require.Len(t, b.created.at, maxCreations)
	require.Less(t, cap(b.created.order), 3*maxCreations)
	require.Contains(t, b.created.at, b.made)
}

func TestSkew(t *testing.T) {
	b := newBench(t, Rule{Kind: kindSkew, For: -5 * time.Minute}, Rule{Kind: kindSkew, For: time.Minute})
	require.Equal(t, b.clock.Add(-4*time.Minute), b.Now())
	require.NoError(t, b.Set([]Rule{{Kind: kindSkew}}))
	require.Equal(t, b.clock.Add(5*time.Minute), b.Now())
	require.Equal(t, 200, b.status("token"))
	require.Zero(t, b.States()[0].Struck, "it strikes no call")
	require.NoError(t, b.Set(nil))
	require.Equal(t, b.clock, b.Now())
}

func TestLatencyAddsUpAndOtherwiseTheFirstRuleCounts(t *testing.T) {
	const each = 10 * time.Millisecond
	b := newBench(t, Rule{Kind: kindLatency, For: each}, Rule{Kind: kindFailed}, Rule{Kind: kindLatency, For: each}, Rule{Kind: kindLimited})
	began := time.Now()
	require.Equal(t, 500, b.status("token"))
	require.GreaterOrEqual(t, time.Since(began), 2*each)
	require.Equal(t, 0, b.States()[3].Struck)
}

// Without the end of waiting this test would take most of a minute.
func TestWaitingEndsWithTheEmulatorOrTheCaller(t *testing.T) {
	began := time.Now()
	b := newBench(t, Rule{Kind: kindLatency, For: longestWait})
	close(b.stop)
	require.Equal(t, 200, b.status("token"))
	hungUp := make(chan struct{})
	close(hungUp)
	b = newBench(t, Rule{Kind: kindLatency, For: longestWait})
	b.Wrap(func(*wire.Call) *wire.Answer { return wire.Empty(200) })(&wire.Call{Operation: "token", Done: hungUp})
	require.Less(t, time.Since(began), longestWait/2)
}

func TestRulesThatAreRefusedChangeNothing(t *testing.T) {
	b := newBench(t, Rule{Kind: kindFailed})
	require.ErrorContains(t, b.Set([]Rule{{Kind: kindLimited}, {Kind: kindFailed, Operation: "thing.craete"}}), `fault 2: no operation is called "thing.craete"`)
	require.ErrorContains(t, b.Set([]Rule{{Kind: "gremlin"}}), `fault 1: there is no fault "gremlin"`)
	require.ErrorContains(t, b.Set([]Rule{{Kind: kindFailed, First: 1, Every: 2}}), "only one of first, every and chance")
	require.ErrorContains(t, b.Set([]Rule{{Kind: kindFailed, Chance: -1}}), "not between 0 and 1")
	require.Equal(t, 500, b.status("token"))
}

func TestCallsOfNoOperationAreLeftAlone(t *testing.T) {
	b := newBench(t, Rule{Kind: kindFailed})
	require.Equal(t, 200, b.status(""))
}

func TestManyCallersAtOnce(t *testing.T) {
	b := newBench(t, Rule{Kind: kindFailed, Every: 2}, Rule{Kind: kindLag})
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			for range 50 {
				b.Wrap(func(*wire.Call) *wire.Answer { return wire.JSON(201, map[string]string{"id": "x"}) })(&wire.Call{Operation: "token"})
				b.States()
			}
		})
	}
	group.Wait()
	require.Equal(t, 400, b.States()[0].Struck)
}
