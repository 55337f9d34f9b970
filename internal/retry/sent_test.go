package retry_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/retry"
)

func TestACallThatWasNeverSentIsTriedAgain(t *testing.T) {
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := "http://" + listener.Addr().String()
	require.NoError(t, listener.Close()) // nobody listens there now

	for name, ctx := range map[string]context.Context{"usual": t.Context(), "trying": retry.Trying(t.Context())} {
		var log events
		rt := retry.New(&http.Transport{}, retry.Options{Attempts: 3, FirstWait: time.Millisecond, Log: log.log})
		got := send(t, rt, request(t, ctx, "POST", address+"/1/flows/1", "{}"))
		require.Error(t, got.err)
		require.Len(t, log.list, 2, "%s: a flow's action may be sent again when nothing of it was sent", name)
		require.Equal(t, "the connection was refused", log.list[0].Why)
	}
}

// A call that reached the server, and whose answer was lost, may have been done.
func TestACallThatWasSentIsNotTriedAgain(t *testing.T) {
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		calls.Add(1)
		panic(http.ErrAbortHandler)
	}))
	defer server.Close()
	pool := &http.Transport{}
	defer pool.CloseIdleConnections()
	got := send(t, retry.New(pool, retry.Options{FirstWait: time.Millisecond}), request(t, t.Context(), "POST", server.URL+"/1/flows/1", "{}"))
	require.Error(t, got.err)
	require.EqualValues(t, 1, calls.Load())
}

// A transport that cannot read the body again, or at all, must not send half of it.
func TestABodyThatCannotBeReadIsNotSent(t *testing.T) {
	unreadable := errors.New("the disk is gone")
	for name, prepare := range map[string]func(*http.Request){
		"at first": func(r *http.Request) {
			r.GetBody, r.Body = nil, io.NopCloser(io.MultiReader(strings.NewReader("grant_type=client_credentials"), broken{}))
		},
		"again": func(r *http.Request) { r.GetBody = func() (io.ReadCloser, error) { return nil, unreadable } },
	} {
		t.Run(name, func(t *testing.T) {
			server := plays(status(200))
			r := request(t, t.Context(), "POST", auth+"/as/token", "grant_type=client_credentials")
			prepare(r)
			got := send(t, retry.New(server, retry.Options{}), r)
			require.ErrorContains(t, got.err, "body cannot be read")
			require.Zero(t, server.count())
		})
	}
}

// What came although its caller has given up is given, half or whole.
func TestTheAnswerThatCameLateIsGiven(t *testing.T) {
	for _, late := range []answer{status(500), half} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			server := plays(func(r *http.Request) (*http.Response, error) {
				cancel()
				return late(r)
			})
			got := send(t, retry.New(server, retry.Options{}), request(t, ctx, "GET", api, ""))
			require.NoError(t, got.err)
			require.NotNil(t, got.response)
			require.Len(t, server.calls, 1)
		})
	}
}

// What ends a call is what its context says, also when it ends while the call is under way.
func TestACallThatIsStoppedUnderWaySaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopped := errors.New("stopped by interrupt")
		ctx, cancel := context.WithCancelCause(t.Context())
		server := plays(func(r *http.Request) (*http.Response, error) {
			cancel(stopped)
			return nil, context.Cause(r.Context())
		})
		got := send(t, retry.New(server, retry.Options{}), request(t, ctx, "GET", api, ""))
		require.Equal(t, stopped, got.err)
		require.Len(t, server.calls, 1)
	})
}
