package variation

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"sync"

	"pingone-conformance/emulator/internal/wire"
)

// lists vary the pages of lists, and what stands in them.
func lists() []Variation {
	return in("lists",
		remembering("list-one-application-a-page", "applications are listed one a page", "how many a page holds is the service's choice", pageRequests, pages("1", "application.list")),
		remembering("list-one-user-a-page", "people are listed one a page, whatever was asked for", "limit is the most a page holds", pageRequests, pages("1", "user.list")),
		remembering("list-one-policy-a-page", "device policies, resources and scopes are listed one a page", "how many a page holds is the service's choice", pageRequests,
			cutUp("resource.list", "scope.list", "devicePolicy.list")),
		remembering("list-application-late", "an application is in the list from the second reading on", "a change may take a moment to be seen", pagePractices, listedLate),
		otherwise("list-of-a-larger-tenant", "the environment has other people's applications, policies, resources and scopes", "an environment may be in use", pageRoles, on(edit(inUse))),
		otherwise("list-of-system-applications", "the console, the portal and self-service are listed, without grant types or redirect URIs", "every environment has them", pageApplication, on(edit(systemApplications), "application.list")),
		otherwise("list-in-another-order", "lists come in the other order", "the order is not said", pageRequests, inList(func(_ string, items []any) []any { return reversed(items).([]any) })),
		otherwise("list-users-link-themselves-only", "users in a list link themselves and their password", "recorded lists link no more", pageUser, linkOnly("users", "self", "password", "password.set", "password.check")),
		otherwise("list-items-link-themselves-only", "other items of a list link themselves, and what can be read below", "what a list's items link is not said", pageResponses, linkOnly("", "self", "scopes", "secret", "grants", "actions")),
		otherwise("list-without-count", "lists have a size and no count", "recorded lists have none", pageResponses, without("", []string{"count"}, ".list")),
		otherwise("list-without-size", "lists have no size", "some lists show one of the two only", pageResponses, without("", []string{"size"}, ".list")),
		otherwise("list-self-without-query", "a list's self link does not repeat the query", "recorded ones do not repeat limit", pageResponses, on(edit(bareSelf), ".list")),
		otherwise("list-with-more-links", "lists link the first page as well", "links may be added", pageResponses, on(edit(func(_ *wire.Call, body object) bool {
			links := sub(body, "_links")
			if links != nil {
				links["first"] = links["self"]
			}
			return links != nil
		}), ".list")),
		remembering("list-ends-in-an-empty-page", "the last page of a list is empty", "a page may hold fewer than limit", pageRequests, emptyEnd),
	)
}

// pages gives a list a page size of the service's own.
func pages(limit string, operations ...string) func() parts {
	return func() parts {
		return parts{before: func(call *wire.Call) (*wire.Answer, bool) {
			query := call.URL.Query()
			if !named(call.Operation, operations) || query.Get("limit") == limit {
				return nil, false
			}
			query.Set("limit", limit)
			call.URL = withQuery(call.URL, query)
			return nil, true
		}}
	}
}

func withQuery(u *url.URL, query url.Values) *url.URL {
	changed := *u
	changed.RawQuery = query.Encode()
	return &changed
}

// part is the parameter by which cutUp leads on.
const part = "part"

// cutUp cuts lists that do not page by themselves into pages of one item.
func cutUp(operations ...string) func() parts {
	return func() parts {
		return parts{after: on(edit(func(call *wire.Call, body object) bool {
			query := call.URL.Query()
			name, items := itemsOf(body)
			skipped := len(query.Get(part))
			if len(items) <= 1 || skipped >= len(items) {
				return false
			}
			sub(body, "_embedded")[name] = items[skipped : skipped+1]
			body["size"] = 1
			if skipped+1 < len(items) {
				query.Set(part, strings.Repeat("x", skipped+1))
				sub(body, "_links")["next"] = object{"href": call.Origin + call.URL.Path + "?" + query.Encode()}
			}
			return true
		}), operations...)}
	}
}

// itemsOf are the items of a list and their name, "" when it is none.
func itemsOf(body object) (string, []any) {
	for name, value := range sub(body, "_embedded") {
		if items, isList := value.([]any); isList {
			return name, items
		}
	}
	return "", nil
}

// inList changes the items of lists.
func inList(do func(name string, items []any) []any) change {
	return on(edit(func(_ *wire.Call, body object) bool {
		name, items := itemsOf(body)
		if name == "" || len(items) == 0 {
			return false
		}
		before := encoded(items)
		items = do(name, items)
		sub(body, "_embedded")[name] = items
		return !bytes.Equal(before, encoded(items))
	}), ".list")
}

// more adds to a count of a list.
func more(body object, n int64, members ...string) {
	for _, member := range members {
		if count, isNumber := body[member].(json.Number); isNumber {
			if was, err := count.Int64(); err == nil {
				body[member] = was + n
			}
		}
	}
}

// linkOnly takes the other links out of the items of a list; "" means all lists but that of users.
func linkOnly(list string, rels ...string) change {
	kept := map[string]bool{}
	for _, rel := range rels {
		kept[rel] = true
	}
	return inList(func(name string, items []any) []any {
		if name != list && (list != "" || name == "users") {
			return items
		}
		for _, item := range items {
			o, _ := item.(object)
			for rel := range sub(o, "_links") {
				if !kept[rel] {
					delete(sub(o, "_links"), rel)
				}
			}
		}
		return items
	})
}

func bareSelf(_ *wire.Call, body object) bool {
	self := sub(body, "_links", "self")
	href, _ := self["href"].(string)
	bare, _, cut := strings.Cut(href, "?")
	if cut {
		self["href"] = bare
	}
	return cut
}

// listedLate keeps a new application out of the first reading of the list.
func listedLate() parts {
	var mu sync.Mutex
	fresh := map[string]bool{}
	return parts{after: on(edit(func(call *wire.Call, body object) bool {
		mu.Lock()
		defer mu.Unlock()
		if id, _ := body["id"].(string); call.Operation == "application.create" {
			fresh[id] = true
			return false
		}
		name, items := itemsOf(body)
		var shown []any
		for _, item := range items {
			o, _ := item.(object)
			id, _ := o["id"].(string)
			if fresh[id] {
				delete(fresh, id)
				continue
			}
			shown = append(shown, item)
		}
		left := len(items) - len(shown)
		if left > 0 {
			sub(body, "_embedded")[name] = append([]any{}, shown...)
			more(body, -int64(left), "count", "size")
		}
		return left > 0
	}), "application.create", "application.list")}
}

// first says whether a list is read from its beginning and without a filter.
func first(call *wire.Call) bool {
	query := call.URL.Query()
	return !query.Has("cursor") && !query.Has("filter") && !query.Has(part) && !query.Has(end)
}

// inUse adds things of others to the first page of a list.
func inUse(call *wire.Call, body object) bool {
	list := call.Origin + call.URL.Path
	links := func(below ...string) object {
		all := object{"self": object{"href": list + "/" + someID}}
		for _, rel := range below {
			all[rel] = object{"href": list + "/" + someID + "/" + rel}
		}
		return all
	}
	environment := object{"id": call.Path["envID"]}
	name, items := itemsOf(body)
	var other object
	switch call.Operation {
	case "application.list":
		other = object{
			"_links": links("secret", "grants"), "id": someID, "environment": environment, "name": "Somebody's application", "enabled": true, "type": "WEB_APP", "protocol": "OPENID_CONNECT",
			"grantTypes": []any{"AUTHORIZATION_CODE", "REFRESH_TOKEN"}, "responseTypes": []any{"CODE"}, "tokenEndpointAuthMethod": "CLIENT_SECRET_POST", "redirectUris": []any{"https://app.example.com/callback"},
			"createdAt": "2024-05-01T08:00:00.123Z", "updatedAt": "2025-05-01T08:00:00.123Z",
		}
	case "resource.list":
		other = object{
			"_links": links("scopes", "attributes"), "id": someID, "environment": environment, "name": "Somebody's API", "type": "CUSTOM", "audience": "https://api.example.com", "accessTokenValiditySeconds": 600,
			"createdAt": "2024-05-01T08:00:00.123Z", "updatedAt": "2025-05-01T08:00:00.123Z",
		}
	case "scope.list":
		other = object{
			"_links": links(), "id": someID, "environment": environment, "name": "somebody:reads", "resource": object{"id": call.Path["resourceID"]},
			"createdAt": "2024-05-01T08:00:00.123Z", "updatedAt": "2025-05-01T08:00:00.123Z",
		}
	}
	if other == nil || !first(call) {
		return false
	}
	sub(body, "_embedded")[name] = append(items, other)
	more(body, 1, "count", "size")
	return true
}

// systemApplications adds those of the vendor's own that every environment has.
func systemApplications(call *wire.Call, body object) bool {
	name, items := itemsOf(body)
	if !first(call) {
		return false
	}
	for i, kind := range []string{"PING_ONE_ADMIN_CONSOLE", "PING_ONE_PORTAL", "PING_ONE_SELF_SERVICE"} {
		id := someOther[:len(someOther)-1] + string(rune('1'+i))
		self := call.Origin + call.URL.Path + "/" + id
		items = append(items, object{
			"_links": object{"self": object{"href": self}}, "id": id, "environment": object{"id": call.Path["envID"]}, "name": strings.ToLower(kind),
			"enabled": true, "type": kind, "protocol": "OPENID_CONNECT", "createdAt": "2024-05-01T08:00:00.123Z", "updatedAt": "2024-05-01T08:00:00.123Z",
		})
	}
	sub(body, "_embedded")[name] = items
	more(body, 3, "count", "size")
	return true
}

// end is the parameter of the page after the last.
const end = "end"

// emptyEnd lets every list lead on to a page without items.
func emptyEnd() parts {
	return parts{after: on(edit(func(call *wire.Call, body object) bool {
		name, _ := itemsOf(body)
		links := sub(body, "_links")
		query := call.URL.Query()
		if query.Has(end) {
			sub(body, "_embedded")[name] = []any{}
			body["size"] = 0
			delete(links, "next")
			return true
		}
		if name == "" || links == nil || links["next"] != nil {
			return false
		}
		query.Set(end, "true")
		links["next"] = object{"href": call.Origin + call.URL.Path + "?" + query.Encode()}
		return true
	}), ".list")}
}
