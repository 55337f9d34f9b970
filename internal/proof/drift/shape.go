package drift

import (
	"path"
	"slices"
	"strings"

	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/replay/jsontree"
)

// The types of texts beside jsontree's. A JSON web token is opened: what it says
// stands below "header" and "claims". On the form of the others a program may rely.
const (
	typeToken = "JSON web token"
	typeTime  = "time" // RFC 3339, UTC, milliseconds
	typeID    = "id"   // UUID in lower case
	typeURL   = "URL"  // absolute
)

var (
	timeForm = lazy.Regexp(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	idForm   = lazy.Regexp(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	urlForm  = lazy.Regexp(`^https?://[^/\s]`)
)

// shape is what can be compared of a JSON value, by JSON pointer with * for every item of a list.
type shape map[string]*place

// place is one member, or all that stand at the same place of a list's items.
type place struct {
	types []string // sorted, each once
	words []string // enumerated values, sorted, each once
	other bool     // some text here is no enumerated value
}

// shapeOf reads a body; false when it is no JSON.
func shapeOf(body []byte) (shape, bool) {
	s := shape{}
	return s, s.add("", body)
}

// add notes the values of a JSON text that stands at a place.
func (s shape) add(base string, text []byte) bool {
	return jsontree.Walk(text, func(v jsontree.Value) {
		if v.Key {
			return
		}
		at := base + jsontree.General(v.Pointer())
		p := s[at]
		if p == nil {
			p = &place{}
			s[at] = p
		}
		if v.Type == jsontree.String {
			s.addText(at, p, v.Text)
		} else {
			p.types = with(p.types, v.Type)
		}
	})
}

func (s shape) addText(at string, p *place, text string) {
	if header, claims, ok := jsontree.OpenToken(text); ok {
		p.types = with(p.types, typeToken)
		s.add(at+"/header", []byte(header))
		s.add(at+"/claims", []byte(claims))
		return
	}
	p.types = with(p.types, textType(text))
	switch name := nameOf(at); {
	case !enumerated(at, name):
	case isWord(name, text):
		p.words = with(p.words, text)
	default:
		p.other = true
	}
}

// nameOf is the name of the member at a place; an item has that of its list.
func nameOf(at string) string { return path.Base(strings.TrimRight(at, "/*")) }

// parentOf is the place that holds another.
func parentOf(at string) string { return at[:max(0, strings.LastIndex(at, "/"))] }

// textType is the form of a text.
func textType(text string) string {
	switch {
	case timeForm.Get().MatchString(text):
		return typeTime
	case idForm.Get().MatchString(text):
		return typeID
	case urlForm.Get().MatchString(text):
		return typeURL
	}
	return jsontree.String
}

// with inserts a text into a sorted list that has each once.
func with(list []string, text string) []string {
	i, found := slices.BinarySearch(list, text)
	if found {
		return list
	}
	return slices.Insert(list, i, text)
}

// holds tells whether two places are containers of the same type, so that what is
// below one can be looked for below the other.
func (p *place) holds(q *place) bool {
	for _, container := range []string{jsontree.Object, typeToken} {
		if slices.Contains(p.types, container) && slices.Contains(q.types, container) {
			return true
		}
	}
	return false
}
