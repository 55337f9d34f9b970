package suite

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/contract"
	"pingone-conformance/internal/replay"
)

func TestWhatIsSeenLateIsReadAgainUntilTheTimeForItIsOver(t *testing.T) {
	old := errors.New("it is old")
	for _, row := range []struct {
		name           string
		settles        int // from which look on the check passes, 0 for never
		limit          time.Duration
		looks, atLeast int
		fails          bool
	}{
		{name: "seen at once", settles: 1, limit: time.Minute, looks: 0},
		{name: "seen at the third look", settles: 3, limit: time.Minute, looks: 2},
		{name: "never seen", limit: 20 * time.Millisecond, atLeast: 2, fails: true},
		{name: "no time to wait", limit: 0, looks: 0, fails: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				seen := contract.NewObservations()
				s := &Scenario{place: &Place{Session: replay.Direct(nil, 1)}, seen: seen, lag: lag{row.limit, time.Millisecond}, step: 7}
				looks := 0
				err := s.Settle(t.Context(), "a change", nil, func() error {
					require.Zero(t, s.step, "a further look is no call of the published list")
					looks++
					return nil
				}, func() error {
					if row.settles > 0 && looks+1 >= row.settles {
						return nil
					}
					return old
				})
				if row.fails {
					require.ErrorIs(t, err, old)
					require.GreaterOrEqual(t, looks, row.atLeast)
				} else {
					require.NoError(t, err)
					require.Equal(t, row.looks, looks)
				}
				require.Equal(t, 7, s.step)
			})
		})
	}
}

func TestALookThatFailsEndsTheWaiting(t *testing.T) {
	broken := errors.New("no answer")
	s := &Scenario{place: &Place{Session: replay.Direct(nil, 1)}, lag: lag{time.Minute, time.Millisecond}}
	err := s.Settle(t.Context(), "a change", nil, func() error { return broken }, func() error { return errors.New("old") })
	require.ErrorIs(t, err, broken)
	ended, end := context.WithCancel(t.Context())
	end()
	s.lag = lag{time.Hour, time.Minute}
	require.ErrorContains(t, s.Settle(ended, "a change", nil, func() error { return nil }, func() error { return errors.New("old") }), "old")
}

// A replay looks again where its recording did, however long that took, and nowhere else.
func TestAReplayLooksAgainWhereItsRecordingDid(t *testing.T) {
	const user = "https://api.pingone.com/v1/environments/00000000-0000-4000-9000-000000000001/users/1"
	address, err := url.Parse(user)
	require.NoError(t, err)
	for _, row := range []struct {
		name, next string
		looks      bool
	}{
		{"the same once more", "GET /v1/environments/00000000-0000-4000-9000-000000000001/users/1", true},
		{"a deletion", "DELETE /v1/environments/00000000-0000-4000-9000-000000000001/users/1", false},
		{"another read", "GET /v1/environments/00000000-0000-4000-9000-000000000001/users/2", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			recording, err := replay.Parse("late.txtar", []byte("format: 1\nrecorded-from: emulator 0.1.0\nrecorded: 2026-01-15T09:00:00.000Z\nseed: 1\npasscodes: outbox\n\n"+
				"-- 01.request --\n"+row.next+" HTTP/1.1\nHost: api.pingone.com\nAccept: application/json\n\n"+
				"-- 01.response --\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{}\n"))
			require.NoError(t, err)
			s := &Scenario{place: &Place{Session: replay.Play(recording, false)}}
			require.Equal(t, row.looks, s.again(t.Context(), address, time.Now().Add(-time.Hour)))
		})
	}
}

func TestTheLagIsTheConfiguredOne(t *testing.T) {
	live := Options{Config: config.Config{Mode: config.Live, Limits: config.Limits{Lag: 7 * time.Second}}}
	require.Equal(t, lag{7 * time.Second, config.LagInterval}, lagOf(live))
	require.Equal(t, emulatorLag, lagOf(Options{Config: config.Config{Mode: config.Emulator}}).limit)
}

func refusing(t *testing.T) *client.Exchange {
	t.Helper()
	address, err := url.Parse("https://api.pingone.com/v1/environments")
	require.NoError(t, err)
	return &client.Exchange{Status: 400, Request: client.Request{Method: "POST", URL: address}}
}

func TestARefusalThatWasOvercomeIsDealtWith(t *testing.T) {
	seen := contract.NewObservations()
	s := &Scenario{seen: seen}
	s.proof.thens = 1
	refusal := refusing(t)
	s.proof.note(refusal)
	require.ErrorContains(t, s.proof.err(), "without a word about a refusal")
	s.Overcome(refusing(t), "something else", "done otherwise")
	require.Error(t, s.proof.err(), "of another call")
	s.Overcome(refusal, "an action", "done otherwise")
	require.NoError(t, s.proof.err())
}
