// Package encode appends JSON to a buffer by hand, for the thousands of calls of a run:
// encoding/json takes several times as long for them. Whatever a text holds, package plain
// shows it.
//
// Nothing that knows what is encoded may enter.
package encode

import (
	"encoding/binary"
	"io"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/plain"
)

// JSON is a text of JSON that grows. Each method returns it, so that calls can be chained.
type JSON []byte

// Write appends JSON as it is, for whoever encodes into an io.Writer.
func (j *JSON) Write(text []byte) (int, error) { *j = append(*j, text...); return len(text), nil }

// Raw appends JSON as it is.
func (j *JSON) Raw(text string) *JSON { *j = append(*j, text...); return j }

// Bytes appends JSON as it is.
func (j *JSON) Bytes(text []byte) *JSON { *j = append(*j, text...); return j }

// Line appends the inside of a JSON string: the text as plain.Line shows it, but whole.
func (j *JSON) Line(text string) *JSON { *j = escape(*j, text, true); return j }

// Text appends the inside of a JSON string: the text as plain.Whole shows it.
func (j *JSON) Text(text string) *JSON { *j = escape(*j, text, false); return j }

// Int appends a number.
func (j *JSON) Int(n int64) *JSON { *j = strconv.AppendInt(*j, n, 10); return j }

// Float appends a number without an exponent.
func (j *JSON) Float(n float64) *JSON { *j = strconv.AppendFloat(*j, n, 'f', -1, 64); return j }

// Bool appends true or false.
func (j *JSON) Bool(is bool) *JSON { *j = strconv.AppendBool(*j, is); return j }

// Comma appends one before each value of a list but the first, whose place is 0.
func (j *JSON) Comma(place int) *JSON {
	if place > 0 {
		*j = append(*j, ',')
	}
	return j
}

// Stream is JSON on its way to a writer.
type Stream struct {
	JSON
	out io.Writer
	err error
}

// NewStream returns a stream to out.
func NewStream(out io.Writer) *Stream { return &Stream{JSON: make(JSON, 0, 2*portion), out: out} }

// portion is how many bytes are written at a time.
const portion = 1 << 16

// Next sends what was appended on its way, once there is enough of it.
func (s *Stream) Next() {
	if len(s.JSON) >= portion {
		_ = s.Flush() // the error is kept
	}
}

// Flush writes what was appended, and returns the first error of all that was written.
func (s *Stream) Flush() error {
	if s.err == nil {
		_, s.err = s.out.Write(s.JSON)
	}
	s.JSON = s.JSON[:0]
	return s.err
}

// escape copies eight bytes at a time, and goes back to the first that does not stand in a JSON
// string as it is: every text but printable ASCII without quotes and backslashes.
func escape(out []byte, text string, oneLine bool) []byte {
	const step = 8
	for len(text) >= step {
		out = slices.Grow(out, len(text)+step)
		for room := cap(out) - step; len(text) >= step && len(out) <= room; {
			eight := binary.LittleEndian.Uint64([]byte(text[:step]))
			end := len(out)
			out = out[:end+step]
			binary.LittleEndian.PutUint64(out[end:], eight)
			found := special(eight)
			if found == 0 {
				text = text[step:]
				continue
			}
			n := bits.TrailingZeros64(found) / step
			out, text = one(out[:end+n], text[n:], oneLine)
			room = cap(out) - step
		}
	}
	for text != "" {
		if c := text[0]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			out, text = one(out, text, oneLine)
			continue
		}
		out = append(out, text[0])
		text = text[1:]
	}
	return out
}

// one appends the first character of a text, which does not stand as it is, and returns the rest.
func one(out []byte, text string, oneLine bool) (longer []byte, rest string) {
	switch c := text[0]; {
	case c == '"' || c == '\\':
		return append(out, '\\', c), text[1:]
	case c == '\n' && !oneLine:
		return append(out, `\n`...), text[1:]
	}
	return rare(out, text, oneLine)
}

// rare appends the first character of a text as package plain shows it, and returns the rest.
func rare(out []byte, text string, oneLine bool) (longer []byte, rest string) {
	var shown strings.Builder
	size := 0
	if oneLine {
		_, size = utf8.DecodeRuneInString(text)
		shown.WriteString(plain.Line(text[:size]))
	} else {
		size = plain.Escape(&shown, text)
	}
	return append(out, inJSON.Get().Replace(shown.String())...), text[size:]
}

var inJSON = lazy.Value[*strings.Replacer]{Make: func() *strings.Replacer {
	return strings.NewReplacer(`\`, `\\`, "\r", `\r`, "\n", `\n`, "\t", `\t`)
}}

// special has the highest bit of the first byte set that is not easy; what it has above that
// means nothing.
func special(eight uint64) uint64 {
	const each, highest = 0x0101010101010101, 0x8080808080808080
	zero := func(bytes uint64) uint64 { return (bytes - each) & ^bytes }
	control := (eight - each*' ') & ^eight
	beyond := eight | (eight + each)
	return (control | beyond | zero(eight^each*'"') | zero(eight^each*'\\')) & highest
}
