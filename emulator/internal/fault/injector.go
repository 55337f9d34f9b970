package fault

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"pingone-conformance/emulator/internal/wire"
)

// Injector strikes calls as its rules say. It may be used by many goroutines;
// which calls of an operation are struck depends on their order alone.
type Injector struct {
	stop <-chan struct{}
	skew atomic.Int64
	now  func() time.Time

	mu         sync.Mutex
	operations []string
	rules      []*counted
	created    *creations
}

// counted is a rule with what it has seen.
type counted struct {
	Rule
	seen   map[string]int // calls, by operation
	struck int
}

// State is a rule and how often it has struck.
type State struct {
	Rule   Rule `json:"rule"`
	Struck int  `json:"struck"`
}

// New makes an injector without rules. Now is the clock that it sets wrong;
// closing stop ends all its waiting.
func New(now func() time.Time, stop <-chan struct{}) *Injector {
	return &Injector{now: now, stop: stop, created: newCreations()}
}

// Cover tells the injector which operations there are.
func (i *Injector) Cover(routes []wire.Route) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.operations = nil
	for _, route := range routes {
		i.operations = append(i.operations, route.Operation)
	}
}

// Set replaces all rules, and counts anew. Nothing changes when one is refused.
func (i *Injector) Set(rules []Rule) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	var all []*counted
	var skew time.Duration
	for n, rule := range rules {
		if err := rule.check(i.operations); err != nil {
			return fmt.Errorf("fault %d: %w", n+1, err)
		}
		all = append(all, &counted{Rule: rule, seen: map[string]int{}})
		if rule.Kind == kindSkew {
			skew += rule.duration()
		}
	}
	i.rules, i.created = all, newCreations()
	i.skew.Store(int64(skew))
	return nil
}

// States are the rules and how often each has struck.
func (i *Injector) States() []State {
	i.mu.Lock()
	defer i.mu.Unlock()
	states := []State{}
	for _, rule := range i.rules {
		states = append(states, State{rule.Rule, rule.struck})
	}
	return states
}

// Now is the clock as the rules have set it.
func (i *Injector) Now() time.Time { return i.now().Add(time.Duration(i.skew.Load())) }

// Wrap is the middleware that strikes.
func (i *Injector) Wrap(next wire.Handler) wire.Handler {
	return func(call *wire.Call) *wire.Answer {
		if call.Operation == "" {
			return next(call) // a path or method that PingOne does not have
		}
		struck := i.strike(call)
		i.wait(call, struck.latency)
		if struck.instead != nil {
			return struck.instead(call)
		}
		answer := next(call)
		i.remember(answer)
		if struck.after != nil {
			answer = struck.after(call, answer)
		}
		return answer
	}
}

// effects are what the rules do to one call.
type effects struct {
	latency time.Duration
	// instead answers a call that is not processed.
	instead func(*wire.Call) *wire.Answer
	// after changes the answer of one that was.
	after func(*wire.Call, *wire.Answer) *wire.Answer
}

// strike asks every rule; latencies add up, otherwise the first one counts.
func (i *Injector) strike(call *wire.Call) effects {
	i.mu.Lock()
	defer i.mu.Unlock()
	var all effects
	for _, rule := range i.rules {
		if rule.Kind == kindSkew || !rule.matches(call.Operation) || rule.Kind == kindLag && !i.tooEarly(rule.Rule, call) {
			continue
		}
		if rule.seen[call.Operation]++; !rule.due(call.Operation) {
			continue
		}
		switch {
		case rule.Kind == kindLatency:
			all.latency += rule.duration()
		case all.instead != nil || all.after != nil:
			continue
		default:
			all.instead, all.after = i.effect(rule.Rule)
		}
		rule.struck++
	}
	return all
}

// due says whether the newest call of the operation is one to strike.
func (c *counted) due(operation string) bool {
	n := c.seen[operation]
	switch {
	case c.First > 0:
		return n <= c.First
	case c.Every > 0:
		return n%c.Every == 0
	case c.Chance > 0:
		return drawn(c.Seed, operation, n) < c.Chance
	}
	return true
}

// drawn is a number in [0,1) that seed, operation and count decide, so that
// calls that run side by side do not change each other's luck.
func drawn(seed uint64, operation string, n int) float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(operation))
	return rand.New(rand.NewPCG(seed, h.Sum64()+uint64(n))).Float64() //nolint:gosec // luck that can be repeated; a count is positive
}

// wait waits, but not past the end of the caller's patience or the emulator.
func (i *Injector) wait(call *wire.Call, time time.Duration) {
	if time <= 0 {
		return
	}
	wire.Pause(time, call.Done, i.stop)
}
