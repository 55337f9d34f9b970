package mutants

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"pingone-conformance/internal/replay"
)

// Kind says what is done to a place of an answer.
type Kind string

// The kinds of change. A list is also emptied and doubled; a status is changed
// within its class, which is the first digit, and to another class.
const (
	Dropped Kind = "dropped"
	Retyped Kind = "retyped"
	Changed Kind = "changed"
	// Swapped is a change to a value that the same member has in another answer, such as another status of a flow.
	Swapped Kind = "swapped"
	Emptied Kind = "emptied"
	Doubled Kind = "doubled"
	Within  Kind = "changed within its class"
	Across  Kind = "changed to another class"
)

// The places of an answer that are no JSON pointers.
const (
	placeStatus   = "status"
	placeMedia    = "header Content-Type"
	placeLocation = "header Location"
	placeCookie   = "header Set-Cookie"
)

// Change is one change of one place of an answer.
type Change struct {
	// Where is a JSON pointer into the body, "status", or a header such as "header Location".
	Where string
	Kind  Kind

	path    []string // tokens of the pointer
	value   any      // what takes the place; unused when dropped
	status  int
	headers []string
}

// Apply makes the change in r, whose header and body it may overwrite.
func (c Change) Apply(r *replay.Response) error {
	switch {
	case c.Where == placeStatus:
		r.Status = c.status
		return nil
	case c.path == nil:
		name := http.CanonicalHeaderKey(strings.Fields(c.Where)[1])
		delete(r.Header, name)
		if len(c.headers) > 0 {
			r.Header[name] = c.headers
		}
		return nil
	}
	root, err := decode(r.Body)
	if err != nil {
		return fmt.Errorf("change %s: %w", c.Where, err)
	}
	root, err = c.replace(root, c.path)
	if err != nil {
		return fmt.Errorf("change %s: %w", c.Where, err)
	}
	r.Body, err = json.Marshal(root)
	return err
}

// replace returns v with the place at path replaced or gone.
func (c Change) replace(v any, path []string) (any, error) {
	if len(path) == 0 {
		return c.value, nil
	}
	gone := len(path) == 1 && c.Kind == Dropped
	var err error
	switch v := v.(type) {
	case map[string]any:
		if gone {
			delete(v, path[0])
			return v, nil
		}
		v[path[0]], err = c.replace(v[path[0]], path[1:])
		return v, err
	case []any:
		i, fault := strconv.Atoi(path[0])
		if fault != nil || i < 0 || i >= len(v) {
			return nil, fmt.Errorf("%q is no place in a list of %d", path[0], len(v))
		}
		if gone {
			return append(v[:i:i], v[i+1:]...), nil
		}
		v[i], err = c.replace(v[i], path[1:])
		return v, err
	}
	return nil, fmt.Errorf("there is nothing below %T", v)
}

// decode reads one JSON value, numbers kept as written.
func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	return v, d.Decode(&v)
}

var escapes = strings.NewReplacer("~", "~0", "/", "~1")

// pointer writes a JSON pointer.
func pointer(path []string) string {
	var b strings.Builder
	for _, token := range path {
		b.WriteByte('/')
		b.WriteString(escapes.Replace(token))
	}
	return b.String()
}
