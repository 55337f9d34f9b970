package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Compiler compiles schemas that lie in files below one address. It may be used by one goroutine at a time.
type Compiler struct {
	base  string
	read  func(file string) (any, error)
	known map[string]*Schema // by file, "#" and pointer
	sound map[*Schema]bool   // known to come to an end
}

// NewCompiler returns a compiler for files below a base address, which ends in a slash; read returns a file's
// decoded text, with numbers as json.Number.
func NewCompiler(base string, read func(file string) (any, error)) *Compiler {
	return &Compiler{base, read, map[string]*Schema{}, map[*Schema]bool{}}
}

// Compile compiles the schema at a JSON pointer of a file, "" for the whole file, and all that it refers to.
func (c *Compiler) Compile(file, pointer string) (*Schema, error) {
	s, err := c.find(file, pointer)
	if err != nil {
		return nil, err
	}
	for _, one := range c.known {
		if c.loops(one, map[*Schema]bool{}) {
			return nil, fmt.Errorf("%s refers to itself before it has looked at anything", one.Location)
		}
	}
	return s, nil
}

// loops tells of a schema that is held against a value before it is held against that very value.
func (c *Compiler) loops(s *Schema, open map[*Schema]bool) bool {
	if s == nil || c.sound[s] {
		return false
	}
	if open[s] {
		return true
	}
	open[s] = true
	inPlace := slices.Concat([]*Schema{s.Ref, s.not, s.If, s.Then, s.Else}, s.AllOf, s.AnyOf, s.OneOf, slices.Collect(maps.Values(s.dependentSchemas)))
	if slices.ContainsFunc(inPlace, func(one *Schema) bool { return c.loops(one, open) }) {
		return true
	}
	c.sound[s] = true
	return false
}

func (c *Compiler) find(file, pointer string) (*Schema, error) {
	node, err := c.read(file)
	if err != nil {
		return nil, err
	}
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if pointer == "" {
			break
		}
		within, _ := node.(map[string]any)
		inner, has := within[strings.NewReplacer("~1", "/", "~0", "~").Replace(token)]
		if !has {
			return nil, fmt.Errorf("%s has nothing at #%s", file, pointer)
		}
		node = inner
	}
	return c.compile(file, pointer, node)
}

// unsupported are the keywords that would assert something, and are not known here.
var unsupported = []string{
	"unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$dynamicAnchor", "$anchor", "$recursiveRef", "$recursiveAnchor", "dependencies", "additionalItems",
}

const draft = "https://json-schema.org/draft/2020-12/schema"

func (c *Compiler) compile(file, pointer string, node any) (*Schema, error) {
	at := file + "#" + pointer
	if s := c.known[at]; s != nil {
		return s, nil
	}
	s := &Schema{Location: c.base + at}
	c.known[at] = s
	p := &parser{c: c, file: file, pointer: pointer}
	switch node := node.(type) {
	case bool:
		s.never = !node
	case map[string]any:
		p.node = node
		p.into(s)
	default:
		p.wrong("", "a schema", node)
	}
	if p.err != nil {
		delete(c.known, at)
		return nil, p.err
	}
	return s, nil
}

// parser reads one schema; its first error counts.
type parser struct {
	c             *Compiler
	file, pointer string
	node          map[string]any
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

func (p *parser) into(s *Schema) {
	for _, name := range unsupported {
		if _, has := p.node[name]; has && p.err == nil {
			p.err = fmt.Errorf("%s#%s: the keyword %q is not known here", p.file, p.pointer, name)
		}
	}
	if said, has := p.node["$schema"]; has && strings.TrimSuffix(fmt.Sprint(said), "#") != draft {
		p.wrong("$schema", draft, said)
	}
	p.values(s)
	p.applicators(s)
	if ref, has := p.node["$ref"]; has {
		s.Ref = p.refer(ref)
	}
}

// values reads the keywords about a value itself.
func (p *parser) values(s *Schema) {
	switch t := p.node["type"].(type) {
	case nil:
	case string:
		s.types = []string{t}
	default:
		s.types = p.texts("type", t)
	}
	for _, t := range s.types {
		if !slices.Contains([]string{"null", "boolean", "string", "array", "object", "number", "integer"}, t) {
			p.wrong("type", "a type of JSON's", t)
		}
	}
	if want, has := p.node["const"]; has {
		s.constant = &want
	}
	if list, has := p.node["enum"]; has {
		if s.enum, has = list.([]any); !has {
			p.wrong("enum", "a list", list)
		}
	}
	if s.format = p.text("format"); s.format != "" && formats[s.format] == nil {
		p.wrong("format", "one of "+strings.Join(slices.Sorted(maps.Keys(formats)), ", "), s.format)
	}
	s.pattern = p.expression("pattern", p.text("pattern"))
	s.Required = p.texts("required", p.node["required"])
	s.unique = p.node["uniqueItems"] == true
	s.least = p.counts("minLength", "minItems", "minProperties", "minContains")
	s.most = p.counts("maxLength", "maxItems", "maxProperties", "maxContains")
	s.minimum, s.maximum, s.divisible = p.bound("minimum"), p.bound("maximum"), p.bound("multipleOf")
	s.exclusiveMin, s.exclusiveMax = p.bound("exclusiveMinimum"), p.bound("exclusiveMaximum")
	if s.divisible != nil && s.divisible.Sign() <= 0 {
		p.wrong("multipleOf", "above 0", p.node["multipleOf"])
	}
	for name, list := range p.object("dependentRequired") {
		if s.dependentRequired == nil {
			s.dependentRequired = map[string][]string{}
		}
		s.dependentRequired[name] = p.texts("dependentRequired", list)
	}
}

// applicators reads the keywords that hold schemas.
func (p *parser) applicators(s *Schema) {
	s.Properties, s.dependentSchemas = p.schemas("properties"), p.schemas("dependentSchemas")
	for name, one := range p.schemas("patternProperties") {
		s.patternProperties = append(s.patternProperties, patterned{p.expression("patternProperties", name), one})
	}
	switch extra := p.node["additionalProperties"].(type) {
	case nil:
	case bool:
		s.AdditionalProperties = extra
	default:
		s.AdditionalProperties = p.one("additionalProperties")
	}
	s.Items, s.contains, s.propertyNames, s.not = p.one("items"), p.one("contains"), p.one("propertyNames"), p.one("not")
	s.If, s.Then, s.Else = p.one("if"), p.one("then"), p.one("else")
	s.AllOf, s.AnyOf, s.OneOf, s.prefixItems = p.list("allOf"), p.list("anyOf"), p.list("oneOf"), p.list("prefixItems")
}

func (p *parser) inner(node any, tokens ...string) *Schema {
	if p.err != nil {
		return nil
	}
	pointer := p.pointer
	for _, token := range tokens {
		pointer += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
	}
	s, err := p.c.compile(p.file, pointer, node)
	if err != nil {
		p.err = err
	}
	return s
}

func (p *parser) one(keyword string) *Schema {
	node, has := p.node[keyword]
	if !has {
		return nil
	}
	return p.inner(node, keyword)
}

func (p *parser) list(keyword string) []*Schema {
	node, has := p.node[keyword]
	if !has {
		return nil
	}
	nodes, is := node.([]any)
	if !is || len(nodes) == 0 {
		p.wrong(keyword, "a list of schemas", node)
	}
	all := make([]*Schema, len(nodes))
	for i, node := range nodes {
		all[i] = p.inner(node, keyword, fmt.Sprint(i))
	}
	return all
}

func (p *parser) schemas(keyword string) map[string]*Schema {
	nodes := p.object(keyword)
	if nodes == nil {
		return nil
	}
	all := make(map[string]*Schema, len(nodes))
	for name, node := range nodes {
		all[name] = p.inner(node, keyword, name)
	}
	return all
}

// refer compiles what a reference names: a file beside this one, a pointer into this or that one.
func (p *parser) refer(ref any) *Schema {
	text, is := ref.(string)
	file, pointer, _ := strings.Cut(strings.TrimPrefix(text, p.c.base), "#")
	switch {
	case !is, strings.Contains(file, "://"), pointer != "" && pointer[0] != '/':
		p.wrong("$ref", "the name of a schema's file, or a JSON pointer after a #", ref)
		return nil
	case file == "":
		file = p.file
	case !strings.HasPrefix(text, p.c.base):
		file = path.Join(path.Dir(p.file), file)
	}
	if p.err != nil {
		return nil
	}
	s, err := p.c.find(file, pointer)
	if err != nil {
		p.err = fmt.Errorf("%s#%s: $ref %s: %w", p.file, p.pointer, text, err)
	}
	return s
}

func (p *parser) object(keyword string) map[string]any {
	node, has := p.node[keyword]
	object, is := node.(map[string]any)
	if has && !is {
		p.wrong(keyword, "an object", node)
	}
	return object
}

func (p *parser) text(keyword string) string {
	node, has := p.node[keyword]
	text, is := node.(string)
	if has && !is {
		p.wrong(keyword, "a text", node)
	}
	return text
}

func (p *parser) texts(keyword string, node any) []string {
	if node == nil {
		return nil
	}
	list, is := node.([]any)
	if !is {
		p.wrong(keyword, "a list of texts", node)
	}
	texts := make([]string, len(list))
	for i, one := range list {
		if texts[i], is = one.(string); !is {
			p.wrong(keyword, "a list of texts", node)
		}
	}
	return texts
}

func (p *parser) expression(keyword, text string) *regexp.Regexp {
	if text == "" {
		return nil
	}
	compiled, err := regexp.Compile(text)
	if err != nil {
		p.wrong(keyword, "a regular expression of Go's", text)
	}
	return compiled
}

func (p *parser) counts(keywords ...string) map[string]int {
	var counts map[string]int
	for _, keyword := range keywords {
		node, has := p.node[keyword]
		if !has {
			continue
		}
		number, _ := node.(json.Number)
		n := rational(number)
		if n == nil || !n.IsInt() || n.Sign() < 0 || !n.Num().IsInt64() {
			p.wrong(keyword, "a number of things", node)
			continue
		}
		if counts == nil {
			counts = map[string]int{}
		}
		counts[keyword] = int(n.Num().Int64())
	}
	return counts
}

func (p *parser) bound(keyword string) *big.Rat {
	node, has := p.node[keyword]
	if !has {
		return nil
	}
	number, _ := node.(json.Number)
	n := rational(number)
	if n == nil {
		p.wrong(keyword, "a number", node)
	}
	return n
}
