package expiring

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMap(t *testing.T) {
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	later := func(minutes int) time.Time { return now.Add(time.Duration(minutes) * time.Minute) }

	t.Run("the oldest goes first, and what was extended is young again", func(t *testing.T) {
		s := New[int](3)
		for i := range 3 {
			s.Put(fmt.Sprint(i), i, now, later(9))
		}
		s.Extend("0", later(9))
		s.Put("3", 3, now, later(9))
		require.Equal(t, 3, s.order.Len())
		_, ok := s.Get("1", now)
		require.False(t, ok)
		_, ok = s.Get("0", now)
		require.True(t, ok)
	})
	t.Run("what has expired is gone, and makes room", func(t *testing.T) {
		s := New[int](3)
		s.Put("a", 1, now, later(1))
		s.Put("b", 2, now, later(1))
		_, ok := s.Get("a", later(1))
		require.False(t, ok)
		s.Put("c", 3, later(1), later(9))
		require.Equal(t, 1, s.order.Len())
	})
	t.Run("a key holds one value", func(t *testing.T) {
		s := New[int](3)
		s.Put("a", 1, now, later(1))
		s.Put("a", 2, now, later(1))
		value, _ := s.Get("a", now)
		require.Equal(t, 2, value)
		require.Equal(t, 1, s.order.Len())
	})
}

func TestWhatIsKeptIsKnownBeyondItsEnd(t *testing.T) {
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	s := New[int](3)
	s.Put("a", 7, now, now.Add(time.Minute))
	value, expires, found := s.Kept("a")
	require.True(t, found)
	require.Equal(t, 7, value)
	require.Equal(t, now.Add(time.Minute), expires)
	_, _, found = s.Kept("b")
	require.False(t, found)
	require.Equal(t, []string{"a"}, s.Keys())
}

func TestWhatChangesIsNotedOnceSomebodyWatches(t *testing.T) {
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	later := now.Add(time.Minute)
	s := New[int](3)
	s.Put("before", 0, now, later)
	require.Empty(t, s.Changed())
	s.Watch()
	require.Empty(t, s.Changed(), "what was there before has not changed")
	for name, change := range map[string]func(){
		"put":      func() { s.Put("a", 1, now, later) },
		"noted":    func() { s.Note("a") },
		"extended": func() { s.Extend("a", later.Add(time.Minute)) },
		"expired":  func() { s.Put("a", 1, now, later); s.Changed(); s.Get("a", later) },
		"dropped":  func() { s.Put("a", 1, now, later); s.Changed(); s.Drop("a") },
		"cleared":  func() { s.Drop("before"); s.Put("a", 1, now, later); s.Changed(); s.Clear() },
	} {
		s.Put("a", 1, now, later)
		s.Changed()
		change()
		require.Equal(t, []string{"a"}, s.Changed(), name)
		require.Empty(t, s.Changed(), name)
	}
	s.Put("a", 1, now, later)
	s.Extend("a", later.Add(time.Minute))
	value, there := s.Get("a", later)
	require.True(t, there, "it was extended")
	require.Equal(t, 1, value)
	s.Clear()
	require.Empty(t, s.Keys())
	_, there = s.Get("a", now)
	require.False(t, there)
}
