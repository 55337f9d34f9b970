package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp/syntax"
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
		s.Types = p.types(v)
	case "const":
		s.Constant = []any{v}
	case "enum":
		var is bool
		if s.Enum, is = v.([]any); !is {
			p.wrong(name, "a list", v)
		}
	case "format":
		if s.Format = p.text(name, v); formats[s.Format] == nil {
			p.wrong(name, "one of "+strings.Join(slices.Sorted(maps.Keys(formats)), ", "), v)
		}
	case "pattern":
		s.Pattern = p.expression(name, p.text(name, v))
	case "required":
		s.Required = p.texts(name, v)
	case "uniqueItems":
		s.UniqueItems = v == true
	case "dependentRequired":
		nodes := p.object(name, v)
		for _, member := range slices.Sorted(maps.Keys(nodes)) {
			s.DependentRequired = append(s.DependentRequired, Dependent{member, p.texts(name, nodes[member])})
		}
	}
}

// bounds reads a keyword about how long, how many or how great.
func (p *parser) bounds(s *Schema, name string, v any) {
	switch name {
	case "minLength", "minItems", "minProperties", "minContains", "maxLength", "maxItems", "maxProperties", "maxContains":
		s.Limits = append(s.Limits, Limit{name, p.count(name, v)})
	case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf":
		number, _ := v.(json.Number)
		s.Bounds = append(s.Bounds, Bound{name, number})
		if n := rational(number); n == nil {
			p.wrong(name, "a number", v)
		} else if name == "multipleOf" && n.Sign() <= 0 {
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
		s.DependentSchemas = p.schemas(name, v)
	case "patternProperties":
		for _, one := range p.schemas(name, v) {
			s.PatternProperties = append(s.PatternProperties, Patterned{p.expression(name, one.Name), one.Schema})
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
		return &s.Contains
	case "propertyNames":
		return &s.PropertyNames
	case "not":
		return &s.Not
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
		return &s.PrefixItems
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

func (p *parser) schemas(keyword string, v any) Members {
	nodes := p.object(keyword, v)
	all := make(Members, 0, len(nodes))
	for _, name := range slices.Sorted(maps.Keys(nodes)) {
		all = append(all, Member{name, p.inner(nodes[name], keyword, name)})
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

func (p *parser) expression(keyword, text string) *Expression {
	if known := p.c.expressions[text]; known != nil {
		return known
	}
	if _, err := syntax.Parse(text, syntax.Perl); err != nil {
		p.wrong(keyword, "a regular expression of Go's", text)
		return nil
	}
	made := &Expression{Text: text}
	p.c.expressions[text] = made
	return made
}

func (p *parser) count(keyword string, v any) int {
	number, _ := v.(json.Number)
	n := rational(number)
	if n == nil || !n.IsInt() || n.Sign() < 0 || !n.Num().IsInt64() {
		p.wrong(keyword, "a number of things", v)
		return 0
	}
	return int(n.Num().Int64())
}
