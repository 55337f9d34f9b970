// Package jsontext looks at JSON texts (RFC 8259): quickly, and with the answers of encoding/json.
package jsontext

import (
	"bytes"

	"github.com/tidwall/gjson"
	"github.com/tidwall/pretty"
)

// Deepest is how many levels of lists and objects a text may have: many more than any of PingOne's, and few enough for who
// goes through them by recursion or writes down a path. RFC 8259 section 9 leaves the limit to the reader.
const Deepest = 50

// Valid tells whether a text is one JSON value and nothing else, and no deeper than Deepest. Whatever somebody else has sent
// is asked of here: gjson alone runs out of stack where it is nested deeply.
func Valid[T string | []byte](text T) bool {
	raw := []byte(text)
	return !Deep(raw) && gjson.ValidBytes(raw)
}

// Deep tells whether a text that is JSON has more levels than Deepest.
func Deep(text []byte) bool {
	if bytes.Count(text, []byte("["))+bytes.Count(text, []byte("{")) <= Deepest {
		return false
	}
	level := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case '[', '{':
			if level++; level > Deepest {
				return true
			}
		case ']', '}':
			level--
		}
	}
	return false
}

// Compact returns a text without the room between its tokens; ok is false where it is no JSON value, or too deep.
func Compact(text []byte) (compact []byte, ok bool) {
	if !Valid(text) {
		return nil, false
	}
	return pretty.Ugly(text), true
}
