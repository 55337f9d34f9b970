// Package jsontext looks at JSON texts (RFC 8259): quickly, and with the answers of encoding/json.
package jsontext

import (
	"encoding/json"

	"github.com/tidwall/gjson"
	"github.com/tidwall/pretty"
)

// short is the length up to which no JSON text is nested more deeply than encoding/json reads, 10,000 levels.
const short = 20_000

// Valid tells whether a text is one JSON value and nothing else. Whatever somebody else has sent is asked of here: gjson
// alone runs out of stack where it is nested deeply.
func Valid[T string | []byte](text T) bool {
	if len(text) > short {
		return json.Valid([]byte(text))
	}
	return gjson.ValidBytes([]byte(text))
}

// Compact returns a text without the room between its tokens; ok is false where it is no JSON value.
func Compact(text []byte) (compact []byte, ok bool) {
	if !Valid(text) {
		return nil, false
	}
	return pretty.Ugly(text), true
}
