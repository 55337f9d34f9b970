package wire

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func delivering(body string, how Delivery) []Route {
	return []Route{{Operation: "a", Method: "POST", Pattern: "/a", Handler: func(*Call) *Answer {
		answer := Text(200, "text/plain", body)
		answer.Delivery = how
		return answer
	}}}
}

// Over a real connection, as the caller sees it.
func TestConnectionsThatEndTooEarly(t *testing.T) {
	for name, row := range map[string]struct {
		body string
		how  Delivery
		got  string
		fail error
	}{
		"as it is":       {"12345678", Delivery{}, "12345678", nil},
		"half":           {"12345678", Delivery{Half: true}, "1234", io.ErrUnexpectedEOF},
		"half of little": {"1", Delivery{Half: true}, "", io.ErrUnexpectedEOF},
		"half of none":   {"", Delivery{Half: true}, "", io.EOF},
		"reset":          {"12345678", Delivery{Reset: true}, "", syscall.ECONNRESET},
	} {
		router, err := NewRouter(delivering(row.body, row.how), RouterOptions{Lock: &sync.Mutex{}, NewID: func() string { return "id" }, Now: time.Now})
		require.NoError(t, err)
		server := httptest.NewServer(router)
		request, err := http.NewRequestWithContext(t.Context(), "POST", server.URL+"/a", strings.NewReader("{}"))
		require.NoError(t, err)
		answer, err := server.Client().Do(request)
		var body []byte
		if err == nil {
			body, err = io.ReadAll(answer.Body)
			require.NoError(t, answer.Body.Close())
		}
		require.Equal(t, row.got, string(body), name)
		require.ErrorIs(t, err, row.fail, name)
		server.Close()
	}
	without := httptest.NewRecorder()
	router, err := NewRouter(delivering("x", Delivery{Reset: true}), RouterOptions{Lock: &sync.Mutex{}, NewID: func() string { return "id" }, Now: time.Now})
	require.NoError(t, err)
	require.PanicsWithValue(t, http.ErrAbortHandler, func() { router.ServeHTTP(without, httptest.NewRequest("POST", "/a", nil)) })
}

// parts notes when each part of an answer comes.
type parts struct {
	*httptest.ResponseRecorder
	began time.Time
	at    []time.Duration
	sizes []int
	room  int // for so many parts; then the caller has hung up
}

func (p *parts) Write(b []byte) (int, error) {
	if len(p.at) == p.room {
		return 0, errors.New("hung up")
	}
	p.at, p.sizes = append(p.at, time.Since(p.began)), append(p.sizes, len(b))
	return p.ResponseRecorder.Write(b)
}

func TestTrickle(t *testing.T) {
	closed := make(chan struct{})
	close(closed)
	for name, row := range map[string]struct {
		body  string
		stop  chan struct{}
		room  int
		took  time.Duration
		parts int
	}{
		"in twenty parts":       {strings.Repeat("1", 40), nil, 99, 40 * time.Second, 20},
		"and what is left":      {strings.Repeat("1", 41), nil, 99, time.Duration(21*2) * 40 * time.Second / 41, 21},
		"a byte at least":       {"123", nil, 99, 40 * time.Second, 3},
		"nothing to trickle":    {"", nil, 99, 0, 0},
		"hurried":               {strings.Repeat("1", 40), closed, 99, 0, 20},
		"to nobody any more":    {strings.Repeat("1", 40), nil, 3, 8 * time.Second, 3},
		"until the last minute": {"1", nil, 99, 40 * time.Second, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := &parts{ResponseRecorder: httptest.NewRecorder(), began: time.Now(), room: row.room}
			serveTo(t, w, delivering(row.body, Delivery{Over: 40 * time.Second, Stop: row.stop}))
			require.Equal(t, row.took.Round(time.Millisecond), time.Since(w.began).Round(time.Millisecond), name)
			require.Len(t, w.at, row.parts, name)
			if row.parts > 0 {
				require.Equal(t, row.stop == nil, w.at[0] > 0, "the first part waits as well")
				require.True(t, w.Flushed)
			}
			if row.room > row.parts {
				require.Equal(t, row.body, w.Body.String(), name)
			}
		})
	}
}

func serveTo(t *testing.T, w http.ResponseWriter, routes []Route) {
	t.Helper()
	router, err := NewRouter(routes, RouterOptions{Lock: &sync.Mutex{}, NewID: func() string { return "id" }, Now: time.Now})
	require.NoError(t, err)
	router.ServeHTTP(w, httptest.NewRequest("POST", "/a", nil))
}

func TestPauseEndsWithWhoeverWaits(t *testing.T) {
	closed := make(chan struct{})
	close(closed)
	for _, row := range []struct {
		done, stop chan struct{}
		took       time.Duration
	}{{nil, nil, time.Hour}, {closed, nil, 0}, {nil, closed, 0}} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			Pause(time.Hour, row.done, row.stop)
			require.Equal(t, row.took, time.Since(began))
		})
	}
}
