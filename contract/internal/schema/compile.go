package schema

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// Compiler compiles schemas that lie in files below one address. It may be used by one goroutine at a time.
type Compiler struct {
	base  string
	read  func(file string) (any, error)
	known map[string]*Schema // by Location
	fresh []*Schema          // not yet known to come to an end
	sound map[*Schema]bool   // known to
	// expressions are kept once each, as many schemas have the same.
	expressions map[string]*Expression
}

// NewCompiler returns a compiler for files below a base address, which ends in a slash; read returns a file's
// decoded text, with numbers as json.Number.
func NewCompiler(base string, read func(file string) (any, error)) *Compiler {
	return &Compiler{base: base, read: read, known: map[string]*Schema{}, sound: map[*Schema]bool{}, expressions: map[string]*Expression{}}
}

// Compile compiles the schema at a JSON pointer of a file, "" for the whole file, and all that it refers to.
func (c *Compiler) Compile(file, pointer string) (*Schema, error) {
	s, err := c.find(file, pointer)
	if err != nil {
		return nil, err
	}
	for _, one := range c.fresh {
		if c.loops(one, map[*Schema]bool{}) {
			return nil, fmt.Errorf("%s refers to itself before it has looked at anything", one.Location)
		}
	}
	c.fresh = nil
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
	inPlace := slices.Concat([]*Schema{s.Ref, s.Not, s.If, s.Then, s.Else}, s.AllOf, s.AnyOf, s.OneOf)
	for _, one := range s.DependentSchemas {
		inPlace = append(inPlace, one.Schema)
	}
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
		inner, has := within[unescapes.Replace(token)]
		if !has {
			return nil, fmt.Errorf("%s has nothing at #%s", file, pointer)
		}
		node = inner
	}
	return c.compile(file, pointer, node)
}

// escapes and unescapes are those of a token in a JSON pointer.
var escapes, unescapes = strings.NewReplacer("~", "~0", "/", "~1"), strings.NewReplacer("~1", "/", "~0", "~")

func (c *Compiler) compile(file, pointer string, node any) (*Schema, error) {
	at := c.base + file + "#" + pointer
	if s := c.known[at]; s != nil {
		return s, nil
	}
	s := &Schema{Location: at}
	c.known[at] = s
	p := &parser{c: c, file: file, pointer: pointer}
	switch node := node.(type) {
	case bool:
		s.Never = !node
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(node)) {
			p.keyword(s, name, node[name])
		}
	default:
		p.wrong("", "a schema", node)
	}
	if p.err != nil {
		delete(c.known, at)
		return nil, p.err
	}
	c.fresh = append(c.fresh, s)
	return s, nil
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
