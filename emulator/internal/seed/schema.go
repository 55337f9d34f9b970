package seed

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"pingone-conformance/emulator/internal/nearest"
	"pingone-conformance/internal/lazy"
)

//go:embed schema.json
var schemaText []byte

// Schema is the JSON Schema of a seed.
func Schema() []byte { return slices.Clone(schemaText) }

// definitions is the schema as values. It is the one list of members there is: what
// it does not list is refused in a seed, and written under "more".
var definitions = lazy.Value[*value]{Make: func() *value {
	var node yaml.Node
	if err := yaml.Unmarshal(schemaText, &node); err != nil {
		panic("the schema of seeds is no JSON: " + err.Error()) // a test reads it
	}
	return (&reader{fault: func(*value, string, ...any) {}}).read(node.Content[0], "")
}}

// resolved follows a $ref to a definition.
func resolved(schema *value) *value {
	if ref := schema.text("$ref"); ref != "" {
		return definitions.Get().members["$defs"].members[strings.TrimPrefix(ref, "#/$defs/")]
	}
	return schema
}

// hold holds a value against as much of JSON Schema as schema.json uses.
func hold(v, schema *value, fault report) {
	schema = resolved(schema)
	if constant := schema.members["const"]; constant != nil && v.scalar != constant.scalar {
		fault(v, "has to be %v", constant.scalar)
		return
	}
	if types := typesOf(schema); len(types) > 0 && !slices.Contains(types, v.typeName()) {
		v.wrongType(types, fault)
		return
	}
	if allowed := schema.texts("enum"); allowed != nil && !slices.Contains(allowed, v.textOf()) {
		fault(v, "%q is none of %s", v.textOf(), strings.Join(allowed, ", "))
	}
	if pattern := schema.text("pattern"); pattern != "" && !regexp.MustCompile(pattern).MatchString(v.textOf()) {
		fault(v, "does not have the form %s", pattern)
	}
	for _, item := range v.list {
		if items := schema.members["items"]; items != nil {
			hold(item, items, fault)
		}
	}
	v.holdMembers(schema, fault)
}

// holdMembers holds the members of an object; whatever requires some is an object.
func (v *value) holdMembers(schema *value, fault report) {
	for _, name := range schema.texts("required") {
		if v.members[name] == nil {
			fault(v, "has no %s", name)
		}
	}
	known := schema.members["properties"]
	for _, name := range v.names {
		switch {
		case known != nil && known.members[name] != nil:
			hold(v.members[name], known.members[name], fault)
		case !schema.flag("additionalProperties", true):
			fault(v.members[name], "there is no such member; the nearest is %s", nearest.Names(name, known.names)[0])
		}
	}
}

// wrongType says what is wanted, and how to write a text that looks like a number.
func (v *value) wrongType(types []string, fault report) {
	if number, is := v.scalar.(json.Number); is && slices.Contains(types, "string") {
		fault(v, "is a number; a text stands in quotes: %q", number.String())
		return
	}
	fault(v, "is no %s", strings.Join(types, " or "))
}

func typesOf(schema *value) []string {
	if one := schema.text("type"); one != "" {
		return []string{one}
	}
	return schema.texts("type")
}

func (v *value) typeName() string {
	switch scalar := v.scalar.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		if strings.Contains(scalar.String(), ".") {
			return "number"
		}
		return "integer"
	}
	switch {
	case v.members != nil:
		return "object"
	case v.list != nil:
		return "array"
	}
	return "null"
}

func (v *value) textOf() string {
	text, _ := v.scalar.(string)
	return text
}
