package export

import (
	"encoding/json"
	"fmt"
	"strings"

	"pingone-conformance/internal/lazy"
)

var (
	identifier = lazy.Regexp(`^[A-Za-z_][A-Za-z0-9_]*$`)
	index      = lazy.Regexp(`^[0-9]+$`)
)

// literal is a JavaScript string.
func literal(s string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s) // a string can be written
	return strings.TrimSuffix(b.String(), "\n")
}

// members is a path below a JavaScript value that may not be there.
func members(value string, path []string) string {
	for _, name := range path {
		switch {
		case index.Get().MatchString(name):
			value += "?.[" + name + "]"
		case identifier.Get().MatchString(name):
			value += "?." + name
		default:
			value += "?.[" + literal(name) + "]"
		}
	}
	return value
}

// javascript is the expression of a source; body, location, claims and parameter are defined before it.
func (s Source) javascript() string {
	switch s.Kind {
	case Item:
		last := len(s.Path) - 1
		return members("body", s.Path[:last]) + fmt.Sprintf("?.find((item) => item.name === %s)?.id", literal(s.Path[last]))
	case Claim:
		return members("claims("+members("body", s.Path[:1])+")", s.Path[1:])
	case Location:
		if len(s.Path) == 0 {
			return "location"
		}
		return "parameter(location, " + literal(s.Path[0]) + ")"
	}
	return members("body", s.Path)
}

// condition is an expression that is true when the value passes; want is the expression of what is wanted.
func (k Check) condition(want string) string {
	value := k.Of.javascript()
	switch k.Test {
	case Contains:
		return "text(" + value + ").includes(" + want + ")"
	case Excludes:
		return value + " !== undefined && !text(" + value + ").includes(" + want + ")"
	case Begins:
		return "text(" + value + ").startsWith(" + want + ")"
	case Present:
		return "text(" + value + `) !== ""`
	case Absent:
		return "(" + value + " ?? null) === null"
	case SameWord:
		return "text(" + value + ").toLowerCase() === " + want + ".toLowerCase()"
	case Later:
		return value + " > Date.now() / 1000"
	}
	return value + " === " + want
}

// helpers are the functions that a call's expressions use.
func (c Call) helpers() []string {
	var kinds [4]bool
	texts := false
	for _, t := range c.Takes {
		kinds[t.From.Kind] = true
	}
	for _, k := range c.Checks {
		kinds[k.Of.Kind] = true
		kinds[Location] = kinds[Location] || k.Of.Kind == Location
		texts = texts || k.Test != Equals && k.Test != Absent && k.Test != Later
	}
	var lines []string
	if texts {
		lines = append(lines, `const text = (value) => (typeof value === "string" ? value : JSON.stringify(value ?? ""));`)
	}
	if kinds[Claim] {
		lines = append(lines, `const claims = (token) => JSON.parse(require("atob")(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));`)
	}
	if kinds[Location] {
		lines = append(lines, `const parameter = (url, name) => decodeURIComponent((url.match(new RegExp("[?&]" + name + "=([^&#]*)")) || [])[1] || "");`)
	}
	return lines
}
