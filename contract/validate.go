package contract

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// fault is one leaf of what a schema says about a value.
type fault struct {
	rule      string
	where     []string
	want, got string
	source    string
	// open tells that the value is a new one of an enumeration that the vendor may add to.
	open bool
}

// faults validates v and returns one entry for each broken keyword, none when it is valid.
func (l *library) faults(name string, schema *jsonschema.Schema, v any) []fault {
	err := schema.Validate(v)
	if err == nil {
		return nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return []fault{{rule: name, want: "a value the schema can judge", got: err.Error()}}
	}
	var found []fault
	leaves(invalid, func(leaf *jsonschema.ValidationError) {
		found = append(found, l.describe(name, leaf, v)...)
	})
	return found
}

// leaves visits the errors that have no cause of their own. Where alternatives
// failed, the alternatives are the reader's concern, not each one's reasons.
func leaves(e *jsonschema.ValidationError, visit func(*jsonschema.ValidationError)) {
	switch e.ErrorKind.(type) {
	case *kind.AnyOf, *kind.OneOf, *kind.Contains, *kind.PropertyNames:
		visit(e)
		return
	}
	if len(e.Causes) == 0 {
		visit(e)
		return
	}
	for _, cause := range e.Causes {
		leaves(cause, visit)
	}
}

func (l *library) describe(name string, e *jsonschema.ValidationError, v any) []fault {
	at := e.InstanceLocation
	f := fault{
		rule:   name + "#/" + strings.Join(e.ErrorKind.KeywordPath(), "/"),
		where:  at,
		source: l.source(e.SchemaURL),
		got:    show(at, lookup(v, at)),
	}
	if _, isFalse := e.ErrorKind.(*kind.FalseSchema); isFalse {
		f.rule += "false"
	}
	if required, isRequired := e.ErrorKind.(*kind.Required); isRequired {
		var each []fault
		for _, missing := range required.Missing {
			g := f
			g.where, g.want, g.got = join(at, missing), present, nothing
			each = append(each, g)
		}
		return each
	}
	f.want = wanted(e.ErrorKind)
	if values, isEnum := e.ErrorKind.(*kind.Enum); isEnum {
		f.open = values.Got != "" && isText(values.Got) && !slices.ContainsFunc(values.Want, func(v any) bool { return !isText(v) }) && !l.closed(e.SchemaURL)
	}
	return []fault{f}
}

func isText(v any) bool {
	_, is := v.(string)
	return is
}

// wanted says in words what a keyword asks for.
func wanted(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		return "a value of type " + strings.Join(k.Want, " or ")
	case *kind.Enum:
		return "one of " + show(nil, k.Want)
	case *kind.Const:
		return show(nil, k.Want)
	case *kind.Format:
		return "a " + k.Want
	case *kind.Pattern:
		return "a match of " + k.Want
	case *kind.FalseSchema:
		return nothing + " here"
	case *kind.MinLength:
		return fmt.Sprintf("at least %d characters", k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("at most %d characters", k.Want)
	case *kind.MinItems:
		return fmt.Sprintf("at least %d items", k.Want)
	case *kind.Minimum:
		return "at least " + k.Want.RatString()
	case *kind.Maximum:
		return "at most " + k.Want.RatString()
	case *kind.PropertyNames:
		return "no member called " + k.Property
	}
	return "what " + strings.Join(k.KeywordPath(), "/") + " asks for"
}

// faultsOf are the faults of the part of a text at place; without a reading the part belongs to no text.
func (c *call) faultsOf(r *reading, name string, schema *jsonschema.Schema, v any, place string) []fault {
	return judged(r, question{schema, asFaults, place}, func() []fault { return c.schemas.faults(name, schema, v) })
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
	part := pointer(where...)
	var known []string
	for _, f := range c.faultsOf(r, name, s.documented, v, part) {
		place := pointer(join(where, f.where...)...)
		known = append(known, place)
		if f.open {
			c.note(f.rule, place, f.want+"; more may be added", f.got, f.source)
			continue
		}
		c.fail(f.rule, place, f.want, f.got, f.source)
	}
	if s.inferred != nil {
		for _, f := range c.faultsOf(r, name, s.inferred, v, part) {
			if place := pointer(join(where, f.where...)...); !slices.Contains(known, place) {
				c.note(f.rule, place, f.want, f.got, f.source)
			}
		}
	}
	for _, path := range judged(r, question{s.documented, asStrangers, part}, func() [][]string { return c.schemas.unknownMembers(s, v) }) {
		c.note(ruleUnknown, pointer(join(where, path...)...), nothing+" of that name", "a "+typeName(lookup(v, path)), pageCompatibility)
	}
}

// isNew holds the answer of a create against what is documented of a new resource; a password that was set is new too.
func (c *call) isNew() {
	if !c.op.creates && (c.op.name != "Set Password" || member(c.sent, "forceChange") == true) {
		return
	}
	s, err := c.schemas.shape(c.op.answer)
	if err != nil || s.created == nil {
		return
	}
	for _, f := range c.faultsOf(c.answer, c.op.answer, s.created, c.body, pointer()) {
		if lookup(c.sent, f.where) == nil {
			c.fail(f.rule, pointer(f.where...), f.want, f.got, f.source)
		}
	}
}

// valid tells whether v, the value of a reading where it has one, is what the named schema documents, and the first fault if not.
func (c *call) valid(r *reading, name string, v any) (fault, bool) {
	s, err := c.schemas.shape(name)
	if err != nil {
		return fault{rule: name, want: "a schema called " + name, got: err.Error()}, false
	}
	if found := c.faultsOf(r, name, s.documented, v, pointer()); len(found) > 0 {
		return found[0], false
	}
	return fault{}, true
}

// unknownMembers are the paths of members that no schema of the resource names. They are
// legal, always: the vendor adds members without notice.
func (l *library) unknownMembers(s *shape, v any) [][]string {
	schemas := []*jsonschema.Schema{s.documented}
	if s.inferred != nil {
		schemas = append(schemas, s.inferred)
	}
	var found [][]string
	l.strangers(schemas, v, nil, 0, func(path []string) { found = append(found, slices.Clone(path)) })
	return found
}

// deepest bounds how far schemas are followed; ours are not recursive.
const deepest = 12

// strangers calls visit for each object member that none of the schemas knows.
func (l *library) strangers(schemas []*jsonschema.Schema, v any, path []string, depth int, visit func([]string)) {
	if depth > deepest {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			below, known := l.declared(schemas, name)
			switch {
			case !known:
				visit(append(path, name))
			case len(below) > 0:
				l.strangers(below, inner, append(path, name), depth+1, visit)
			}
		}
	case []any:
		var items []*jsonschema.Schema
		for _, given := range schemas {
			for _, s := range l.expand(given) {
				if s.Items2020 != nil {
					items = append(items, s.Items2020)
				}
			}
		}
		for i, inner := range v {
			if len(items) > 0 {
				l.strangers(items, inner, append(path, strconv.Itoa(i)), depth+1, visit)
			}
		}
	}
}

// expand returns s and every schema that applies in the same place.
func (l *library) expand(s *jsonschema.Schema) []*jsonschema.Schema {
	if all, known := l.expanded.Load(s); known {
		return all.([]*jsonschema.Schema)
	}
	all := expand(nil, s, 0)
	l.expanded.Store(s, all)
	return all
}

func expand(all []*jsonschema.Schema, s *jsonschema.Schema, depth int) []*jsonschema.Schema {
	if s == nil || depth > deepest {
		return all
	}
	all = append(all, s)
	for _, same := range append(append(append([]*jsonschema.Schema{s.Ref, s.Then, s.Else}, s.AllOf...), s.AnyOf...), s.OneOf...) {
		all = expand(all, same, depth+1)
	}
	return all
}

// declared tells whether any schema names the member, or takes members of any name.
func (l *library) declared(schemas []*jsonschema.Schema, name string) (below []*jsonschema.Schema, known bool) {
	constrained := false
	for _, given := range schemas {
		for _, s := range l.expand(given) {
			if p, has := s.Properties[name]; has {
				below, known = append(below, p), true
			}
			switch extra := s.AdditionalProperties.(type) {
			case bool:
				known = known || extra
			case *jsonschema.Schema:
				below, known = append(below, extra), true
			}
			constrained = constrained || len(s.Properties) > 0 || s.AdditionalProperties != nil
		}
	}
	return below, known || !constrained
}

func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "text"
	case bool:
		return "boolean"
	case []any:
		return "list"
	case map[string]any:
		return "object"
	}
	return "number"
}
