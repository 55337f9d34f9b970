package retry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// New returns a round tripper that repeats calls as the package's comment says.
// It stands below whatever records, which then sees one exchange for each call,
// and above Limit, so that repetitions count as calls too.
//
// The request's deadline bounds all tries of a call; a pause that would outlast
// it is not begun, and the last answer, or error, is returned at once. Bodies are
// sent again by GetBody, or are kept if there is none. An answer's body is read
// before it is returned, up to 10 MiB and one byte.
func New(next http.RoundTripper, o Options) http.RoundTripper {
	return &transport{next: next, options: o.withDefaults()}
}

type transport struct {
	next    http.RoundTripper
	options Options
}

// RoundTrip sends a request as often as it takes and as is safe.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	how := wishOf(request.Context())
	if how == never {
		return t.next.RoundTrip(request)
	}
	c, err := t.newCall(request)
	if err != nil {
		return nil, err
	}
	switch how {
	case settling:
		return c.settle(c.persist, c.unsettled, c.options.LagLimit)
	case vanishing:
		return c.settle(c.persist, unvanished, c.options.LagLimit)
	case trying:
		c.attempt = true
		return c.settle(c.persist, c.forbidden, c.options.RightsLimit)
	}
	return c.persist()
}

// call is one call with all its tries.
type call struct {
	*transport
	request *http.Request
	body    func() (io.ReadCloser, error) // nil when there is none
	kind    kind
	rule    *rule // how a creation is looked up
	attempt bool  // it may be refused, and what refuses it is kept
	started time.Time
	tries   int
	doubt   *fault // the newest failure of a creation that may have happened
	note    string
}

func (t *transport) newCall(request *http.Request) (*call, error) {
	body, err := replayable(request)
	if err != nil {
		return nil, fmt.Errorf("the request's body cannot be read: %w", err)
	}
	c := &call{transport: t, request: request, body: body, started: time.Now()}
	c.kind, c.rule = kindOf(request)
	if c.asksOnly() {
		c.kind = repeatable
	}
	return c, nil
}

// replayable returns how the request's body is got again, and closes the first.
func replayable(request *http.Request) (func() (io.ReadCloser, error), error) {
	if request.Body == nil || request.Body == http.NoBody {
		return nil, nil
	}
	if request.GetBody != nil {
		return request.GetBody, request.Body.Close()
	}
	kept, err := io.ReadAll(request.Body)
	if closing := request.Body.Close(); err == nil {
		err = closing
	}
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(kept)), nil }, err
}

// bodyText is the request's body, "" when there is none or it cannot be got again.
func (c *call) bodyText() string {
	if c.body == nil {
		return ""
	}
	body, err := c.body()
	if err != nil {
		return ""
	}
	text, _ := io.ReadAll(body) // it is kept in memory
	return string(text)
}

// persist tries the call until there is an answer to keep, or no further try.
func (c *call) persist() (*http.Response, error) {
	ctx, started := c.request.Context(), time.Now()
	pauses := &backoff.ExponentialBackOff{
		InitialInterval: c.options.FirstWait, MaxInterval: c.options.LongestWait,
		Multiplier: 2, RandomizationFactor: backoff.DefaultRandomizationFactor,
	}
	response, err := backoff.Retry(ctx, c.try,
		backoff.WithBackOff(within{ctx, pauses}),
		backoff.WithMaxTries(uint(c.options.Attempts)),
		backoff.WithMaxElapsedTime(0), // the context's deadline bounds it
		backoff.WithNotify(c.log),
	)
	var last *fault
	switch {
	case err == nil:
		return response, nil
	case errors.As(err, &last):
		return c.giveUp(last, time.Since(started))
	}
	return nil, err
}

// within ends the pauses that would outlast the context's deadline.
type within struct {
	ctx context.Context
	backoff.BackOff
}

// NextBackOff is the next pause, or Stop.
func (w within) NextBackOff() time.Duration {
	pause := w.BackOff.NextBackOff()
	if !fits(w.ctx, pause) {
		return backoff.Stop
	}
	return pause
}

// fits tells whether a pause ends before the context does.
func fits(ctx context.Context, pause time.Duration) bool {
	deadline, bounded := ctx.Deadline()
	return !bounded || pause < time.Until(deadline)
}

// try sends the call once, after a look whether an earlier try has created what
// the call creates.
func (c *call) try() (*http.Response, error) {
	if c.doubt != nil {
		switch response, found := c.lookUp(); found {
		case itExists:
			return response, nil
		case unknown:
			return nil, backoff.Permanent(c.doubt)
		}
	}
	c.tries++
	got := c.send()
	if !got.again || c.attempt && !got.unheard() || c.request.Context().Err() != nil {
		return c.settled(got)
	}
	if !got.sure && c.kind == creation {
		c.doubt = got
	}
	if !got.sure && c.kind == once || !fits(c.request.Context(), got.after) {
		return nil, backoff.Permanent(got)
	}
	return nil, got
}

// settled is for what need not be tried again: an answer, or an error that stays.
func (c *call) settled(got *fault) (*http.Response, error) {
	if got.response == nil {
		return nil, backoff.Permanent(got.err)
	}
	if c.doubt != nil && refusedAsDouble(got.response) {
		if response, found := c.lookUp(); found == itExists {
			return response, nil
		}
	}
	return got.response, nil
}

// giveUp returns the last answer, with a note when it was not the first, or the
// last error.
func (c *call) giveUp(last *fault, elapsed time.Duration) (*http.Response, error) {
	if c.doubt != nil && c.note == "" {
		if response, found := c.lookUp(); found == itExists {
			return response, nil
		}
	}
	tried := ""
	if c.tries > 1 {
		tried = fmt.Sprintf("tried %d times in %s", c.tries, inWords(elapsed))
	}
	words := strings.Join(slices.DeleteFunc([]string{c.note, tried}, func(s string) bool { return s == "" }), "; ")
	switch {
	case last.response == nil && words != "":
		return nil, &notedError{err: last.err, note: words}
	case last.response == nil:
		return nil, last.err
	}
	annotate(last.response, words)
	if last.err != nil && words != "" {
		last.response.Body = &notedBody{ReadCloser: last.response.Body, note: words}
	}
	return last.response, nil
}

// notedBody is a body that broke off: its error tells what was done about it.
type notedBody struct {
	io.ReadCloser
	note string
}

// Read reads on.
func (n *notedBody) Read(p []byte) (int, error) {
	got, err := n.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &notedError{err: err, note: n.note}
	}
	return got, err
}

// notedError is the last error of a call together with what was done about it.
type notedError struct {
	err  error
	note string
}

// Error tells both.
func (n *notedError) Error() string { return n.err.Error() + " (" + n.note + ")" }

// Unwrap gives the last error.
func (n *notedError) Unwrap() error { return n.err }

// Note tells what was done about it, for who puts the error itself in words of
// their own.
func (n *notedError) Note() string { return n.note }

// annotate writes a note, if there is one, into the answer's header.
func annotate(response *http.Response, note string) {
	if note == "" {
		return
	}
	response.Header.Set(noteHeader, note)
}

func inWords(elapsed time.Duration) string { return elapsed.Round(100 * time.Millisecond).String() }

// log notes that the call is tried again.
func (c *call) log(err error, wait time.Duration) {
	c.options.Log(Event{Method: c.request.Method, Path: c.request.URL.EscapedPath(), Why: err.Error(), Try: c.tries, Wait: wait})
}

// settle asks until the answer has settled, or the time for it is over.
func (c *call) settle(ask func() (*http.Response, error), unsettled func(*http.Response) bool, limit time.Duration) (*http.Response, error) {
	ctx, started, looks := c.request.Context(), time.Now(), 0
	response, err := backoff.Retry(ctx, func() (*http.Response, error) {
		looks, c.tries, c.doubt = looks+1, 0, nil
		response, err := ask()
		if err != nil {
			return nil, backoff.Permanent(err)
		}
		if limit > 0 && unsettled(response) {
			c.tries = looks
			return response, &fault{why: fmt.Sprintf("not settled yet, answered %d", response.StatusCode)}
		}
		return response, nil
	},
		backoff.WithBackOff(within{ctx, backoff.NewConstantBackOff(c.options.LagInterval)}),
		backoff.WithMaxElapsedTime(limit),
		backoff.WithNotify(c.log),
	)
	if err != nil && (response == nil || ctx.Err() != nil) {
		return nil, err
	}
	switch why := c.final(response); {
	case why != "":
		annotate(response, why)
	case limit > 0 && unsettled(response):
		annotate(response, fmt.Sprintf("still %d after %s and %d tries", response.StatusCode, inWords(time.Since(started)), looks))
	}
	return response, nil
}

// unsettled tells of answers that come while PingOne's parts do not know yet what was
// created. Ping's own Terraform provider waits for the 415 of a new user to go away.
//
// github.com/pingidentity/terraform-provider-pingone
func (c *call) unsettled(response *http.Response) bool {
	switch response.StatusCode {
	case http.StatusNotFound, http.StatusGone: // within its class a status may change
		return true
	case http.StatusForbidden:
		return c.final(response) == ""
	case http.StatusUnsupportedMediaType:
		below := belowEnvironment(c.request)
		return len(below) > 2 && below[0] == "users"
	}
	return false
}

// forbidden tells of a management call that is not allowed for now.
func (c *call) forbidden(response *http.Response) bool {
	return response.StatusCode == http.StatusForbidden && len(belowEnvironment(c.request)) > 0 && c.final(response) == ""
}

// unvanished is what was deleted and still shows.
func unvanished(response *http.Response) bool { return response.StatusCode == http.StatusOK }
