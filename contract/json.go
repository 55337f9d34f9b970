package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// decode reads one JSON value, numbers kept as written.
func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("more than one JSON value")
	}
	return v, nil
}

// member returns a member of an object, nil when v is none or has none of that name.
func member(v any, name string) any {
	object, _ := v.(map[string]any)
	return object[name]
}

// at follows names into nested objects.
func at(v any, names ...string) any {
	for _, name := range names {
		v = member(v, name)
	}
	return v
}

// text follows names into nested objects and returns the string there, or "".
func text(v any, names ...string) string {
	s, _ := at(v, names...).(string)
	return s
}

// step goes one JSON pointer token down, into an object or an array.
func step(v any, token string) any {
	if list, ok := v.([]any); ok {
		if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(list) {
			return list[i]
		}
		return nil
	}
	return member(v, token)
}

// lookup follows a JSON pointer.
func lookup(v any, pointer []string) any {
	for _, token := range pointer {
		v = step(v, token)
	}
	return v
}

// pointer writes a JSON pointer; "/" stands for the whole body.
func pointer(tokens ...string) string {
	if len(tokens) == 0 {
		return "/"
	}
	var b strings.Builder
	for _, token := range tokens {
		b.WriteByte('/')
		b.WriteString(escapes.Replace(token))
	}
	return b.String()
}

// The replacers of JSON pointers; a pointer in a schema's location is percent-encoded too.
var (
	escapes   = strings.NewReplacer("~", "~0", "/", "~1")
	unescapes = strings.NewReplacer("~1", "/", "~0", "~", "%25", "%", "%22", `"`)
)

// number reads a JSON number.
func number(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil
}

// join returns a copy of path with more tokens, so that siblings do not share memory.
func join(path []string, tokens ...string) []string {
	return append(path[:len(path):len(path)], tokens...)
}

// secretNames are members whose values never enter a message.
var secretNames = map[string]bool{
	"secret": true, "clientSecret": true, "client_secret": true, "password": true, "value": true, "newPassword": true, "currentPassword": true,
	"access_token": true, "id_token": true, "refresh_token": true, "otp": true, "keyUri": true, "code_verifier": true,
}

// longest is how much of a value a message shows, in bytes.
const longest = 90

// show writes a value for a message: short, and never a secret.
func show(path []string, v any) string {
	if v == nil {
		return nothing
	}
	if len(path) > 0 && secretNames[path[len(path)-1]] {
		if s, isText := v.(string); isText {
			return fmt.Sprintf("a text of %d characters, not shown", len(s))
		}
	}
	if slices.Contains(path, "authorizeResponse") && path[len(path)-1] != "state" {
		return "a code, not shown"
	}
	written, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%T", v)
	}
	if _, isText := v.(string); !isText && bytes.ContainsAny(written, `{[`) && hasSecret(v) {
		return "a value that holds a secret, not shown"
	}
	if len(written) > longest {
		return strings.ToValidUTF8(string(written[:longest]), "") + "…"
	}
	return string(written)
}

func hasSecret(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if _, isText := inner.(string); isText && secretNames[name] || name == "authorizeResponse" || hasSecret(inner) {
				return true
			}
		}
	case []any:
		for _, inner := range v {
			if hasSecret(inner) {
				return true
			}
		}
	}
	return false
}
