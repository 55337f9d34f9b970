// Package schema holds values against JSON Schemas, draft 2020-12, as far as this project's are written and more:
// every keyword that asserts something but those that depend on what other keywords have seen (unevaluated…) or on
// who refers (dynamic references). A schema with one of these, or with a format that is not known, does not compile. Formats assert.
//
// It is here because the library that it is tested against compiles five drafts' metaschemas in
// every process that holds it: see docs/decisions/0010.
//
// Nothing that knows PingOne may enter.
package schema

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Schema is a compiled schema. It may be used by several goroutines. Its fields are the keywords of these names, nil or
// empty where they are not there; it holds no maps, so that one that is written as Go costs nothing at the start.
type Schema struct {
	// Location is the file's address, "#", and the JSON pointer to the schema in it.
	Location   string
	Required   []string
	Properties Members
	// AdditionalProperties is nil, a bool or a *Schema.
	AdditionalProperties any
	Items                *Schema
	Ref                  *Schema
	AllOf, AnyOf, OneOf  []*Schema
	If, Then, Else       *Schema

	Never             bool // the schema is false
	Types             []string
	Constant          []any // none or one
	Enum              []any
	Format            string
	PatternProperties []Patterned
	PropertyNames     *Schema
	DependentSchemas  Members
	DependentRequired []Dependent
	PrefixItems       []*Schema
	Contains, Not     *Schema
	UniqueItems       bool
	Pattern           *Expression
	Limits            []Limit
	Bounds            []Bound
}

// Members are the schemas of an object's members, in the order of their names.
type Members []Member

// Member is the schema of one member.
type Member struct {
	Name   string
	Schema *Schema
}

// Of is the schema of a member, nil when there is none.
func (m Members) Of(name string) *Schema {
	i, has := slices.BinarySearchFunc(m, name, func(one Member, name string) int { return strings.Compare(one.Name, name) })
	if !has {
		return nil
	}
	return m[i].Schema
}

// Patterned is the schema of members whose names match.
type Patterned struct {
	Name   *Expression
	Schema *Schema
}

// Dependent are the members that have to be there beside one.
type Dependent struct {
	Name     string
	Required []string
}

// Limit is a keyword that bounds a length or a number of things.
type Limit struct {
	Keyword string
	Count   int
}

// Bound is a keyword about how great a number is.
type Bound struct {
	Keyword string
	Number  json.Number
}

// Expression is a regular expression, compiled when it is first used.
type Expression struct {
	Text     string
	once     sync.Once
	compiled *regexp.Regexp
}

// Match tells whether a text has a match of it.
func (e *Expression) Match(text string) bool {
	e.once.Do(func() { e.compiled = regexp.MustCompile(e.Text) })
	return e.compiled.MatchString(text)
}

// Fault is one keyword that does not hold.
type Fault struct {
	// Keyword is its name, "false" for a schema that nothing satisfies.
	Keyword string
	// Where is the place in the value.
	Where []string
	// Location is that of the schema with the keyword.
	Location string
	// Want is what the keyword asks for: []string of types, []any of an enumeration, any of a constant, a text of a format or pattern,
	// an int of a length, a *big.Rat of a bound, the names of what is missing or, for propertyNames, the name; else nil.
	Want any
}

// deep is how deep most values lie at the most: a path that has room for it is written in one piece of memory.
const deep = 16

// Most is how many faults are looked for.
const Most = 1000

// Faults returns what does not hold of a value, decoded with numbers as json.Number, up to Most. Where alternatives have all
// failed that is one fault, and so is a list that contains nothing of what it has to.
func (s *Schema) Faults(v any) []Fault {
	c := &check{}
	c.schema(s, v, make([]string, 0, deep))
	return c.faults
}

// Valid tells whether a value has no fault.
func (s *Schema) Valid(v any) bool {
	c := &check{quick: true}
	c.schema(s, v, nil)
	return !c.failed
}
