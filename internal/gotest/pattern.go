package gotest

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// pattern is a value of -run or -skip: alternatives, of which each holds one regular
// expression for each level of a test's name.
//
// pkg.go.dev/cmd/go#hdr-Testing_flags
type pattern [][]*regexp.Regexp

// compile reads a pattern as package testing does; "" is a pattern without alternatives.
func compile(text string) (pattern, error) {
	if text == "" {
		return nil, nil
	}
	var p pattern
	for _, alternative := range split(text, '|') {
		var levels []*regexp.Regexp
		for _, level := range split(alternative, '/') {
			expression, err := regexp.Compile(rewritten(level))
			if err != nil {
				return nil, fmt.Errorf("%q is no pattern of tests: %w", text, err)
			}
			levels = append(levels, expression)
		}
		p = append(p, levels)
	}
	return p, nil
}

// split cuts at a separator that stands outside of brackets and is not escaped.
func split(text string, separator byte) []string {
	var parts []string
	class, group, from := false, 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '(':
			group++
		case c == ')':
			group--
		case c == separator && group <= 0:
			parts, from = append(parts, text[from:i]), i+1
		}
	}
	return append(parts, text[from:])
}

// rewritten is a level as names of tests are written: with underscores for spaces.
func rewritten(level string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return '_'
		}
		return r
	}, level)
}

// matches tells whether one of the alternatives fits the levels of a name, as far as
// both go; whole is false when all that fit go deeper than the name.
func (p pattern) matches(name []string) (ok, whole bool) {
	for _, alternative := range p {
		fits := true
		for i, expression := range alternative {
			if i < len(name) && !expression.MatchString(name[i]) {
				fits = false
				break
			}
		}
		ok = ok || fits
		whole = whole || fits && len(alternative) <= len(name)
	}
	return ok, whole
}
