package mutants

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pingone-conformance/internal/replay"
)

// Vocabulary holds, by the name of a member, the constants that the recordings have
// for it, such as the states of a flow.
type Vocabulary map[string][]string

// Learn takes in the constants of an answer's body.
func (v Vocabulary) Learn(r replay.Response) {
	root, err := decode(r.Body)
	if err != nil {
		return
	}
	visit(root, nil, func(path []string, value any) {
		word, isText := value.(string)
		if name := memberName(path); isText && isConstant(word) && !slices.Contains(v[name], word) {
			v[name] = append(v[name], word)
			slices.Sort(v[name])
		}
	})
}

// Changes lists every change of an answer, in the order of its places.
func Changes(r replay.Response, words Vocabulary) []Change {
	changes := headChanges(r)
	root, err := decode(r.Body)
	if err != nil {
		return changes
	}
	visit(root, nil, func(path []string, v any) {
		changes = append(changes, bodyChanges(path, v, words)...)
	})
	return changes
}

// bodyChanges lists the changes of one place of a body; path is not kept.
func bodyChanges(path []string, v any, words Vocabulary) []Change {
	path = slices.Clone(path)
	where := pointer(path)
	changes := []Change{
		{Where: where, Kind: Dropped, path: path},
		{Where: where, Kind: Retyped, path: path, value: retyped(v)},
	}
	with := func(kind Kind, value any) {
		changes = append(changes, Change{Where: where, Kind: kind, path: path, value: value})
	}
	if list, isList := v.([]any); isList && len(list) > 0 {
		with(Emptied, []any{})
		with(Doubled, append(slices.Clone(list), list[0]))
		return changes
	}
	if value := changed(v); value != nil {
		with(Changed, value)
	}
	if word, isText := v.(string); isText && isConstant(word) {
		if other := another(words[memberName(path)], word); other != "" {
			with(Swapped, other)
		}
	}
	return changes
}

// visit calls do for every place below v, objects by name; path is good until do returns.
func visit(v any, path []string, do func([]string, any)) {
	if len(path) > 0 {
		do(path, v)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			visit(v[name], append(path, name), do)
		}
	case []any:
		for i, inner := range v {
			visit(inner, append(path, strconv.Itoa(i)), do)
		}
	}
}

// memberName is the name of the member that holds a place: an item has that of its list.
func memberName(path []string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if !isIndex(path[i]) {
			return path[i]
		}
	}
	return ""
}

func isIndex(token string) bool { return token != "" && strings.Trim(token, "0123456789") == "" }

// retyped is a value of another type.
func retyped(v any) any {
	switch v.(type) {
	case string:
		return 7
	case json.Number:
		return "seven"
	case bool:
		return "perhaps"
	case []any:
		return map[string]any{"0": "a list once"}
	case map[string]any:
		return []any{"an object once"}
	}
	return "something"
}

// changed is another value of the same type and form, nil where there is none.
func changed(v any) any {
	switch v := v.(type) {
	case bool:
		return !v
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return 2*n + 1
		}
		return 1
	case string:
		return changedText(v)
	}
	return nil
}

func changedText(s string) string {
	switch {
	case len(s) == 36 && strings.Count(s, "-") == 4:
		return "99999999-9999-4999-8999-999999999999"
	case strings.HasPrefix(s, "+"), strings.HasPrefix(s, "*"):
		return s + "7"
	case isTime(s):
		return strings.Replace(s, "2026-", "2027-", 1)
	case isConstant(s):
		return s + "_X"
	}
	return s + "x"
}

func isTime(s string) bool {
	return len(s) == len("2026-01-15T09:00:00.000Z") && s[10] == 'T' && strings.HasSuffix(s, "Z")
}

// isConstant tells whether s is written as PingOne writes its enumerations.
func isConstant(s string) bool {
	return len(s) > 1 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == "" && s[0] >= 'A'
}

// another is the word after this one, round the list; "" when there is no other.
func another(words []string, word string) string {
	if i := slices.Index(words, word); i >= 0 && len(words) > 1 {
		return words[(i+1)%len(words)]
	}
	return ""
}

// headChanges lists the changes of the status and of the headers that mean something.
func headChanges(r replay.Response) []Change {
	changes := []Change{
		{Where: placeStatus, Kind: Within, status: sameClass(r.Status)},
		{Where: placeStatus, Kind: Across, status: otherClass(r.Status)},
	}
	if r.Header.Get("Content-Type") != "" {
		changes = append(changes,
			Change{Where: placeMedia, Kind: Dropped},
			Change{Where: placeMedia, Kind: Changed, headers: []string{"text/html;charset=UTF-8"}})
	}
	changes = append(changes, locationChanges(r.Header)...)
	return append(changes, cookieChanges(r.Header.Values("Set-Cookie"))...)
}

// cookieChanges takes the cookies away, and opens them to scripts.
func cookieChanges(cookies []string) []Change {
	if len(cookies) == 0 {
		return nil
	}
	changes := []Change{{Where: placeCookie, Kind: Dropped}}
	var open []string
	for _, cookie := range cookies {
		open = append(open, strings.ReplaceAll(cookie, "; HttpOnly", ""))
	}
	if !slices.Equal(open, cookies) {
		changes = append(changes, Change{Where: placeCookie, Kind: Changed, headers: open})
	}
	return changes
}

// locationChanges sends a redirect to another host, nowhere, or with other parameters.
func locationChanges(header http.Header) []Change {
	location, err := url.Parse(header.Get("Location"))
	if err != nil || header.Get("Location") == "" {
		return nil
	}
	elsewhere := *location
	elsewhere.Host = "elsewhere.example.com"
	changes := []Change{
		{Where: placeLocation, Kind: Dropped},
		{Where: placeLocation, Kind: Changed, headers: []string{elsewhere.String()}},
	}
	for _, name := range slices.Sorted(maps.Keys(location.Query())) {
		gone, other := location.Query(), location.Query()
		gone.Del(name)
		other.Set(name, changedText(other.Get(name)))
		where := placeLocation + " " + name
		changes = append(changes,
			Change{Where: where, Kind: Dropped, headers: []string{withQuery(*location, gone)}},
			Change{Where: where, Kind: Changed, headers: []string{withQuery(*location, other)}})
	}
	return changes
}

func withQuery(u url.URL, query url.Values) string {
	u.RawQuery = query.Encode()
	return u.String()
}

// sameClass is another status of the same class, otherClass one that means the opposite.
func sameClass(status int) int {
	switch status {
	case http.StatusOK:
		return http.StatusAccepted
	case http.StatusCreated, http.StatusNoContent:
		return http.StatusOK
	case http.StatusFound:
		return http.StatusTemporaryRedirect
	case http.StatusNotFound:
		return http.StatusGone
	}
	if status >= 400 && status < 500 {
		return http.StatusNotFound
	}
	return status + 1
}

func otherClass(status int) int {
	if status >= 400 {
		return http.StatusOK
	}
	return http.StatusInternalServerError
}
