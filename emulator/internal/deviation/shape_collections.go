package deviation

import (
	"encoding/json"
	"slices"

	"pingone-conformance/emulator/internal/wire"
)

// collectionShapes break the pages of lists.
func collectionShapes() []Deviation {
	const counts = "count is the total, size is this page"
	return []Deviation{
		shape("list-count-wrong", "count of a list is one too many", counts, pageConventions, onSuccess(edit(oneMore("count")), "resource.list")),
		shape("list-size-wrong", "size of a list is one too many", counts, pageConventions, onSuccess(edit(oneMore("size")), "scope.list")),
		shape("list-misnamed", "the items of a list stand under items", "items stand under the plural name of the resource", pageConventions,
			onSuccess(edit(misnamed), "resource.list")),
		shape("list-bare", "a list is answered without _embedded", "items stand in _embedded", pageConventions, drop("_embedded", "scope.list")),
		shape("list-item-twice", "a list shows one item twice", "each item stands in a list once", pageConventions, inList(twice, "scope.list")),
		shape("list-items-without-name", "the scopes of a list have no name", "a scope shows its name", pageGrant, inList(nameless, "scope.list")),
		shape("list-item-type-wrong", "a list shows resources of a type that there is not", "the types of resources are listed", pageRoles, inList(strange, "resource.list")),
		shape("list-lacks-built-in", "the list of resources lacks the first built-in one", "every environment has the two built-in resources", pageRoles,
			inList(func(items []any) []any { return items[1:] }, "resource.list")),
		shape("list-lacks-scope", "the list of scopes lacks p1:read:user and profile", "every environment has the built-in scopes", pageRoles,
			inList(lacking, "scope.list")),
	}
}

func oneMore(member string) func(*wire.Call, object) {
	return func(_ *wire.Call, body object) {
		n, isNumber := body[member].(json.Number)
		if !isNumber {
			return
		}
		if count, err := n.Int64(); err == nil {
			body[member] = count + 1
		}
	}
}

func misnamed(_ *wire.Call, body object) {
	embedded, _ := body["_embedded"].(object)
	for name, items := range embedded {
		delete(embedded, name)
		embedded["items"] = items
		return
	}
}

// inList changes the items of a list that has at least one.
func inList(do func([]any) []any, operations ...string) change {
	return onSuccess(edit(func(_ *wire.Call, body object) {
		embedded, _ := body["_embedded"].(object)
		for name, value := range embedded {
			items, _ := value.([]any)
			if len(items) == 0 {
				continue
			}
			items = do(items)
			embedded[name], body["count"], body["size"] = items, len(items), len(items)
		}
	}), operations...)
}

func twice(items []any) []any { return append(items, items[0]) }

func nameless(items []any) []any {
	for _, item := range items {
		if o, isObject := item.(object); isObject {
			delete(o, "name")
		}
	}
	return items
}

func strange(items []any) []any {
	if o, isObject := items[0].(object); isObject {
		o["type"] = "BUILT_IN"
	}
	return items
}

func lacking(items []any) []any {
	return slices.DeleteFunc(items, func(item any) bool {
		o, _ := item.(object)
		return o["name"] == "p1:read:user" || o["name"] == "profile"
	})
}
