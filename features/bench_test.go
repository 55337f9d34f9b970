//go:build unix

package features

import (
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/emulator"
	"pingone-conformance/fixtures"
	"pingone-conformance/internal/replay"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// journeyFile is the use case whose journey is measured: 19 calls and the worker's token.
const journeyFile = "progressive_profiling.feature"

// journeys runs the journey n times.
type journeys func(n int)

// BenchmarkJourney measures one journey: in replay and against the emulator with
// every check on, and beside them the floors, the same calls by bare net/http.
// cpu-µs/journey is the processor time of the whole process, both ends included.
// ratios takes them in turn, so that a machine that others use weighs on all alike.
func BenchmarkJourney(b *testing.B) {
	b.Run("floor", func(b *testing.B) { perJourney(b, floor(b)) })
	b.Run("floor-emulator", func(b *testing.B) { perJourney(b, emulatorFloor(b)) })
	b.Run("replay", func(b *testing.B) { perJourney(b, suiteJourneys(b, replayed())) })
	b.Run("emulator", func(b *testing.B) { perJourney(b, suiteJourneys(b, emulated(0, 1))) })
	b.Run("ratios", benchmarkRatios)
}

// benchmarkRatios takes the ways in turn and reports the middle one of each ratio.
func benchmarkRatios(b *testing.B) {
	const rounds, each = 9, 50
	ways := map[string]journeys{
		"floor": floor(b), "floor-emulator": emulatorFloor(b), "replay": suiteJourneys(b, replayed()), "emulator": suiteJourneys(b, emulated(0, 1)),
	}
	for _, way := range ways {
		way(each)
	}
	found := map[string][]float64{}
	b.ResetTimer()
	for range b.N * rounds {
		cost := map[string]float64{}
		for name, way := range ways {
			runtime.GC() // nobody pays for what another left
			started := cpu()
			way(each)
			cost[name] = float64(cpu() - started)
		}
		for _, over := range [][2]string{{"replay", "floor"}, {"replay", "floor-emulator"}, {"emulator", "floor-emulator"}} {
			ratio := over[0] + "/" + over[1]
			found[ratio] = append(found[ratio], cost[over[0]]/cost[over[1]])
		}
	}
	for ratio, all := range found {
		slices.Sort(all)
		b.ReportMetric(all[len(all)/2], ratio)
	}
}

func suiteJourneys(b *testing.B, o suite.Options) journeys {
	b.Helper()
	places, end := open(b, o)
	b.Cleanup(end)
	return func(n int) { run(b, places, n, 1) }
}

func replayed() suite.Options {
	return measured(config.Config{Mode: config.Replay})
}

// BenchmarkManyJourneys compares what one journey costs among ten and among a
// thousand of one process, and what memory the finished ones keep.
func BenchmarkManyJourneys(b *testing.B) {
	places, end := open(b, replayed())
	defer end()
	run(b, places, 10, 1)
	for range b.N {
		few, many := cpu(), time.Duration(0)
		for range 10 {
			run(b, places, 10, 1)
		}
		few = (cpu() - few) / 100
		before, started := heap(), cpu()
		run(b, places, 1000, 1)
		many = (cpu() - started) / 1000
		b.ReportMetric(float64(many)/float64(few), "ratio-1000/10")
		b.ReportMetric(float64(heap()-before)/1000, "kept-B/journey")
	}
}

// BenchmarkLatency runs against an emulator that takes 50 ms for every answer: how
// much longer one journey takes than the sum of its latencies, and how much faster
// ten scenarios are together than one after the other.
func BenchmarkLatency(b *testing.B) {
	const latency = 50 * time.Millisecond
	calls := len(recorded(b))
	for range b.N {
		places, end := open(b, emulated(latency, 10))
		run(b, places, 1, 1)
		single := wall(func() { run(b, places, 1, 1) })
		b.ReportMetric(float64(single)/float64(time.Duration(calls)*latency), "journey/latencies")
		alone := wall(func() { run(b, places, 10, 1) })
		together := wall(func() { run(b, places, 10, 10) })
		b.ReportMetric(float64(alone)/float64(together), "speed-up-of-10")
		end()
	}
}

func emulated(latency time.Duration, concurrency int) suite.Options {
	o := measured(config.Config{Mode: config.Emulator, Passcode: config.PasscodeConfig{Source: config.Outbox, Timeout: time.Minute}})
	o.Emulator, o.Concurrency = emulator.Options{Latency: latency}, concurrency
	return o
}

func measured(c config.Config) suite.Options {
	return suite.Options{Config: c, Fixtures: fixtures.Files, Sentences: steps.All, UseCases: steps.UseCases()}
}

// open opens the places once; what is run in them later does not open them again.
func open(b *testing.B, o suite.Options) (suite.Options, func()) {
	b.Helper()
	places, end, err := suite.Places(b.Context(), o)
	require.NoError(b, err)
	o.Places = places
	return o, func() { require.NoError(b, end()) }
}

// run runs the journey n times in one process, the way the features are run.
func run(b *testing.B, o suite.Options, n, concurrency int) {
	b.Helper()
	o.Features, o.Concurrency = repeated(b, n), concurrency
	results, err := suite.Run(b.Context(), o)
	require.NoError(b, err)
	require.Len(b, results, n)
}

// repeated is a feature file that holds the journey n times.
func repeated(b *testing.B, n int) fs.FS {
	b.Helper()
	text, err := Files.ReadFile(journeyFile)
	require.NoError(b, err)
	head, rest, ok := strings.Cut(string(text), "  @journey\n")
	require.True(b, ok)
	journey, _, _ := strings.Cut(rest, "\n  @")
	return fstest.MapFS{journeyFile: {Data: []byte(head + strings.Repeat("  @journey\n"+journey+"\n", n))}}
}

func perJourney(b *testing.B, way journeys) {
	b.Helper()
	way(1) // what is made once per process is made before
	b.ReportAllocs()
	b.ResetTimer()
	started := cpu()
	way(b.N)
	b.ReportMetric(float64((cpu()-started).Microseconds())/float64(b.N), "cpu-µs/journey")
}

func recorded(b *testing.B) []replay.Exchange {
	b.Helper()
	recording, err := replay.Load(fixtures.Files, "progressive_profiling/anna-gives-her-mobile-phone-number-while-she-signs-on.txtar")
	require.NoError(b, err)
	return recording.Exchanges()
}

func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func wall(f func()) time.Duration {
	started := time.Now()
	f()
	return time.Since(started)
}

// heap is what is in use after everything unreachable was collected.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
