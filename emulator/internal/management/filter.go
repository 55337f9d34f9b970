package management

import (
	"fmt"
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

func everything(func(string) any) bool { return true }

// parseFilter reads a SCIM-like filter such as
//
//	population.id eq "..." and not (username sw "anna")
//
// An attribute, operator or form that the collection does not take is 400 with
// INVALID_FILTER.
func parseFilter(filter string, f filterable) (predicate, error) {
	if filter == "" {
		return everything, nil
	}
	p := &filterParser{words: filterWords(filter), filterable: f}
	matches, err := p.alternatives()
	if err == nil && len(p.words) > 0 {
		err = fmt.Errorf("%q is left over", p.words[0])
	}
	if err != nil {
		return nil, wire.InvalidData(wire.Detail{
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

func (p *filterParser) alternatives() (predicate, error) {
	left, err := p.conjunction()
	for err == nil && p.take("or") {
		var right predicate
		if right, err = p.conjunction(); err == nil {
			first := left
			left = func(a func(string) any) bool { return first(a) || right(a) }
		}
	}
	return left, err
}

func (p *filterParser) conjunction() (predicate, error) {
	left, err := p.single()
	for err == nil && p.take("and") {
		var right predicate
		if right, err = p.single(); err == nil {
			first := left
			left = func(a func(string) any) bool { return first(a) && right(a) }
		}
	}
	return left, err
}

func (p *filterParser) single() (predicate, error) {
	if p.take("not") {
		inner, err := p.single()
		return func(a func(string) any) bool { return !inner(a) }, err
	}
	if !p.take("(") {
		return p.comparison()
	}
	if p.depth++; p.depth > 20 {
		return nil, fmt.Errorf("it is nested too deeply")
	}
	inner, err := p.alternatives()
	if err == nil && !p.take(")") {
		err = fmt.Errorf("a closing parenthesis is missing")
	}
	return inner, err
}

func (p *filterParser) comparison() (predicate, error) {
	name, operator, value := p.next(), strings.ToLower(p.next()), p.next()
	operators, known := p.filterable[name]
	switch {
	case !known:
		return nil, fmt.Errorf("attribute %q is not supported", name)
	case !slices.Contains(operators, operator):
		return nil, fmt.Errorf("operator %q is not supported for %s", operator, name)
	case value == "" || value == "(" || value == ")":
		return nil, fmt.Errorf("%s %s has no value", name, operator)
	}
	if value != "true" && value != "false" && (len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"') {
		return nil, fmt.Errorf("the value of %s is not in quotes", name)
	}
	wanted := strings.ToLower(strings.ReplaceAll(strings.Trim(value, `"`), `\"`, `"`))
	return func(attribute func(string) any) bool {
		held := attribute(name)
		if held == nil {
			return false
		}
		have := strings.ToLower(fmt.Sprint(held))
		if operator == "sw" {
			return strings.HasPrefix(have, wanted)
		}
		return have == wanted
	}, nil
}
