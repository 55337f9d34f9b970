package suite

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
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

// A look at an address of nobody ends at once, with the word of the call that is not repeated.
func TestWhatEndsALook(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	for _, row := range []struct {
		what   string
		beside error // of the call beside preflight's
		token  error // of preflight's own
		late   bool  // preflight has ended before the other call
		says   string
	}{
		{"nobody listens", refused, nil, false, "connection refused"},
		{"the host is unknown", &net.DNSError{IsNotFound: true, Name: "api.example.com"}, nil, false, "unknown host api.example.com"},
		{"the host may be known later", &net.DNSError{IsTemporary: true, Name: "api.example.com"}, errDead, false, "the line is dead"},
		{"the connection broke", io.EOF, errDead, false, "the line is dead"},
		{"preflight has seen all there is", refused, nil, true, ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := roundTrip(func(r *http.Request) (*http.Response, error) {
					switch besides := strings.HasSuffix(r.URL.Path, "/openid-configuration"); {
					case besides && row.late:
						<-time.After(time.Second)
						return nil, row.beside
					case besides:
						return nil, row.beside
					case row.late:
						return answer(http.StatusUnauthorized, "{}"), nil
					case row.token != nil:
						<-time.After(time.Minute)
						return nil, row.token
					}
					<-r.Context().Done() // as one that is repeated for a while
					return nil, r.Context().Err()
				})
				c, err := client.New(client.Options{APIURL: "https://api.example.com", AuthURL: "https://auth.example.com", Transport: server, Timeout: time.Hour})
				require.NoError(t, err)
				began := time.Now()
				findings, err := lookAt(t.Context(), c, Options{})
				require.LessOrEqual(t, time.Since(began), time.Minute)
				if row.says != "" {
					require.ErrorContains(t, err, row.says)
					return
				}
				require.NoError(t, err)
				require.NotEmpty(t, findings)
			})
		})
	}
}

func TestTheUseCasesThatPathsSelect(t *testing.T) {
	require.Empty(t, useCases(nil))
	require.Equal(t, []string{"login_and_mfa", "progressive_profiling"}, useCases([]string{"login_and_mfa.feature:12", "../features/progressive_profiling.feature"}))
}
