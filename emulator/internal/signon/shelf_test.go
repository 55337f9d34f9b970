package signon

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestShelf(t *testing.T) {
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	later := func(minutes int) time.Time { return now.Add(time.Duration(minutes) * time.Minute) }

	t.Run("the oldest goes first, and what was extended is young again", func(t *testing.T) {
		s := newShelf[int](3)
		for i := range 3 {
			s.put(fmt.Sprint(i), i, now, later(9))
		}
		s.extend("0", later(9))
		s.put("3", 3, now, later(9))
		require.Equal(t, 3, s.len())
		_, ok := s.get("1", now)
		require.False(t, ok)
		_, ok = s.get("0", now)
		require.True(t, ok)
	})
	t.Run("what has expired is gone, and makes room", func(t *testing.T) {
		s := newShelf[int](3)
		s.put("a", 1, now, later(1))
		s.put("b", 2, now, later(1))
		_, ok := s.get("a", later(1))
		require.False(t, ok)
		s.put("c", 3, later(1), later(9))
		require.Equal(t, 1, s.len())
	})
	t.Run("a key holds one value", func(t *testing.T) {
		s := newShelf[int](3)
		s.put("a", 1, now, later(1))
		s.put("a", 2, now, later(1))
		value, _ := s.get("a", now)
		require.Equal(t, 2, value)
		require.Equal(t, 1, s.len())
	})
}

func TestMemoryIsBounded(t *testing.T) {
	r := newRig(t, Options{Capacity: 20})
	for range 60 {
		b := r.browser()
		b.exchange(b.code())
		b.send("GET", r.path("/as/authorize?"+r.query("response_mode", "query").Encode()), "", "")
	}
	require.LessOrEqual(t, r.server.flows.len(), 20)
	require.LessOrEqual(t, r.server.sessions.len(), 20)
	require.LessOrEqual(t, r.server.codes.len(), 20)
	require.LessOrEqual(t, r.server.spent.len(), 20)
	require.LessOrEqual(t, len(r.server.flows.byKey), 20)
}
