package collector

import (
	"math"
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
	Seldom()
	require.EqualValues(t, 400, percent())
	require.Eventually(t, func() bool { runtime.GC(); return percent() == 300 }, time.Minute, time.Millisecond)
}

func TestACollectorThatWasSetOtherwiseStaysSo(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(150))
	Seldom()
	require.EqualValues(t, 150, percent())
}

func TestRoomIsLeftForGarbage(t *testing.T) {
	LeaveRoom()
	require.NotNil(t, room)
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	require.Greater(t, stats.NextGC, uint64(128<<20))
	room = nil
	runtime.GC()
	runtime.ReadMemStats(&stats)
	require.Less(t, stats.NextGC, uint64(128<<20), "the room was what made the difference")
}

func TestNoRoomIsTakenFromWhoHasSetALimit(t *testing.T) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(100 << 20))
	LeaveRoom()
	require.Nil(t, room)
	debug.SetMemoryLimit(math.MaxInt64)
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	LeaveRoom()
	require.Nil(t, room)
}
