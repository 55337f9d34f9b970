package features

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/emulator"
	"pingone-conformance/fixtures"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// journeyFile is the use case whose journey is measured: 19 calls and the worker's token.
const journeyFile = "progressive_profiling.feature"

// BenchmarkJourney measures one journey: in replay and against the emulator with
// every check on, and beside them the floor, the same calls by bare net/http
// without godog, fixtures or checks, against a server that answers from memory.
// cpu-µs/journey is the processor time of the whole process, both ends included.
func BenchmarkJourney(b *testing.B) {
	b.Run("floor", benchmarkFloor)
	b.Run("replay", func(b *testing.B) {
		places, end := open(b, suite.Options{Config: config.Config{Mode: config.Replay}, Fixtures: fixturesDir})
		defer end()
		perJourney(b, func(n int) { run(b, places, n, 1) })
	})
	b.Run("emulator", func(b *testing.B) {
		places, end := open(b, emulated(0, 1))
		defer end()
		perJourney(b, func(n int) { run(b, places, n, 1) })
	})
}

// BenchmarkManyJourneys compares what one journey costs among ten and among a
// thousand of one process, and what memory the finished ones keep.
func BenchmarkManyJourneys(b *testing.B) {
	places, end := open(b, suite.Options{Config: config.Config{Mode: config.Replay}, Fixtures: fixturesDir})
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
	return suite.Options{
		Config:   config.Config{Mode: config.Emulator, Passcode: config.PasscodeConfig{Source: config.Outbox, Timeout: time.Minute}},
		Emulator: emulator.Options{Latency: latency}, Concurrency: concurrency,
	}
}

func open(b *testing.B, o suite.Options) (steps.Opener, func()) {
	b.Helper()
	places, end, err := suite.Places(b.Context(), o)
	require.NoError(b, err)
	return places, func() { require.NoError(b, end()) }
}

// run runs the journey n times in one process, the way the features are run.
func run(b *testing.B, places steps.Opener, n, concurrency int) {
	b.Helper()
	results, err := suite.RunIn(b.Context(), suite.Options{Features: repeated(b, n), Concurrency: concurrency}, places)
	require.NoError(b, err)
	require.Len(b, results, n)
}

// repeated is a feature file that holds the journey n times.
func repeated(b *testing.B, n int) fs.FS {
	b.Helper()
	text, err := os.ReadFile(journeyFile)
	require.NoError(b, err)
	head, rest, ok := strings.Cut(string(text), "  @journey\n")
	require.True(b, ok)
	journey, _, _ := strings.Cut(rest, "\n  @")
	return fstest.MapFS{journeyFile: {Data: []byte(head + strings.Repeat("  @journey\n"+journey+"\n", n))}}
}

func perJourney(b *testing.B, journeys func(n int)) {
	b.Helper()
	b.ReportAllocs()
	b.ResetTimer()
	started := cpu()
	journeys(b.N)
	b.ReportMetric(float64((cpu()-started).Microseconds())/float64(b.N), "cpu-µs/journey")
}

// benchmarkFloor sends the recorded requests of the journey, the deletions included,
// to a server that answers with the recorded bytes.
func benchmarkFloor(b *testing.B) {
	exchanges := recorded(b)
	next := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answer := exchanges[next%len(exchanges)].Response
		next++
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Status)
		_, _ = w.Write(answer.Body)
	}))
	defer server.Close()
	plain := &http.Client{Transport: client.NewTransport(1), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	perJourney(b, func(n int) {
		for range n {
			for _, x := range exchanges {
				callOnce(b, plain, server.URL, x)
			}
		}
	})
}

func callOnce(b *testing.B, plain *http.Client, server string, x fixtures.Exchange) {
	b.Helper()
	request, err := http.NewRequestWithContext(context.Background(), x.Request.Method, server+x.Request.URL.RequestURI(), bytes.NewReader(x.Request.Body))
	require.NoError(b, err)
	request.Header = x.Request.Header.Clone()
	answer, err := plain.Do(request)
	require.NoError(b, err)
	var body bytes.Buffer
	_, err = body.ReadFrom(answer.Body)
	require.NoError(b, err)
	require.NoError(b, answer.Body.Close())
}

func recorded(b *testing.B) []fixtures.Exchange {
	b.Helper()
	recording, err := fixtures.Load(fmt.Sprintf("%s/progressive_profiling/anna-gives-her-mobile-phone-number-while-she-signs-on.txtar", fixturesDir))
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
