package mutants

import (
	"net/http"
	"slices"
	"strings"

	"pingone-conformance/internal/replay"
)

// Kind says what is done to a place of an answer.
type Kind string

// The kinds of change. A list is also emptied and doubled; a status is changed
// within its class, which is the first digit, and to another class.
const (
	Dropped Kind = "dropped"
	Retyped Kind = "retyped"
	Changed Kind = "changed"
	// Swapped is a change to a value that the same member has in another answer, such as another status of a flow.
	Swapped Kind = "swapped"
	Emptied Kind = "emptied"
	Doubled Kind = "doubled"
	Within  Kind = "changed within its class"
	Across  Kind = "changed to another class"
)

// The places of an answer that are no JSON pointers.
const (
	placeStatus   = "status"
	placeMedia    = "header Content-Type"
	placeLocation = "header Location"
	placeCookie   = "header Set-Cookie"
)

// Change is one change of one place of an answer.
type Change struct {
	// Where is a JSON pointer into the body, "status", or a header such as "header Location".
	Where string
	Kind  Kind

	start, end int    // the bytes of the body that go
	text       string // what takes their place
	status     int
	headers    []string
}

// apply makes the change in r, the answer that it was made for.
func (c Change) apply(r *replay.Response) {
	switch {
	case c.Where == placeStatus:
		r.Status = c.status
	case strings.HasPrefix(c.Where, "header "):
		name := http.CanonicalHeaderKey(strings.Fields(c.Where)[1])
		delete(r.Header, name)
		if len(c.headers) > 0 {
			r.Header[name] = c.headers
		}
	default:
		r.Body = slices.Concat(r.Body[:c.start], []byte(c.text), r.Body[c.end:])
	}
}
