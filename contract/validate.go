package contract

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"pingone-conformance/contract/internal/schema"
)

// fault is one leaf of what a schema says about a value.
type fault struct {
	rule      string
	where     []string
	want, got string
	source    string
	// open says that the value is a new one of an enumeration that the vendor may add to.
	open bool
}

// faults validates v and returns one entry for each broken keyword, none when it is valid.
func (l *library) faults(name string, s *schema.Schema, v any) []fault {
	var found []fault
	for _, broken := range s.Faults(v) {
		found = append(found, l.describe(name, broken, v)...)
	}
	return found
}

func (l *library) describe(name string, broken schema.Fault, v any) []fault {
	where := broken.Where
	f := fault{
		rule: name + "#/" + broken.Keyword, where: where, want: wanted(broken),
		got: show(at(v, where...), where...), source: l.source(broken.Location),
	}
	switch want := broken.Want.(type) {
	case []any:
		f.open = broken.Keyword == "enum" && text(at(v, where...)) != "" &&
			!slices.ContainsFunc(want, func(v any) bool { return text(v) == "" }) && !l.closed(broken.Location)
	case []string:
		if broken.Keyword != "required" {
			break
		}
		var each []fault
		for _, missing := range want {
			f.where, f.want, f.got = join(where, missing), present, nothing
			each = append(each, f)
		}
		return each
	}
	return []fault{f}
}

// wanted says in words what a keyword asks for.
func wanted(broken schema.Fault) string {
	switch broken.Keyword {
	case "type":
		if types, are := broken.Want.([]string); are {
			return "a value of type " + strings.Join(types, " or ")
		}
	case "enum":
		return "one of " + show(broken.Want)
	case "const":
		return show(broken.Want)
	case "format":
		return fmt.Sprintf("a %v", broken.Want)
	case "pattern":
		return fmt.Sprintf("a match of %v", broken.Want)
	case "false":
		return nothing + " here"
	case "minLength":
		return fmt.Sprintf("at least %d characters", broken.Want)
	case "maxLength":
		return fmt.Sprintf("at most %d characters", broken.Want)
	case "minItems":
		return fmt.Sprintf("at least %d items", broken.Want)
	case "minimum", "maximum":
		if bound, is := broken.Want.(*big.Rat); is {
			return map[string]string{"minimum": "at least ", "maximum": "at most "}[broken.Keyword] + bound.RatString()
		}
	case "propertyNames":
		return fmt.Sprintf("no member called %v", broken.Want)
	}
	return "what " + broken.Keyword + " asks for"
}

// faultsOf are the faults of the part of a text at place; without a reading the part belongs to no text.
func (c *call) faultsOf(r *reading, name string, s *schema.Schema, v any, place string) []fault {
	return once(r, question{s, place}, func() []fault { return c.schemas.faults(name, s, v) })
}

// hold validates the answer, or the part of it at the given place, against a named
// schema: documented faults are violations, inferred ones observations, and so are new values
// where the vendor may add some: see https://developer.pingidentity.com/pingone-api/foundations/conventions.
func (c *call) hold(name string, v any, where ...string) { c.holdPart(c.answer, name, v, where) }

// holdPart is hold for a part of any text; without a reading the part belongs to none.
func (c *call) holdPart(r *reading, name string, v any, where []string) {
	s, err := c.schemas.shape(name)
	if err != nil {
		c.fail(ruleUnlisted, pointer(where...), "a schema called "+name, err.Error(), "")
		return
	}
	c.held = append(c.held, holding{s, v, where})
	c.report.shapes = append(c.report.shapes, s)
	part := pointer(where...)
	var known []string
	for _, f := range c.faultsOf(r, name, s.Documented, v, part) {
		place := pointer(join(where, f.where...)...)
		known = append(known, place)
		switch {
		case f.open:
			c.note(f.rule, place, f.want+"; more may be added", f.got, f.source)
			continue
		case c.linkOfItem(where, f):
			c.note(f.rule, place, "the links that the resource has when it is read alone", f.got, f.source)
			continue
		}
		c.fail(f.rule, place, f.want, f.got, f.source)
	}
	if s.Inferred != nil {
		for _, f := range c.faultsOf(r, name, s.Inferred, v, part) {
			if place := pointer(join(where, f.where...)...); !slices.Contains(known, place) {
				c.note(f.rule, place, f.want, f.got, f.source)
			}
		}
	}
	for _, path := range once(r, question{s, part}, func() [][]string { return unknownMembers(s, v) }) {
		c.note(ruleUnknown, pointer(join(where, path...)...), nothing+" of that name", "a "+typeName(at(v, path...)), pageCompatibility)
	}
}

// linkOfItem tells whether the fault is that an item of a list lacks a link to something else: what the items of a
// list link is not documented, and recorded lists link less than the resource does when it is read alone.
func (c *call) linkOfItem(where []string, f fault) bool {
	return c.isItem(where) && f.got == nothing && len(f.where) == 2 && f.where[0] == "_links" && f.where[1] != "self"
}

// isItem tells whether a place of the answer is an item of the list that was asked for.
func (c *call) isItem(where []string) bool {
	return len(where) == 3 && c.op.items != "" // below _embedded and the plural, which no unlisted call has
}

// isNew holds the answer of a create against what is documented of a new resource; a password that was set is new too.
func (c *call) isNew() {
	flagged := c.op.name == "Set Password" && at(c.sent, "forceChange") == true
	if status := text(c.body, "status"); flagged && status == "OK" {
		c.fail(ruleEcho, "/status", "MUST_CHANGE_PASSWORD, since it was flagged for change", show(status), c.op.source)
	}
	if !c.op.creates && (c.op.name != "Set Password" || flagged) {
		return
	}
	s, err := c.schemas.shape(c.op.answer)
	if err != nil || s.Created == nil {
		return
	}
	for _, f := range c.faultsOf(c.answer, c.op.answer, s.Created, c.body, pointer()) {
		if at(c.sent, f.where...) == nil {
			c.fail(f.rule, pointer(f.where...), f.want, f.got, f.source)
		}
	}
}

// valid reports whether v, the value of a reading where it has one, is what the named schema documents, and the first fault if not.
func (c *call) valid(r *reading, name string, v any) (fault, bool) {
	s, err := c.schemas.shape(name)
	if err != nil {
		return fault{rule: name, want: "a schema called " + name, got: err.Error()}, false
	}
	if found := c.faultsOf(r, name, s.Documented, v, pointer()); len(found) > 0 {
		return found[0], false
	}
	return fault{}, true
}
