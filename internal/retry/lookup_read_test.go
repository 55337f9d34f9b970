package retry_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

func TestLookUpsKeepTheCallsHeaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads []http.Header
		server := &tenant{faults: []fault{{done: true, lost: reset}}}
		spy := spying(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodGet {
				reads = append(reads, r.Header)
				body, err := io.ReadAll(bodyOrNone(r))
				require.NoError(t, err)
				require.Empty(t, body)
			}
			return server.RoundTrip(r)
		})
		require.Equal(t, 201, post(t, spy, "/applications", creations[0].body, nil).response.StatusCode)
		require.Len(t, reads, 2)
		for _, header := range reads {
			require.Equal(t, "Bearer token", header.Get("Authorization"))
			require.Empty(t, header.Get("Content-Type"), "a reading has no body")
		}
	})
}

type spying func(*http.Request) (*http.Response, error)

func (s spying) RoundTrip(r *http.Request) (*http.Response, error) { return s(r) }

func bodyOrNone(r *http.Request) io.Reader {
	if r.Body == nil {
		return strings.NewReader("")
	}
	return r.Body
}
