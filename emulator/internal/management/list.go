package management

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"

	"pingone-conformance/emulator/internal/wire"
)

// collection answers a list that does not page.
func (r *request) collection(name string, items []object) *wire.Answer {
	return ok(collectionBody(r.self(nil), name, items, len(items), links{"environment": r.base()}))
}

func collectionBody(self, name string, items []object, count int, more links) object {
	if items == nil {
		items = []object{}
	}
	all := object{"self": object{"href": self}}
	for relation, href := range more {
		all[relation] = object{"href": href}
	}
	return object{"_links": all, "_embedded": object{name: items}, "count": count, "size": len(items)}
}

// self is the address of the call itself, with another query when one is given.
func (r *request) self(query url.Values) string { return selfOf(r.Call, query) }

func selfOf(call *wire.Call, query url.Values) string {
	if query == nil {
		query = call.URL.Query()
	}
	href := call.Origin + call.URL.Path
	if len(query) > 0 {
		href += "?" + query.Encode()
	}
	return href
}

// query are the parameters of the call that count.
func (r *request) query() url.Values { return r.decide.Query(r.URL.Query()) }

// paging is how a list pages: its default and its greatest limit.
type paging struct{ usual, most int }

// entry is one thing of a list that pages: its number in the order of creation,
// the attributes it can be filtered by, and how it is shown.
type entry struct {
	seq       int
	attribute func(name string) any
	show      func() object
}

// page answers a list that pages: filter, order, limit and cursor of the query
// are followed, and _links.next leads on while there is more.
//
// https://developer.pingidentity.com/pingone-api/foundations/conventions/pingone-api-requests.html
func page(call *wire.Call, query url.Values, name string, entries []entry, p paging, filters filterable, more links) (*wire.Answer, error) {
	matches, err := parseFilter(query.Get("filter"), filters)
	if err != nil {
		return nil, err
	}
	limit, after, backwards, err := position(query, p)
	if err != nil {
		return nil, err
	}
	if backwards {
		for i, j := 0, len(entries)-1; i < j; i, j = i+1, j-1 {
			entries[i], entries[j] = entries[j], entries[i]
		}
	}
	var items []object
	count, last, further := 0, 0, false
	for _, e := range entries {
		if !matches(e.attribute) {
			continue
		}
		count++
		if after != 0 && (backwards && e.seq >= after || !backwards && e.seq <= after) {
			continue
		}
		if len(items) == limit {
			further = true
			continue
		}
		items = append(items, e.show())
		last = e.seq
	}
	all := links{}
	for relation, href := range more {
		all[relation] = href
	}
	if further {
		query.Set("cursor", writeCursor(last))
		query.Set("limit", strconv.Itoa(limit))
		all["next"] = selfOf(call, query)
	}
	return ok(collectionBody(selfOf(call, nil), name, items, count, all)), nil
}

// position reads limit, cursor and order.
func position(query url.Values, p paging) (limit, after int, backwards bool, err error) {
	limit = p.usual
	if given := query.Get("limit"); given != "" {
		if limit, err = strconv.Atoi(given); err != nil || limit < 1 || limit > p.most {
			return 0, 0, false, badParameter("limit", map[string]any{"rangeMinimumValue": 1, "rangeMaximumValue": p.most})
		}
	}
	if given := query.Get("cursor"); given != "" {
		if after = readCursor(given); after == 0 {
			return 0, 0, false, badParameter("cursor", nil)
		}
	}
	switch query.Get("order") {
	case "", "createdAt":
	case "-createdAt":
		backwards = true
	default:
		return 0, 0, false, badParameter("order", map[string]any{"allowedValues": []string{"createdAt", "-createdAt"}})
	}
	return limit, after, backwards, nil
}

func badParameter(name string, inner map[string]any) error {
	return wire.InvalidData(wire.Detail{Code: "INVALID_PARAMETER", Target: name, Message: "The query parameter is not valid.", InnerError: inner})
}

// A cursor is opaque to callers: the number of the last thing seen.
func writeCursor(last int) string {
	return base64.RawURLEncoding.EncodeToString([]byte("after:" + strconv.Itoa(last)))
}

func readCursor(cursor string) int {
	decoded, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return 0
	}
	number, found := strings.CutPrefix(string(decoded), "after:")
	n, err := strconv.Atoi(number)
	if !found || err != nil || n < 1 {
		return 0
	}
	return n
}
