// Package jsontext looks at JSON texts (RFC 8259): quickly, and with the answers of encoding/json.
package jsontext

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/tidwall/gjson"
	"github.com/tidwall/pretty"
)

// How many levels of lists and objects a text may have, and how many values: many more than any of PingOne's, and few enough
// for who goes through them by recursion or keeps something of each. RFC 8259 section 9 leaves such limits to the reader.
const (
	mostLevels = 50
	mostValues = 500_000
)

// Valid tells whether a text is one JSON value and nothing else, and not excessive. Whatever somebody else has sent is asked
// of here: gjson alone runs out of stack where it is nested deeply.
func Valid[T string | []byte](text T) bool {
	raw := []byte(text)
	return Excess(raw) == nil && gjson.ValidBytes(raw)
}

// Excess says of a text that is JSON what it has more of than anybody reads; nil for any usual one.
func Excess(text []byte) error {
	opening := bytes.Count(text, []byte("[")) + bytes.Count(text, []byte("{"))
	if opening <= mostLevels && opening+bytes.Count(text, []byte(",")) <= mostValues {
		return nil
	}
	level, values := 0, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case '[', '{':
			level, values = level+1, values+1
		case ',':
			values++
		case ']', '}':
			level--
		}
		switch {
		case level > mostLevels:
			return fmt.Errorf("JSON with more than %d levels", mostLevels)
		case values > mostValues:
			return fmt.Errorf("JSON with more than %d values", mostValues)
		}
	}
	return nil
}

// Compact returns a text without the room between its tokens; ok is false where it is no JSON value, or excessive.
func Compact(text []byte) (compact []byte, ok bool) {
	if !Valid(text) {
		return nil, false
	}
	return pretty.Ugly(text), true
}

// Decode returns what a text says, numbers as json.Number; ok is false where encoding/json has to be asked: for what is no
// JSON value, or has characters that are not written as themselves.
func Decode(text []byte) (value any, ok bool) {
	if bytes.Contains(text, []byte(`\u`)) || !utf8.Valid(text) || !Valid(text) {
		return nil, false
	}
	return valueOf(gjson.ParseBytes(text)), true
}

func valueOf(read gjson.Result) any {
	switch {
	case read.IsObject():
		object := map[string]any{}
		read.ForEach(func(name, value gjson.Result) bool {
			object[name.Str] = valueOf(value)
			return true
		})
		return object
	case read.IsArray():
		list := []any{}
		read.ForEach(func(_, value gjson.Result) bool {
			list = append(list, valueOf(value))
			return true
		})
		return list
	case read.Type == gjson.Number:
		return json.Number(read.Raw)
	}
	return read.Value()
}
