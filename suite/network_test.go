package suite

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/internal/retry"
)

func TestWhatIsWaitedForHasAName(t *testing.T) {
	require.Equal(t, "PingOne's rate limit", awaited(retry.Event{Why: "answered 429"}))
	require.Equal(t, "answered 503", awaited(retry.Event{Why: "answered 503"}))
}

// heard takes down what is waited for, and ends the wait.
type heard struct {
	silence
	end    context.CancelFunc
	what   string
	atMost time.Duration
}

func (h *heard) Waiting(what string, atMost time.Duration) {
	h.what, h.atMost = what, atMost
	h.end()
}

func TestTheWaitForOurOwnLimitIsSaid(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	hears := &heard{end: cancel}
	transport, connections := network(Options{Config: config.Config{MaxRPS: 0.1}, Progress: hears}, nil)
	defer connections.CloseIdleConnections()
	var err error
	for range 2 {
		var request *http.Request
		request, err = http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
		require.NoError(t, err)
		var answer *http.Response
		if answer, err = transport.RoundTrip(request); err == nil {
			require.NoError(t, answer.Body.Close())
			require.Empty(t, hears.what, "the first call goes at once")
		}
	}
	require.ErrorIs(t, err, context.Canceled, "the second waits until somebody stops it")
	require.Equal(t, "its turn at 0.1 calls a second, PINGONE_MAX_RPS", hears.what)
	require.Greater(t, hears.atMost, time.Second)
}

func TestHowLongCallsAreRepeated(t *testing.T) {
	given := retry.Options{LagLimit: 1, LagInterval: 2, RightsLimit: 3, AttemptLimit: 4}
	limits := config.Limits{Lag: time.Minute, Call: time.Second}
	for _, row := range []struct {
		what string
		o    Options
		want retry.Options
	}{
		{"a tenant, by the configuration", Options{Config: config.Config{Mode: config.Live, Limits: limits}},
			retry.Options{LagLimit: time.Minute, LagInterval: config.LagInterval, RightsLimit: time.Minute, AttemptLimit: time.Second}},
		{"the emulator, whose rights do not spread", Options{Config: config.Config{Mode: config.Emulator, Limits: limits}},
			retry.Options{LagLimit: emulatorLag, LagInterval: emulatorLag / 20, AttemptLimit: time.Second}},
		{"what is given", Options{Retry: given, Config: config.Config{Mode: config.Live, Limits: limits}}, given},
	} {
		got := repetitions(row.o)
		require.Nil(t, got.Log, "nobody listens")
		require.Equal(t, row.want, got, row.what)
	}
}

// A call has time for one try, for lag, and for the longest pause that a server may ask for.
func TestHowLongACallMayTake(t *testing.T) {
	require.Equal(t, time.Second+time.Minute+retry.MaxRetryAfter, callLimit(config.Limits{Call: time.Second, Lag: time.Minute}))
	require.Zero(t, callLimit(config.Limits{Lag: time.Minute}), "the client has a limit of its own")
}

func TestEachRepetitionIsSaid(t *testing.T) {
	var out strings.Builder
	hears := &heard{end: func() {}}
	repetitions(Options{Output: &out, Progress: hears}).Log(retry.Event{Method: "GET", Path: "/x", Why: "answered 429", Try: 1, Wait: time.Second})
	require.Equal(t, "again: GET /x: answered 429 at try 1; next try in 1s\n", out.String())
	require.Equal(t, "PingOne's rate limit", hears.what)
	require.Equal(t, time.Second, hears.atMost)
}

func TestAShortWaitIsNotSaid(t *testing.T) {
	hears := &heard{end: func() {}}
	o := Options{Config: config.Config{MaxRPS: 5}, Progress: hears}
	o.ownPace(shortWait - 1)
	require.Empty(t, hears.what)
	o.ownPace(shortWait)
	require.NotEmpty(t, hears.what)
}

// Whoever answers that there are too many calls gets fewer scenarios at a time.
func TestTooManyCallsLeaveRoomForFewerScenarios(t *testing.T) {
	busy := true
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if busy {
			busy = false
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	}))
	defer server.Close()
	slots := newSlots(4, 0, nil)
	for range 4 {
		slots.turn(t.Context())
	}
	transport, connections := network(Options{Retry: retry.Options{FirstWait: 1, LongestWait: 1}}, slots)
	defer connections.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	require.NoError(t, err)
	answer, err := transport.RoundTrip(request)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusOK, answer.StatusCode, "the call is repeated")
	require.Equal(t, 2, slots.allowed)
}
