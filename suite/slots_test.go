package suite

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSlotsAreHalvedAndGrowSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said strings.Builder
		s := newSlots(16, 0, &said)
		ends := make([]func(), 0, 16)
		for range 16 {
			ends = append(ends, s.turn(t.Context()))
		}
		require.Equal(t, 16, s.running)
		<-time.After(time.Minute)
		s.limited()
		s.limited() // of the same crowd
		require.Equal(t, 8, s.allowed)
		<-time.After(sameCrowd)
		s.limited()
		require.Equal(t, 4, s.allowed)
		require.Equal(t, "PingOne answers 429: from now on 8 scenarios at a time, and slowly more\nPingOne answers 429: from now on 4 scenarios at a time, and slowly more\n", said.String())

		begun := make(chan func(), 1)
		go func() { begun <- s.turn(t.Context()) }()
		for _, end := range ends[:10] {
			end()
			synctest.Wait()
			require.Empty(t, begun, "6 of 16 still run")
		}
		require.Equal(t, 6, s.allowed, "one more after 4 that ended, and one more after 5")
		ends[10]()
		<-begun
		require.Equal(t, 6, s.running)
	})
}

func TestSlots(t *testing.T) {
	for _, row := range []struct {
		name        string
		concurrency int
		rps         float64
		want        int
	}{
		{"nothing limits them", 16, 0, 16},
		{"fewer calls a second", 16, 5, 5},
		{"a call in two seconds", 16, 0.5, 1},
		{"more calls a second", 16, 50, 16},
		{"none asked for", 0, 0, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newSlots(row.concurrency, row.rps, nil)
			require.Equal(t, row.want, s.allowed)
			for range row.want {
				s.turn(t.Context())
			}
			ended, stop := context.WithCancel(t.Context())
			stop()
			s.turn(ended)()
			require.Equal(t, row.want, s.running, "who did not get a turn ends none")
		})
	}
}

func TestOneAtATimeStaysOne(t *testing.T) {
	s := newSlots(1, 0, nil)
	s.turn(t.Context())
	s.limited()
	require.Equal(t, 1, s.allowed)
}

func TestWhichAnswersMeanTooManyCalls(t *testing.T) {
	for _, row := range []struct {
		name, path string
		status     int
		after      string
		want       int
	}{
		{"too many calls", "/v1/environments/x/users", 429, "1", 2},
		{"without a time", "/v1/environments/x/users", 429, "", 2},
		{"too many devices", "/v1/environments/x/users/y/devices", 429, "", 4},
		{"too many calls about devices", "/v1/environments/x/users/y/devices", 429, "1", 2},
		{"busy", "/v1/environments/x/users", 503, "1", 4},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newSlots(4, 0, nil)
			for range 4 {
				s.turn(t.Context())
			}
			n := noticing{roundTrip(func(*http.Request) (*http.Response, error) {
				response := answer(row.status, "{}")
				if row.after != "" {
					response.Header.Set("Retry-After", row.after)
				}
				return response, nil
			}), s}
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.pingone.com"+row.path, nil)
			require.NoError(t, err)
			response, err := n.RoundTrip(request)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			require.Equal(t, row.want, s.allowed)
		})
	}
}
