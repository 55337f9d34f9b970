package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"time"
)

// Version is the suite's version as the User-Agent header gives it.
const Version = "0.1.0"

// DefaultTimeout is how long a call may take when Options name no Timeout.
const DefaultTimeout = 30 * time.Second

// maxAnswer is how many bytes of body an answer may have.
const maxAnswer = 10 << 20

// Options say where PingOne is and how it is reached.
type Options struct {
	// APIURL and AuthURL are the management API's and the authorization
	// server's addresses. The API's may end in /v1 or not.
	APIURL, AuthURL string
	// Transport carries the calls; nil means NewTransport(1). Replay, recording,
	// rate limits and retries are round trippers that stand here.
	Transport http.RoundTripper
	// UserAgent is put behind "pingone-conformance/<version>".
	UserAgent string
	// Observe is told of every exchange after it ended, one at a time.
	Observe func(*Exchange)
	// Now is the clock, asked once for each call as it is sent; nil means
	// time.Now.
	Now func() time.Time
	// Timeout bounds one call with all that Transport does for it; zero means
	// DefaultTimeout.
	Timeout time.Duration
}

// Client calls PingOne for one scenario. It may be used by several goroutines.
type Client struct {
	hosts     hosts
	transport http.RoundTripper
	userAgent string
	now       func() time.Time
	timeout   time.Duration
	jar       http.CookieJar
	observer  *observer
	bearer    *bearer
}

// New returns a client with an empty cookie jar and no token. It fails when a
// URL is none, is plain http to another machine, or has a path, query or user
// information that does not belong there.
func New(o Options) (*Client, error) {
	places, err := newHosts(o.APIURL, o.AuthURL)
	if err != nil {
		return nil, err
	}
	c := &Client{
		hosts:     places,
		transport: o.Transport,
		userAgent: "pingone-conformance/" + Version,
		now:       o.Now,
		timeout:   o.Timeout,
		jar:       newJar(),
		observer:  &observer{tell: o.Observe},
		bearer:    &bearer{},
	}
	if c.transport == nil {
		c.transport = NewTransport(1)
	}
	if o.UserAgent != "" {
		c.userAgent += " " + o.UserAgent
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.timeout == 0 {
		c.timeout = DefaultTimeout
	}
	return c, nil
}

// WithFreshJar returns "another browser": a client with the same settings and
// the same token, whose cookie jar is empty.
func (c *Client) WithFreshJar() *Client {
	other := *c
	other.jar = newJar()
	return &other
}

// WithToken returns a client that shares everything, cookies too, but sends
// another bearer token on management calls; with "" it sends none.
func (c *Client) WithToken(token string) *Client {
	other := *c
	other.bearer = &bearer{token: token}
	return &other
}

// SetToken sets the bearer token of management calls, for this client and for
// those made from it by WithFreshJar.
func (c *Client) SetToken(token string) { c.bearer.set(token) }

// Cookies returns what the jar would send to the authorization server of an
// environment.
func (c *Client) Cookies(envID string) []*http.Cookie {
	target, _, err := c.hosts.resolve(c.AuthURL(envID, "as", "authorize"))
	if err != nil {
		return nil
	}
	return c.jar.Cookies(target)
}

func newJar() http.CookieJar {
	jar, _ := cookiejar.New(nil) // documented to fail never
	return jar
}

// call is one call before it is sent.
type call struct {
	operation string
	method    string
	// href is absolute, or a path of the management API.
	href      string
	mediaType string
	// body is nil, bytes that are sent as they are, a form, or anything that
	// can be marshalled as JSON.
	body any
	// authorization replaces the header that is sent otherwise: the bearer
	// token on management calls, none on others. It goes to the authorization
	// server only.
	authorization string
	// creates marks a call after which something exists that did not before. Once
	// sent it is waited for even when the caller gives up, within the client's own
	// time limit: who does not know the answer does not know what to delete.
	creates bool
	// backChannel marks a call that an application's server makes, not a
	// person's browser: no cookies are sent or kept.
	backChannel bool
}

// do sends a call and reads its answer in full. It is the only way out.
func (c *Client) do(ctx context.Context, one call) (*Exchange, error) {
	target, at, err := c.hosts.resolve(one.href)
	if err != nil {
		return nil, fmt.Errorf("%s: refused to call %s %s: the address %w", one.operation, one.method, withoutQuery(one.href), err)
	}
	if at != authSide && one.authorization != "" {
		return nil, fmt.Errorf("%s: refused to send credentials to %s, which is not the authorization server", one.operation, withoutQuery(one.href))
	}
	body, mediaType, err := encode(one.body, one.mediaType)
	if err != nil {
		return nil, fmt.Errorf("%s: the body cannot be written as JSON: %w", one.operation, err)
	}
	if one.creates && ctx.Err() == nil {
		ctx = context.WithoutCancel(ctx)
	}
	limited, cancel := context.WithTimeoutCause(ctx, c.timeout, &timeLimit{c.timeout})
	defer cancel()
	request, err := http.NewRequestWithContext(limited, one.method, target.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %s %s cannot be sent: %w", one.operation, one.method, withoutQuery(one.href), err)
	}
	c.dress(request, one, at, mediaType)
	return c.send(limited, request, one, at, body)
}

// dress sets the headers of a request.
func (c *Client) dress(request *http.Request, one call, at side, mediaType string) {
	request.Header.Set("User-Agent", c.userAgent)
	request.Header.Set("Accept", "*/*")
	if mediaType != "" {
		request.Header.Set("Content-Type", mediaType)
	}
	if at == apiSide {
		request.Header.Set("Accept", JSON)
		if token := c.bearer.get(); token != "" {
			request.Header.Set("Authorization", "Bearer "+token)
		}
		return
	}
	if one.authorization != "" {
		request.Header.Set("Authorization", one.authorization)
	}
	if one.backChannel {
		return
	}
	for _, cookie := range c.jar.Cookies(request.URL) {
		request.AddCookie(cookie)
	}
}

// send carries a request over the transport. The transport is used without an
// http.Client, so nothing follows a redirect or keeps a cookie behind our back.
func (c *Client) send(ctx context.Context, request *http.Request, one call, at side, body []byte) (*Exchange, error) {
	exchange := &Exchange{
		Operation: one.operation,
		Request:   Request{Method: one.method, URL: request.URL, Header: request.Header.Clone(), Body: body},
		At:        c.now(),
	}
	started := time.Now()
	answer, err := c.transport.RoundTrip(request)
	if err != nil {
		return nil, unanswered(ctx, one, request.URL, err)
	}
	exchange.Body, err = readBody(answer)
	if err != nil {
		return nil, unanswered(ctx, one, request.URL, err)
	}
	exchange.Elapsed = time.Since(started)
	exchange.Status, exchange.Header = answer.StatusCode, answer.Header
	if at == authSide && !one.backChannel {
		c.jar.SetCookies(request.URL, cookiesAsOf(answer, exchange.At))
	}
	c.observer.saw(exchange)
	return exchange, nil
}

// cookiesAsOf turns each cookie's Expires into a Max-Age by the exchange's
// clock, since the jar knows only the machine's: a recorded date is long past.
func cookiesAsOf(answer *http.Response, now time.Time) []*http.Cookie {
	cookies := answer.Cookies()
	for _, cookie := range cookies {
		if cookie.MaxAge != 0 || cookie.Expires.IsZero() {
			continue
		}
		if cookie.MaxAge = int(cookie.Expires.Sub(now).Seconds()); cookie.MaxAge <= 0 {
			cookie.MaxAge = -1
		}
	}
	return cookies
}

var errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20)

func readBody(answer *http.Response) ([]byte, error) {
	var read bytes.Buffer
	if n := answer.ContentLength; n > 0 && n <= maxAnswer {
		read.Grow(int(n) + bytes.MinRead)
	}
	_, err := read.ReadFrom(io.LimitReader(answer.Body, maxAnswer+1))
	if closing := answer.Body.Close(); err == nil {
		err = closing
	}
	switch {
	case err != nil:
		return nil, &brokenOff{err}
	case read.Len() > maxAnswer:
		return nil, errTooLarge
	}
	return read.Bytes(), nil
}

// encode writes a body. Bytes go as they are, a form is percent-encoded,
// anything else becomes JSON; the media type follows unless one is given.
func encode(body any, mediaType string) ([]byte, string, error) {
	orElse := func(usual string) string {
		if mediaType != "" {
			return mediaType
		}
		return usual
	}
	switch content := body.(type) {
	case nil:
		return nil, mediaType, nil
	case []byte:
		return content, orElse(JSON), nil
	case json.RawMessage:
		return content, orElse(JSON), nil
	case url.Values:
		return []byte(content.Encode()), orElse(Form), nil
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return nil, "", err
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), orElse(JSON), nil
}

// Do sends a call that has no method of its own, or sends one otherwise than
// PingOne documents it. Href is absolute or a path of the management API; the
// body is nil, bytes sent as they are, a form, or anything JSON can hold; with
// mediaType "" it is the usual one for the body. Management calls carry the
// bearer token, calls of the authorization server the cookies.
func (c *Client) Do(ctx context.Context, operation, method, href, mediaType string, body any) (*Exchange, error) {
	return c.do(ctx, call{operation: operation, method: method, href: href, mediaType: mediaType, body: body})
}

// Get reads any address that belongs to PingOne.
func (c *Client) Get(ctx context.Context, href string) (*Exchange, error) {
	return c.do(ctx, call{operation: OpGet, method: http.MethodGet, href: href})
}

// Delete deletes what an address stands for; 204 has no body.
//
// developer.pingidentity.com/pingone-api/foundations/conventions
// DELETE /v1/environments/{envID}/…
func (c *Client) Delete(ctx context.Context, href string) (*Exchange, error) {
	return c.do(ctx, call{operation: deleteOperation(href), method: http.MethodDelete, href: href})
}

// NextPage reads the page after this one by its link next. On the last page,
// which has no such link, it fails with ErrNoLink.
//
// developer.pingidentity.com/pingone-api/foundations/conventions
func (c *Client) NextPage(ctx context.Context, page *Exchange) (*Exchange, error) {
	next := page.Link("next")
	if next == "" {
		return nil, fmt.Errorf("%s: the answer of %q %w", OpNextPage, page.Operation, ErrNoLink)
	}
	return c.do(ctx, call{operation: OpNextPage, method: http.MethodGet, href: next})
}

// errNothing is for a method that was given no exchange to follow.
var errNothing = errors.New("there is no earlier answer to follow")
