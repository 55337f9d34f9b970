package management

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"unicode"

	"pingone-conformance/emulator/internal/wire"
)

// filterable lists, by attribute, the operators that a collection can be
// filtered with; nil means that it takes no filter.
type filterable map[string][]string

// predicate says whether a thing with these attributes passes.
type predicate func(attribute func(name string) any) bool

// filter is what a list is narrowed by.
type filter struct {
	predicate // nil: everything passes
	// equal are attributes that whatever passes has, folded to lower case, and alone
	// says that one of them is all there is to it: an index may answer instead.
	equal map[string]string
	alone bool
}

func (f filter) passes(attribute func(name string) any) bool {
	return f.predicate == nil || f.predicate(attribute)
}

// parseFilter reads a SCIM-like filter such as
//
//	population.id eq "..." and not (username sw "anna")
//
// An attribute, operator or form that the collection does not take is 400 with
// INVALID_FILTER.
func parseFilter(text string, f filterable) (filter, error) {
	if text == "" {
		return filter{}, nil
	}
	p := &filterParser{words: filterWords(text), filterable: f}
	matches, err := p.alternatives()
	if err == nil && len(p.words) > 0 {
		err = fmt.Errorf("%q is left over", p.words[0])
	}
	if err != nil {
		return filter{}, wire.InvalidData(wire.Detail{
			Code: "INVALID_FILTER", Target: "filter", Message: "The filter is not valid: " + err.Error() + ".",
			InnerError: map[string]any{"supportedAttributes": f.attributes(), "supportedOperators": f.operators()},
		})
	}
	return matches, nil
}

func (f filterable) attributes() []string {
	names := make([]string, 0, len(f))
	for name := range f {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func (f filterable) operators() []string {
	operators := []string{}
	for _, list := range f {
		for _, operator := range list {
			if !slices.Contains(operators, operator) {
				operators = append(operators, operator)
			}
		}
	}
	sort.Strings(operators)
	return operators
}

// filterWords splits a filter into words, quoted values (kept with their quotes)
// and parentheses.
func filterWords(filter string) []string {
	var words []string
	for rest := filter; ; {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		if rest == "" {
			return words
		}
		end := 1
		switch {
		case rest[0] == '"':
			for end < len(rest) && rest[end] != '"' {
				if rest[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end+1, len(rest))
		case rest[0] != '(' && rest[0] != ')':
			end = strings.IndexFunc(rest, func(c rune) bool { return unicode.IsSpace(c) || c == '(' || c == ')' || c == '"' })
			if end < 0 {
				end = len(rest)
			}
		}
		words = append(words, rest[:end])
		rest = rest[end:]
	}
}

// filterParser reads words from the left. Depth bounds the parentheses.
type filterParser struct {
	words      []string
	filterable filterable
	depth      int
}

func (p *filterParser) next() string {
	if len(p.words) == 0 {
		return ""
	}
	word := p.words[0]
	p.words = p.words[1:]
	return word
}

func (p *filterParser) take(word string) bool {
	if len(p.words) == 0 || !strings.EqualFold(p.words[0], word) {
		return false
	}
	p.words = p.words[1:]
	return true
}

func (p *filterParser) alternatives() (filter, error) {
	left, err := p.conjunction()
	for err == nil && p.take("or") {
		var right filter
		if right, err = p.conjunction(); err == nil {
			first := left.predicate
			left = filter{predicate: func(a func(string) any) bool { return first(a) || right.predicate(a) }}
		}
	}
	return left, err
}

func (p *filterParser) conjunction() (filter, error) {
	left, err := p.single()
	for err == nil && p.take("and") {
		var right filter
		if right, err = p.single(); err == nil {
			first := left.predicate
			both := filter{predicate: func(a func(string) any) bool { return first(a) && right.predicate(a) }, equal: map[string]string{}}
			maps.Copy(both.equal, left.equal)
			maps.Copy(both.equal, right.equal)
			left = both
		}
	}
	return left, err
}

func (p *filterParser) single() (filter, error) {
	if p.take("not") {
		inner, err := p.single()
		return filter{predicate: func(a func(string) any) bool { return !inner.predicate(a) }}, err
	}
	if !p.take("(") {
		return p.comparison()
	}
	if p.depth++; p.depth > 20 {
		return filter{}, fmt.Errorf("it is nested too deeply")
	}
	inner, err := p.alternatives()
	p.depth--
	if err == nil && !p.take(")") {
		err = fmt.Errorf("a closing parenthesis is missing")
	}
	return inner, err
}

func (p *filterParser) comparison() (filter, error) {
	name, operator, value := p.next(), strings.ToLower(p.next()), p.next()
	operators, known := p.filterable[name]
	switch {
	case !known:
		return filter{}, fmt.Errorf("attribute %q is not supported", name)
	case !slices.Contains(operators, operator):
		return filter{}, fmt.Errorf("operator %q is not supported for %s", operator, name)
	}
	// A text is written as in JSON (RFC 7644 section 3.4.2.2).
	wanted := value
	if value != "true" && value != "false" && (!strings.HasPrefix(value, `"`) || json.Unmarshal([]byte(value), &wanted) != nil) {
		return filter{}, fmt.Errorf("the value of %s is not in quotes", name)
	}
	wanted = strings.ToLower(wanted)
	compared := filter{predicate: func(attribute func(string) any) bool {
		held := attribute(name)
		if held == nil {
			return false
		}
		have := strings.ToLower(fmt.Sprint(held))
		if operator == "sw" {
			return strings.HasPrefix(have, wanted)
		}
		return have == wanted
	}}
	if operator == "eq" {
		compared.equal, compared.alone = map[string]string{name: wanted}, true
	}
	return compared, nil
}
