package emulator_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

const (
	manyUsers = 10_000
	block     = 100
)

// growth creates the users and compares the cheapest blocks at both ends, on which the
// machine's other work weighs least.
func growth(c *caller) float64 {
	var costs []time.Duration
	for i := 0; i < manyUsers; i += block {
		began := time.Now()
		for j := range block {
			c.create("/users", person(fmt.Sprintf("person%d", i+j)))
		}
		costs = append(costs, time.Since(began))
	}
	return float64(cheapest(costs[len(costs)-10:])) / float64(cheapest(costs[:10]))
}

func cheapest(costs []time.Duration) time.Duration {
	least := costs[0]
	for _, cost := range costs {
		least = min(least, cost)
	}
	return least
}

func person(name string) object { return object{"username": name, "email": "anna@example.com"} }

// BenchmarkTenThousandUsers tells what the last thousand of ten thousand users cost beside
// the first thousand.
func BenchmarkTenThousandUsers(b *testing.B) {
	for range b.N {
		server, err := emulator.Start(b.Context(), emulator.Options{})
		require.NoError(b, err)
		c := authorized(b, server)
		b.ReportMetric(growth(c), "last/first")
		require.NoError(b, server.Close())
	}
}
