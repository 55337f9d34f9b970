package retry

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// keptBytes is how much of an answer is kept: as much as the client takes, and
// one byte by which it sees that there was more.
const keptBytes = 10<<20 + 1

// fault is how one try ended; as an error, why it is tried again.
type fault struct {
	response *http.Response
	err      error
	// why puts it in words without anything secret.
	why string
	// again: another try may end otherwise; sure: the server has done nothing.
	again, sure bool
	// after is the pause that the server asked for, and asked whether it has.
	after time.Duration
	asked bool
}

// unheard tells that nobody has looked at the call: it did not arrive, or the server is busy and
// wants it again later.
func (f *fault) unheard() bool { return f.asked || f.response == nil && f.sure }

// Error says why, in words that may be logged.
func (f *fault) Error() string { return f.why }

// Unwrap gives backoff the pause that the server asked for.
func (f *fault) Unwrap() error {
	if f.after <= 0 {
		return nil
	}
	return &backoff.RetryAfterError{Duration: f.after}
}

// send makes one try: the request is sent, and its answer read in full.
func (c *call) send() *fault {
	ctx, cancel := c.limited()
	defer cancel()
	wire := &progress{}
	request := c.request.Clone(httptrace.WithClientTrace(ctx, wire.trace()))
	if c.body != nil {
		body, err := c.body()
		if err != nil {
			return &fault{err: fmt.Errorf("the request's body cannot be read again: %w", err)}
		}
		request.Body = body
	}
	response, err := c.next.RoundTrip(request)
	if err != nil {
		return &fault{err: err, why: reason(err), again: mayPass(err), sure: wire.unsent()}
	}
	if err := keepBody(response); err != nil {
		return &fault{response: response, err: err, why: "the answer broke off", again: true}
	}
	return judge(response)
}

// limited is the time of one try.
func (c *call) limited() (context.Context, context.CancelFunc) {
	if c.options.AttemptLimit <= 0 {
		return c.request.Context(), func() {}
	}
	return context.WithTimeout(c.request.Context(), c.options.AttemptLimit)
}

// keepBody reads the answer's body and puts what was read in its place, followed
// by the error if there was one. One that says of itself that it is too long is not read.
func keepBody(response *http.Response) error {
	if response.ContentLength >= keptBytes {
		err := response.Body.Close()
		response.Body = http.NoBody
		return err
	}
	kept, err := io.ReadAll(io.LimitReader(response.Body, keptBytes))
	if closing := response.Body.Close(); err == nil {
		err = closing
	}
	body := io.Reader(bytes.NewReader(kept))
	if err != nil {
		body = io.MultiReader(body, failing{err})
	}
	response.Body = io.NopCloser(body)
	return err
}

// failing is the end of a body that broke off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// judge tells from an answer whether the call is worth another try.
//
// developer.pingidentity.com/pingone-api/before-you-begin/retry-best-practices.html
func judge(response *http.Response) *fault {
	f := &fault{response: response, why: fmt.Sprintf("answered %d", response.StatusCode)}
	switch response.StatusCode {
	case http.StatusTooManyRequests:
		f.after, f.asked = retryAfter(response.Header)
		f.again, f.sure = true, true
	case http.StatusServiceUnavailable:
		f.after, f.asked = retryAfter(response.Header)
		f.again, f.sure = true, f.asked
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		f.again = true
	}
	return f
}

// mayPass tells whether a connection that failed may work the next time. A host
// that is unknown or cannot prove who it is will be so again, and a call that is
// held back by this run has been waited for already.
func mayPass(err error) bool {
	var (
		lookup   *net.DNSError
		verified *tls.CertificateVerificationError
		unknown  x509.UnknownAuthorityError
		name     x509.HostnameError
		held     *HeldBackError
	)
	switch {
	case errors.As(err, &lookup):
		return !lookup.IsNotFound
	case errors.As(err, &verified), errors.As(err, &unknown), errors.As(err, &name), errors.As(err, &held):
		return false
	}
	return true
}

// reason puts a failed connection in words; the error's own may hold an address.
func reason(err error) string {
	var network net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return "no answer came in time"
	}
	return "the connection broke"
}

// progress notes how far a request got.
type progress struct{ begun, written atomic.Bool }

func (p *progress) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn:      func(string) { p.begun.Store(true) },
		WroteHeaders: func() { p.written.Store(true) },
	}
}

// unsent tells that nothing reached the server that it could act on. A transport
// that does not tell how far it got counts as one that has sent everything.
func (p *progress) unsent() bool { return p.begun.Load() && !p.written.Load() }
