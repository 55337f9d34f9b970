package replay_test

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay"
)

// The clock is recorded as often as it was read, also before a call that got no answer and after the last.
func TestEveryReadingOfTheClockIsRecorded(t *testing.T) {
	clock := &clock{at: time.Date(2026, 9, 3, 14, 21, 7, 0, time.UTC)}
	var session *replay.Session
	count := 0
	flaky := roundTrip(func(*http.Request) (*http.Response, error) {
		if count++; count == 2 {
			return nil, errors.New("connection reset")
		}
		return ok(`{}`), nil
	})
	call := func(fails bool) {
		clock.at = clock.at.Add(time.Second)
		session.Now()
		_, err := post(t, session, nil)
		require.Equal(t, fails, err != nil)
	}
	file := filepath.Join(t.TempDir(), "story.txtar")
	session = replay.Record(flaky, file, 7, replay.RecordOptions{Answered: "fake 1", Now: clock.now})
	call(false)
	call(true)
	call(false)
	clock.at = clock.at.Add(time.Second)
	session.Now()
	require.NoError(t, session.Finish(true))
	text := read(t, file)
	require.Contains(t, text, "\nclock 01: 1000\nclock 02: 2000 3000\nclock 03: 4000\n\n")
}

// A recording that is only compared is written nowhere, and can be had before and after the scenario's end.
func TestARecordingThatIsKeptInMemory(t *testing.T) {
	folder := t.TempDir()
	session := replay.Record(always(`{}`), filepath.Join(folder, "story.txtar"), 7, replay.RecordOptions{Answered: "fake 1"})
	require.True(t, session.Ordered())
	session.KeepInMemory()
	get(t, session, "https://api.pingone.com/v1/x")
	for range 2 {
		recording, err := session.Recording()
		require.NoError(t, err)
		require.Len(t, recording.Exchanges(), 1)
		require.Equal(t, "anna", session.Scrub("anna"), "the session goes on")
	}
	require.NoError(t, session.Finish(true))
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)

	_, err = smallSession(t).Recording()
	require.ErrorContains(t, err, "in replay nobody new answers")
	require.True(t, smallSession(t).Ordered())
	require.False(t, replay.Direct(always(`{}`), 7).Ordered())
}

// Only replay knows which call comes next: whether the scenario waits for it depends on that.
func TestReplayAwaitsTheNextCallOnly(t *testing.T) {
	s, all := smallSession(t), calls()
	awaits := func(c call) bool {
		address, err := url.Parse(c.url)
		require.NoError(t, err)
		return s.Awaits(c.method, address)
	}
	for i, one := range all {
		for j, other := range all {
			require.Equal(t, i == j, awaits(other), "call %d before call %d", j+1, i+1)
		}
		changed := one
		changed.url += "?more=1"
		require.True(t, awaits(changed), "its query apart")
		changed.method = http.MethodPatch
		require.False(t, awaits(changed), "another method")
		changed = one
		changed.url = "https://apps.pingone.com" + changed.url[len("https://auth.pingone.com"):]
		require.False(t, awaits(changed), "another host")
		sendAll(t, s, one)
	}
	require.False(t, awaits(all[3]), "after the last")
	s = smallSession(t)
	_, err := all[1].send(s)
	require.Error(t, err)
	require.False(t, awaits(all[0]), "once it has failed")
	require.False(t, replay.Direct(always(`{}`), 7).Awaits(http.MethodPost, &url.URL{}), "nobody replays")
}

// One exchange alone is a recording too, and tells the contract what it needs.
func TestOneExchangeOfARecordingAlone(t *testing.T) {
	recording, err := replay.Parse("small.txtar", []byte(small))
	require.NoError(t, err)
	only := recording.Only(1)
	require.Len(t, only.Exchanges(), 1)
	s := replay.Play(only, false)
	sendAll(t, s, calls()[1])
	require.NoError(t, s.Finish(true))
	require.Len(t, recording.Exchanges(), 4, "the original is untouched")

	e := recording.Exchange(1)
	ex := e.Client()
	require.Equal(t, http.MethodPost, ex.Request.Method)
	require.Equal(t, e.Request.URL, ex.Request.URL)
	require.Equal(t, e.Request.Header, ex.Request.Header)
	require.Equal(t, e.Request.Body, ex.Request.Body)
	require.Equal(t, http.StatusCreated, ex.Status)
	require.Equal(t, e.Response.Header, ex.Header)
	require.Equal(t, e.Response.Body, ex.Body)
}

// What could not be read back is refused, before anybody relies on it.
func TestARecordingThatCannotBeReadBackIsRefused(t *testing.T) {
	file, err := recordCalls(t, always(`{}`, "Location", "/x\nhost: elsewhere"), replay.RecordOptions{}, func(s *replay.Session) {
		get(t, s, "https://api.pingone.eu/v1/x")
	})
	require.ErrorContains(t, err, "recording "+file+": what was recorded could not be read back")
	require.NoFileExists(t, file)
}

// A call whose body cannot be read is not sent, and is nobody's answer.
func TestACallWhoseBodyBreaksIsNotReplayed(t *testing.T) {
	_, err := post(t, smallSession(t), failing{})
	require.ErrorContains(t, err, "reading the request to replay: connection reset")
}

// What tells of the connection, of a machine or of the minute is no part of a recording.
func TestTheHeadersThatARecordingKeeps(t *testing.T) {
	answered := http.Header{
		"Access-Control-Allow-Origin": {"*"}, "Cache-Control": {"no-store"}, "Content-Type": {"application/json"}, "Retry-After": {"7"}, "Pragma": {"no-cache"},
		"Date": {"Sun, 06 Nov 1994 08:49:37 GMT"}, "Server": {"s"}, "Via": {"1.1 v"}, "X-Amz-Cf-Id": {"a"}, "Connection": {"keep-alive"}, "Alt-Svc": {"clear"},
	}
	file := filepath.Join(t.TempDir(), "story.txtar")
	session := replay.Record(roundTrip(func(*http.Request) (*http.Response, error) {
		answer := ok(`{}`)
		answer.Header = answered.Clone()
		return answer, nil
	}), file, 7, replay.RecordOptions{Answered: "fake 1"})
	asked, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.pingone.com/v1/x", nil)
	require.NoError(t, err)
	asked.Header = http.Header{"Accept": {"application/json"}, "Prefer": {"wait"}, "X-Ping-External-Correlation-Id": {"c"}, "User-Agent": {"u"}, "Traceparent": {"t"}}
	answer, err := session.RoundTripper().RoundTrip(asked)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	recording, err := session.Recording()
	require.NoError(t, err)
	require.NoError(t, session.Finish(true))
	names := func(h http.Header) []string { return slices.Sorted(maps.Keys(h)) }
	one := recording.Exchanges()[0]
	require.Equal(t, []string{"Accept", "Prefer", "X-Ping-External-Correlation-Id"}, names(one.Request.Header))
	require.Equal(t, []string{"Access-Control-Allow-Origin", "Cache-Control", "Content-Type", "Pragma", "Retry-After"}, names(one.Response.Header))
}
