package retry

import (
	"fmt"
	"net/http"
	"time"
)

// MaxRetryAfter is the longest pause that a Retry-After header is given; one that
// asks for more is tried again after this long all the same.
const MaxRetryAfter = 30 * time.Second

// The usual values of Options.
const (
	DefaultAttempts    = 5
	DefaultFirstWait   = time.Second
	DefaultLongestWait = 10 * time.Second
	DefaultLagLimit    = 30 * time.Second
	DefaultLagInterval = 500 * time.Millisecond
)

// Options say how long and how often calls are repeated; the zero value is fine.
type Options struct {
	// Attempts is how often one call is tried in all; 0 means DefaultAttempts.
	Attempts int
	// AttemptLimit bounds one try, so that a call that hangs can be tried again
	// before the caller's own time limit ends it; 0 means no bound.
	AttemptLimit time.Duration
	// FirstWait is the pause before the second try, doubled with each further one
	// up to LongestWait; each is made up to half longer or shorter by chance.
	FirstWait, LongestWait time.Duration
	// LagLimit bounds the polling of a call made with Settling, and LagInterval
	// is the pause between two looks.
	LagLimit, LagInterval time.Duration
	// Log is told of each repetition before its pause; it may be called by
	// several goroutines at once.
	Log func(Event)
}

func (o Options) withDefaults() Options {
	if o.Attempts <= 0 {
		o.Attempts = DefaultAttempts
	}
	orElse(&o.FirstWait, DefaultFirstWait)
	orElse(&o.LongestWait, DefaultLongestWait)
	orElse(&o.LagLimit, DefaultLagLimit)
	orElse(&o.LagInterval, DefaultLagInterval)
	if o.Log == nil {
		o.Log = func(Event) {}
	}
	return o
}

func orElse(value *time.Duration, usual time.Duration) {
	if *value <= 0 {
		*value = usual
	}
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

// NoteHeader is a header that is added to an answer which is not simply what the
// server said to the call: a creation that was looked up, or the last of several
// answers when giving up. No server sends it.
const NoteHeader = "Conformance-Note"

// Note returns what NoteHeader says, such as "still 404 after 30s and 60 tries",
// or "" for an answer that has no such header. It is meant for error texts.
func Note(header http.Header) string { return header.Get(NoteHeader) }
