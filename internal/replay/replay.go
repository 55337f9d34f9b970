package replay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/jarcoal/httpmock"

	"pingone-conformance/internal/replay/internal/scrub"
)

// Replay returns a session that answers from a recording, as Load finds it.
func Replay(files fs.FS, file string) (*Session, error) {
	recording, err := Load(files, file)
	if err != nil {
		return nil, err
	}
	return Play(recording, false), nil
}

// Play returns a session that answers from a recording in memory, such as
// a changed one. A tolerant one answers also where a call differs from the recorded
// one in its ids, headers, query or body. It shows what a scenario would notice by
// itself, were replay less strict: with a changed recording, whether a changed answer
// is seen in the answer or only in what is sent next. No scenario is run this way to
// be proved.
func Play(recording *Recording, tolerant bool) *Session {
	p := &player{recording: recording, transport: httpmock.NewMockTransport(), tolerant: tolerant, read: recording.Begin, asked: map[string]int{}}
	p.transport.RegisterNoResponder(p.answer)
	for _, one := range recording.exchanges {
		// All calls end in p.answer; those that were recorded are found at once.
		p.transport.RegisterResponder(one.Request.Method, one.Request.URL.String(), p.answer)
	}
	return &Session{
		file: recording.File, seed: recording.Seed, rand: newSource(recording.Seed),
		vault: scrub.NewVault(nil), player: p,
	}
}

// player answers from a recording, each exchange once and in order.
type player struct {
	recording *Recording
	transport *httpmock.MockTransport
	tolerant  bool // answers a call that is only alike

	mu      sync.Mutex
	next    int   // index of the exchange that is expected
	failure error // of the first call that did not match
	asked   map[string]int
	read    time.Time // what the clock showed last
	reading int       // how many of the readings before the next exchange are used
}

// RoundTrip answers a call unless its caller has given up. httpmock starts two goroutines for a call that can be given up
// while it is answered; there is no time for that here.
func (p *player) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		if r.Body != nil {
			err = errors.Join(err, r.Body.Close())
		}
		return nil, err
	}
	answer, err := p.transport.RoundTrip(r.WithContext(context.WithoutCancel(r.Context())))
	if answer != nil {
		answer.Request = r
	}
	return answer, err
}

// answer is httpmock's responder for every call.
func (p *player) answer(r *http.Request) (*http.Response, error) {
	body, err := requestBody(r)
	if err != nil {
		return nil, fmt.Errorf("reading the request to replay: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failure != nil {
		return nil, fmt.Errorf("replay %s: stopped, since an earlier call did not match", p.recording.File)
	}
	sent := newSent(r, body)
	if p.next < len(p.recording.exchanges) {
		expected := p.recording.exchanges[p.next]
		if expected.matches(p.recording, sent) || p.tolerant && alike(&expected.Request, &sent.Request) {
			p.advance()
			return expected.response(), nil
		}
	}
	p.failure = mismatch(p.recording, p.next, sent)
	return nil, p.failure
}

// advance moves on to the next exchange, and the clock to the last reading
// before this one.
func (p *player) advance() {
	p.next++
	if readings := p.recording.clock[p.next]; len(readings) > 0 {
		p.read = p.recording.Begin.Add(readings[len(readings)-1])
	}
	p.reading = 0
}

// awaits tells whether the next exchange is of this call, its query apart.
func (p *player) awaits(method string, address *url.URL) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failure != nil || p.next >= len(p.recording.exchanges) {
		return false
	}
	next := p.recording.exchanges[p.next].Request
	return next.Method == method && next.URL.Host == address.Host && next.URL.Path == address.Path
}

// response is the recorded answer; its body is shared and only read.
func (p *played) response() *http.Response {
	status := p.Response.Status
	return &http.Response{
		Status:        strings.TrimRight(fmt.Sprintf("%d %s", status, http.StatusText(status)), " "),
		StatusCode:    status,
		Proto:         protocol,
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        p.Response.Header.Clone(),
		Body:          io.NopCloser(bytes.NewReader(p.Response.Body)),
		ContentLength: int64(len(p.Response.Body)),
	}
}

// now gives the recorded readings before the next exchange in turn, and stays at
// the last one, so that a reading more or less moves no later time.
func (p *player) now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if readings := p.recording.clock[p.next+1]; p.reading < len(readings) {
		p.read = p.recording.Begin.Add(readings[p.reading])
		p.reading++
	}
	return p.read
}

// secret gives the recorded stand-ins of a kind in turn.
func (p *player) secret(kind string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked[kind]++
	turn := 0
	for _, secret := range p.recording.secrets {
		if secret.kind != kind {
			continue
		}
		if turn++; turn == p.asked[kind] {
			return secret.standIn
		}
	}
	// More secrets than were recorded: the calls that need them will not match.
	return scrub.Unrecorded(kind, p.asked[kind])
}

func (p *player) finish(passed bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.failure != nil:
		return p.failure
	case passed && p.next < len(p.recording.exchanges):
		return unused(p.recording, p.next)
	}
	return nil
}
