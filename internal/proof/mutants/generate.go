package mutants

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/internal/replay"
	"pingone-conformance/internal/replay/jsontree"
)

// vocabulary holds, by the name of a member, the constants that the recordings have
// for it, such as the states of a flow.
type vocabulary map[string][]string

// learn takes in the constants of an answer's body.
func (words vocabulary) learn(r replay.Response) {
	jsontree.Walk(r.Body, func(v jsontree.Value) {
		if name := v.Member(); !v.Key && v.Type == jsontree.String && isConstant(v.Text) && !slices.Contains(words[name], v.Text) {
			words[name] = append(words[name], v.Text)
			slices.Sort(words[name])
		}
	})
}

// changesOf lists every change of an answer.
func changesOf(r replay.Response, words vocabulary) []Change {
	changes := headChanges(r)
	jsontree.Walk(r.Body, func(v jsontree.Value) {
		if len(v.Path) > 0 && !v.Key {
			changes = append(changes, bodyChanges(r.Body, v, words)...)
		}
	})
	return changes
}

// bodyChanges lists the changes of one place of a body.
func bodyChanges(body []byte, v jsontree.Value, words vocabulary) []Change {
	dropped := Change{Where: v.Pointer(), Kind: Dropped, start: v.Begin, end: v.End}
	switch { // the comma that goes with it
	case body[v.End] == ',':
		dropped.end++
	case body[v.Begin-1] == ',':
		dropped.start--
	}
	changes := []Change{dropped}
	with := func(kind Kind, text string) {
		changes = append(changes, Change{Where: dropped.Where, Kind: kind, start: v.Start, end: v.End, text: text})
	}
	with(Retyped, retyped(v.Type))
	if first := gjson.Parse(v.Text).Get("0"); v.Type == jsontree.Array && first.Exists() {
		with(Emptied, "[]")
		with(Doubled, strings.TrimSuffix(v.Text, "]")+","+first.Raw+"]")
	}
	switch v.Type {
	case jsontree.Boolean:
		with(Changed, strconv.FormatBool(v.Text == "false"))
	case jsontree.Number:
		with(Changed, changedNumber(v.Text))
	case jsontree.String:
		with(Changed, string(jsontree.Quote(changedText(v.Text))))
		if other := another(words[v.Member()], v.Text); isConstant(v.Text) && other != "" {
			with(Swapped, string(jsontree.Quote(other)))
		}
	}
	return changes
}

// retyped is a value of another type than the one of that name.
func retyped(kind string) string {
	switch kind {
	case jsontree.String:
		return `7`
	case jsontree.Number:
		return `"seven"`
	case jsontree.Boolean:
		return `"perhaps"`
	case jsontree.Array:
		return `{"0":"a list once"}`
	case jsontree.Object:
		return `["an object once"]`
	}
	return `"something"`
}

func changedNumber(literal string) string {
	n, err := strconv.ParseInt(literal, 10, 64)
	if err != nil {
		return "1"
	}
	return strconv.FormatInt(2*n+1, 10)
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
