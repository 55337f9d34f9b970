package contract

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/contract/internal/schema"
	"pingone-conformance/contract/internal/shape"
)

// shapeOfText compiles a schema of the test's own.
func shapeOfText(t *testing.T, text string) *shape.Shape {
	t.Helper()
	doc, err := decode([]byte(text))
	require.NoError(t, err)
	s, err := shape.Compile(schema.NewCompiler(shape.Base, func(string) (any, error) { return doc, nil }), "mine", doc)
	require.NoError(t, err)
	return s
}

// A member is known once any schema that may apply names it, and promised only by those that do apply.
func TestWhatSchemasSayOfAMember(t *testing.T) {
	const of = `"properties":{"x":true},"required":["x"]`
	for _, row := range []struct {
		what, schema, value string
		unknown             string
		promised, named     string
	}{
		{"named", `{"properties":{"x":true}}`, `{"x":1,"y":1}`, "/y", "", "/x"},
		{"required", `{` + of + `}`, `{"x":1,"y":1}`, "/y", "/x", ""},
		{"required and not named", `{"properties":{"z":true},"required":["x"]}`, `{"x":1}`, "/x", "/x", ""},
		{"of any name", `{"additionalProperties":true}`, `{"x":1}`, "", "", ""},
		{"of any name, of a shape", `{"additionalProperties":{"properties":{"b":true}}}`, `{"x":{"b":1,"c":1}}`, "/x/c", "", ""},
		{"named beside any of a shape", `{"properties":{"x":true},"additionalProperties":{"properties":{"b":true}}}`, `{"x":{"c":1},"y":{"c":1}}`, "/y/c", "", "/x"},
		{"of no name", `{"additionalProperties":false,"properties":{"x":true}}`, `{"x":1,"y":1}`, "/y", "", "/x"},
		{"of no name at all", `{"additionalProperties":false}`, `{"y":1}`, "/y", "", ""},
		{"of a schema that says nothing", `{}`, `{"x":{"y":1}}`, "", "", ""},
		{"below", `{"properties":{"a":{` + of + `}}}`, `{"a":{"x":1,"y":1}}`, "/a/y", "/a/x", "/a"},
		{"below what is unknown", `{"properties":{"a":true}}`, `{"b":{"y":1}}`, "/b", "", ""},
		{"in a list", `{"properties":{"a":{"items":{` + of + `}}}}`, `{"a":[{"x":1},{"x":1,"y":1}]}`, "/a/1/y", "/a/0/x /a/1/x", "/a /a/0 /a/1"},
		{"in a list that has to be there", `{"required":["a"],"properties":{"a":{"items":{` + of + `}}}}`, `{"a":[{"x":1}]}`, "", "/a /a/0/x", "/a/0"},
		{"in a list of any kind", `{"properties":{"a":true}}`, `{"a":[{"y":1}]}`, "", "", "/a /a/0"},
		{"by reference", `{"$ref":"#/$defs/o","$defs":{"o":{` + of + `}}}`, `{"x":1,"y":1}`, "/y", "/x", ""},
		{"of all", `{"allOf":[{` + of + `},{"properties":{"y":true}}]}`, `{"x":1,"y":1,"z":1}`, "/z", "/x", "/y"},
		{"of any that holds", `{"anyOf":[{` + of + `},{"properties":{"y":{"const":2}},"required":["y"]}]}`, `{"x":1,"y":1,"z":1}`, "/z", "/x", ""},
		{"of the one that holds", `{"oneOf":[{` + of + `},{"properties":{"y":{"const":2}},"required":["y"]}]}`, `{"x":1,"y":1}`, "", "/x", ""},
		{"then", `{"if":{"required":["a"]},"then":{` + of + `},"else":{"properties":{"y":true},"required":["y"]},"properties":{"a":true}}`, `{"a":1,"x":1,"y":1,"z":1}`, "/z", "/x", "/a"},
		{"else", `{"if":{"required":["a"]},"then":{"properties":{"y":true},"required":["y"]},"else":{` + of + `},"properties":{"a":true}}`, `{"x":1,"y":1,"z":1}`, "/z", "/x", ""},
		{"then, where nothing is asked", `{"then":{` + of + `},"else":{` + of + `},"properties":{"a":true}}`, `{"a":1,"x":1}`, "", "", "/a"},
		{"by what is only inferred", `{"properties":{"a":true},"$defs":{"inferred":{` + of + `}}}`, `{"a":1,"x":1,"y":1}`, "/y", "", "/a"},
		{"of itself again", `{"properties":{"a":{"$ref":"#"}},"required":["a"]}`, `{"a":{"a":{"b":1}}}`, "/a/a/b", "/a /a/a", ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			s := shapeOfText(t, row.schema)
			v, err := decode([]byte(row.value))
			require.NoError(t, err)
			var unknown []string
			for _, path := range unknownMembers(s, v) {
				unknown = append(unknown, pointer(path...))
			}
			require.Equal(t, row.unknown, strings.Join(unknown, " "))
			d := Documents{Places: map[string]Standing{}}
			d.holding(holding{shape: s, value: v})
			for standing, want := range map[Standing]string{Promised: row.promised, Named: row.named} {
				var places []string
				for _, place := range slices.Sorted(maps.Keys(d.Places)) {
					if d.Places[place] == standing {
						places = append(places, place)
					}
				}
				require.Equal(t, want, strings.Join(places, " "), standing)
			}
		})
	}
}
