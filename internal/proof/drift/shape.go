package drift

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
)

// The types of members. A JSON web token is opened: what it says stands below
// "header" and "claims".
const (
	typeObject  = "object"
	typeArray   = "array"
	typeString  = "string"
	typeNumber  = "number"
	typeBoolean = "boolean"
	typeNull    = "null"
	typeToken   = "JSON web token"
	// Texts whose form a program may rely on.
	typeTime = "time" // RFC 3339, UTC, milliseconds
	typeID   = "id"   // UUID in lower case
	typeURL  = "URL"  // absolute
)

var (
	timeForm = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	idForm   = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	urlForm  = regexp.MustCompile(`^https?://[^/\s]`)
)

// shape is what can be compared of a JSON value, by JSON pointer with * for every item of a list.
type shape map[string]*place

// place is one member, or all that stand at the same place of a list's items.
type place struct {
	types  []string // sorted, each once
	parent string   // "" for the value as a whole
	name   string   // last token, unescaped
	words  []string // enumerated values, sorted, each once
	other  bool     // some text here is no enumerated value
}

// shapeOf reads a body; false when it is no JSON.
func shapeOf(body []byte) (shape, bool) {
	v, err := decode(body)
	if err != nil {
		return nil, false
	}
	s := shape{}
	s.add("", "", "", v)
	return s, true
}

func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more follows the JSON value")
	}
	return v, nil
}

// add notes a value and all that is below it.
func (s shape) add(at, parent, name string, v any) {
	p := s[at]
	if p == nil {
		p = &place{parent: parent, name: name}
		s[at] = p
	}
	switch v := v.(type) {
	case map[string]any:
		p.types = with(p.types, typeObject)
		for member, inner := range v {
			s.add(at+"/"+escape(member), at, member, inner)
		}
	case []any:
		p.types = with(p.types, typeArray)
		for _, inner := range v {
			s.add(at+"/*", at, name, inner) // an item is an enumerated value if its list is
		}
	case string:
		s.addText(at, p, v)
	case json.Number:
		p.types = with(p.types, typeNumber)
	case bool:
		p.types = with(p.types, typeBoolean)
	case nil:
		p.types = with(p.types, typeNull)
	}
}

func (s shape) addText(at string, p *place, text string) {
	if header, claims, ok := openToken(text); ok {
		p.types = with(p.types, typeToken)
		s.add(at+"/header", at, "header", header)
		s.add(at+"/claims", at, "claims", claims)
		return
	}
	p.types = with(p.types, textType(text))
	switch {
	case !enumerated(at, p.name):
	case isWord(p.name, text):
		p.words = with(p.words, text)
	default:
		p.other = true
	}
}

// textType is the form of a text.
func textType(text string) string {
	switch {
	case timeForm.MatchString(text):
		return typeTime
	case idForm.MatchString(text):
		return typeID
	case urlForm.MatchString(text):
		return typeURL
	}
	return typeString
}

// with inserts a text into a sorted list that has each once.
func with(list []string, text string) []string {
	i, found := slices.BinarySearch(list, text)
	if found {
		return list
	}
	return slices.Insert(list, i, text)
}

func escape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
}

// openToken reads the header and the claims of a signed token; the signature is not looked at.
func openToken(text string) (header, claims any, ok bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 || !strings.HasPrefix(text, "eyJ") {
		return nil, nil, false
	}
	var open [2]any
	for i := range open {
		raw, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			return nil, nil, false
		}
		if open[i], err = decode(raw); err != nil {
			return nil, nil, false
		}
	}
	return open[0], open[1], true
}

// holds tells whether two places are containers of the same type, so that what is
// below one can be looked for below the other.
func (p *place) holds(q *place) bool {
	for _, container := range []string{typeObject, typeToken} {
		if slices.Contains(p.types, container) && slices.Contains(q.types, container) {
			return true
		}
	}
	return false
}
