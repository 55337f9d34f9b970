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

func TestTheCollectorGoesOnAsItWasSetAfterTheFirstCollection(t *testing.T) {
	usual := debug.SetGCPercent(150)
	defer debug.SetGCPercent(usual)
	collectLate()
	require.EqualValues(t, late, percent())
	require.Eventually(t, func() bool { runtime.GC(); return percent() == 150 }, time.Minute, time.Millisecond)
}

func TestACollectorThatWasSetOtherwiseStaysSo(t *testing.T) {
	usual := debug.SetGCPercent(800)
	defer debug.SetGCPercent(usual)
	collectLate()
	require.EqualValues(t, 800, percent())
}
