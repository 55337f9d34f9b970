package difference

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// object is a decoded JSON object.
type object = map[string]any

// Values is what is otherwise in one JSON value, a line for each place.
func Values(was, is any) []string { return values("", plain(was), plain(is)) }

// plain is a value as it is after it was written and read.
func plain(v any) any {
	text, _ := json.Marshal(v) // what is compared encodes
	return decoded(text)
}

func values(path string, was, is any) []string {
	if reflect.DeepEqual(was, is) {
		return nil
	}
	switch before := was.(type) {
	case object:
		if after, same := is.(object); same {
			return members(path, before, after)
		}
	case []any:
		if after, same := is.([]any); same {
			return items(path, before, after)
		}
	case string:
		if after, same := is.(string); same {
			if one, other := token(before), token(after); one != nil && other != nil {
				return members(path, one, other)
			}
			return []string{at(path, change(before, after))}
		}
	}
	return []string{at(path, inJSON(was)+" -> "+inJSON(is))}
}

// at puts a path before what is said, unless it is that of the whole value.
func at(path, said string) string { return strings.TrimPrefix(path+" "+said, " ") }

func members(path string, was, is object) []string {
	var lines []string
	for _, name := range union(was, is) {
		path := path + "/" + name
		before, there := was[name]
		after, stays := is[name]
		switch {
		case !there:
			lines = append(lines, fmt.Sprintf("+ %s %s", path, inJSON(after)))
		case !stays:
			lines = append(lines, "- "+path)
		case name == "signature" && before != after && was["claims"] != nil:
			lines = append(lines, path+" is another")
		default:
			lines = append(lines, values(path, before, after)...)
		}
	}
	return lines
}

func items(path string, was, is []any) []string {
	if len(was) == len(is) {
		if inOrder(was) == inOrder(is) {
			return []string{at(path, "in another order")}
		}
		var lines []string
		for i := range was {
			lines = append(lines, values(path+"/"+strconv.Itoa(i), was[i], is[i])...)
		}
		return lines
	}
	// What both begin and end with stays where it is.
	begin := 0
	for begin < min(len(was), len(is)) && reflect.DeepEqual(was[begin], is[begin]) {
		begin++
	}
	end := 0
	for end < min(len(was), len(is))-begin && reflect.DeepEqual(was[len(was)-1-end], is[len(is)-1-end]) {
		end++
	}
	var lines []string
	for i := begin; i < len(was)-end; i++ {
		lines = append(lines, fmt.Sprintf("- %s/%d", path, i))
	}
	for i := begin; i < len(is)-end; i++ {
		lines = append(lines, fmt.Sprintf("+ %s/%d %s", path, i, inJSON(is[i])))
	}
	return lines
}

func inOrder(list []any) string {
	var texts []string
	for _, item := range list {
		texts = append(texts, inJSON(item))
	}
	slices.Sort(texts)
	return strings.Join(texts, "\n")
}

// token is what a signed token holds, nil when a text is none.
func token(text string) object {
	sections := strings.Split(text, ".")
	if len(sections) != 3 {
		return nil
	}
	header, err := base64.RawURLEncoding.DecodeString(sections[0])
	claims, errClaims := base64.RawURLEncoding.DecodeString(sections[1])
	if cmp.Or(err, errClaims) != nil || decoded(header) == nil || decoded(claims) == nil {
		return nil
	}
	return object{"header": decoded(header), "claims": decoded(claims), "signature": sections[2]}
}

// doubled says whether an object in a text of JSON has two members of one name: it is
// longer then than what is read of it.
func doubled(text []byte) bool {
	var dense bytes.Buffer
	if json.Compact(&dense, text) != nil {
		return false
	}
	var read bytes.Buffer
	encoder := json.NewEncoder(&read)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(decoded(text)) // what was decoded encodes
	return strings.Count(dense.String(), `":`) > strings.Count(read.String(), `":`)
}

func union[V any](a, b map[string]V) []string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]V{}
	}
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}

func anyOf(texts map[string]string) object {
	all := object{}
	for name, text := range texts {
		all[name] = text
	}
	return all
}

func inJSON(v any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v) // what was decoded encodes
	return strings.TrimSpace(b.String())
}

// change is a text and another, without what two long ones begin and end with.
func change(was, is string) string {
	const long = 40
	if len(was) <= long || is == "" {
		return shown(was) + " -> " + shown(is)
	}
	begin := 0
	for begin < min(len(was), len(is)) && was[begin] == is[begin] {
		begin++
	}
	end := 0
	for end < min(len(was), len(is))-begin && was[len(was)-1-end] == is[len(is)-1-end] {
		end++
	}
	dots := func(text string) string {
		inner := text[begin : len(text)-end]
		if begin > 0 {
			inner = "…" + inner
		}
		if end > 0 && inner != "…" {
			inner += "…"
		}
		return shown(inner)
	}
	return dots(was) + " -> " + dots(is)
}

// shown is a text in quotes; of a long one its two ends.
func shown(text string) string {
	const head, tail = 90, 60
	if len(text) <= head+tail {
		return strconv.Quote(text)
	}
	return fmt.Sprintf("%q…%q", text[:head], text[len(text)-tail:])
}
