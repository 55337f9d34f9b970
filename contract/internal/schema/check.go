package schema

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"unicode/utf8"
)

// check is one value held against one schema.
type check struct {
	quick  bool // only whether something has failed is asked
	failed bool
	faults []Fault
}

// over tells that nothing more is asked.
func (c *check) over() bool { return c.quick && c.failed || len(c.faults) >= Most }

func (c *check) fail(s *Schema, keyword string, where []string, want any) {
	c.failed = true
	if !c.quick && len(c.faults) < Most {
		c.faults = append(c.faults, Fault{keyword, append([]string(nil), where...), s.Location, want})
	}
}

// below is a place in a value, which nobody asks for when only whether something has failed is asked.
func (c *check) below(where []string, token string) []string {
	if c.quick {
		return nil
	}
	return append(where, token)
}

func (c *check) schema(s *Schema, v any, where []string) {
	if keyword, want := s.unlike(v); keyword != "" { // then nothing more has to be said
		c.fail(s, keyword, where, want)
		return
	}
	if s.Ref != nil {
		c.schema(s.Ref, v, where)
	}
	switch v := v.(type) {
	case map[string]any:
		c.object(s, v, where)
	case []any:
		c.list(s, v, where)
	case string:
		c.text(s, v, where)
	case json.Number:
		c.number(s, v, where)
	}
	if !c.over() {
		c.combined(s, v, where)
	}
}

// unlike says which keyword about the value as a whole does not hold, and what it wants.
func (s *Schema) unlike(v any) (keyword string, want any) {
	switch {
	case s.Never:
		return "false", nil
	case s.Types != nil && !slices.ContainsFunc(s.Types, func(t string) bool { return isOf(t, v) }):
		return "type", s.Types
	case s.Constant != nil && !equal(v, s.Constant[0]):
		return "const", s.Constant[0]
	case s.Enum != nil && !slices.ContainsFunc(s.Enum, func(one any) bool { return equal(v, one) }):
		return "enum", s.Enum
	case s.Format != "" && !formats[s.Format](v):
		return "format", s.Format
	}
	return "", nil
}

// counted holds a length or a number of things against two keywords.
func (c *check) counted(s *Schema, least, most string, n int, where []string) {
	for _, l := range s.Limits {
		if l.Keyword == least && n < l.Count || l.Keyword == most && n > l.Count {
			c.fail(s, l.Keyword, where, l.Count)
		}
	}
}

func (c *check) missing(s *Schema, keyword string, required []string, object map[string]any, where []string) {
	var missing []string
	for _, name := range required {
		if _, has := object[name]; !has {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		c.fail(s, keyword, where, missing)
	}
}

func (c *check) object(s *Schema, object map[string]any, where []string) {
	c.counted(s, "minProperties", "maxProperties", len(object), where)
	c.missing(s, "required", s.Required, object, where)
	for _, d := range s.DependentRequired {
		if _, has := object[d.Name]; has {
			c.missing(s, "dependentRequired/"+d.Name, d.Required, object, where)
		}
	}
	for _, d := range s.DependentSchemas {
		if _, has := object[d.Name]; has {
			c.schema(d.Schema, object, where)
		}
	}
	var extra []string
	for name, value := range object {
		if c.over() {
			return
		}
		if !c.member(s, name, value, c.below(where, name)) {
			extra = append(extra, name)
		}
		if s.PropertyNames != nil && !s.PropertyNames.Valid(name) {
			c.fail(s.PropertyNames, "propertyNames", where, name)
		}
	}
	if extra != nil {
		c.fail(s, "additionalProperties", where, nil)
	}
}

// member checks one member of an object; false means that there must be none of that name.
func (c *check) member(s *Schema, name string, value any, where []string) bool {
	named := false
	if p := s.Properties.Of(name); p != nil {
		named = true
		c.schema(p, value, where)
	}
	for _, p := range s.PatternProperties {
		if p.Name.Match(name) {
			named = true
			c.schema(p.Schema, value, where)
		}
	}
	if named {
		return true
	}
	if extra, is := s.AdditionalProperties.(*Schema); is {
		c.schema(extra, value, where)
	}
	return s.AdditionalProperties != false
}

func (c *check) list(s *Schema, list []any, where []string) {
	c.counted(s, "minItems", "maxItems", len(list), where)
	if s.UniqueItems {
		c.distinct(s, list, where)
	}
	found := 0
	for i, item := range list {
		if c.over() {
			return
		}
		switch {
		case i < len(s.PrefixItems):
			c.schema(s.PrefixItems[i], item, c.below(where, strconv.Itoa(i)))
		case s.Items != nil:
			c.schema(s.Items, item, c.below(where, strconv.Itoa(i)))
		}
		if s.Contains != nil && s.Contains.Valid(item) {
			found++
		}
	}
	if s.Contains == nil {
		return
	}
	if found == 0 && !slices.ContainsFunc(s.Limits, func(l Limit) bool { return l.Keyword == "minContains" }) {
		c.fail(s, "contains", where, nil)
	}
	c.counted(s, "minContains", "maxContains", found, where)
}

func (c *check) distinct(s *Schema, list []any, where []string) {
	seen := make(map[string]bool, len(list))
	for _, one := range list {
		text := spelled(one)
		if seen[text] {
			c.fail(s, "uniqueItems", where, nil)
			return
		}
		seen[text] = true
	}
}

func (c *check) text(s *Schema, text string, where []string) {
	if s.Limits != nil {
		c.counted(s, "minLength", "maxLength", utf8.RuneCountInString(text), where)
	}
	if s.Pattern != nil && !s.Pattern.Match(text) {
		c.fail(s, "pattern", where, s.Pattern.Text)
	}
}

func (c *check) number(s *Schema, text json.Number, where []string) {
	if s.Bounds == nil {
		return
	}
	n := rational(text)
	if n == nil {
		c.fail(s, "type", where, []string{"number"})
		return
	}
	for _, b := range s.Bounds {
		if want := rational(b.Number); !within(n, b.Keyword, want) {
			c.fail(s, b.Keyword, where, want)
		}
	}
}

func within(n *big.Rat, keyword string, bound *big.Rat) bool {
	switch order := n.Cmp(bound); keyword {
	case "minimum":
		return order >= 0
	case "maximum":
		return order <= 0
	case "exclusiveMinimum":
		return order > 0
	case "exclusiveMaximum":
		return order < 0
	}
	return new(big.Rat).Quo(n, bound).IsInt() // multipleOf
}

func (c *check) combined(s *Schema, v any, where []string) {
	if s.Not != nil && s.Not.Valid(v) {
		c.fail(s, "not", where, nil)
	}
	for _, part := range s.AllOf {
		c.schema(part, v, where)
	}
	valid := func(one *Schema) bool { return one.Valid(v) }
	if s.AnyOf != nil && !slices.ContainsFunc(s.AnyOf, valid) {
		c.fail(s, "anyOf", where, nil)
	}
	if s.OneOf != nil {
		hold := 0
		for _, one := range s.OneOf {
			if valid(one) {
				hold++
			}
		}
		if hold != 1 {
			c.fail(s, "oneOf", where, nil)
		}
	}
	if s.If == nil {
		return
	}
	if then := s.Else; valid(s.If) {
		if s.Then != nil {
			c.schema(s.Then, v, where)
		}
	} else if then != nil {
		c.schema(then, v, where)
	}
}
