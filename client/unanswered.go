package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// UnansweredError says that a call was made, or tried, and no answer came.
type UnansweredError struct {
	Operation string
	Method    string
	// URL has no query: codes and tokens travel there.
	URL string
	// Cause is the reason in plain words, Err what the transport said.
	Cause string
	Err   error
}

// Error tells operation, method, URL and cause in one line.
func (e *UnansweredError) Error() string {
	return fmt.Sprintf("%s: no answer to %s %s: %s", e.Operation, e.Method, e.URL, e.Cause)
}

// Unwrap gives what the transport said.
func (e *UnansweredError) Unwrap() error { return e.Err }

// timeLimit is the cause of a context that ended because a call took too long.
type timeLimit struct{ limit time.Duration }

func (t *timeLimit) Error() string { return fmt.Sprintf("nothing came within %s", t.limit) }

// Is lets callers ask for the usual error of a time limit.
func (t *timeLimit) Is(target error) bool { return target == context.DeadlineExceeded }

// brokenOff wraps the error of an answer that began and did not end.
type brokenOff struct{ error }

func (b *brokenOff) Unwrap() error { return b.error }

func unanswered(ctx context.Context, one call, target *url.URL, err error) error {
	// An *url.Error would repeat the address with its query.
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return &UnansweredError{
		Operation: one.operation,
		Method:    one.method,
		URL:       withoutQuery(target.String()),
		Cause:     withNote(plainCause(err, target), err),
		Err:       err,
	}
}

// withNote adds what a transport that repeats calls has to say about an error, such
// as how often it tried; its error has a method for that.
func withNote(cause string, err error) string {
	var noted interface{ Note() string }
	if !errors.As(err, &noted) || strings.Contains(cause, noted.Note()) {
		return cause
	}
	return cause + " (" + noted.Note() + ")"
}

// plainCause puts the usual reasons for silence into words.
func plainCause(err error, target *url.URL) string {
	for _, explain := range []func(error, *url.URL) string{timeCause, certificateCause, addressCause, connectionCause} {
		if words := explain(err, target); words != "" {
			return words
		}
	}
	return err.Error()
}

func timeCause(err error, _ *url.URL) string {
	var limit *timeLimit
	var netErr net.Error
	switch {
	case errors.As(err, &limit):
		return limit.Error()
	case errors.Is(err, context.Canceled):
		return "the run was cancelled"
	case errors.Is(err, context.DeadlineExceeded):
		return "the time for it ran out"
	case errors.As(err, &netErr) && netErr.Timeout() && !isLookup(err):
		return "the connection timed out"
	}
	return ""
}

func isLookup(err error) bool {
	var lookup *net.DNSError
	return errors.As(err, &lookup)
}

func certificateCause(err error, target *url.URL) string {
	var (
		unknown  x509.UnknownAuthorityError
		name     x509.HostnameError
		invalid  x509.CertificateInvalidError
		verified *tls.CertificateVerificationError
		record   tls.RecordHeaderError
		refused  *net.OpError
	)
	switch {
	case errors.As(err, &unknown):
		return fmt.Sprintf("the certificate of %s is signed by an authority this machine does not trust", target.Hostname())
	case errors.As(err, &name):
		return fmt.Sprintf("the certificate is not for %s", target.Hostname())
	case errors.As(err, &invalid), errors.As(err, &verified):
		return fmt.Sprintf("the certificate of %s is not valid: %s", target.Hostname(), err)
	case errors.As(err, &record):
		return fmt.Sprintf("%s does not speak TLS on this port", target.Host)
	case errors.As(err, &refused) && (refused.Op == "remote error" || refused.Op == "local error"):
		// crypto/tls reports its alerts so, such as a version nobody shares.
		return fmt.Sprintf("TLS with %s failed: %s", target.Host, refused.Err)
	}
	return ""
}

func addressCause(err error, target *url.URL) string {
	var lookup *net.DNSError
	if !errors.As(err, &lookup) {
		return ""
	}
	if lookup.IsNotFound {
		return fmt.Sprintf("unknown host %s", lookup.Name)
	}
	return fmt.Sprintf("the address of %s could not be looked up: %s", target.Hostname(), lookup.Err)
}

func connectionCause(err error, target *url.URL) string {
	var cut *brokenOff
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("connection refused: nothing listens at %s", target.Host)
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return fmt.Sprintf("no way through the network to %s", target.Host)
	case errors.As(err, &cut):
		return "the answer broke off: " + cut.Error()
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Sprintf("%s closed the connection before it answered", target.Host)
	}
	return ""
}

// withoutQuery cuts query, fragment and user information off an address, so
// that it can stand in a message.
func withoutQuery(href string) string {
	if i := strings.IndexAny(href, "?#"); i >= 0 {
		href = href[:i]
	}
	if scheme, rest, found := strings.Cut(href, "://"); found {
		authority, path, _ := strings.Cut(rest, "/")
		if i := strings.LastIndex(authority, "@"); i >= 0 {
			return scheme + "://" + authority[i+1:] + "/" + path
		}
	}
	return href
}
