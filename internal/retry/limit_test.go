package retry_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/retry"
)

func TestCallsASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := retry.Limit(plays(status(200)), 5, nil)
		started := time.Now()
		var wg sync.WaitGroup
		for range 11 {
			wg.Go(func() { send(t, rt, request(t, t.Context(), "GET", api, "")) })
		}
		wg.Wait()
		require.Equal(t, 2*time.Second, time.Since(started), "the first goes at once, ten follow at five a second")
	})
}

func TestNoLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := retry.Limit(plays(status(200)), 0, nil)
		started := time.Now()
		for range 1000 {
			send(t, rt, request(t, t.Context(), "GET", api, ""))
		}
		require.Zero(t, time.Since(started))
	})
}

func TestAWaitForTheRateIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []time.Duration
		rt := retry.Limit(plays(status(200)), 0.5, func(pause time.Duration) { told = append(told, pause) })
		for range 3 {
			send(t, rt, request(t, t.Context(), "GET", api, ""))
		}
		<-time.After(time.Minute)
		send(t, rt, request(t, t.Context(), "GET", api, ""))
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var held *retry.HeldBackError
		require.ErrorAs(t, send(t, rt, request(t, short, "GET", api, "")).err, &held)
		require.Equal(t, []time.Duration{2 * time.Second, 2 * time.Second}, told, "neither where it is its turn, nor where it does not wait")
	})
}

func TestOne429HoldsAllCallsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := plays(status(429, "Retry-After", "10"), status(200))
		rt := retry.Limit(server, 2, nil)
		require.Equal(t, 429, send(t, rt, request(t, t.Context(), "GET", api, "")).response.StatusCode)
		started := time.Now()
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				require.Equal(t, 200, send(t, rt, request(t, t.Context(), "GET", api, "")).response.StatusCode)
			})
		}
		synctest.Wait()
		require.Equal(t, 1, server.count(), "nothing is sent while the pause lasts")
		wg.Wait()
		require.Equal(t, 11*time.Second, time.Since(started), "after it, two a second")
	})
}

func TestA429HoldsBackWhatAlreadyWaitsForItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(r *http.Request) (*http.Response, error) {
			<-time.After(5 * time.Second)
			return status(429, "Retry-After", "20")(r)
		}
		rt := retry.Limit(&unlocked{answers: []answer{slow, status(200)}}, 0.1, nil)
		started := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() { send(t, rt, request(t, t.Context(), "GET", api, "")) })
		synctest.Wait()
		send(t, rt, request(t, t.Context(), "GET", api, "")) // its turn is after ten seconds
		wg.Wait()
		require.GreaterOrEqual(t, time.Since(started), 25*time.Second)
	})
}

// unlocked is a script whose answers may take their time at once.
type unlocked struct {
	next    atomic.Int64
	answers []answer
}

func (u *unlocked) RoundTrip(r *http.Request) (*http.Response, error) {
	return u.answers[u.next.Add(1)-1](r)
}

func TestAShorterPauseDoesNotEndALongerOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := func(after time.Duration, give answer) answer {
			return func(r *http.Request) (*http.Response, error) {
				<-time.After(after)
				return give(r)
			}
		}
		rt := retry.Limit(&unlocked{answers: []answer{
			late(time.Second, status(429, "Retry-After", "20")), late(2*time.Second, status(429, "Retry-After", "1")), status(200),
		}}, 0, nil)
		started := time.Now()
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { send(t, rt, request(t, t.Context(), "GET", api, "")) })
			synctest.Wait()
		}
		wg.Wait()
		send(t, rt, request(t, t.Context(), "GET", api, ""))
		require.Equal(t, 21*time.Second, time.Since(started))
	})
}

func TestA429WithoutATimeHoldsNobodyBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := retry.Limit(plays(status(429), status(200)), 0, nil)
		send(t, rt, request(t, t.Context(), "GET", api, ""))
		require.Zero(t, send(t, rt, request(t, t.Context(), "GET", api, "")).took)
	})
}

func TestOnlyA429HoldsOthersBack(t *testing.T) {
	for _, code := range []int{200, 503} {
		synctest.Test(t, func(t *testing.T) {
			rt := retry.Limit(plays(status(code, "Retry-After", "20")), 0, nil)
			send(t, rt, request(t, t.Context(), "GET", api, ""))
			require.Zero(t, send(t, rt, request(t, t.Context(), "GET", api, "")).took, code)
		})
	}
}

// A date holds everybody back as well as seconds do.
func TestA429WithADateHoldsAllCallsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := retry.Limit(plays(status(429, "Retry-After", "Sat, 01 Jan 2000 00:00:20 GMT"), status(200)), 0, nil)
		send(t, rt, request(t, t.Context(), "GET", api, ""))
		require.Equal(t, 20*time.Second, send(t, rt, request(t, t.Context(), "GET", api, "")).took)
	})
}

func TestATurnThatComesTooLateIsNotWaitedFor(t *testing.T) {
	rows := []struct {
		name string
		rps  float64
		want string
	}{
		{"after a 429", 0, "not sent: PingOne answered 429 to another call of this run and wants a pause of 10s more, which outlasts the call's time limit"},
		{"for the rate", 0.01, "not sent: at 0.01 calls a second there is no turn before the call's time limit"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				first := status(200)
				if row.rps == 0 {
					first = status(429, "Retry-After", "10")
				}
				server := plays(first, status(200))
				rt := retry.Limit(server, row.rps, nil)
				send(t, rt, request(t, t.Context(), "GET", api, ""))
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				r := request(t, ctx, "PUT", api, "{}")
				closed := &noticing{ReadCloser: r.Body}
				r.Body = closed
				got := send(t, rt, r)
				var held *retry.HeldBackError
				require.ErrorAs(t, got.err, &held)
				require.EqualError(t, got.err, row.want)
				require.Zero(t, got.took)
				require.True(t, closed.closed)
				require.Len(t, server.calls, 1)
			})
		})
	}
}

func TestWaitingForATurnEndsWithTheContext(t *testing.T) {
	for _, rps := range []float64{0, 0.01} {
		synctest.Test(t, func(t *testing.T) {
			first := status(200)
			if rps == 0 {
				first = status(429, "Retry-After", "20")
			}
			rt := retry.Limit(plays(first, status(200)), rps, nil)
			send(t, rt, request(t, t.Context(), "GET", api, ""))
			stopped := errors.New("stopped by interrupt")
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(time.Second, func() { cancel(stopped) })
			got := send(t, rt, request(t, ctx, "GET", api, ""))
			require.ErrorIs(t, got.err, stopped)
			require.Equal(t, time.Second, got.took)
		})
	}
}

// The two round trippers as a run has them, under a real transport and many
// scenarios at once: every call is answered, and nothing races.
func TestManyScenariosShareThem(t *testing.T) {
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch n := calls.Add(1); {
		case n%7 == 0:
			w.WriteHeader(http.StatusServiceUnavailable)
		case n%11 == 0:
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		case n%13 == 0:
			panic(http.ErrAbortHandler) // the connection breaks
		}
	}))
	defer server.Close()

	var log events
	pool := &http.Transport{MaxIdleConnsPerHost: 32}
	defer pool.CloseIdleConnections()
	rt := retry.New(retry.Limit(pool, 100_000, nil), retry.Options{
		Attempts: 50, FirstWait: time.Microsecond, LongestWait: time.Millisecond, Log: log.log,
	})
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for range 20 {
				got := send(t, rt, request(t, t.Context(), "PUT", server.URL+"/v1/environments/1/applications/1", `{"name":"x"}`))
				if got.err != nil || got.response.StatusCode != http.StatusOK {
					t.Errorf("not answered: %v", got.err)
				}
			}
		})
	}
	wg.Wait()
	require.NotEmpty(t, log.list)
}

func TestWhoIsStoppedWhileWaitingSendsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := plays(status(429, "Retry-After", "20"), status(200))
		rt := retry.Limit(server, 0, nil)
		send(t, rt, request(t, t.Context(), "GET", api, ""))
		ctx, cancel := context.WithCancelCause(t.Context())
		stopped := errors.New("stopped by interrupt")
		time.AfterFunc(5*time.Second, func() { cancel(stopped) })
		got := send(t, rt, request(t, ctx, "PUT", api, "{}"))
		require.ErrorIs(t, got.err, stopped)
		require.Equal(t, 5*time.Second, got.took)
		require.Len(t, server.calls, 1)
	})
}
