package drift

import "fmt"

// Difference is one place in which an answer differs from the recorded one.
type Difference struct {
	// Kind says what differs, and how: "status changed", "media type changed", "body
	// changed" (from JSON to something else, the reverse, or as a whole of another
	// type); header, cookie, parameter (of the Location's query or fragment), member or
	// link, "added" where the recording has none, "gone" where only the recording has
	// it; "member retyped"; "value changed" of an enumerated member; "refused with" for
	// the codes of an answer that was a success.
	Kind string `json:"kind"`
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
	what := d.Kind
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
