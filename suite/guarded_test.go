package suite_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

// promoted is a tenant in front of which somebody changes what reading the environment
// answers: says gets the number of the reading, from 1, and the true body.
func promoted(t *testing.T, to *tenant, says func(n int64, body string) (int, string)) *httptest.Server {
	t.Helper()
	target, err := url.Parse(to.URL())
	require.NoError(t, err)
	var readings atomic.Int64
	front := httptest.NewServer(&httputil.ReverseProxy{
		ErrorLog: log.New(io.Discard, "", 0), // readings end with the look that found production
		Rewrite:  func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host },
		ModifyResponse: func(r *http.Response) error {
			if r.Request.Method != http.MethodGet || r.Request.URL.Path != "/v1/environments/"+to.Credentials().EnvironmentID {
				return nil
			}
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			status, text := says(readings.Add(1), string(body))
			r.StatusCode, r.Status = status, fmt.Sprint(status)
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader([]byte(text))), int64(len(text))
			r.Header.Set("Content-Length", fmt.Sprint(len(text)))
			return nil
		},
	})
	t.Cleanup(front.Close)
	return front
}

func TestNothingIsCreatedInWhatMayBeProduction(t *testing.T) {
	production := func(body string) string { return strings.Replace(body, `"SANDBOX"`, `"PRODUCTION"`, 1) }
	doubled := func(body string) string {
		return strings.Replace(body, `"type":"SANDBOX"`, `"type":"SANDBOX","type":"PRODUCTION"`, 1)
	}
	for _, row := range []struct {
		name string
		says func(n int64, body string) (int, string)
		want string
	}{
		{"it is", func(_ int64, body string) (int, string) { return 200, production(body) }, "STOP  environment type: it is PRODUCTION, which may hold real people"},
		{"it says both", func(_ int64, body string) (int, string) { return 200, doubled(body) }, `its JSON has the member "type" twice in one object`},
		{"it is no text", func(_ int64, body string) (int, string) {
			return 200, strings.Replace(body, `"name":"`, "\"name\":\"\xff", 1)
		}, "its JSON is not UTF-8"},
		{"it becomes that after preflight", func(n int64, body string) (int, string) {
			if n > 1 {
				return 200, production(body)
			}
			return 200, body
		}, "not sent, since the environment may not be touched any more: environment type: it is PRODUCTION"},
		{"it says both after preflight", func(n int64, body string) (int, string) {
			if n > 1 {
				return 200, doubled(body)
			}
			return 200, body
		}, "not sent, since the environment's type could not be read once more"},
		{"it cannot be read any more", func(n int64, body string) (int, string) {
			if n > 1 {
				return 403, `{"code":"ACCESS_FAILED"}`
			}
			return 200, body
		}, "not sent, since the environment may not be touched any more: environment type: could not look: answered 403 ACCESS_FAILED; it might be PRODUCTION"},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := newTenant(t, emulator.Options{})
			before := e.Counts()
			front := promoted(t, e, row.says)
			got := e.Run(context.Background(), front.URL, journeys()[0])
			require.ErrorContains(t, got.Err, row.want)
			require.Equal(t, before, e.Counts(), "nothing was created, not even for a while")
		})
	}
}

// By the first creation preflight's token may have expired, here between two of its uses.
func TestTheSecondLookRenewsATokenThatHasExpired(t *testing.T) {
	e := newTenant(t, emulator.Options{})
	target, err := url.Parse(e.URL())
	require.NoError(t, err)
	var mu sync.Mutex
	var calls, tokens []string
	front := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
		mu.Lock()
		defer mu.Unlock()
		switch {
		case strings.HasSuffix(r.In.URL.Path, "/as/token"):
			calls = append(calls, "token")
		case r.In.Method == http.MethodGet && r.In.URL.Path == "/v1/environments/"+e.Credentials().EnvironmentID:
			calls, tokens = append(calls, "look"), append(tokens, r.In.Header.Get("Authorization"))
			if len(tokens) == 2 {
				r.Out.Header.Set("Authorization", "Bearer expired")
			}
		}
	}})
	t.Cleanup(front.Close)
	require.NoError(t, e.Run(context.Background(), front.URL, journeys()[0]).Err)
	asked := slices.Compact(calls) // a busy machine may have a call repeated
	require.Equal(t, []string{"token", "look", "token", "look", "token", "look"}, asked[:6], "preflight's, the scenario's, and that of the second look")
	require.Equal(t, tokens[0], tokens[1])
}

// The type is read twice: by preflight, and before the first creation of the run.
func TestTheTypeIsReadOnceMoreInARun(t *testing.T) {
	e := newTenant(t, emulator.Options{})
	var readings int64
	front := promoted(t, e, func(n int64, body string) (int, string) { readings = n; return 200, body })
	require.NoError(t, e.Run(context.Background(), front.URL, journeys()[0]).Err)
	require.EqualValues(t, 2, readings)
}
