package suitetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/suite"
)

func TestTheSlowestComeFirst(t *testing.T) {
	var results []suite.Result
	for _, ms := range []int{3, 9, 1, 7, 5, 8, 2} {
		results = append(results, suite.Result{Elapsed: time.Duration(ms) * time.Millisecond})
	}
	var got []int64
	for _, r := range slowest(results) {
		got = append(got, r.Elapsed.Milliseconds())
	}
	require.Equal(t, []int64{9, 8, 7, 5, 3}, got)
	require.Equal(t, 3*time.Millisecond, results[0].Elapsed, "the results stay as they were")
	require.Len(t, slowest(results[:2]), 2)
}
