package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const draft = "https://json-schema.org/draft/2020-12/schema"

// parser reads one schema; its first error counts.
type parser struct {
	c             *Compiler
	file, pointer string
	err           error
}

func (p *parser) wrong(keyword, want string, got any) {
	if p.err == nil {
		p.err = fmt.Errorf("%s#%s: %s has to be %s, not %.60v", p.file, p.pointer, orSchema(keyword), want, got)
	}
}

func orSchema(keyword string) string {
	if keyword == "" {
		return "this"
	}
	return keyword
}

// keyword reads one; a name that is none says nothing.
func (p *parser) keyword(s *Schema, name string, v any) {
	switch name {
	case "$schema":
		if strings.TrimSuffix(fmt.Sprint(v), "#") != draft {
			p.wrong(name, draft, v)
		}
	case "$ref":
		s.Ref = p.refer(v)
	case "unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$dynamicAnchor", "$anchor",
		"$recursiveRef", "$recursiveAnchor", "dependencies", "additionalItems": // they would assert something
		if p.err == nil {
			p.err = fmt.Errorf("%s#%s: the keyword %q is not known here", p.file, p.pointer, name)
		}
	default:
		p.value(s, name, v)
		p.bounds(s, name, v)
		p.applicator(s, name, v)
	}
}

// value reads a keyword about a value itself.
func (p *parser) value(s *Schema, name string, v any) {
	switch name {
	case "type":
		s.types = p.types(v)
	case "const":
		s.constant = &v
	case "enum":
		var is bool
		if s.enum, is = v.([]any); !is {
			p.wrong(name, "a list", v)
		}
	case "format":
		if s.format = p.text(name, v); formats[s.format] == nil {
			p.wrong(name, "one of "+strings.Join(slices.Sorted(maps.Keys(formats)), ", "), v)
		}
	case "pattern":
		s.pattern = p.expression(name, p.text(name, v))
	case "required":
		s.Required = p.texts(name, v)
	case "uniqueItems":
		s.unique = v == true
	case "dependentRequired":
		s.dependentRequired = map[string][]string{}
		for member, list := range p.object(name, v) {
			s.dependentRequired[member] = p.texts(name, list)
		}
	}
}

// bounds reads a keyword about how long, how many or how great.
func (p *parser) bounds(s *Schema, name string, v any) {
	switch name {
	case "minLength", "minItems", "minProperties", "minContains":
		s.least = p.count(s.least, name, v)
	case "maxLength", "maxItems", "maxProperties", "maxContains":
		s.most = p.count(s.most, name, v)
	case "minimum":
		s.minimum = p.bound(name, v)
	case "maximum":
		s.maximum = p.bound(name, v)
	case "exclusiveMinimum":
		s.exclusiveMin = p.bound(name, v)
	case "exclusiveMaximum":
		s.exclusiveMax = p.bound(name, v)
	case "multipleOf":
		if s.divisible = p.bound(name, v); s.divisible != nil && s.divisible.Sign() <= 0 {
			p.wrong(name, "above 0", v)
		}
	}
}

// applicator reads a keyword that holds schemas.
func (p *parser) applicator(s *Schema, name string, v any) {
	switch name {
	case "properties":
		s.Properties = p.schemas(name, v)
	case "dependentSchemas":
		s.dependentSchemas = p.schemas(name, v)
	case "patternProperties":
		for pattern, one := range p.schemas(name, v) {
			s.patternProperties = append(s.patternProperties, patterned{p.expression(name, pattern), one})
		}
	case "additionalProperties":
		if allowed, is := v.(bool); is {
			s.AdditionalProperties = allowed
		} else {
			s.AdditionalProperties = p.inner(v, name)
		}
	default:
		if one := s.single(name); one != nil {
			*one = p.inner(v, name)
		}
		if list := s.several(name); list != nil {
			*list = p.list(name, v)
		}
	}
}

// single is where the schema of a keyword goes that has one, else nil.
func (s *Schema) single(keyword string) **Schema {
	switch keyword {
	case "items":
		return &s.Items
	case "contains":
		return &s.contains
	case "propertyNames":
		return &s.propertyNames
	case "not":
		return &s.not
	case "if":
		return &s.If
	case "then":
		return &s.Then
	case "else":
		return &s.Else
	}
	return nil
}

// several is where the schemas of a keyword go that has a list of them, else nil.
func (s *Schema) several(keyword string) *[]*Schema {
	switch keyword {
	case "allOf":
		return &s.AllOf
	case "anyOf":
		return &s.AnyOf
	case "oneOf":
		return &s.OneOf
	case "prefixItems":
		return &s.prefixItems
	}
	return nil
}

func (p *parser) inner(v any, tokens ...string) *Schema {
	if p.err != nil {
		return nil
	}
	pointer := p.pointer
	for _, token := range tokens {
		pointer += "/" + escapes.Replace(token)
	}
	s, err := p.c.compile(p.file, pointer, v)
	if err != nil {
		p.err = err
	}
	return s
}

func (p *parser) list(keyword string, v any) []*Schema {
	nodes, is := v.([]any)
	if !is || len(nodes) == 0 {
		p.wrong(keyword, "a list of schemas", v)
	}
	all := make([]*Schema, len(nodes))
	for i, one := range nodes {
		all[i] = p.inner(one, keyword, strconv.Itoa(i))
	}
	return all
}

func (p *parser) schemas(keyword string, v any) map[string]*Schema {
	nodes := p.object(keyword, v)
	all := make(map[string]*Schema, len(nodes))
	for name, one := range nodes {
		all[name] = p.inner(one, keyword, name)
	}
	return all
}

func (p *parser) object(keyword string, v any) map[string]any {
	object, is := v.(map[string]any)
	if !is {
		p.wrong(keyword, "an object", v)
	}
	return object
}

func (p *parser) text(keyword string, v any) string {
	text, is := v.(string)
	if !is {
		p.wrong(keyword, "a text", v)
	}
	return text
}

func (p *parser) texts(keyword string, v any) []string {
	list, is := v.([]any)
	if !is {
		p.wrong(keyword, "a list of texts", v)
	}
	texts := make([]string, len(list))
	for i, one := range list {
		if texts[i], is = one.(string); !is {
			p.wrong(keyword, "a list of texts", v)
		}
	}
	return texts
}

func (p *parser) types(v any) []string {
	types := []string{}
	if one, is := v.(string); is {
		types = append(types, one)
	} else {
		types = p.texts("type", v)
	}
	for _, t := range types {
		switch t {
		case "null", "boolean", "string", "array", "object", "number", "integer":
		default:
			p.wrong("type", "a type of JSON's", t)
		}
	}
	return types
}

func (p *parser) expression(keyword, text string) *regexp.Regexp {
	compiled, known := p.c.expressions[text]
	if known {
		return compiled
	}
	compiled, err := regexp.Compile(text)
	if err != nil {
		p.wrong(keyword, "a regular expression of Go's", text)
		return nil
	}
	p.c.expressions[text] = compiled
	return compiled
}

func (p *parser) count(counts map[string]int, keyword string, v any) map[string]int {
	number, _ := v.(json.Number)
	n := rational(number)
	if n == nil || !n.IsInt() || n.Sign() < 0 || !n.Num().IsInt64() {
		p.wrong(keyword, "a number of things", v)
		return counts
	}
	if counts == nil {
		counts = map[string]int{}
	}
	counts[keyword] = int(n.Num().Int64())
	return counts
}

func (p *parser) bound(keyword string, v any) *big.Rat {
	number, _ := v.(json.Number)
	n := rational(number)
	if n == nil {
		p.wrong(keyword, "a number", v)
	}
	return n
}
