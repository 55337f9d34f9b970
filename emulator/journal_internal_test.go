package emulator

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func numbers(entries []Entry) (first, last, count int) {
	if len(entries) == 0 {
		return 0, 0, 0
	}
	return entries[0].Number, entries[len(entries)-1].Number, len(entries)
}

// The journal keeps the newest thousand calls, in their order; the count goes on whatever is forgotten.
func TestHowMuchTheJournalKeeps(t *testing.T) {
	j := newJournal()
	add := func(n int) {
		for range n {
			j.add(Entry{})
		}
	}
	for _, row := range []struct{ add, since, first, last, count int }{
		{0, 0, 0, 0, 0}, {1, 0, 1, 1, 1}, {1, 0, 1, 2, 2}, {0, 1, 2, 2, 1}, {0, 2, 0, 0, 0}, {0, 3, 0, 0, 0},
		{997, 0, 1, 999, 999}, {1, 0, 1, 1000, 1000}, {1, 0, 2, 1001, 1000}, {0, 1000, 1001, 1001, 1}, {1500, 0, 1502, 2501, 1000},
	} {
		add(row.add)
		entries, next, _ := j.since(row.since)
		first, last, count := numbers(entries)
		require.Equal(t, []int{row.first, row.last, row.count}, []int{first, last, count}, row)
		require.Equal(t, j.count, next)
	}
	j.clear()
	entries, next, _ := j.since(0)
	require.Equal(t, []Entry{}, entries)
	require.Equal(t, 2501, next, "the count goes on")
	add(2)
	entries, _, _ = j.since(0)
	first, last, count := numbers(entries)
	require.Equal(t, []int{2502, 2503, 2}, []int{first, last, count})
}

// Who waits is answered with what there is when the emulator ends, and not at all when nobody listens any more.
func TestWhenWaitingEnds(t *testing.T) {
	s := &Server{closing: make(chan struct{}), journal: newJournal()}
	ask := func(ctx context.Context) string {
		answer := httptest.NewRecorder()
		s.showJournal(answer, httptest.NewRequestWithContext(ctx, http.MethodGet, "/emulator/journal?wait=50s", nil))
		return answer.Body.String()
	}
	patient, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	s.journal.add(Entry{})
	require.Contains(t, ask(patient), `"number": 1,`, "there is one: nothing is waited for")
	s.journal.clear()
	hungUp, hangUp := context.WithCancel(t.Context())
	hangUp()
	require.Empty(t, ask(hungUp))
	close(s.closing)
	require.JSONEq(t, `{"entries":[],"next":1}`, ask(patient))
}

func TestWhoWaitsForTheJournalIsWoken(t *testing.T) {
	j := newJournal()
	_, _, one := j.since(0)
	_, _, other := j.since(0)
	woken := func(news <-chan struct{}) bool {
		select {
		case <-news:
			return true
		default:
			return false
		}
	}
	require.False(t, woken(one))
	j.add(Entry{})
	require.True(t, woken(one))
	require.True(t, woken(other))
	_, _, next := j.since(0)
	require.False(t, woken(next), "of the next call")
}
