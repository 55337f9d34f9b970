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
		"new":      func() { s.Drop("a"); s.Changed(); s.Put("a", 1, now, later) },
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

// At its end a value is gone, for whoever looks, and whoever only looks changes nothing.
func TestAValueIsThereUntilItsEnd(t *testing.T) {
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	end := now.Add(time.Minute)
	for at, there := range map[time.Time]bool{now: true, end.Add(-1): true, end: false, end.Add(1): false} {
		s := New[int](3)
		s.Put("a", 1, now, end)
		value, found := s.Look("a", at)
		require.Equal(t, there, found, at)
		require.Equal(t, there, value == 1, at)
		require.Equal(t, []string{"a"}, s.Keys())
		value, found = s.Get("a", at)
		require.Equal(t, there, found, at)
		require.Equal(t, there, value == 1, at)
		require.Equal(t, there, len(s.Keys()) == 1, at)
		_, found = s.Look("b", at)
		require.False(t, found)
	}
}

// Room is made for one more, by what has ended and then by the oldest, and by no more than it takes.
func TestNoMoreGoesThanHasTo(t *testing.T) {
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	s := New[int](3)
	s.Put("ended", 0, now, now.Add(time.Minute))
	s.Put("a", 1, now, now.Add(time.Hour))
	s.Put("b", 2, now, now.Add(time.Hour))
	s.Put("c", 3, now.Add(time.Minute), now.Add(time.Hour))
	require.Equal(t, []string{"a", "b", "c"}, s.Keys())
	s.Put("d", 4, now, now.Add(time.Hour))
	require.Equal(t, []string{"b", "c", "d"}, s.Keys())
	s.Put("b", 5, now, now.Add(time.Hour))
	require.Equal(t, []string{"c", "d", "b"}, s.Keys(), "what takes its own place drives out nobody")
	s.Extend("nobody", now.Add(time.Hour))
	s.Drop("nobody")
	require.Equal(t, []string{"c", "d", "b"}, s.Keys())
}

func TestValuesAreFoundAndForgottenByWhatTheyAre(t *testing.T) {
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	s := New[int](9)
	for i, key := range []string{"a", "b", "c", "d"} {
		s.Put(key, i, now, now.Add(time.Hour))
	}
	even := func(n int) bool { return n%2 == 0 }
	newest, found := s.Newest(even)
	require.True(t, found)
	require.Equal(t, 2, newest)
	s.DropIf(even)
	require.Equal(t, []string{"b", "d"}, s.Keys())
	_, found = s.Newest(even)
	require.False(t, found)
}
