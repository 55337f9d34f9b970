package replay

import (
	"strings"

	"github.com/google/uuid"
)

// ReplayTolerantly returns a session that answers from a recording in memory, also
// where a call differs from the recorded one in its ids, headers, query or body. It
// shows what a scenario would notice by itself, were replay less strict: with a
// changed recording, whether a changed answer is seen in the answer or only in what
// is sent next. No scenario is run this way to be proved.
func ReplayTolerantly(recording *Recording) (*Session, error) {
	s, err := ReplayRecording(recording)
	if err != nil {
		return nil, err
	}
	s.player.tolerant = true
	return s, nil
}

// alike tells whether two calls ask for the same: method, media type, host, and all
// of the path that is no id.
func alike(recorded, sent *Request) bool {
	if recorded.Method != sent.Method || recorded.URL.Host != sent.URL.Host ||
		recorded.Header.Get("Content-Type") != sent.Header.Get("Content-Type") {
		return false
	}
	want, got := strings.Split(recorded.URL.Path, "/"), strings.Split(sent.URL.Path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && uuid.Validate(want[i]) != nil {
			return false
		}
	}
	return true
}
