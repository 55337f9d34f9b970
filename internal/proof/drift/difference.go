package drift

import "fmt"

// Kind says in which way an answer differs from the recorded one.
type Kind string

// The kinds of difference. Added is what the recording does not have, gone what only
// the recording has.
const (
	StatusChanged    Kind = "status changed"
	MediaTypeChanged Kind = "media type changed"
	BodyChanged      Kind = "body changed" // from JSON to something else, the reverse, or as a whole of another type
	HeaderAdded      Kind = "header added"
	HeaderGone       Kind = "header gone"
	CookieAdded      Kind = "cookie added"
	CookieGone       Kind = "cookie gone"
	ParameterAdded   Kind = "parameter added" // of the Location's query or fragment
	ParameterGone    Kind = "parameter gone"
	MemberAdded      Kind = "member added"
	MemberGone       Kind = "member gone"
	MemberRetyped    Kind = "member retyped"
	LinkAdded        Kind = "link added"
	LinkGone         Kind = "link gone"
	ValueChanged     Kind = "value changed" // of an enumerated member
	Refused          Kind = "refused with"  // the codes of an answer that was a success
)

// Difference is one place in which an answer differs from the recorded one.
type Difference struct {
	Kind Kind `json:"kind"`
	// At is a JSON pointer into the body with * for every item of a list, the name of
	// a header, a cookie or a parameter, or "" for the answer as a whole.
	At string `json:"at,omitempty"`
	// Recorded and Seen are a status, a media type, the types of a member, or
	// enumerated values; "" where there was nothing.
	Recorded string `json:"recorded,omitempty"`
	Seen     string `json:"seen,omitempty"`
}

// String is the difference in one line.
func (d Difference) String() string {
	what := string(d.Kind)
	if d.At != "" {
		what += " " + d.At
	}
	switch {
	case d.Recorded != "" && d.Seen != "":
		return fmt.Sprintf("%s: %s, was %s", what, d.Seen, d.Recorded)
	case d.Seen != "":
		return what + ": " + d.Seen
	case d.Recorded != "":
		return what + ": was " + d.Recorded
	}
	return what
}
