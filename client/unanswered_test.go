package client_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

func TestAMissingAnswerIsExplainedInPlainWords(t *testing.T) {
	rows := map[string]struct {
		err  error
		want string
	}{
		"unknown host":         {&net.DNSError{Err: "no such host", Name: "auth.pingone.com", IsNotFound: true}, "unknown host auth.pingone.com"},
		"no name service":      {&net.DNSError{Err: "i/o timeout", Name: "auth.pingone.com", IsTimeout: true}, "the address of auth.pingone.com could not be looked up: i/o timeout"},
		"refused":              {dialing(syscall.ECONNREFUSED), "connection refused: nothing listens at auth.pingone.com"},
		"unreachable":          {dialing(syscall.ENETUNREACH), "no way through the network to auth.pingone.com"},
		"no way to the host":   {dialing(syscall.EHOSTUNREACH), "no way through the network to auth.pingone.com"},
		"hung up":              {dialing(syscall.EPIPE), "auth.pingone.com closed the connection before it answered"},
		"no version in common": {&net.OpError{Op: "local error", Err: errors.New("tls: protocol version not supported")}, "TLS with auth.pingone.com failed: tls: protocol version"},
		"an alert":             {&net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")}, "TLS with auth.pingone.com failed: tls: handshake failure"},
		"reset":                {dialing(syscall.ECONNRESET), "auth.pingone.com closed the connection before it answered"},
		"closed":               {io.EOF, "auth.pingone.com closed the connection before it answered"},
		"dial timeout":         {dialing(syscall.ETIMEDOUT), "the connection timed out"},
		"unknown authority":    {&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, "the certificate of auth.pingone.com is signed by an authority this machine does not trust"},
		"another's":            {&tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: &x509.Certificate{}}}, "the certificate is not for auth.pingone.com"},
		"expired":              {&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Cert: &x509.Certificate{}, Reason: x509.Expired}}, "the certificate of auth.pingone.com is not valid: "},
		"no TLS":               {tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, "auth.pingone.com does not speak TLS on this port"},
		"cancelled":            {context.Canceled, "the run was cancelled"},
		"out of time":          {context.DeadlineExceeded, "the time for it ran out"},
		"anything else":        {errors.New("exchange 7 wants another body"), "exchange 7 wants another body"},
		"after five tries":     {triedFiveTimes{io.EOF}, "auth.pingone.com closed the connection before it answered (tried 5 times)"},
		"wrapped as usual":     {&url.Error{Op: "Get", URL: naAuth + "?code=secret", Err: io.EOF}, "auth.pingone.com closed the connection"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			c, err := client.New(client.Options{APIURL: naAPI, AuthURL: naAuth,
				Observe:   func(*client.Exchange) { t.Error("there is no exchange to observe") },
				Transport: carry(func(*http.Request) (*http.Response, error) { return nil, row.err })})
			require.NoError(t, err)

			exchange, err := c.Get(context.Background(), naAuth+"/env/as/resume?flowId=secret")

			require.Nil(t, exchange)
			require.ErrorContains(t, err, "Get: no answer to GET https://auth.pingone.com/env/as/resume: "+row.want)
			require.NotContains(t, err.Error(), "secret")
		})
	}
	c, err := client.New(client.Options{APIURL: naAPI, AuthURL: naAuth,
		Transport: carry(func(*http.Request) (*http.Response, error) {
			return nil, triedFiveTimes{errors.New("odd, tried 5 times")}
		})})
	require.NoError(t, err)
	_, err = c.Get(context.Background(), naAuth+"/env/as/resume")
	require.Equal(t, 1, strings.Count(err.Error(), "tried 5 times"), "what is said already is not said again")
}

// triedFiveTimes is an error of a transport that repeats calls.
type triedFiveTimes struct{ error }

func (t triedFiveTimes) Unwrap() error { return t.error }
func (t triedFiveTimes) Note() string  { return "tried 5 times" }

func dialing(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }

func TestTheTransportsErrorCanBeAskedFor(t *testing.T) {
	mismatch := errors.New("exchange 7 wants another body")
	c, err := client.New(client.Options{APIURL: naAPI, AuthURL: naAuth,
		Transport: carry(func(*http.Request) (*http.Response, error) { return nil, fmt.Errorf("replay: %w", mismatch) })})
	require.NoError(t, err)
	_, err = c.ReadEnvironment(context.Background(), "env")
	require.ErrorIs(t, err, mismatch)
}

// An error of net/http holds the whole address, whose query may hold a token.
func TestAnErrorNeverShowsTheQuery(t *testing.T) {
	c, err := client.New(client.Options{APIURL: naAPI, AuthURL: naAuth, Transport: carry(func(r *http.Request) (*http.Response, error) {
		return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: errors.New("unheard of")}
	})})
	require.NoError(t, err)
	_, err = c.Authorize(context.Background(), "env", url.Values{"login_hint_token": {"secret-token"}})
	require.ErrorContains(t, err, "Authorize: no answer to GET "+naAuth+"/env/as/authorize: unheard of")
	require.NotContains(t, err.Error(), "secret-token")
}

func TestACallEndsInTime(t *testing.T) {
	stop := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(stop) })
	c, err := client.New(client.Options{APIURL: server.URL, AuthURL: server.URL, Timeout: 30 * time.Millisecond})
	require.NoError(t, err)

	_, err = c.ReadEnvironment(context.Background(), "env")
	require.ErrorContains(t, err, "nothing came within 30ms")
	require.ErrorIs(t, err, context.DeadlineExceeded)

	over, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("interrupted by Ctrl-C"))
	_, err = c.ReadEnvironment(over, "env")
	require.ErrorContains(t, err, "interrupted by Ctrl-C")
}

func TestAnswersThatCannotBeReadInFull(t *testing.T) {
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "half") {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "half an answer")
			return
		}
		chunk := make([]byte, 1<<20)
		for range 11 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	_, err := c.ReadEnvironment(context.Background(), "half")
	require.ErrorContains(t, err, "the answer broke off: unexpected EOF")
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	_, err = c.ReadEnvironment(context.Background(), "huge")
	require.ErrorContains(t, err, "the answer is larger than 10 MiB")
}

func TestRealConnectionsThatFail(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	rows := map[string]struct {
		url, want string
		transport *http.Transport
	}{
		"nothing listens":   {closed.URL, "connection refused: nothing listens at 127.0.0.1:", client.NewTransport(1)},
		"unknown authority": {secure(t, tls.VersionTLS13).URL, "is signed by an authority this machine does not trust", client.NewTransport(1)},
		"another's name":    {strings.Replace(secure(t, tls.VersionTLS13).URL, "127.0.0.1", "localhost", 1), "the certificate is not for localhost", nil},
		"TLS too old":       {secure(t, tls.VersionTLS11).URL, "TLS with 127.0.0.1:", nil},
		"no TLS":            {strings.Replace(plain.URL, "http:", "https:", 1), "does not speak TLS on this port", client.NewTransport(1)},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			if row.transport == nil {
				row.transport = trusting(t)
			}
			c, err := client.New(client.Options{APIURL: row.url, AuthURL: row.url, Transport: row.transport})
			require.NoError(t, err)
			_, err = c.ReadEnvironment(context.Background(), "env")
			require.ErrorContains(t, err, row.want)
			require.ErrorContains(t, err, "Read Environment: no answer to GET "+row.url+"/v1/environments/env: ")
		})
	}
}

// secure starts a TLS server that speaks this version at most.
func secure(t *testing.T, version uint16) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: version}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// trusting is the client's own transport, but trusts the test's certificates.
func trusting(t *testing.T) *http.Transport {
	t.Helper()
	transport := client.NewTransport(1)
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	transport.TLSClientConfig.RootCAs.AddCert(secure(t, tls.VersionTLS13).Certificate())
	return transport
}

func TestTLSFromVersion12OnIsUsed(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		server := secure(t, version)
		c, err := client.New(client.Options{APIURL: server.URL, AuthURL: server.URL, Transport: trusting(t)})
		require.NoError(t, err)
		exchange, err := c.ReadEnvironment(context.Background(), "env")
		require.NoError(t, err)
		require.Equal(t, http.StatusNotFound, exchange.Status)
	}
}

func TestAsManyConnectionsAreKeptAsScenariosRun(t *testing.T) {
	require.Equal(t, 8, client.NewTransport(8).MaxIdleConnsPerHost)
	require.Equal(t, 1, client.NewTransport(0).MaxIdleConnsPerHost)
}
