package management

import (
	"encoding/base64"
	"net/url"
	"sort"
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
	all := map[string]link{"self": {self}}
	for relation, href := range more {
		all[relation] = link{href}
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

// listing is a list that pages: its things in the order of creation, the number of
// each in it, the attributes that it can be filtered by, and how it is shown.
type listing[T any] struct {
	things    []T
	seq       func(T) int
	attribute func(thing T, name string) any
	show      func(T) object
	// found narrows the things to those that may pass a filter which asks for this
	// value of this attribute; false when no index knows. exact says of an attribute
	// that all of them do pass. May be nil.
	found func(attribute, value string) ([]T, bool)
	exact func(attribute string) bool
}

// narrowed is the listing as far as it may pass the filter, and the filter that is left.
func (l listing[T]) narrowed(f filter) ([]T, filter) {
	narrowest := l.things
	if l.found == nil {
		return narrowest, f
	}
	for attribute, value := range f.equal {
		found, indexed := l.found(attribute, value)
		if indexed && len(found) <= len(narrowest) {
			narrowest = found
		}
		if indexed && f.alone && l.exact(attribute) {
			f.predicate = nil
		}
	}
	return narrowest, f
}

// page answers a list that pages: filter, order, limit and cursor of the query
// are followed, and _links.next leads on while there is more.
//
// https://developer.pingidentity.com/pingone-api/foundations/conventions/pingone-api-requests.html
func page[T any](call *wire.Call, query url.Values, name string, l listing[T], p paging, filters filterable, more links) (*wire.Answer, error) {
	asked, err := parseFilter(query.Get("filter"), filters)
	if err != nil {
		return nil, err
	}
	at, err := position(query, p)
	if err != nil {
		return nil, err
	}
	var items []object
	things, asked := l.narrowed(asked)
	last, further := 0, false
	count := l.each(things, asked, at, func(thing T) bool {
		if further = len(items) == at.limit; !further {
			items = append(items, l.show(thing))
			last = l.seq(thing)
		}
		return !further
	})
	all := links{}
	for relation, href := range more {
		all[relation] = href
	}
	if further {
		query.Set("cursor", writeCursor(last))
		query.Set("limit", strconv.Itoa(at.limit))
		all["next"] = selfOf(call, query)
	}
	return ok(collectionBody(selfOf(call, nil), name, items, count, all)), nil
}

// each hands over what passes and stands after the position, until that is enough, and
// returns how many pass in all. Without a filter it looks at no more than it hands over.
func (l listing[T]) each(things []T, f filter, at placed, take func(T) bool) (count int) {
	first := 0
	if f.predicate == nil && at.after != 0 {
		first = l.following(things, at)
	}
	more := true
	for i := first; i < len(things); i++ {
		thing := things[i]
		if at.backwards {
			thing = things[len(things)-1-i]
		}
		if f.predicate == nil && !more {
			break
		}
		if !f.passes(func(name string) any { return l.attribute(thing, name) }) {
			continue
		}
		count++
		if seq := l.seq(thing); more && (at.after == 0 || at.backwards && seq < at.after || !at.backwards && seq > at.after) {
			more = take(thing)
		}
	}
	if f.predicate == nil {
		return len(things)
	}
	return count
}

// following is how many things stand up to the position, in its direction.
func (l listing[T]) following(things []T, at placed) int {
	if at.backwards {
		return len(things) - sort.Search(len(things), func(i int) bool { return l.seq(things[i]) >= at.after })
	}
	return sort.Search(len(things), func(i int) bool { return l.seq(things[i]) > at.after })
}

// placed is where in a list a page begins.
type placed struct {
	limit     int
	after     int // the number of the last thing of the page before, 0 at the beginning
	backwards bool
}

// position reads limit, cursor and order.
func position(query url.Values, p paging) (at placed, err error) {
	at.limit = p.usual
	if given := query.Get("limit"); given != "" {
		if at.limit, err = strconv.Atoi(given); err != nil || at.limit < 1 || at.limit > p.most {
			return at, badParameter("limit", map[string]any{"rangeMinimumValue": 1, "rangeMaximumValue": p.most})
		}
	}
	if given := query.Get("cursor"); given != "" {
		if at.after = readCursor(given); at.after == 0 {
			return at, badParameter("cursor", nil)
		}
	}
	switch query.Get("order") {
	case "", "createdAt":
	case "-createdAt":
		at.backwards = true
	default:
		return at, badParameter("order", map[string]any{"allowedValues": []string{"createdAt", "-createdAt"}})
	}
	return at, nil
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
