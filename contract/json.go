package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"pingone-conformance/internal/jsontext"
)

// decode reads one JSON value, numbers kept as written.
func decode(text []byte) (any, error) {
	if quick, ok := jsontext.Decode(text); ok {
		return quick, nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, errors.New("not UTF-8, but UTF-16 or no text at all")
	}
	if err := jsontext.Excess(text); err != nil {
		return nil, err
	}
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("more than one JSON value")
	}
	return v, nil
}

// at follows member names and indexes of lists; nil stands for what is not there.
func at(v any, path ...string) any {
	for _, token := range path {
		switch inner := v.(type) {
		case map[string]any:
			v = inner[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(inner) {
				return nil
			}
			v = inner[i]
		default:
			return nil
		}
	}
	return v
}

// text is the string at a path, "" when there is none; object and list are the same for theirs.
func text(v any, path ...string) string {
	s, _ := at(v, path...).(string)
	return s
}

func object(v any, path ...string) map[string]any {
	o, _ := at(v, path...).(map[string]any)
	return o
}

func list(v any, path ...string) []any {
	l, _ := at(v, path...).([]any)
	return l
}

// texts are the strings of a list.
func texts(v any, path ...string) []string {
	var all []string
	for _, item := range list(v, path...) {
		if s, ok := item.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// number reads a JSON number.
func number(v any, path ...string) (float64, bool) {
	n, ok := at(v, path...).(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil
}

// each visits the members of an object or the items of a list, by name or index.
func each(v any, visit func(token string, inner any)) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			visit(name, inner)
		}
	case []any:
		for i, inner := range v {
			visit(strconv.Itoa(i), inner)
		}
	}
}

// deep is how deep most values lie at the most: a path that has room for it is written in one piece of memory.
const deep = 16

// walk visits every value below v with its path, which is good until visit returns: what holds others before what it holds.
func walk(v any, path []string, visit func([]string, any)) {
	if cap(path) == 0 {
		path = make([]string, 0, deep)
	}
	each(v, func(token string, inner any) {
		here := append(path, token)
		visit(here, inner)
		walk(inner, here, visit)
	})
}

// join returns a copy of path with more tokens, so that siblings do not share memory.
func join(path []string, tokens ...string) []string {
	return append(path[:len(path):len(path)], tokens...)
}

// pointer writes a JSON pointer; "/" stands for the whole body.
func pointer(tokens ...string) string {
	if len(tokens) == 0 {
		return "/"
	}
	var b strings.Builder
	for _, token := range tokens {
		b.WriteString("/" + escapes.Replace(token))
	}
	return b.String()
}

// The replacers of JSON pointers; a pointer in a schema's location is percent-encoded too.
var (
	escapes   = strings.NewReplacer("~", "~0", "/", "~1")
	unescapes = strings.NewReplacer("~1", "/", "~0", "~", "%25", "%", "%22", `"`)
)

// secretNames are members whose text no answer shows but that of the endpoint made for it, and no message at all.
// What a value is depends on the answer.
var secretNames = []string{
	"secret", "clientSecret", "client_secret", "password", "value", "newPassword", "currentPassword",
	"access_token", "id_token", "refresh_token", "otp", "keyUri", "code_verifier",
}

// isSecret reports whether a path leads to a text that hides, or may.
func isSecret(path []string, v any) bool {
	s, _ := v.(string)
	return s != "" && len(path) > 0 && slices.Contains(secretNames, path[len(path)-1])
}

// longest is how much of a value a message shows, in bytes.
const longest = 90

// nothing is what a member that is missing has for a value, present what is wanted of it.
const (
	nothing = "nothing"
	present = "it to be there"
)

// show writes a value for a message: short, and never a secret.
func show(v any, path ...string) string {
	if v == nil {
		return nothing
	}
	if isSecret(path, v) {
		return fmt.Sprintf("a text of %d characters, not shown", len(text(v)))
	}
	if slices.Contains(path, "authorizeResponse") && path[len(path)-1] != "state" {
		return "a code, not shown"
	}
	hides := false
	walk(v, nil, func(path []string, v any) {
		hides = hides || isSecret(path, v) || path[len(path)-1] == "authorizeResponse"
	})
	if hides {
		return "a value that holds a secret, not shown"
	}
	written, _ := json.Marshal(v) // what was decoded can be encoded
	if len(written) > longest {
		return strings.ToValidUTF8(string(written[:longest]), "") + "…"
	}
	return string(written)
}

// address is show for where a link leads: of a long one at origin the end, in which it differs from others.
func address(href, origin string) string {
	const most = longest - len(`""`)
	if len(href) <= most || !strings.HasPrefix(href, origin) {
		return show(href)
	}
	return "…" + show(strings.ToValidUTF8(href[len(href)-most:], ""))
}

// orNothing is show for what may be missing.
func orNothing(s string) string {
	if s == "" {
		return nothing
	}
	return show(s)
}

// typeName says in words of which type a value is.
func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "text"
	case bool:
		return "boolean"
	case []any:
		return "list"
	case map[string]any:
		return "object"
	}
	return "number"
}
