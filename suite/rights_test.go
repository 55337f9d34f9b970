package suite_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/internal/retry"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// A worker's rights to what was just created spread over PingOne with a delay: the 403
// that comes meanwhile is not the refusal that somebody who tries is after.
func TestWhoTriesWaitsForTheRightsToSpread(t *testing.T) {
	tenant := newTenant(t, emulator.Options{})
	target, err := url.Parse(tenant.URL())
	require.NoError(t, err)
	var early atomic.Int32
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // links lead back here
	}}
	here := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/actions") && early.Add(1) <= 3 {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"id":"1","code":"ACCESS_FAILED","message":"The request could not be completed. You do not have access to this resource."}`))
			return
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(here.Close)
	cfg, err := tenant.Config(here.URL)
	require.NoError(t, err)
	results, err := suite.Run(t.Context(), suite.Options{
		Config: cfg, Features: features(), Sentences: steps.All, UseCases: steps.UseCases(), Paths: []string{pathOf(t, "so 0 is refused")},
		Retry: retry.Options{LagLimit: 10 * time.Second, LagInterval: 10 * time.Millisecond},
	})
	for _, r := range results {
		require.NoError(t, r.Err, r.Scenario.Name)
	}
	require.NoError(t, err)
	require.NotEmpty(t, results)
	require.Greater(t, early.Load(), int32(3))
}
