// Package jsontree walks the values of a JSON text, and changes them in place:
// what is not changed keeps its bytes, its order and its spacing.
package jsontree

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"pingone-conformance/internal/jsontext"
)

// The types of values, in JSON Schema's words.
const (
	Object  = "object"
	Array   = "array"
	String  = "string"
	Number  = "number"
	Boolean = "boolean"
	Null    = "null"
)

// Value is one value of a JSON text, or the name of a member.
type Value struct {
	// Path leads to it from the root; items are named by their index. It is good
	// only during the call.
	Path []string
	Type string
	// Text is what a string says; any other value is as it is written.
	Text string
	// Key says that it is the name of a member, whose path it has.
	Key bool
	// Start and End bound its bytes in the text; Begin is Start, or where the name of
	// the member begins whose value it is.
	Begin, Start, End int
}

// Member is the name of the nearest member that holds the value: for an item, its
// list's; "" for the root.
func (v Value) Member() string {
	for i := len(v.Path) - 1; i >= 0; i-- {
		if !IsIndex(v.Path[i]) {
			return v.Path[i]
		}
	}
	return ""
}

// Parent is the name of the object that holds the value, or "".
func (v Value) Parent() string {
	if len(v.Path) < 2 {
		return ""
	}
	return v.Path[len(v.Path)-2]
}

var escapes = strings.NewReplacer("~", "~0", "/", "~1")

// Pointer is the value's JSON pointer (RFC 6901).
func (v Value) Pointer() string {
	var b strings.Builder
	for _, token := range v.Path {
		b.WriteString("/" + escapes.Replace(token))
	}
	return b.String()
}

// General is a JSON pointer with * for every index.
func General(pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i, token := range tokens {
		if IsIndex(token) {
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, "/")
}

// IsIndex tells whether a token of a path may be that of an item.
func IsIndex(token string) bool { return token != "" && strings.Trim(token, "0123456789") == "" }

// IsContainer tells whether text is a JSON object or array and nothing else.
func IsContainer[T string | []byte](text T) bool {
	trimmed := strings.TrimLeft(string(text), " \t\r\n")
	return len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') && jsontext.Valid(trimmed)
}

// OpenToken decodes the header and the payload of a compact JWS, both of which are
// JSON. The signature is not looked at.
func OpenToken(token string) (header, payload string, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || !strings.HasPrefix(token, "eyJ") {
		return "", "", false
	}
	head, fault := base64.RawURLEncoding.DecodeString(parts[0])
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	header, payload = string(head), string(body)
	return header, payload, fault == nil && err == nil && IsContainer(header) && IsContainer(payload)
}

// Walk calls do for every value and member name, a container after what it holds.
// It is false, and calls nothing, for a text that is no JSON value.
func Walk(text []byte, do func(Value)) bool {
	if !jsontext.Valid(text) {
		return false
	}
	w := walker{text: text, tokens: json.NewDecoder(bytes.NewReader(text)), do: do}
	w.tokens.UseNumber()
	w.value(-1)
	return true
}

type walker struct {
	text   []byte
	tokens *json.Decoder
	path   []string
	do     func(Value)
}

// next is the next token and where it begins.
func (w *walker) next() (json.Token, int) {
	rest := bytes.TrimLeft(w.text[w.tokens.InputOffset():], " \t\r\n,:")
	token, _ := w.tokens.Token() // the text is valid
	return token, len(w.text) - len(rest)
}

// value reads a value; begin is where its member's name begins, or -1.
func (w *walker) value(begin int) {
	token, start := w.next()
	if begin < 0 {
		begin = start
	}
	if _, container := token.(json.Delim); container {
		for i := 0; w.tokens.More(); i++ {
			w.path = append(w.path, strconv.Itoa(i))
			name := -1
			if token == json.Delim('{') {
				var key json.Token
				key, name = w.next()
				w.path[len(w.path)-1], _ = key.(string)
				w.report(key, name, name, true)
			}
			w.value(name)
			w.path = w.path[:len(w.path)-1]
		}
		w.next()
	}
	w.report(token, begin, start, false)
}

// typeOf is the type of the value that begins with a byte.
func typeOf(first byte) string {
	switch first {
	case '{':
		return Object
	case '[':
		return Array
	case '"':
		return String
	case 't', 'f':
		return Boolean
	case 'n':
		return Null
	}
	return Number
}

func (w *walker) report(token json.Token, begin, start int, key bool) {
	v := Value{Path: w.path, Type: typeOf(w.text[start]), Key: key, Begin: begin, Start: start, End: int(w.tokens.InputOffset())}
	text, isText := token.(string)
	if v.Text = text; !isText {
		v.Text = string(w.text[v.Start:v.End])
	}
	w.do(v)
}

// Rewrite returns the text with the values that change has changed: change gets
// every member name, string and number, and returns the new text of a string or
// name, or the new literal of a number. A text that is no JSON stays.
func Rewrite(text []byte, change func(Value) string) []byte {
	var out bytes.Buffer
	copied := 0
	Walk(text, func(v Value) {
		if v.Type != String && v.Type != Number {
			return
		}
		now := change(v)
		if now == v.Text {
			return
		}
		out.Write(text[copied:v.Start])
		if v.Type == String {
			out.Write(Quote(now))
		} else {
			out.WriteString(now)
		}
		copied = v.End
	})
	if copied == 0 {
		return text
	}
	out.Write(text[copied:])
	return out.Bytes()
}

// Plain returns the text with every string and name as Quote writes it: whatever is looked for in it stands there as
// itself, and not as escapes that say the same. A text that is no JSON stays.
func Plain(text []byte) []byte {
	if bytes.IndexByte(text, '\\') < 0 {
		return text
	}
	var out bytes.Buffer
	copied := 0
	Walk(text, func(v Value) {
		if v.Type == String {
			out.Write(text[copied:v.Start])
			out.Write(Quote(v.Text))
			copied = v.End
		}
	})
	out.Write(text[copied:])
	return out.Bytes()
}

// Quote writes a string as encoding/json does, but leaves <, > and & readable.
func Quote(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string can be written, and a buffer takes everything
	return bytes.TrimRight(b.Bytes(), "\n")
}
