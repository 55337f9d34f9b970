package suite

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
)

// Without an environment that is ready there is no place, and what is wrong is said at once.
func TestALiveRunNeedsAnEnvironmentThatIsReady(t *testing.T) {
	for _, row := range []struct {
		name  string
		spoil func(*Options)
		says  string
	}{
		{"no address", func(o *Options) { o.Config.APIURL = "api.pingone.eu" }, "prepare the client: "},
		{"a wrong secret", func(o *Options) { o.Config.ClientSecret = "another" }, "the environment is not ready, and nothing was created:\n  STOP  worker application: gets no token: answered 401"},
		{"an address of nobody", func(o *Options) {
			server := httptest.NewServer(nil)
			server.Close()
			o.Config.APIURL, o.Config.AuthURL = server.URL+"/v1", server.URL
			o.Retry.FirstWait, o.Retry.LongestWait = time.Hour, time.Hour
		}, "look at the environment: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			o, _ := liveOptions(t)
			row.spoil(&o)
			ended := make(chan error, 1)
			go func() {
				_, err := newLivePlaces(t.Context(), o)
				ended <- err
			}()
			select {
			case err := <-ended:
				require.ErrorContains(t, err, row.says)
			case <-time.After(time.Minute):
				t.Fatal("it still looks")
			}
		})
	}
	o, _ := liveOptions(t)
	o.Config.ClientSecret = "another"
	_, err := newLivePlaces(t.Context(), o)
	require.ErrorIs(t, err, ErrNotReady)
}

// Only an address of nobody ends the look: what else may befall the call beside it is no word about the environment.
func TestALookGoesOnWhereTheCallBesideItFails(t *testing.T) {
	o, server := liveOptions(t)
	target, err := url.Parse(server.URL())
	require.NoError(t, err)
	to := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = target.Host }}
	var discovered atomic.Bool
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration") {
			discovered.Store(true)
			panic(http.ErrAbortHandler)
		}
		to.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	o.Config.APIURL, o.Config.AuthURL = front.URL+"/v1", front.URL
	livePlacesOf(t, o)
	require.True(t, discovered.Load())
}

func TestTheUseCasesThatPathsSelect(t *testing.T) {
	require.Empty(t, useCases(nil))
	require.Equal(t, []string{"login_and_mfa", "progressive_profiling"}, useCases([]string{"login_and_mfa.feature:12", "../features/progressive_profiling.feature"}))
}
