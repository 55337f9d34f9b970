package contract

import (
	"strings"
	"sync"
)

// reading is what a text says, whoever sent it and when: its JSON value, or the token that it
// is, and what schemas say of it. All of that follows from the text alone, so
// exchanges that repeat byte for byte share it; its values are only read. What
// depends on a scenario is never kept here.
type reading struct {
	text  string
	value func() (any, error)
	token func() (jwt, error)
	// said is the text and, if it is JSON with escapes, what its strings and names say.
	said func() string

	mu    sync.Mutex
	known map[question]any
}

// question asks something of the part of a text at place, a JSON pointer: a schema for its faults, a shape for what it
// does not know, or what a text says.
type question struct {
	about any
	place string
}

func newReading(text string) *reading {
	r := &reading{
		text:  text,
		value: sync.OnceValues(func() (any, error) { return decode([]byte(text)) }),
		token: sync.OnceValues(func() (jwt, error) { return parseJWT(text) }),
		known: map[question]any{},
	}
	r.said = sync.OnceValue(func() string { return text + r.unescaped() })
	return r
}

// unescaped is what the strings and the names of a JSON text say, each on a line, if any may be written otherwise.
func (r *reading) unescaped() string {
	if !strings.Contains(r.text, `\`) {
		return ""
	}
	var all strings.Builder
	value, _ := r.value() // what is no JSON says nothing else
	say := func(text string) { all.WriteString("\n" + text) }
	if text, is := value.(string); is {
		say(text)
	}
	walk(value, nil, func(path []string, v any) {
		say(path[len(path)-1])
		if text, is := v.(string); is {
			say(text)
		}
	})
	return all.String()
}

// holds reports whether the text has part in it, however JSON spells it. The end of a long part is looked for
// first: that is many times quicker, and tokens differ there.
func (r *reading) holds(part string) bool {
	const end = 32
	return r != nil && strings.Contains(r.said(), part[max(0, len(part)-end):]) && strings.Contains(r.said(), part)
}

// once returns the answer to a question about r, worked out at most once; without a reading, each time.
func once[T any](r *reading, q question, work func() T) T {
	if r == nil {
		return work()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	answer, known := r.known[q].(T)
	if !known {
		answer = work()
		r.known[q] = answer
	}
	return answer
}

// The readings that are kept: as many as the scenarios running at a time may repeat,
// and none of a text so long that few of them would fill the memory.
const keptReadings = 512
const keptLength = 32 << 10

// readings keeps the readings of a process, and begins anew when there are too many. It is safe for concurrent use.
type readings struct {
	mu     sync.Mutex
	byText map[string]*reading
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
	r := k.byText[string(text)]
	if r == nil {
		if k.byText == nil || len(k.byText) == keptReadings {
			k.byText = map[string]*reading{}
		}
		r = newReading(string(text))
		k.byText[r.text] = r
	}
	return r
}
