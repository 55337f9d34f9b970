package suite_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/proof/faults"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// counting forwards to a tenant, counts the calls that a test asks for, and answers those
// itself for which it is given an answer.
func counting(t *testing.T, e *tenant, counted func(*http.Request) bool, refusal string) (address string, calls *atomic.Int32) {
	t.Helper()
	target, err := url.Parse(e.URL())
	require.NoError(t, err)
	calls = &atomic.Int32{}
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // links lead back here
	}}
	here := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if counted(r) {
			calls.Add(1)
			if refusal != "" {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusForbidden)
				_, _ = w.Write([]byte(refusal))
				return
			}
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(here.Close)
	return here.URL, calls
}

// An environment that holds as many sign-on policies as its licence allows refuses the next
// one for good: the journey says so after one call.
func TestAFullEnvironmentIsAskedOnce(t *testing.T) {
	e := newTenant(t, emulator.Options{})
	fill(t, e)
	at, calls := counting(t, e, func(r *http.Request) bool {
		return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/signOnPolicies")
	}, "")
	got := e.Run(context.Background(), at, journeys()[0])
	require.ErrorContains(t, got.Err, "LICENSE_EXCEEDED")
	require.ErrorContains(t, got.Err, "the environment is full, its licence allows no more sign-on policies")
	require.ErrorContains(t, got.Err, "`pingone-conformance sweep` lists what earlier runs have left there")
	require.Equal(t, int32(1), calls.Load())
}

// fill creates sign-on policies until the environment takes no more.
func fill(t *testing.T, e *tenant) {
	t.Helper()
	c, err := client.New(client.Options{APIURL: e.URL(), AuthURL: e.URL()})
	require.NoError(t, err)
	who := e.Credentials()
	token, err := c.WorkerToken(t.Context(), who.EnvironmentID, who.ClientID, who.ClientSecret, client.ClientSecretBasic)
	require.NoError(t, err)
	c.SetToken(token.Get("access_token").String())
	for i := range 100_000 {
		ex, err := c.CreateSignOnPolicy(t.Context(), who.EnvironmentID, map[string]any{"name": fmt.Sprint("policy-", i)})
		require.NoError(t, err)
		if ex.Status == http.StatusForbidden {
			return
		}
		require.Equal(t, http.StatusCreated, ex.Status)
	}
	t.Fatal("the environment is never full")
}

// What preflight has seen to be missing is not waited for: here a role that the selected
// scenarios need only in the end.
func TestAMissingRoleThatPreflightHasSeenIsNotWaitedFor(t *testing.T) {
	e := newTenant(t, emulator.Options{})
	const refusal = `{"id":"1","code":"ACCESS_FAILED","message":"no","details":[{"code":"INSUFFICIENT_PERMISSIONS","message":"no"}]}`
	at, calls := counting(t, e, func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/deviceAuthenticationPolicies") }, refusal)
	cfg, err := e.Config(at)
	require.NoError(t, err)
	feature := "Feature: F\n  Scenario: S\n    Given \"Example Courier\" sends people a passcode under a device policy of its own\n"
	results, err := suite.Run(t.Context(), suite.Options{
		Config: cfg, Features: fstest.MapFS{"some.feature": {Data: []byte(feature)}}, Paths: []string{"some.feature"}, Sentences: steps.All,
		Retry: faults.Quick,
	})
	require.Error(t, err)
	require.Len(t, results, 1)
	require.ErrorContains(t, results[0].Err, "create the device authentication policy: wanted 201, but")
	require.ErrorContains(t, results[0].Err, "(final, asked once: preflight has seen that the worker application lacks the role Environment Admin)")
	require.Equal(t, int32(2), calls.Load(), "preflight's look and the creation")
}
