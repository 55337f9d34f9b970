package deviation

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"pingone-conformance/emulator/internal/wire"
)

// object is a decoded JSON object of an answer.
type object = map[string]any

// good says whether an answer says yes.
func good(a *wire.Answer) bool { return a.Status >= 200 && a.Status < 300 }

// onSuccess limits a change to good answers of the named operations; a name that
// ends in a dot stands for all that begin with it.
func onSuccess(do change, operations ...string) change {
	return func(call *wire.Call, a *wire.Answer) {
		if good(a) && named(call.Operation, operations) {
			do(call, a)
		}
	}
}

func named(operation string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return operation == name || strings.HasSuffix(name, ".") && strings.HasPrefix(operation, name)
	})
}

// edit changes a JSON body in place; an answer without one is left alone.
func edit(do func(*wire.Call, object)) change {
	return func(call *wire.Call, a *wire.Answer) {
		decoder := json.NewDecoder(bytes.NewReader(a.Body))
		decoder.UseNumber()
		var body object
		if decoder.Decode(&body) != nil || body == nil {
			return
		}
		do(call, body)
		// What was decoded from JSON encodes.
		a.Body, _ = json.Marshal(body)
	}
}

// drop takes a member at a dotted path out of the good answers of operations.
// Names of links have dots of their own: see dropLink.
func drop(path string, operations ...string) change {
	return onSuccess(edit(func(_ *wire.Call, body object) {
		parent, last := parentOf(body, path)
		delete(parent, last)
	}), operations...)
}

// set gives a member at a dotted path another value, if it is there.
func set(path string, value any, operations ...string) change {
	return onSuccess(edit(func(_ *wire.Call, body object) {
		parent, last := parentOf(body, path)
		if _, there := parent[last]; there {
			parent[last] = value
		}
	}), operations...)
}

// rewrite gives a text at a dotted path another form, if it is there.
func rewrite(path string, do func(string) any, operations ...string) change {
	return onSuccess(edit(func(_ *wire.Call, body object) {
		parent, last := parentOf(body, path)
		if text, isText := parent[last].(string); isText {
			parent[last] = do(text)
		}
	}), operations...)
}

func parentOf(body object, path string) (object, string) {
	names := strings.Split(path, ".")
	for _, name := range names[:len(names)-1] {
		body, _ = body[name].(object)
	}
	return body, names[len(names)-1]
}

// links are a body's _links, nil when it has none.
func links(body object) object {
	all, _ := body["_links"].(object)
	return all
}

func dropLink(rel string, operations ...string) change {
	return onSuccess(edit(func(_ *wire.Call, body object) { delete(links(body), rel) }), operations...)
}

// bendLink gives a link that is there another address.
func bendLink(rel string, do func(href string) string, operations ...string) change {
	return onSuccess(edit(func(_ *wire.Call, body object) {
		if link, there := links(body)[rel].(object); there {
			href, _ := link["href"].(string)
			link["href"] = do(href)
		}
	}), operations...)
}

// status answers with another status.
func status(code int, operations ...string) change {
	return onSuccess(func(_ *wire.Call, a *wire.Answer) { a.Status = code }, operations...)
}

// elsewhere is a UUID that nothing in any emulator has.
const elsewhere = "deadbeef-dead-4eef-8ead-beefdeadbeef"
