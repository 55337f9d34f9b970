package retry_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/retry"
)

// A look is a reading like any other: a server that stumbles is asked again.
func TestALookIsRepeatedLikeAnyReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &tenant{faults: []fault{{done: true, lost: reset}}}
		stumbled := false
		got := post(t, spying(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodGet && !stumbled {
				stumbled = true
				return response(503, "{}"), nil
			}
			return server.RoundTrip(r)
		}), "/applications", creations[0].body, nil)
		require.NoError(t, got.err)
		require.Equal(t, "201 Created", got.response.Status)
		require.Equal(t, 1, server.creations)
	})
}

// unclosed is a body whose end cannot be told from a connection that broke.
type unclosed struct{ io.Reader }

func (unclosed) Close() error { return errReset }

func TestAnAnswerThatCannotBeClosedBrokeOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := plays(func(*http.Request) (*http.Response, error) {
			r := response(200, "")
			r.Body = unclosed{strings.NewReader(`{"ok":true}`)}
			return r, nil
		}, status(200))
		got := send(t, retry.New(server, retry.Options{}), request(t, t.Context(), "GET", api, ""))
		require.NoError(t, got.err)
		require.Equal(t, 2, server.count())
	})
}

// What was done about an error is asked for by whoever puts it in words of their own.
func TestTheNoteOfAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := send(t, retry.New(plays(reset), retry.Options{Attempts: 2}), request(t, t.Context(), "GET", api, ""))
		noted, is := errors.AsType[interface {
			error
			Note() string
		}](got.err)
		require.True(t, is)
		require.Regexp(t, `^tried 2 times in [0-9.]+m?s$`, noted.Note())
		require.Equal(t, errReset.Error()+" ("+noted.Note()+")", got.err.Error())
	})
}

func TestWhyAConnectionFailed(t *testing.T) {
	for why, err := range map[string]error{
		"no answer came in time": &net.OpError{Op: "read", Err: &net.DNSError{IsTimeout: true}},
		"the connection broke":   &net.OpError{Op: "read", Err: errors.New("with an address in it")},
	} {
		synctest.Test(t, func(t *testing.T) {
			var log events
			server := plays(func(*http.Request) (*http.Response, error) { return nil, err }, status(200))
			send(t, retry.New(server, retry.Options{Log: log.log}), request(t, t.Context(), "GET", api, ""))
			require.Len(t, log.list, 1)
			require.Equal(t, why, log.list[0].Why)
		})
	}
}

// A creation that was found to have happened was not tried again: its line says no try.
func TestTheLineOfACreationThatWasFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log events
		post(t, &tenant{faults: []fault{{done: true, lost: reset}}}, "/applications", creations[0].body, log.log)
		last := log.list[len(log.list)-1]
		require.Equal(t, "POST /v1/environments/00000000-0000-4000-8000-000000000001/applications: the connection broke, but it had happened; it was read back", last.String())
	})
}

func TestABodyThatCannotBeClosedIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := plays(status(200))
		r := request(t, t.Context(), "PUT", api, "")
		r.Body = unclosed{strings.NewReader("{}")}
		require.ErrorIs(t, send(t, retry.New(server, retry.Options{}), r).err, errReset)
		require.Zero(t, server.count())
		_, err := retry.Find(server, r, retry.Options{})
		require.ErrorIs(t, err, errReset)
	})
}
