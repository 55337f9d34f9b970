package retry_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/retry"
)

const (
	api  = "https://api.example.com/v1/environments/00000000-0000-4000-8000-000000000001"
	auth = "https://auth.example.com/00000000-0000-4000-8000-000000000001"
)

// answer is what a script gives to one call.
type answer func(*http.Request) (*http.Response, error)

// script is a server that gives its answers in order, the last one for ever.
type script struct {
	mu      sync.Mutex
	answers []answer
	bodies  []string
	calls   []string
}

func (s *script) RoundTrip(request *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body := ""
	if request.Body != nil {
		text, err := io.ReadAll(request.Body)
		if err != nil {
			return nil, err
		}
		body = string(text)
	}
	s.bodies, s.calls = append(s.bodies, body), append(s.calls, request.Method+" "+request.URL.String())
	next := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	return next(request)
}

func (s *script) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.calls)
}

func plays(answers ...answer) *script { return &script{answers: answers} }

// status answers with a status, a body that names it, and headers in pairs.
func status(code int, headers ...string) answer {
	return func(*http.Request) (*http.Response, error) { return response(code, `{"ok":true}`, headers...), nil }
}

func response(code int, body string, headers ...string) *http.Response {
	r := &http.Response{StatusCode: code, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

var errReset = errors.New("connection reset by peer")

func reset(*http.Request) (*http.Response, error) { return nil, errReset }

// half is an answer whose body ends too early.
func half(*http.Request) (*http.Response, error) {
	r := response(http.StatusOK, "")
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"ok":`), broken{}))
	return r, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func request(t *testing.T, ctx context.Context, method, address, body string) *http.Request { //nolint:revive // the test stands first
	t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(ctx, method, address, content)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer token")
	return r
}

// outcome is how one call ended, and what it took.
type outcome struct {
	response *http.Response
	err      error
	body     string
	took     time.Duration
}

func send(t *testing.T, rt http.RoundTripper, r *http.Request) outcome {
	t.Helper()
	started := time.Now()
	got, err := rt.RoundTrip(r)
	o := outcome{response: got, err: err, took: time.Since(started)}
	if got != nil {
		text, _ := io.ReadAll(got.Body)
		o.body = string(text)
		require.NoError(t, got.Body.Close())
	}
	return o
}

// events gathers what is logged.
type events struct {
	mu   sync.Mutex
	list []retry.Event
}

func (e *events) log(one retry.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, one)
}
