package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func percent() uint64 {
	read := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(read)
	return read[0].Value.Uint64()
}

func TestTheFirstCollectionComesLateAndTheOthersSeldom(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	collectSeldom()
	require.EqualValues(t, 400, percent())
	require.Eventually(t, func() bool { runtime.GC(); return percent() == 300 }, time.Minute, time.Millisecond)
}

func TestACollectorThatWasSetOtherwiseStaysSo(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(150))
	collectSeldom()
	require.EqualValues(t, 150, percent())
}
