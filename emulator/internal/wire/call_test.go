package wire

import (
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

func TestSizes(t *testing.T) {
	routes := []Route{named("a", "POST", "/things", "")}
	fits := serve(t, routes, httptest.NewRequest("POST", "/things", strings.NewReader(strings.Repeat("a", maxBody))))
	require.Equal(t, 200, fits.Code)
	large := serve(t, routes, httptest.NewRequest("POST", "/things", strings.NewReader(strings.Repeat("a", maxBody+1))))
	require.Equal(t, 413, large.Code)
	require.Equal(t, "SIZE_LIMIT_EXCEEDED", gjson.Get(large.Body.String(), "details.0.code").String())

	request := httptest.NewRequest("POST", "/things", nil)
	request.Header.Set("X-Long", strings.Repeat("a", 6<<10-len("X-Long: \r\n")))
	require.Equal(t, 200, serve(t, routes, request).Code)
	request.Header.Set("X-Long", request.Header.Get("X-Long")+"a")
	headers := serve(t, routes, request)
	require.Equal(t, 400, headers.Code)
	require.EqualValues(t, 6<<10, gjson.Get(headers.Body.String(), "details.0.innerError.maximumValue").Int())
	require.True(t, gjson.Valid(headers.Body.String()), "one answer, not two")
	require.Equal(t, "INVALID_REQUEST", gjson.Get(headers.Body.String(), "code").String())
	require.Equal(t, "SIZE_LIMIT_EXCEEDED", gjson.Get(headers.Body.String(), "details.0.code").String())
}

// Whoever sends too much gets to see the answer, and cannot send for ever.
func TestHowMuchOfABodyIsRead(t *testing.T) {
	routes := []Route{named("a", "POST", "/things", "")}
	for sent, read := range map[int]int{5 << 20: 5 << 20, 40 << 20: maxBody + 1 + maxDrain} {
		body := &counting{left: sent}
		answer := serve(t, routes, httptest.NewRequest("POST", "/things", body))
		require.Equal(t, 413, answer.Code)
		require.Equal(t, read, body.read)
		require.True(t, gjson.Valid(answer.Body.String()), "one answer, not two")
		require.EqualValues(t, maxBody, gjson.Get(answer.Body.String(), "details.0.innerError.maximumValue").Int())
	}
	broken := serve(t, routes, httptest.NewRequest("POST", "/things", iotest.ErrReader(io.ErrUnexpectedEOF)))
	require.Equal(t, 400, broken.Code)
	require.Equal(t, "INVALID_REQUEST", gjson.Get(broken.Body.String(), "code").String())
	require.True(t, gjson.Valid(broken.Body.String()), "one answer, not two")
	whole := serve(t, routes, httptest.NewRequest("POST", "/things", strings.NewReader("{}")))
	require.Equal(t, "{}", gjson.Get(whole.Body.String(), "body").String())
}

// counting is a body of so many bytes.
type counting struct{ left, read int }

func (c *counting) Read(p []byte) (int, error) {
	if c.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), c.left)
	c.left, c.read = c.left-n, c.read+n
	return n, nil
}

func TestWhatIsKnownOfACall(t *testing.T) {
	reading := named("a", "GET", "/a", "")
	reading.Reads = true
	for _, row := range []struct {
		method, path, from, remote string
		reads                      bool
	}{
		{"GET", "/a", "192.0.2.7:1234", "192.0.2.7", true},
		{"POST", "/a", "[::1]:1234", "::1", false},
		{"GET", "/nothing", "@", "@", true},
	} {
		var seen, answered *Call
		router, err := NewRouter([]Route{reading, named("b", "POST", "/a", "")}, RouterOptions{
			Lock: &sync.Mutex{}, NewID: func() string { return "id" }, Now: time.Now,
			Wrap: []Middleware{func(next Handler) Handler { return func(c *Call) *Answer { seen = c; return next(c) } }},
			Answered: func(c *Call, answer *Answer, took time.Duration) {
				answered = c
				require.NotNil(t, answer)
				require.Less(t, took, time.Hour)
			},
		})
		require.NoError(t, err)
		request := httptest.NewRequest(row.method, row.path, nil)
		request.RemoteAddr = row.from
		router.ServeHTTP(httptest.NewRecorder(), request)
		require.Same(t, seen, answered)
		require.Equal(t, row.remote, seen.Remote)
		require.Equal(t, row.reads, seen.Reads())
	}
}

func TestLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LocalHost": true, "shop.localhost": true, "127.0.0.1": true, "127.9.9.9": true, "::1": true,
		"10.0.0.1": false, "192.0.2.7": false, "::": false, "0.0.0.0": false, "": false, "localhost.example.com": false, "notlocalhost": false,
		"auth.example.com": false, "127.0.0.1.example.com": false,
	} {
		require.Equal(t, want, Loopback(host), host)
	}
}
