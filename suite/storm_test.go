package suite_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

// storm is a bad day: every fault at once, each striking some calls in a hundred,
// always the same ones for a seed.
func storm(seed uint64, chance float64) []emulator.Fault {
	var rules []emulator.Fault
	for i, kind := range emulator.FaultKinds() {
		if kind.Name == "skew" || kind.Lies {
			continue
		}
		rule := emulator.Fault{Kind: kind.Name, Chance: chance, Seed: seed*100 + uint64(i)}
		if kind.For != "" {
			rule.For = 10 * time.Millisecond
		}
		rules = append(rules, rule)
	}
	return rules
}

// Whatever a storm does to a journey, the run tells what it has left if it has left
// anything, and a sweep in fair weather finds all of it.
func TestAfterAStormNothingIsLeftUnsaid(t *testing.T) {
	passed, failed, swept := 0, 0, 0
	for seed := range uint64(10) {
		tried := newAttempt(t, func(journey int) []emulator.Fault { return storm(seed*10+uint64(journey), 0.02*float64(1+seed%3)) })
		tried.run()
		for i, journey := range journeys() {
			e, got := tried.tenants[i], tried.outcomes[i]
			e.clear()
			about := fmt.Sprintf("seed %d, %s: %v", seed, journey, got.Err)
			if got.Err == nil {
				passed++
			} else {
				failed++
			}
			if e.Left() != "" {
				swept++
				require.Regexp(t, "is left behind|it was created, but|whether it was created", errText(got.Err), about)
				e.sweep()
				require.Empty(t, e.Left(), about)
			}
		}
	}
	t.Logf("%d journeys passed, %d failed, %d of these had to be swept", passed, failed, swept)
	require.Greater(t, passed, failed/4, "calls are hardly repeated")
	require.Positive(t, failed, "that was no storm")
}

// The same storm strikes the same way twice.
func TestStormsRepeat(t *testing.T) {
	texts := make([]string, 0, 4)
	for range 2 {
		e := newTenant(t, emulator.Options{Faults: []emulator.Fault{{Kind: "failed", Chance: 0.2, Seed: 3}}})
		texts = append(texts, e.Run(context.Background(), e.URL(), journeys()[0]).String())
	}
	require.Len(t, slices.Compact(texts), 1)
}
