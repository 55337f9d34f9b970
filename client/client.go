package client

import (
	"cmp"
	"net/http"
	"net/http/cookiejar"
	"sync"
	"sync/atomic"
	"time"
)

// version is the suite's version as the User-Agent header gives it.
const version = "0.1.0"

// DefaultTimeout is how long a call may take when Options name no Timeout.
const DefaultTimeout = 30 * time.Second

// Options say where PingOne is and how it is reached.
type Options struct {
	// APIURL and AuthURL are the management API's and the authorization
	// server's addresses. The API's may end in /v1 or not.
	APIURL, AuthURL string
	// AppsURL is where PingOne's own pages are; "" means AuthURL. Nothing but
	// OpenPage goes there.
	AppsURL string
	// Transport carries the calls; nil means NewTransport(1). Replay, recording,
	// rate limits and retries are round trippers that stand here.
	Transport http.RoundTripper
	// UserAgent is put behind "pingone-conformance/<version>".
	UserAgent string
	// Observe gets every exchange after it ended, one at a time.
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
	options Options
	hosts   hosts
	jar     http.CookieJar
	// bearer holds the worker's token, a string.
	bearer *atomic.Value
}

// New returns a client with an empty cookie jar and no token. It fails when a
// URL is none, is plain http to another machine, or has a path, query or user
// information that does not belong there.
func New(o Options) (*Client, error) {
	hosts, err := newHosts(o.APIURL, o.AuthURL, o.AppsURL)
	if err != nil {
		return nil, err
	}
	o.UserAgent = "pingone-conformance/" + version + prefixed(" ", o.UserAgent)
	o.Timeout = cmp.Or(o.Timeout, DefaultTimeout)
	o.Observe = oneAtATime(o.Observe)
	if o.Transport == nil {
		o.Transport = NewTransport(1)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Client{options: o, hosts: hosts, jar: newJar(), bearer: &atomic.Value{}}, nil
}

func oneAtATime(observe func(*Exchange)) func(*Exchange) {
	var mu sync.Mutex
	return func(e *Exchange) {
		mu.Lock()
		defer mu.Unlock()
		if observe != nil {
			observe(e)
		}
	}
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
	other.bearer = &atomic.Value{}
	other.SetToken(token)
	return &other
}

// SetToken sets the bearer token of management calls, for this client and for
// those made from it by WithFreshJar.
func (c *Client) SetToken(token string) { c.bearer.Store(token) }

func newJar() http.CookieJar {
	jar, _ := cookiejar.New(nil) // documented to fail never
	return jar
}
