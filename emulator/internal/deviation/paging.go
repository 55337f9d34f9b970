package deviation

import (
	"net/url"
	"strings"

	"pingone-conformance/emulator/internal/wire"
)

// paging lead astray whoever follows a list from page to page.
func paging() []Deviation {
	const rule = "next leads on to the items that are not listed yet, and the last page has none"
	inUsers := func(name, breaks string, do change) Deviation {
		return shape(name, breaks, rule, pageConventions, onSuccess(do, "user.list"))
	}
	next := func(do func(call *wire.Call, href string) string) change {
		return edit(func(call *wire.Call, body object) {
			if link, there := links(body)["next"].(object); there {
				href, _ := link["href"].(string)
				link["href"] = do(call, href)
			}
		})
	}
	return []Deviation{
		inUsers("next-page-is-this-one", "the link next of a page leads to the page itself", next(func(call *wire.Call, _ string) string {
			return call.Origin + call.URL.String()
		})),
		inUsers("next-page-is-the-first", "the link next of a page leads to the first one", next(func(_ *wire.Call, href string) string {
			return inAddress(href, func(q url.Values) { q.Del("cursor") })
		})),
		inUsers("next-page-elsewhere", "the link next of a page leads to another host", next(func(_ *wire.Call, href string) string {
			return "https://api.stranger.example.com" + href[strings.Index(href, "/v1/"):]
		})),
		inUsers("next-page-of-another-list", "the link next of a page leads to another list", next(func(_ *wire.Call, href string) string {
			return strings.Replace(href, "/users", "/populations", 1)
		})),
		inUsers("next-page-missing", "a page that more follow has no link next", edit(func(_ *wire.Call, body object) { delete(links(body), "next") })),
		inUsers("next-page-without-filter", "the link next of a page forgets the filter", next(func(_ *wire.Call, href string) string {
			return inAddress(href, func(q url.Values) { q.Del("filter") })
		})),
		inUsers("next-page-after-the-last", "the last page leads on to itself", edit(func(call *wire.Call, body object) {
			if all := links(body); all != nil && all["next"] == nil && call.URL.Query().Has("cursor") {
				all["next"] = object{"href": call.Origin + call.URL.String()}
			}
		})),
		inUsers("page-repeats-an-item", "a page repeats the last item of the one before", repeatedItem()),
		inUsers("page-skips-an-item", "a page that others precede lacks its first item", edit(func(call *wire.Call, body object) {
			if call.URL.Query().Has("cursor") {
				ofUsers(body, func(items []any) []any { return items[1:] })
			}
		})),
		inUsers("page-count-changes", "the count of a list is another one on its second page", edit(func(call *wire.Call, body object) {
			if call.URL.Query().Has("cursor") {
				oneMore("count")(call, body)
			}
		})),
	}
}

func inAddress(href string, do func(url.Values)) string {
	u, err := url.Parse(href)
	if err != nil {
		return href
	}
	query := u.Query()
	do(query)
	u.RawQuery = query.Encode()
	return u.String()
}

// ofUsers changes the people of a page that has some, and its size.
func ofUsers(body object, do func([]any) []any) {
	embedded, _ := body["_embedded"].(object)
	if items, _ := embedded["users"].([]any); len(items) > 0 {
		items = do(items)
		embedded["users"], body["size"] = items, len(items)
	}
}

// repeatedItem shows the last item of a page at the beginning of the page that it leads to.
func repeatedItem() change {
	shown := newNotes[any]()
	return edit(func(call *wire.Call, body object) {
		if last, known := shown.of(call.URL.Query().Get("cursor")); known {
			ofUsers(body, func(items []any) []any { return append([]any{last}, items[1:]...) })
		}
		link, _ := links(body)["next"].(object)
		href, _ := link["href"].(string)
		ofUsers(body, func(items []any) []any {
			if u, err := url.Parse(href); err == nil && href != "" {
				shown.note(u.Query().Get("cursor"), items[len(items)-1])
			}
			return items
		})
	})
}
