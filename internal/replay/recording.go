package replay

import (
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"pingone-conformance/client"
)

// Request is what a recorded exchange sent.
type Request struct {
	Method string
	URL    *url.URL // absolute
	Header http.Header
	Body   []byte // JSON is compact
}

// Response is what it was answered.
type Response struct {
	Status int
	Header http.Header
	Body   []byte // JSON is compact
}

// Exchange is one recorded call and its answer.
type Exchange struct {
	Request  Request
	Response Response
}

// Recording is one fixture: what its header says, and its exchanges in order. It
// is read-only and may be shared; With makes a changed one.
type Recording struct {
	// File is where it was read from.
	File string
	// RecordedFrom is who answered, such as "emulator 0.1.0".
	RecordedFrom string
	// Passcodes is where passcodes came from, in PINGONE_PASSCODE's words; "" when the recorder did not say.
	Passcodes string
	// Begin is the time of the scenario's start in the fixture.
	Begin time.Time
	// Seed is that of the scenario's randomness.
	Seed uint64

	secrets   []secretLine
	clock     map[int][]time.Duration // readings before the nth exchange, after Begin
	exchanges []*played
}

// secretLine is one secret that the scenario brought, by its stand-in.
type secretLine struct{ kind, standIn string }

// played is an exchange together with what matching needs, made once.
type played struct {
	Exchange
	once  sync.Once
	form  canonical
	lines [2]int // of the request and of the response in the file
}

// Exchange returns a copy of the exchange at index i, counted from 0, that may
// be changed.
func (r *Recording) Exchange(i int) Exchange { return r.exchanges[i].clone() }

// Exchanges returns copies of all exchanges that may be changed.
func (r *Recording) Exchanges() []Exchange {
	all := make([]Exchange, len(r.exchanges))
	for i, one := range r.exchanges {
		all[i] = one.clone()
	}
	return all
}

// With returns the recording with the exchange at index i replaced by e. The
// others are shared with r, so that it is cheap.
func (r *Recording) With(i int, e Exchange) *Recording {
	changed := *r
	changed.exchanges = slices.Clone(r.exchanges)
	changed.exchanges[i] = &played{Exchange: e, lines: r.exchanges[i].lines}
	return &changed
}

// Only is the recording with nothing but the exchange at index i.
func (r *Recording) Only(i int) *Recording {
	only := *r
	only.exchanges, only.clock = r.exchanges[i:i+1], nil
	return &only
}

// Client is the exchange as the client keeps one; what was not recorded is missing.
func (e Exchange) Client() *client.Exchange {
	return &client.Exchange{
		Operation: "A call the contract does not list",
		Request:   client.Request{Method: e.Request.Method, URL: e.Request.URL, Header: e.Request.Header, Body: e.Request.Body},
		Status:    e.Response.Status, Header: e.Response.Header, Body: e.Response.Body,
	}
}

func (e *Exchange) clone() Exchange {
	address := *e.Request.URL
	return Exchange{
		Request: Request{
			Method: e.Request.Method, URL: &address,
			Header: e.Request.Header.Clone(), Body: slices.Clone(e.Request.Body),
		},
		Response: Response{
			Status: e.Response.Status, Header: e.Response.Header.Clone(), Body: slices.Clone(e.Response.Body),
		},
	}
}
