package retry_test

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/retry"
)

// Pauses are a second, two, four and so on, each made up to half longer or
// shorter by chance, so that a test can say only between what they lie.

func TestWhatIsTriedAgain(t *testing.T) {
	const password, flow = api + "/users/1/password", auth + "/flows/1"
	rows := []struct {
		name, method, address string
		answers               []answer
		want, tries           int
	}{
		{"a read after 408", "GET", api, []answer{status(408), status(200)}, 200, 2},
		{"a read after 429", "GET", api, []answer{status(429), status(200)}, 200, 2},
		{"a read after 500", "GET", api, []answer{status(500), status(200)}, 200, 2},
		{"a read after 502 and 503", "GET", api, []answer{status(502), status(503), status(200)}, 200, 3},
		{"a read after 504", "GET", api, []answer{status(504), status(200)}, 200, 2},
		{"a read whose connection breaks", "GET", api, []answer{reset, status(200)}, 200, 2},
		{"a read whose answer breaks off", "GET", api, []answer{half, status(200)}, 200, 2},
		{"a page after 502", "HEAD", auth + "/signon/", []answer{status(502), status(200)}, 200, 2},
		{"a read, but not without end", "GET", api, []answer{status(503)}, 503, 5},
		{"no read after 400", "GET", api, []answer{status(400)}, 400, 1},
		{"no read after 401", "GET", api, []answer{status(401)}, 401, 1},
		{"no read after 403", "GET", api, []answer{status(403)}, 403, 1},
		{"no read after 404", "GET", api, []answer{status(404)}, 404, 1},
		{"no read after 501", "GET", api, []answer{status(501)}, 501, 1},

		{"a replacement after 500", "PUT", api + "/applications/1", []answer{status(500), status(200)}, 200, 2},
		{"a deletion after 500", "DELETE", api + "/users/1", []answer{status(500), status(204)}, 204, 2},
		{"a deletion that had happened", "DELETE", api + "/users/1", []answer{reset, status(404)}, 404, 2},

		{"a password after 429", "PUT", password, []answer{status(429), status(200)}, 200, 2},
		{"no password after 500", "PUT", password, []answer{status(500)}, 500, 1},
		{"no password whose connection breaks", "PUT", password, []answer{reset}, 0, 1},
		{"a flow's action after 429", "POST", flow, []answer{status(429), status(200)}, 200, 2},
		{"a flow's action after 503 with Retry-After", "POST", flow, []answer{status(503, "Retry-After", "1"), status(200)}, 200, 2},
		{"a flow's action after 503 with a date", "POST", flow, []answer{status(503, "Retry-After", "Sat, 01 Jan 2000 00:00:01 GMT"), status(200)}, 200, 2},
		{"no flow's action after 503 without", "POST", flow, []answer{status(503)}, 503, 1},
		{"no flow's action after 500", "POST", flow, []answer{status(500)}, 500, 1},
		{"no flow's action whose connection breaks", "POST", flow, []answer{reset}, 0, 1},
		{"no flow's action whose answer breaks off", "POST", flow, []answer{half}, 200, 1},
		{"reading a flow after 502", "GET", flow, []answer{status(502), status(200)}, 200, 2},
		{"no resuming after 502", "GET", auth + "/as/resume?flowId=1", []answer{status(502)}, 502, 1},
		{"a token after 429", "POST", auth + "/as/token", []answer{status(429), status(200)}, 200, 2},
		{"no token after 502", "POST", auth + "/as/token", []answer{status(502)}, 502, 1},
		{"a question about a token after 502", "POST", auth + "/as/introspect", []answer{status(502), status(200)}, 200, 2},
		{"no change of what is asked about after 502", "PATCH", auth + "/as/introspect", []answer{status(502)}, 502, 1},
		{"no change of single members after 502", "PATCH", api + "/users/1", []answer{status(502)}, 502, 1},
		{"no unknown creation after 502", "POST", api + "/gateways", []answer{status(502)}, 502, 1},
		{"no creation beside the environments after 502", "POST", "https://api.example.com/v1", []answer{status(502)}, 502, 1},
		{"no activation of a device after 502", "POST", api + "/users/1/devices/2", []answer{status(502)}, 502, 1},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := plays(row.answers...)
				got := send(t, retry.New(server, retry.Options{}), request(t, t.Context(), row.method, row.address, "{}"))
				require.Len(t, server.calls, row.tries)
				if row.want == 0 {
					require.Equal(t, errReset, got.err, "as it came")
					return
				}
				require.NoError(t, got.err)
				require.Equal(t, row.want, got.response.StatusCode)
				if row.tries == 1 {
					require.Empty(t, got.response.Header, "as it came")
				}
			})
		})
	}
}

func TestTokensThatUseNothingUpAreAskedForAgain(t *testing.T) {
	for form, tries := range map[string]int{
		"grant_type=client_credentials":                               2,
		"client_id=a&client_secret=b&grant_type=client_credentials":   2,
		"grant_type=authorization_code&code=1":                        1,
		"grant_type=refresh_token&refresh_token=1":                    1,
		"grant_type=client_credentials&grant_type=authorization_code": 1,
		"scope=openid":                      1,
		"%zz":                               1,
		"grant_type=client_credentials&%zz": 1,
		"":                                  1,
	} {
		synctest.Test(t, func(t *testing.T) {
			server := plays(reset, status(200))
			send(t, retry.New(server, retry.Options{}), request(t, t.Context(), "POST", auth+"/as/token", form))
			require.Len(t, server.calls, tries, form)
			server = plays(reset, status(200))
			send(t, retry.New(server, retry.Options{}), request(t, t.Context(), "POST", auth+"/as/par", form))
			require.Len(t, server.calls, 1, "elsewhere it may use something up: %s", form)
		})
	}
}

func TestPausesGrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log events
		got := send(t, retry.New(plays(status(503)), retry.Options{Log: log.log}), request(t, t.Context(), "GET", api, ""))
		require.Len(t, log.list, 4)
		for i, usual := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second} {
			require.InDelta(t, usual, log.list[i].Wait, float64(usual)/2+1)
			require.Equal(t, i+1, log.list[i].Try)
		}
		require.Contains(t, retry.Note(got.response.Header), "tried 5 times in ")
	})
}

func TestRetryAfter(t *testing.T) {
	const date = "Thu, 15 Jan 2026 09:00:00 GMT"
	rows := []struct {
		name    string
		headers []string
		want    time.Duration // 0: an ordinary pause
	}{
		{"seconds", []string{"Retry-After", "7"}, 7 * time.Second},
		{"seconds above the cap", []string{"Retry-After", "3600"}, retry.MaxRetryAfter},
		{"more seconds than a number holds", []string{"Retry-After", "99999999999999999999"}, retry.MaxRetryAfter},
		{"a date, by the answer's own", []string{"Retry-After", "Thu, 15 Jan 2026 09:00:11 GMT", "Date", date}, 11 * time.Second},
		{"a date above the cap", []string{"Retry-After", "Thu, 15 Jan 2026 10:00:00 GMT", "Date", date}, retry.MaxRetryAfter},
		// A bubble's clock begins at midnight of 2000-01-01.
		{"a date, by our clock", []string{"Retry-After", "Sat, 01 Jan 2000 00:00:13 GMT"}, 13 * time.Second},
		{"a date that is over", []string{"Retry-After", "Wed, 14 Jan 2026 09:00:00 GMT", "Date", date}, 0},
		{"zero seconds", []string{"Retry-After", "0"}, 0},
		{"fewer than none", []string{"Retry-After", "-5"}, 0},
		{"no time at all", []string{"Retry-After", "soon"}, 0},
		{"none", nil, 0},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := plays(status(429, row.headers...), status(200))
				got := send(t, retry.New(server, retry.Options{}), request(t, t.Context(), "POST", auth+"/flows/1", "{}"))
				require.Equal(t, 200, got.response.StatusCode)
				if row.want == 0 {
					require.InDelta(t, time.Second, got.took, float64(time.Second)/2+1)
					return
				}
				require.Equal(t, row.want, got.took)
			})
		})
	}
}

func TestAPauseThatOutlastsTheDeadlineIsNotBegun(t *testing.T) {
	rows := []struct {
		name  string
		give  answer
		limit time.Duration
		want  int // 0: the error
	}{
		{"told by the server", status(429, "Retry-After", "20"), 10 * time.Second, 429},
		{"ordinary", status(503), 300 * time.Millisecond, 503},
		{"after a broken connection", reset, 300 * time.Millisecond, 0},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), row.limit)
				defer cancel()
				server := plays(row.give, status(200))
				got := send(t, retry.New(server, retry.Options{}), request(t, ctx, "GET", api, ""))
				require.Len(t, server.calls, 1)
				require.Zero(t, got.took, "the answer is given at once")
				if row.want == 0 {
					require.ErrorIs(t, got.err, errReset)
					return
				}
				require.NoError(t, got.err)
				require.Equal(t, row.want, got.response.StatusCode)
			})
		})
	}
}

func TestACancelledCallStopsWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopped := errors.New("stopped by interrupt")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(3*time.Second, func() { cancel(stopped) })
		server := plays(status(429, "Retry-After", "20"))
		got := send(t, retry.New(server, retry.Options{}), request(t, ctx, "GET", api, ""))
		require.ErrorIs(t, got.err, stopped)
		require.Nil(t, got.response)
		require.Equal(t, 3*time.Second, got.took)
		require.Len(t, server.calls, 1)
	})
}

func TestBodiesAreSentAgain(t *testing.T) {
	rows := []struct {
		name    string
		prepare func(*http.Request)
	}{
		{"by GetBody", func(*http.Request) {}},
		{"from what was kept", func(r *http.Request) { r.GetBody = nil }},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := plays(status(500), reset, status(200))
				r := request(t, t.Context(), "PUT", api+"/applications/1", `{"name":"Example Shop"}`)
				closed := &noticing{ReadCloser: r.Body}
				r.Body = closed
				row.prepare(r)
				got := send(t, retry.New(server, retry.Options{}), r)
				require.Equal(t, 200, got.response.StatusCode)
				require.Equal(t, []string{`{"name":"Example Shop"}`, `{"name":"Example Shop"}`, `{"name":"Example Shop"}`}, server.bodies)
				require.True(t, closed.closed)
			})
		})
	}
}

type noticing struct {
	io.ReadCloser
	closed bool
}

func (n *noticing) Close() error { n.closed = true; return n.ReadCloser.Close() }

func TestHalfAnAnswerIsPassedOnAsHalfAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, err := retry.New(plays(half), retry.Options{}).RoundTrip(request(t, t.Context(), "POST", auth+"/flows/1", "{}"))
		require.NoError(t, err)
		text, err := io.ReadAll(got.Body)
		require.Equal(t, `{"ok":`, string(text))
		require.Equal(t, io.ErrUnexpectedEOF, err, "as it came")
		require.NoError(t, got.Body.Close())
	})
}

func TestARefusalThatIsExpectedIsNotTriedAgain(t *testing.T) {
	for _, give := range []answer{status(429, "Retry-After", "1"), status(503), status(404), status(403), reset} {
		synctest.Test(t, func(t *testing.T) {
			server := plays(give, status(200))
			ctx := retry.Never(retry.Settling(t.Context()))
			got := send(t, retry.New(server, retry.Options{RightsLimit: time.Minute}), request(t, ctx, "GET", api+"/users", ""))
			require.Len(t, server.calls, 1)
			require.Zero(t, got.took)
		})
	}
}

func TestWhatCannotPassIsNotTriedAgain(t *testing.T) {
	for _, err := range []error{
		&net.DNSError{Err: "no such host", Name: "api.example.com", IsNotFound: true},
		x509.UnknownAuthorityError{}, x509.HostnameError{Certificate: &x509.Certificate{}, Host: "api.example.com"},
		&retry.HeldBackError{Why: "no turn"},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := plays(func(*http.Request) (*http.Response, error) { return nil, err })
			got := send(t, retry.New(server, retry.Options{}), request(t, t.Context(), "GET", api, ""))
			require.Equal(t, err, got.err)
			require.Len(t, server.calls, 1)
		})
	}
}

func TestACallThatHangsIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}
		var log events
		server := plays(hang, status(200))
		got := send(t, retry.New(server, retry.Options{AttemptLimit: 10 * time.Second, Log: log.log}), request(t, t.Context(), "GET", api, ""))
		require.NoError(t, got.err)
		require.Equal(t, "no answer came in time", log.list[0].Why)
		require.InDelta(t, 11*time.Second, got.took, float64(time.Second)/2+1)
	})
}

func TestTheLastErrorTellsHowOftenItWasTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := send(t, retry.New(plays(reset), retry.Options{Attempts: 2}), request(t, t.Context(), "GET", api, ""))
		require.ErrorIs(t, got.err, errReset)
		require.Contains(t, got.err.Error(), "tried 2 times in ")
	})
}

func TestAnAnswerThatBrokeOffTellsSoWhenItIsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, err := retry.New(plays(half), retry.Options{Attempts: 2}).RoundTrip(request(t, t.Context(), "GET", api, ""))
		require.NoError(t, err)
		_, err = io.ReadAll(got.Body)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		require.Contains(t, err.Error(), "tried 2 times in ")
		require.NoError(t, got.Body.Close())
	})
}

func TestTheLogHoldsNoSecret(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log events
		server := plays(status(429, "Retry-After", "2"), status(200))
		r := request(t, t.Context(), "GET", auth+"/as/authorize?login_hint_token=secret-token", "")
		send(t, retry.New(server, retry.Options{Log: log.log}), r)
		require.Len(t, log.list, 1)
		line := log.list[0].String()
		require.Equal(t, "GET /00000000-0000-4000-8000-000000000001/as/authorize: answered 429 at try 1; next try in 2s", line)
		require.False(t, strings.Contains(line, "secret"))
	})
}
