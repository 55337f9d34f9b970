package variation

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"pingone-conformance/emulator/internal/wire"
)

// object is a decoded JSON object.
type object = map[string]any

// change alters the answer of a call, or leaves it alone when it is not meant.
type change func(*wire.Call, *wire.Answer)

// otherwise makes a variation that changes answers and remembers nothing.
func otherwise(name, does, allows, page string, after change) Variation {
	return Variation{Name: name, Does: does, Allows: allows, Page: page, parts: func() parts { return parts{after: after} }}
}

// remembering makes a variation whose parts know what came before.
func remembering(name, does, allows, page string, make func() parts) Variation {
	return Variation{Name: name, Does: does, Allows: allows, Page: page, parts: make}
}

// in puts variations into a group.
func in(group string, all ...Variation) []Variation {
	for i := range all {
		all[i].Group = group
	}
	return all
}

// named says whether an operation is meant; a name that ends in a dot stands for all
// that begin with it, one that begins with a dot for all that end in it, and none for all.
func named(operation string, names []string) bool {
	return len(names) == 0 || slices.ContainsFunc(names, func(name string) bool {
		return operation == name || strings.HasSuffix(name, ".") && strings.HasPrefix(operation, name) ||
			strings.HasPrefix(name, ".") && strings.HasSuffix(operation, name)
	})
}

func good(a *wire.Answer) bool { return a.Status >= 200 && a.Status < 300 }

// on limits a change to good answers of the named operations.
func on(do change, operations ...string) change {
	return func(call *wire.Call, a *wire.Answer) {
		if good(a) && named(call.Operation, operations) {
			do(call, a)
		}
	}
}

// refusal limits a change to refusals of one status, but for those of the OAuth
// endpoints, whose statuses RFC 6749 gives.
func refusal(status int, do change) change {
	return func(call *wire.Call, a *wire.Answer) {
		if a.Status == status && !named(call.Operation, []string{"token", "userinfo", "userinfo.post", "introspect", "revoke"}) {
			do(call, a)
		}
	}
}

// decoded is a JSON object, nil when the text is none.
func decoded(text []byte) object {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var body object
	if decoder.Decode(&body) != nil {
		return nil
	}
	return body
}

// unclear says of JSON that it is more than one value, or names a member twice. What is no JSON is not meant.
func unclear(text []byte) bool {
	decoder := json.NewDecoder(bytes.NewReader(text))
	doubled, err := doubles(decoder)
	if err != nil {
		return false
	}
	_, err = decoder.Token()
	return doubled || !errors.Is(err, io.EOF)
}

// doubles says whether an object in the next value has two members of one name.
func doubles(decoder *json.Decoder) (bool, error) {
	token, err := decoder.Token()
	delimiter, opens := token.(json.Delim)
	if err != nil || !opens {
		return false, err
	}
	seen, found := map[json.Token]bool{}, false
	for decoder.More() {
		if delimiter == '{' {
			name, err := decoder.Token()
			if err != nil {
				return false, err
			}
			found = found || seen[name]
			seen[name] = true
		}
		inner, err := doubles(decoder)
		if err != nil {
			return false, err
		}
		found = found || inner
	}
	_, err = decoder.Token()
	return found, err
}

// encoded writes what was decoded.
func encoded(body any) []byte {
	text, _ := json.Marshal(body)
	return text
}

// edit changes a JSON body in place; do says whether it changed anything.
func edit(do func(*wire.Call, object) bool) change {
	return func(call *wire.Call, a *wire.Answer) {
		if body := decoded(a.Body); body != nil && do(call, body) {
			a.Body = encoded(body)
		}
	}
}

// sub is the object at a dotted path below body, nil when there is none.
func sub(body object, path ...string) object {
	for _, name := range path {
		body, _ = body[name].(object)
	}
	return body
}

// without takes members out of the object at path, which is "" for the body itself.
func without(path string, members []string, operations ...string) change {
	return on(edit(func(_ *wire.Call, body object) bool {
		changed := false
		at := body
		if path != "" {
			at = sub(body, strings.Split(path, "/")...)
		}
		for _, name := range members {
			if _, there := at[name]; there {
				delete(at, name)
				changed = true
			}
		}
		return changed
	}), operations...)
}

// with puts members into a body that has an id and not these members.
func with(members object, operations ...string) change {
	return on(edit(func(_ *wire.Call, body object) bool {
		if body["id"] == nil {
			return false
		}
		changed := false
		for name, value := range members {
			if _, there := body[name]; !there {
				body[name] = value
				changed = true
			}
		}
		return changed
	}), operations...)
}

// set gives a member that is there another value.
func set(path, member string, value func(any) any, operations ...string) change {
	return on(edit(func(_ *wire.Call, body object) bool {
		at := body
		if path != "" {
			at = sub(body, strings.Split(path, "/")...)
		}
		old, there := at[member]
		if there {
			at[member] = value(old)
		}
		return there
	}), operations...)
}

// to is a value whatever was there.
func to(value any) func(any) any { return func(any) any { return value } }

// reversed is a list in the other order.
func reversed(v any) any {
	list, _ := v.([]any)
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// eachObject visits v and every object below it.
func eachObject(v any, visit func(object)) {
	switch v := v.(type) {
	case object:
		visit(v)
		for _, inner := range v {
			eachObject(inner, visit)
		}
	case []any:
		for _, inner := range v {
			eachObject(inner, visit)
		}
	}
}

// someID is a UUID that nothing in any emulator has, someOther another one.
const someID = "feedface-feed-4ace-8eed-facefeedface"
const someOther = "feedface-feed-4ace-8eed-facefeedf00d"
