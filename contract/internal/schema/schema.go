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
	"math/big"
	"regexp"
)

// Schema is a compiled schema. It may be used by several goroutines.
type Schema struct {
	// Location is the file's address, "#", and the JSON pointer to the schema in it.
	Location string
	// Required, Properties and the others are the keywords of these names; nil where they are not there.
	Required   []string
	Properties map[string]*Schema
	// AdditionalProperties is nil, a bool or a *Schema.
	AdditionalProperties any
	Items                *Schema
	Ref                  *Schema
	AllOf, AnyOf, OneOf  []*Schema
	If, Then, Else       *Schema

	never                   bool // the schema is false
	types                   []string
	constant                *any
	enum                    []any
	format                  string
	patternProperties       []patterned
	propertyNames           *Schema
	dependentSchemas        map[string]*Schema
	dependentRequired       map[string][]string
	prefixItems             []*Schema
	contains, not           *Schema
	unique                  bool
	pattern                 *regexp.Regexp
	least, most             map[string]int // of lengths and counts, by keyword
	minimum, maximum        *big.Rat
	exclusiveMin            *big.Rat
	exclusiveMax, divisible *big.Rat
}

type patterned struct {
	name   *regexp.Regexp
	schema *Schema
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

// Faults returns what does not hold of a value, decoded with numbers as json.Number. Where alternatives have all
// failed that is one fault, and so is a list that contains nothing of what it has to.
func (s *Schema) Faults(v any) []Fault {
	c := &check{}
	c.schema(s, v, nil)
	return c.faults
}

// Valid tells whether a value has no fault.
func (s *Schema) Valid(v any) bool {
	c := &check{quick: true}
	c.schema(s, v, nil)
	return !c.failed
}
