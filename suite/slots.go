package suite

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"pingone-conformance/internal/plain"
)

// slots bound how many scenarios run at a time against an environment whose limits nobody
// knows before: half as many after an answer of 429, and slowly more again while none comes.
//
// developer.pingidentity.com/pingone-api/platform/rate-limiting.html
type slots struct {
	out io.Writer // is told when it gets less; may be nil

	mu            sync.Mutex
	most, allowed int
	running       int
	ended         int       // how many scenarios have ended since allowed changed
	halved        time.Time // when it was last
	changed       chan struct{}
}

// sameCrowd is for how long further answers of 429 tell nothing new: they are to calls that
// went out together.
const sameCrowd = time.Second

// newSlots allows at first what was asked for, but no more scenarios at a time than calls a
// second; 0 calls a second is no limit.
func newSlots(concurrency int, rps float64, out io.Writer) *slots {
	most := max(1, concurrency)
	if rps > 0 {
		most = min(most, max(1, int(rps)))
	}
	return &slots{out: out, most: most, allowed: most, changed: make(chan struct{})}
}

// turn waits until one more scenario may run, or the context ends. What it returns ends the
// scenario's turn.
func (s *slots) turn(ctx context.Context) (end func()) {
	for {
		s.mu.Lock()
		free, changed := s.running < s.allowed, s.changed
		if free {
			s.running++
		}
		s.mu.Unlock()
		if free {
			return s.end
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return func() {}
		}
	}
}

// end makes room for another scenario, and after as many as run at a time for one more.
func (s *slots) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	if s.ended++; s.allowed < s.most && s.ended >= s.allowed {
		s.allowed, s.ended = s.allowed+1, 0
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

// limited halves what is allowed.
func (s *slots) limited() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.halved) < sameCrowd || s.running < 2 || s.allowed < 2 {
		return
	}
	s.allowed, s.ended, s.halved = min(s.allowed, s.running)/2, 0, time.Now()
	if s.out != nil {
		_, _ = fmt.Fprintf(s.out, "PingOne answers 429: from now on %s at a time, and slowly more\n", plain.Count(s.allowed, "scenario"))
	}
}

// noticing tells the slots of answers that come because there are too many calls.
type noticing struct {
	next  http.RoundTripper
	slots *slots
}

// RoundTrip passes a call on. One device too many for a person is answered 429, too, without a time to wait.
func (n noticing) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := n.next.RoundTrip(request)
	if err == nil && response.StatusCode == http.StatusTooManyRequests &&
		(response.Header.Get("Retry-After") != "" || !strings.HasSuffix(request.URL.Path, "/devices")) {
		n.slots.limited()
	}
	return response, err
}
