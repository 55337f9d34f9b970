package client

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"time"
)

// JSON is the media type of management calls, in both directions.
const JSON = "application/json"

const formType = "application/x-www-form-urlencoded"

// vendorType is PingOne's media type for an action, such as "otp.check". Actions
// on one resource share its URL: the media type says which is meant.
//
// developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
func vendorType(action string) string { return "application/vnd.pingidentity." + action + "+json" }

// maxAnswer is how many bytes of body an answer may have.
const maxAnswer = 10 << 20

// call is one call before it is sent.
type call struct {
	operation, method string
	// href is absolute, or a path of the management API; query is added to it.
	href      string
	query     url.Values
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
	// page marks a call that opens a page of PingOne's own.
	page bool
}

// reading is a GET; query holds limit, filter and the like, or is nil.
func reading(operation, href string, query url.Values) call {
	return call{operation: operation, method: http.MethodGet, href: href, query: query}
}

// creating is a POST of JSON.
func creating(operation, href string, body any) call {
	return call{operation: operation, method: http.MethodPost, href: href, mediaType: JSON, body: body, creates: true}
}

// do sends a call and reads its answer in full. It is the only way out.
func (c *Client) do(ctx context.Context, one call) (*Exchange, error) {
	target, atAPI, err := c.target(one)
	if err != nil {
		return nil, fmt.Errorf("%s: refused to call %s %s: the address %w", one.operation, one.method, withoutQuery(one.href), err)
	}
	if atAPI && one.authorization != "" {
		return nil, fmt.Errorf("%s: refused to send credentials to %s, which is not the authorization server", one.operation, withoutQuery(one.href))
	}
	if len(one.query) > 0 {
		all := target.Query()
		maps.Copy(all, one.query)
		target.RawQuery = all.Encode()
	}
	body, usualType, err := encode(one.body)
	if err != nil {
		return nil, fmt.Errorf("%s: the body cannot be written as JSON: %w", one.operation, err)
	}
	if one.creates && ctx.Err() == nil {
		ctx = context.WithoutCancel(ctx)
	}
	limited, cancel := context.WithTimeoutCause(ctx, c.options.Timeout, timeLimit(c.options.Timeout))
	defer cancel()
	request, err := http.NewRequestWithContext(limited, one.method, target.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %s %s cannot be sent: %w", one.operation, one.method, withoutQuery(one.href), err)
	}
	one.mediaType = cmp.Or(one.mediaType, usualType)
	c.setHeaders(request, one, atAPI)
	exchange, err := c.send(request, one, atAPI, body)
	if err != nil {
		return nil, unanswered(limited, one, request.URL, err)
	}
	c.options.Observe(exchange)
	if err := CheckJSON(exchange.Body); err != nil {
		return nil, fmt.Errorf("%s: the answer to %s %s (%d) cannot be used: %w", one.operation, one.method, withoutQuery(request.URL.String()), exchange.Status, err)
	}
	return exchange, nil
}

// target is where a call goes, and whether that is the management API.
func (c *Client) target(one call) (target *url.URL, atAPI bool, err error) {
	if one.page {
		target, err = c.hosts.page(one.href)
		return target, false, err
	}
	return c.hosts.resolve(one.href)
}

func (c *Client) setHeaders(request *http.Request, one call, atAPI bool) {
	set := func(name, value string) {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	set("User-Agent", c.options.UserAgent)
	set("Content-Type", one.mediaType)
	if atAPI {
		token, _ := c.bearer.Load().(string)
		set("Accept", JSON)
		set("Authorization", prefixed("Bearer ", token))
		return
	}
	set("Accept", "*/*")
	set("Authorization", one.authorization)
	if one.backChannel {
		return
	}
	for _, cookie := range c.jar.Cookies(request.URL) {
		request.AddCookie(cookie)
	}
}

// prefixed is the text behind the prefix, "" when there is no text.
func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// send carries a request over the transport. The transport is used without an
// http.Client, so nothing follows a redirect or keeps a cookie behind our back.
func (c *Client) send(request *http.Request, one call, atAPI bool, body []byte) (*Exchange, error) {
	exchange := &Exchange{
		Operation: one.operation,
		Request:   Request{Method: one.method, URL: request.URL, Header: request.Header.Clone(), Body: body},
		At:        c.options.Now(),
	}
	started := time.Now()
	answer, err := c.options.Transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if exchange.Body, err = readBody(answer); err != nil {
		return nil, err
	}
	exchange.Elapsed = time.Since(started)
	exchange.Status, exchange.Header = answer.StatusCode, answer.Header
	if !atAPI && !one.backChannel {
		c.jar.SetCookies(request.URL, cookiesAsOf(answer, exchange.At))
	}
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

// errBrokenOff is an answer that began and did not end.
var errBrokenOff = errors.New("the answer broke off")

func readBody(answer *http.Response) ([]byte, error) {
	var read bytes.Buffer
	if n := answer.ContentLength; n > 0 && n <= maxAnswer {
		read.Grow(int(n) + bytes.MinRead)
	}
	var err error
	if answer.ContentLength <= maxAnswer {
		_, err = read.ReadFrom(io.LimitReader(answer.Body, maxAnswer+1))
	}
	if err = cmp.Or(err, answer.Body.Close()); err != nil {
		return nil, fmt.Errorf("%w: %w", errBrokenOff, err)
	}
	if answer.ContentLength > maxAnswer || read.Len() > maxAnswer {
		return nil, fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20)
	}
	return read.Bytes(), nil
}

// encode writes a body and names its usual media type. Bytes go as they are, a
// form is percent-encoded, anything else becomes JSON.
func encode(body any) (written []byte, mediaType string, err error) {
	switch content := body.(type) {
	case nil:
		return nil, "", nil
	case []byte:
		return content, JSON, nil
	case url.Values:
		return []byte(content.Encode()), formType, nil
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err = encoder.Encode(body)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), JSON, err
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
	return c.do(ctx, reading("Get", href, nil))
}

// Delete deletes what an address stands for; 204 has no body.
//
// developer.pingidentity.com/pingone-api/foundations/conventions
// DELETE /v1/environments/{envID}/…
func (c *Client) Delete(ctx context.Context, href string) (*Exchange, error) {
	return c.do(ctx, call{operation: "Delete", method: http.MethodDelete, href: href})
}

// NextPage reads the page after this one by its link next; on the last page,
// which has no such link, it fails.
//
// developer.pingidentity.com/pingone-api/foundations/conventions
func (c *Client) NextPage(ctx context.Context, page *Exchange) (*Exchange, error) {
	one := reading("Read Next Page", page.Link("next"), nil)
	if one.href == "" {
		return c.to(ctx, one, cannotFollow(page))
	}
	return c.do(ctx, one)
}
