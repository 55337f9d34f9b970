package contract

import (
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// reading is what a text says, whoever sent it and when: its JSON value, or the token that it
// is, and what schemas say of it. All of that follows from the text alone, so
// exchanges that repeat byte for byte share it; its values are only read. What
// depends on a scenario is never kept here.
type reading struct {
	text  string
	value func() (any, error)
	token func() (jwt, error)

	mu     sync.Mutex
	judged map[question]any
}

// question asks what a schema says about the part of a text at place, a JSON pointer.
type question struct {
	schema *jsonschema.Schema
	aspect aspect
	place  string
}

// aspect is the kind of a question's answer.
type aspect int

const (
	// asFaults asks for []fault, asStrangers for the [][]string that are paths of unknown members.
	asFaults aspect = iota
	asStrangers
	// asHidden asks, of no schema, for the [][]string that are paths of members that hide their text.
	asHidden
)

func newReading(text string) *reading {
	return &reading{
		text:   text,
		value:  sync.OnceValues(func() (any, error) { return decode([]byte(text)) }),
		token:  sync.OnceValues(func() (jwt, error) { return parseJWT(text) }),
		judged: map[question]any{},
	}
}

// holds tells whether the text has part in it. The end of a long part is looked for
// first: that is many times quicker, and tokens differ there.
func (r *reading) holds(part string) bool {
	const end = 32
	return r != nil && strings.Contains(r.text, part[max(0, len(part)-end):]) && strings.Contains(r.text, part)
}

// judged returns the answer to a question about r, worked out at most once; without a reading, each time.
func judged[T any](r *reading, q question, work func() T) T {
	if r == nil {
		return work()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, asked := r.judged[q]; asked {
		return known.(T)
	}
	answer := work()
	r.judged[q] = answer
	return answer
}

// The readings that are kept: as many as the scenarios running at a time may repeat,
// and none of a text so long that few of them would fill the memory.
const (
	keptReadings = 512
	keptLength   = 32 << 10
)

// readings keeps the newest readings of a process, the oldest gives way. It is safe for concurrent use.
type readings struct {
	mu     sync.Mutex
	byText map[string]*reading
	ring   [keptReadings]string
	next   int
}

// of returns the reading of text, nil when there is no text.
func (k *readings) of(text []byte) *reading {
	if len(text) == 0 {
		return nil
	}
	if len(text) > keptLength {
		return newReading(string(text))
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if known := k.byText[string(text)]; known != nil {
		return known
	}
	if k.byText == nil {
		k.byText = map[string]*reading{}
	}
	r := newReading(string(text))
	delete(k.byText, k.ring[k.next])
	k.ring[k.next], k.byText[r.text] = r.text, r
	k.next = (k.next + 1) % keptReadings
	return r
}
