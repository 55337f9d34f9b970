package replay_test

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay"
)

// journey is a recording of n calls, and the calls.
func journey(tb testing.TB, n int) (string, []call) {
	tb.Helper()
	parts := strings.SplitAfter(small, "\n\n-- 01.request --")
	var text strings.Builder
	text.WriteString("format: 1\nrecorded-from: fake 1\nrecorded: 2026-01-15T09:00:00.000Z\nseed: 7\n\n")
	require.Len(tb, parts, 2)
	exchanges := strings.Split("-- 01.request --"+parts[1], "-- 0")[1:]
	four := calls()
	var all []call
	for i := range n {
		for half, kind := range []string{"request", "response"} {
			_, body, _ := strings.Cut(exchanges[i%4*2+half], "\n")
			fmt.Fprintf(&text, "-- %02d.%s --\n%s", i+1, kind, body)
		}
		all = append(all, four[i%4])
	}
	file := filepath.Join(tb.TempDir(), "journey.txtar")
	require.NoError(tb, os.WriteFile(file, []byte(text.String()), 0o600))
	return file, all
}

func TestAJourneyOfManyCallsReplays(t *testing.T) {
	file, all := journey(t, 101)
	session, err := replay.Replay(from(file))
	require.NoError(t, err)
	sendAll(t, session, all...)
	require.NoError(t, session.Finish(true))
}

// BenchmarkReplay is a journey of 25 calls from its file to its end, as a scenario
// runs it: without Gherkin, client and checks.
func BenchmarkReplay(b *testing.B) {
	file, all := journey(b, 25)
	b.ReportAllocs()
	for b.Loop() {
		session, err := replay.Replay(from(file))
		if err != nil {
			b.Fatal(err)
		}
		client := &http.Client{Transport: session.RoundTripper()}
		for _, one := range all {
			request, err := http.NewRequest(one.method, one.url, strings.NewReader(one.body))
			if err != nil {
				b.Fatal(err)
			}
			request.Header = one.header
			response, err := client.Do(request)
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		}
		if err := session.Finish(true); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParse is what the first replay of a file costs in a process.
func BenchmarkParse(b *testing.B) {
	file, _ := journey(b, 25)
	text, err := os.ReadFile(file)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := replay.Parse(file, text); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMutant is a replay of a changed recording that fails at its first call.
func BenchmarkMutant(b *testing.B) {
	file, all := journey(b, 25)
	recording, err := replay.Load(from(file))
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		e := recording.Exchange(12)
		e.Response.Status = 500
		session := replay.Play(recording.With(12, e), false)
		if _, err := all[1].send(session); err == nil {
			b.Fatal("the call out of order was answered")
		}
	}
}

// BenchmarkRecord is a story of 15 calls, told to the fake and written down.
func BenchmarkRecord(b *testing.B) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(b, err)
	for b.Loop() {
		record(b, someDay(), key)
	}
}
