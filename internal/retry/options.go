package retry

import (
	"cmp"
	"fmt"
	"net/http"
	"time"
)

// MaxRetryAfter is the longest pause that a Retry-After header is given; one that
// asks for more is tried again after this long all the same.
const MaxRetryAfter = 30 * time.Second

// Options say how long and how often calls are repeated; the zero value is fine.
type Options struct {
	// Attempts is how often one call is tried in all; 0 means 5.
	Attempts int
	// AttemptLimit bounds one try, so that a call that hangs can be tried again
	// before the caller's own time limit ends it; 0 means no bound.
	AttemptLimit time.Duration
	// FirstWait is the pause before the second try, doubled with each further one
	// up to LongestWait; each is made up to half longer or shorter by chance. 0 means
	// a second and ten.
	FirstWait, LongestWait time.Duration
	// LagLimit bounds the polling of a call made with Settling, and LagInterval
	// is the pause between two looks; 0 means 30 seconds and half a second.
	LagLimit, LagInterval time.Duration
	// RightsLimit bounds the polling of a call made with Trying that is forbidden; 0
	// means that it is sent once.
	RightsLimit time.Duration
	// Missing are the roles that are known to be missing: what is forbidden for want of
	// one is not waited for; nil for none.
	Missing *Missing
	// Log gets each repetition before its pause; it may be called by
	// several goroutines at once.
	Log func(Event)
}

func (o Options) withDefaults() Options {
	o.Attempts = cmp.Or(max(o.Attempts, 0), 5)
	o.FirstWait = cmp.Or(max(o.FirstWait, 0), time.Second)
	o.LongestWait = cmp.Or(max(o.LongestWait, 0), 10*time.Second)
	o.LagLimit = cmp.Or(max(o.LagLimit, 0), 30*time.Second)
	o.LagInterval = cmp.Or(max(o.LagInterval, 0), 500*time.Millisecond)
	if o.Log == nil {
		o.Log = func(Event) {}
	}
	return o
}

// Event is one repetition. It holds nothing secret: no query, no header, no body.
type Event struct {
	Method, Path string
	// Why is what went wrong, such as "answered 503" or "the connection broke".
	Why string
	// Try is how many tries there were so far, Wait the pause before the next;
	// both are 0 when a creation was found to have happened.
	Try  int
	Wait time.Duration
}

// String tells the repetition in one line.
func (e Event) String() string {
	if e.Try == 0 {
		return fmt.Sprintf("%s %s: %s", e.Method, e.Path, e.Why)
	}
	return fmt.Sprintf("%s %s: %s at try %d; next try in %s", e.Method, e.Path, e.Why, e.Try, e.Wait.Round(time.Millisecond))
}

// noteHeader is a header that is added to an answer which is not simply what the
// server said to the call: a creation that was looked up, or the last of several
// answers when giving up. No server sends it.
const noteHeader = "Conformance-Note"

// Note returns what the header of that name says, such as "still 404 after 30s and 60 tries",
// or "" for an answer that has no such header. It is meant for error texts.
func Note(header http.Header) string { return header.Get(noteHeader) }
