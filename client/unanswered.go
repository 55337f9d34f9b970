package client

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
)

// unansweredError says that a call was made, or tried, and no answer came. The
// transport's own error, which it wraps, is not in its text: it may hold a query.
type unansweredError struct {
	text string
	err  error
}

func (e *unansweredError) Error() string { return e.text }
func (e *unansweredError) Unwrap() error { return e.err }

// timeLimit is the cause of a context that ended because a call took too long.
type timeLimit time.Duration

func (t timeLimit) Error() string { return "nothing came within " + time.Duration(t).String() }

// Is lets callers ask for the usual error of a time limit.
func (t timeLimit) Is(target error) bool { return target == context.DeadlineExceeded }

func unanswered(ctx context.Context, one call, target *url.URL, err error) error {
	// An *url.Error would repeat the address with its query.
	if outer, is := errors.AsType[*url.Error](err); is {
		err = outer.Err
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	cause := cmp.Or(timeCause(err), certificateCause(err, target), connectionCause(err, target), err.Error())
	// A transport that repeats calls has something to add, such as how often it tried.
	if noted, is := errors.AsType[interface {
		error
		Note() string
	}](err); is && !strings.Contains(cause, noted.Note()) {
		cause += " (" + noted.Note() + ")"
	}
	return &unansweredError{fmt.Sprintf("%s: no answer to %s %s: %s", one.operation, one.method, withoutQuery(target.String()), cause), err}
}

func timeCause(err error) string {
	limit, isLimit := errors.AsType[timeLimit](err)
	slow, isNet := errors.AsType[net.Error](err)
	_, isLookup := errors.AsType[*net.DNSError](err)
	switch {
	case isLimit:
		return limit.Error()
	case errors.Is(err, context.Canceled):
		return "the run was cancelled"
	case errors.Is(err, context.DeadlineExceeded):
		return "the time for it ran out"
	case isNet && slow.Timeout() && !isLookup:
		return "the connection timed out"
	}
	return ""
}

func certificateCause(err error, target *url.URL) string {
	_, isUnknown := errors.AsType[x509.UnknownAuthorityError](err)
	_, isOther := errors.AsType[x509.HostnameError](err)
	_, isInvalid := errors.AsType[*tls.CertificateVerificationError](err)
	_, isPlain := errors.AsType[tls.RecordHeaderError](err)
	alert, isNet := errors.AsType[*net.OpError](err)
	switch {
	case isUnknown:
		return fmt.Sprintf("the certificate of %s is signed by an authority this machine does not trust", target.Hostname())
	case isOther:
		return "the certificate is not for " + target.Hostname()
	case isInvalid:
		return fmt.Sprintf("the certificate of %s is not valid: %s", target.Hostname(), err)
	case isPlain:
		return target.Host + " does not speak TLS on this port"
	case isNet && (alert.Op == "remote error" || alert.Op == "local error"):
		// crypto/tls reports its alerts so, such as a version nobody shares.
		return fmt.Sprintf("TLS with %s failed: %s", target.Host, alert.Err)
	}
	return ""
}

func connectionCause(err error, target *url.URL) string {
	is := func(any ...error) bool {
		return slices.ContainsFunc(any, func(one error) bool { return errors.Is(err, one) })
	}
	lookup, isLookup := errors.AsType[*net.DNSError](err)
	switch {
	case isLookup && lookup.IsNotFound:
		return "unknown host " + lookup.Name
	case isLookup:
		return fmt.Sprintf("the address of %s could not be looked up: %s", target.Hostname(), lookup.Err)
	case is(syscall.ECONNREFUSED):
		return "connection refused: nothing listens at " + target.Host
	case is(syscall.ENETUNREACH, syscall.EHOSTUNREACH):
		return "no way through the network to " + target.Host
	case is(errBrokenOff):
		return err.Error()
	case is(syscall.ECONNRESET, syscall.EPIPE, io.EOF, io.ErrUnexpectedEOF):
		return target.Host + " closed the connection before it answered"
	}
	return ""
}

// withoutQuery leaves out of an address what a message may not show: query,
// fragment and user information.
func withoutQuery(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return "…"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}
