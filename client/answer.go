package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"pingone-conformance/internal/jsontext"
	"pingone-conformance/internal/plain"
)

// CheckJSON says why a body that begins as JSON must not be read: it is not UTF-8, it is
// no JSON to its end, it has more than anybody reads (section 9), or an object has two members
// of one name, of which every reader takes another (RFC 8259 sections 4 and 8.1). What does not begin as an object or a list
// is not looked at.
func CheckJSON(body []byte) error {
	text := bytes.TrimLeft(body, " \t\r\n")
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return nil
	}
	excess := jsontext.Excess(text)
	switch {
	case !utf8.Valid(text):
		return errors.New("its JSON is not UTF-8")
	case excess != nil:
		return fmt.Errorf("it is %w", excess)
	case !jsontext.Valid(text):
		return errors.New("it begins as JSON and is none")
	}
	if name, doubled := doubledMember(text); doubled {
		return fmt.Errorf("its JSON has the member %q twice in one object", plain.Short(string(name), 60))
	}
	return nil
}

// fewMembers is how many names are compared one by one; larger objects get a set.
const fewMembers = 16

// object is one object, or list, that is being read: the names of its members so far.
type object struct {
	isList bool
	names  [][]byte
	set    map[string]bool
}

// has adds a name and tells whether it was there.
func (o *object) has(name []byte) bool {
	if o.set != nil {
		known := o.set[string(name)]
		o.set[string(name)] = true
		return known
	}
	for _, known := range o.names {
		if bytes.Equal(known, name) {
			return true
		}
	}
	if o.names = append(o.names, name); len(o.names) > fewMembers {
		o.set = make(map[string]bool, 4*fewMembers)
		for _, known := range o.names {
			o.set[string(known)] = true
		}
	}
	return false
}

// opened adds an object or a list to those that are open, in the memory of an earlier one.
func opened(open []object, isList bool) []object {
	if len(open) == cap(open) {
		return append(open, object{isList: isList})
	}
	open = open[:len(open)+1]
	last := &open[len(open)-1]
	last.isList, last.names, last.set = isList, last.names[:0], nil
	return open
}

// doubledMember finds a name that an object of a valid JSON text has twice. Names are
// compared as they read, not as they are written.
func doubledMember(text []byte) (name []byte, doubled bool) {
	var open []object
	for at, naming := 0, false; at < len(text); at++ {
		switch text[at] {
		case '{', '[':
			naming = text[at] == '{'
			open = opened(open, !naming)
		case '}', ']':
			open = open[:len(open)-1]
		case ',':
			naming = !open[len(open)-1].isList
		case '"':
			end, escaped := endOfString(text, at)
			if naming {
				if name := unquoted(text[at:end+1], escaped); open[len(open)-1].has(name) {
					return name, true
				}
				naming = false
			}
			at = end
		}
	}
	return nil, false
}

// endOfString is where the string ends that begins at a quotation mark.
func endOfString(text []byte, at int) (end int, escaped bool) {
	for at++; text[at] != '"'; at++ {
		if text[at] == '\\' {
			escaped = true
			at++
		}
	}
	return at, escaped
}

func unquoted(quoted []byte, escaped bool) []byte {
	if !escaped {
		return quoted[1 : len(quoted)-1]
	}
	var name string
	_ = json.Unmarshal(quoted, &name) // a string of a valid text
	return []byte(name)
}
