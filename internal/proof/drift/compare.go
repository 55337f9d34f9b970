package drift

import (
	"maps"
	"slices"
	"strings"

	"pingone-conformance/internal/replay"
)

// Compare lists in which places the answer that was seen differs from the recorded
// one: the head first, then the body by pointer. Values are compared only where they
// are enumerated; lists are compared by what their items look like, not by their length.
// A success and a refusal have nothing in common below their heads: of a refusal its
// codes are listed instead.
func Compare(recorded, seen replay.Response) []Difference {
	differences := compareHeads(recorded, seen)
	was, wasJSON := shapeOf(recorded.Body)
	is, isJSON := shapeOf(seen.Body)
	if !wasJSON || !isJSON {
		if before, now := bodyKind(recorded.Body, wasJSON), bodyKind(seen.Body, isJSON); before != now {
			differences = append(differences, Difference{Kind: "body changed", Recorded: before, Seen: now})
		}
		return differences
	}
	if recorded.Status/100 != seen.Status/100 {
		if codes := is.codes(); seen.Status >= 400 && codes != "" {
			differences = append(differences, Difference{Kind: "refused with", Seen: codes})
		}
		return differences
	}
	return append(differences, compareShapes(was, is)...)
}

// codes are the error codes of a refusal, from the whole to the details.
func (s shape) codes() string {
	var codes []string
	for _, at := range []string{"/error", "/code", "/details/*/code"} {
		if p := s[at]; p != nil {
			codes = append(codes, p.words...)
		}
	}
	return strings.Join(codes, ", ")
}

// bodyKind says what a body is, in a word.
func bodyKind(body []byte, isJSON bool) string {
	switch {
	case isJSON:
		return "JSON"
	case len(strings.TrimSpace(string(body))) == 0:
		return "no body"
	}
	return "no JSON"
}

func compareShapes(was, is shape) []Difference {
	all := maps.Clone(was)
	maps.Copy(all, is)
	var differences []Difference
	for _, at := range slices.Sorted(maps.Keys(all)) {
		before, now := was[at], is[at]
		switch {
		case before != nil && now != nil:
			differences = append(differences, comparePlaces(at, before, now)...)
		case now == nil && missing(at, was, is):
			differences = append(differences, Difference{Kind: what(at) + " gone", At: at, Recorded: before.typeList(at)})
		case before == nil && missing(at, is, was):
			differences = append(differences, Difference{Kind: what(at) + " added", At: at, Seen: now.typeList(at)})
		}
	}
	return differences
}

// missing tells whether the other shape could have the place, which it has not: it
// has what contains it. An empty list says nothing about its items.
func missing(at string, own, other shape) bool {
	parent := other[parentOf(at)]
	return parent != nil && !strings.HasSuffix(at, "/*") && parent.holds(own[parentOf(at)])
}

// what stands at a place: a link, or a member.
func what(at string) string {
	if strings.HasSuffix(parentOf(at), "/_links") {
		return "link"
	}
	return "member"
}

// typeList shows the types; what a link is goes without saying.
func (p *place) typeList(at string) string {
	if what(at) == "link" {
		return ""
	}
	return strings.Join(p.types, " or ")
}

// comparePlaces compares what both answers have.
func comparePlaces(at string, before, now *place) []Difference {
	if !slices.Equal(before.types, now.types) {
		kind := "member retyped"
		if at == "" {
			kind = "body changed"
		}
		return []Difference{{
			Kind: kind, At: at, Recorded: strings.Join(before.types, " or "), Seen: strings.Join(now.types, " or "),
		}}
	}
	if before.other || len(before.words) == 0 {
		return nil
	}
	if slices.Equal(before.words, now.words) && !now.other {
		return nil
	}
	return []Difference{{Kind: "value changed", At: at, Recorded: before.wordList(), Seen: now.wordList()}}
}

// wordList shows the enumerated values; a text that is none is not shown.
func (p *place) wordList() string {
	words := slices.Clone(p.words)
	if p.other {
		words = append(words, "(a text in another form)")
	}
	return strings.Join(words, ", ")
}
