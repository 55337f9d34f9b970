package schema_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"pingone-conformance/contract/internal/schema"
)

const base = "https://example.com/schemas/"

// files are schemas by name, as texts.
type files map[string]string

func (f files) read(name string) (any, error) {
	text, has := f[name]
	if !has {
		return nil, fmt.Errorf("there is no %s", name)
	}
	return jsonschema.UnmarshalJSON(strings.NewReader(text))
}

// Load is for the library.
func (f files) Load(url string) (any, error) { return f.read(strings.TrimPrefix(url, base)) }

func (f files) compiledByV6(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	c.UseLoader(f)
	s, err := c.Compile(base + "a.json")
	require.NoError(t, err)
	return s
}

func value(t *testing.T, text string) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err)
	return v
}

var values = []string{
	`null`, `true`, `false`, `0`, `1`, `1.0`, `-1`, `1.5`, `2`, `3`, `10`, `1e2`, `100`, `0.01`, `9007199254740993`, `9007199254740992`,
	`""`, `"a"`, `"ab"`, `"abc"`, `"äöü"`, `"A1"`, `"x@example.com"`, `"2026-01-15T09:00:00.000Z"`, `"2026-02-30T09:00:00Z"`, `"2026-01-15t09:00:00z"`, `"2026-01-15T24:00:00Z"`,
	`"2016-12-31T23:59:60Z"`, `"2016-12-31T22:59:60Z"`, `"2017-01-01T00:59:60+01:00"`, `"2016-12-31T20:29:60-03:30"`, `"2026-01-15T09:00:00+25:00"`, `"2026-01-15T09:00:00"`, `"2026-01-15 09:00:00Z"`, `"2026-01-15T09:00:00.Z"`, `"2026-1-15T09:00:00Z"`, `"2026-01-15T09:00:00.5Z"`, `"2026-01-15T09:00:00.123456789+01:30"`, `"2026-01-15T09:00:00.5"`, `"2026-01-15T09:00:00,5Z"`,
	`"2026-01-15T9:00:00ZZ"`, `"2026-01-15T09:60:00Z"`, `"2016-12-31T23:59:61Z"`, `"2026-01-15T09:00:00+24:00"`, `"2026-01-15T09:00:00+23:59"`, `"2026-01-15T09:00:61Z"`, `"2026-01-15T09:00:00+0100"`, `"2026-01-15T09:00:00+01:60"`, `"2026-01-15T09:00:00+1:00Z"`, `"2026-01-15T09-00-00Z"`,
	`"2026-01-15T1/:00:00Z"`, `"2026-01-15T0::00:00Z"`, `"2026-01-15T09:1/:00Z"`, `"2026-01-15T09:0::00Z"`, `"2026-01-15T 9:00:00Z"`, `"2026-01-15T09:00:-1Z"`, `"2026-01-15T09:00:00+0:00"`, `"2026-01-15T09:00:00+01:x0"`, `"http://[fe80::1%25eth0]/"`, `"fe80::1%eth0"`, `"http://[1.2.3.4]/"`,
	`"2026-01-15T09:00:00z"`, `"2026-01-15T09:00:00-00:00"`, `"2026-01-15T09:00:00ZZ"`, `"2026-01-15T09:00:00.5ZZ"`, `"2026-01-15T09:00:00 01:00"`, `"00000000-0000-4000-8000-00000000000a"`, `"00000000-0000-4000-8000-0000000000011"`, `"0000000a-0000-4000-8000_000000000001"`,
	`"0000000A-0000-4000-8000-00000000000F"`, `"00000000-0000-4000-8000-00000000000@"`, `"0000000g-0000-4000-8000-000000000001"`, "\"0000000`-0000-4000-8000-000000000001\"", `"0000000/-0000-4000-8000-000000000001"`, `"0000000:-0000-4000-8000-000000000001"`, `"9000000f-0000-4000-8000-000000000001"`, `"00000000-0000x4000-8000-000000000001"`, `"00000000-0000-4000x8000-000000000001"`, `"00000000x0000-4000-8000-000000000001"`,
	`"2026-01-15"`, `"09:00:00Z"`, `"00000000-0000-4000-8000-000000000001"`, `"00000000-0000-4000-8000-00000000000G"`, `"00000000000040008000000000000001"`,
	`"https://example.com/a?b#c"`, `"/a"`, `"http://[::1]/"`, `"http://[:x]/"`, `"a:b"`, `"https://exa mple.com"`, `"%zz"`, `"\\a"`, `"127.0.0.1"`, `"256.0.0.1"`, `"::1"`, `"[a"`,
	`[]`, `[1]`, `[1,2]`, `[1,1.0]`, `["a","b","a"]`, `[{"a":1},{"a":1.0}]`, `[null,false,0,""]`, `[1,2,3,4]`, `["a",1]`, `[[1],[1]]`, `[true,"true",1,"1",null,"null"]`, `[{"a":[1e0,"x"],"b":{}},{"b":{},"a":[1,"x"]}]`,
	`{}`, `{"a":1}`, `{"a":"x"}`, `{"a":1,"b":2}`, `{"b":2}`, `{"a":null}`, `{"ab":1,"c":"x"}`, `{"a":{"a":{"a":1}}}`, `{"a":{"a":{"a":"x"}}}`, `{"a/b":1}`, `{"a":1,"b":2,"c":3}`,
}

// A library that passes JSON Schema's own tests is the judge of every keyword, with every value.
func TestKeywords(t *testing.T) {
	for _, text := range []string{
		`true`, `false`, `{}`,
		`{"type":"null"}`, `{"type":"boolean"}`, `{"type":"string"}`, `{"type":"array"}`, `{"type":"object"}`, `{"type":"number"}`, `{"type":"integer"}`, `{"type":["integer","string"]}`,
		`{"const":1}`, `{"const":null}`, `{"const":{"a":1}}`, `{"const":[1]}`, `{"const":9007199254740993}`, `{"enum":[1,"a",null]}`, `{"enum":[[1,2],{"a":1}]}`, `{"const":100}`,
		`{"minimum":1}`, `{"maximum":1}`, `{"exclusiveMinimum":1}`, `{"exclusiveMaximum":1}`, `{"multipleOf":0.01}`, `{"multipleOf":2}`, `{"minimum":1,"maximum":2.5}`,
		`{"minLength":2}`, `{"maxLength":2}`, `{"minLength":3,"maxLength":3}`, `{"pattern":"^a"}`, `{"pattern":"[0-9]"}`,
		`{"minItems":2}`, `{"maxItems":1}`, `{"uniqueItems":true}`, `{"uniqueItems":false}`, `{"items":{"type":"integer"}}`, `{"items":false}`, `{"prefixItems":[{"type":"string"},{"type":"integer"}]}`,
		`{"prefixItems":[{"type":"string"}],"items":{"type":"integer"}}`, `{"contains":{"const":1}}`, `{"contains":{"type":"integer"},"minContains":2}`, `{"contains":{"type":"integer"},"maxContains":1}`, `{"contains":{"const":9},"minContains":0}`,
		`{"minProperties":2}`, `{"maxProperties":1}`, `{"required":["a"]}`, `{"required":["a","b"]}`, `{"properties":{"a":{"type":"integer"}}}`, `{"properties":{"a":false}}`, `{"properties":{"a":true},"additionalProperties":false}`,
		`{"additionalProperties":{"type":"integer"}}`, `{"patternProperties":{"^a":{"type":"integer"}},"additionalProperties":{"type":"string"}}`, `{"properties":{"a":{"type":"integer"}},"patternProperties":{"a":{"minimum":2}}}`,
		`{"propertyNames":{"maxLength":1}}`, `{"propertyNames":{"const":"a"}}`, `{"dependentRequired":{"a":["b"]}}`, `{"dependentSchemas":{"a":{"required":["b"]}}}`,
		`{"allOf":[{"type":"integer"},{"minimum":1}]}`, `{"anyOf":[{"type":"integer"},{"minLength":2}]}`, `{"oneOf":[{"type":"integer"},{"minimum":1}]}`, `{"not":{"type":"integer"}}`,
		`{"if":{"type":"integer"},"then":{"minimum":1},"else":{"minLength":2}}`, `{"if":{"type":"integer"},"then":{"minimum":1}}`, `{"if":{"type":"integer"},"else":{"minLength":2}}`, `{"then":false}`,
		`{"$ref":"#/$defs/x","$defs":{"x":{"type":"integer"}}}`, `{"$ref":"b.json"}`, `{"$ref":"b.json#/$defs/y"}`, `{"$ref":"https://example.com/schemas/b.json"}`, `{"$ref":"in/c.json"}`, `{"properties":{"a":{"$ref":"#"}},"not":{"type":"string"}}`,
		`{"$ref":"#/$defs/a~1b","$defs":{"a/b":{"type":"integer"}}}`, `{"$ref":"#/$defs/x","minimum":2,"$defs":{"x":{"type":"integer"}}}`,
		`{"format":"date-time"}`, `{"format":"date"}`, `{"format":"time"}`, `{"format":"uuid"}`, `{"format":"uri"}`, `{"format":"uri-reference"}`, `{"format":"email"}`, `{"format":"ipv4"}`, `{"format":"ipv6"}`, `{"format":"regex"}`,
		`{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"t","description":"d","default":1,"examples":[1],"deprecated":true,"readOnly":true,"x-own":{"type":7}}`,
	} {
		t.Run(text, func(t *testing.T) {
			all := files{"a.json": text, "b.json": `{"type":"string","$defs":{"y":{"type":"integer"}}}`, "in/c.json": `{"$ref":"../b.json"}`}
			ours, err := schema.NewCompiler(base, all.read).Compile("a.json", "")
			require.NoError(t, err)
			theirs := all.compiledByV6(t)
			for _, text := range values {
				v := value(t, text)
				want := theirs.Validate(v) == nil
				require.Equal(t, want, ours.Valid(v), text)
				require.Equal(t, want, len(ours.Faults(v)) == 0, text)
			}
		})
	}
}

func TestWhatIsNotKnownDoesNotCompile(t *testing.T) {
	for text, says := range map[string]string{
		`{"unevaluatedProperties":false}`:                       `a.json#: the keyword "unevaluatedProperties" is not known here`,
		`{"properties":{"a":{"$dynamicRef":"#x"}}}`:             `a.json#/properties/a: the keyword "$dynamicRef" is not known here`,
		`{"format":"hostname"}`:                                 `format has to be one of date, date-time, email,`,
		`{"$schema":"http://json-schema.org/draft-07/schema#"}`: `$schema has to be https://json-schema.org/draft/2020-12/schema, not http://json-schema.org/draft-07/schema#`,
		`{"type":"text"}`:                                       `type has to be a type of JSON's, not text`,
		`{"type":7}`:                                            `type has to be a list of texts`,
		`{"required":"a"}`:                                      `required has to be a list of texts`,
		`{"required":null}`:                                     `required has to be a list of texts`,
		`{"minLength":-1}`:                                      `minLength has to be a number of things`,
		`{"minimum":"1"}`:                                       `minimum has to be a number`,
		`{"multipleOf":0}`:                                      `multipleOf has to be above 0`,
		`{"pattern":"("}`:                                       `pattern has to be a regular expression of Go's`,
		`{"properties":[]}`:                                     `properties has to be an object`,
		`{"items":7}`:                                           `a.json#/items: this has to be a schema, not 7`,
		`{"allOf":[]}`:                                          `allOf has to be a list of schemas`,
		`{"enum":1}`:                                            `enum has to be a list`,
		`{"$ref":"https://elsewhere.example.com/x.json"}`:       `$ref has to be the name of a schema's file`,
		`{"$ref":"nowhere.json"}`:                               `$ref nowhere.json: there is no nowhere.json`,
		`{"$ref":"#/$defs/nothing"}`:                            `has nothing at #/$defs/nothing`,
		`{"$ref":"#anchor"}`:                                    `$ref has to be the name of a schema's file`,
		`{"$ref":"#"}`:                                          `a.json# refers to itself before it has looked at anything`,
		`{"properties":{"a":{"allOf":[{"$ref":"#/properties/a"}]}}}`: `refers to itself before it has looked at anything`,
		`7`: `a.json#: this has to be a schema, not 7`,
		`{"$anchor":"x","$ref":"nowhere.json","type":7}`: `a.json#: the keyword "$anchor" is not known here`,
		`{"$anchor":"x","items":7}`:                      `the keyword "$anchor" is not known here`,
		`{"maxItems":1.5}`:                               `maxItems has to be a number of things, not 1.5`,
		`{"maxItems":1e30}`:                              `maxItems has to be a number of things`,
		`{"maxItems":"1"}`:                               `maxItems has to be a number of things`,
		`{"multipleOf":-1}`:                              `multipleOf has to be above 0`,
		`{"maximum":1e99999}`:                            `maximum has to be a number`,
		`{"format":7}`:                                   `format has to be a text`,
		`{"pattern":7}`:                                  `pattern has to be a text`,
		`{"required":["a",7]}`:                           `required has to be a list of texts`,
		`{"type":["null","x"]}`:                          `type has to be a type of JSON's, not x`,
		`{"allOf":{}}`:                                   `allOf has to be a list of schemas`,
		`{"allOf":[true,7]}`:                             `a.json#/allOf/1: this has to be a schema, not 7`,
		`{"$ref":7}`:                                     `$ref has to be the name of a schema's file`,
		`{"additionalProperties":7}`:                     `a.json#/additionalProperties: this has to be a schema, not 7`,
		`{"patternProperties":{"(":true}}`:               `patternProperties has to be a regular expression of Go's`,
		`{"dependentRequired":{"a":"b"}}`:                `dependentRequired has to be a list of texts`,
		`{"dependentRequired":[]}`:                       `dependentRequired has to be an object`,
		`{"properties":{"a/b~c":7}}`:                     `a.json#/properties/a~1b~0c: this has to be a schema`,
		`{"not":{"$ref":"#"}}`:                           `refers to itself before it has looked at anything`,
		`{"dependentSchemas":{"a":{"$ref":"#"}}}`:        `refers to itself before it has looked at anything`,
		`{"if":{"oneOf":[{"$ref":"#"}]}}`:                `refers to itself before it has looked at anything`,
		`{"then":{"anyOf":[{"else":{"$ref":"#"}}]}}`:     `refers to itself before it has looked at anything`,
	} {
		compiler := schema.NewCompiler(base, files{"a.json": text}.read)
		for range 2 {
			_, err := compiler.Compile("a.json", "")
			require.ErrorContains(t, err, says, "%s, also when it is asked for again", text)
		}
	}
}

func TestWhatLooksAtSomethingBetweenMayReferToItself(t *testing.T) {
	for _, text := range []string{
		`{"properties":{"a":{"$ref":"#"}}}`, `{"items":{"$ref":"#"}}`, `{"prefixItems":[{"$ref":"#"}]}`, `{"contains":{"$ref":"#"}}`, `{"additionalProperties":{"$ref":"#"}}`,
		`{"allOf":[{"$ref":"#/$defs/x"},{"$ref":"#/$defs/x"}],"$defs":{"x":true}}`,
	} {
		_, err := schema.NewCompiler(base, files{"a.json": text}.read).Compile("a.json", "")
		require.NoError(t, err, text)
	}
}

// A number of more digits than anybody writes is not computed with, so that nobody waits for it.
func TestANumberBeyondAllMeasureIsNone(t *testing.T) {
	holds := func(text, number string) bool {
		s, err := schema.NewCompiler(base, files{"a.json": text}.read).Compile("a.json", "")
		require.NoError(t, err)
		return s.Valid(value(t, number))
	}
	for number, within := range map[string]bool{"1e10000": true, "1E+10000": true, "1e-10000": true, "1e10001": false, "1E+10001": false, "1e-10001": false, "1e999999999999999999999": false} {
		require.Equal(t, within, holds(`{"minimum":0}`, number), number)
		require.True(t, holds(`{"type":"number"}`, number), "it is one all the same")
		require.True(t, holds(`{"const":`+number+`}`, number), number)
	}
	require.True(t, holds(`{"type":"integer"}`, "1e10000"))
	require.False(t, holds(`{"type":"integer"}`, "1e10001"))
	require.True(t, holds(`{"type":"integer"}`, strings.Repeat("1", 10_000)))
	require.False(t, holds(`{"type":"integer"}`, strings.Repeat("1", 10_001)), "the time for it grows with the square of its length")
	require.True(t, holds(`{"const":10e9999}`, "1e10000"))
	require.False(t, holds(`{"const":10e10001}`, "1e10002"), "what is not computed is the same only as it is written")
}

func TestWhatAFaultAsksFor(t *testing.T) {
	for _, row := range []struct {
		schema, value, keyword string
		want                   any
	}{
		{`{"type":"null"}`, `1`, "type", []string{"null"}},
		{`{"type":["null","string"]}`, `1`, "type", []string{"null", "string"}},
		{`{"const":"a"}`, `"b"`, "const", "a"},
		{`{"const":null}`, `"b"`, "const", nil},
		{`{"enum":["a",null]}`, `"b"`, "enum", []any{"a", nil}},
		{`{"format":"uuid"}`, `"b"`, "format", "uuid"},
		{`{"pattern":"^a"}`, `"b"`, "pattern", "^a"},
		{`false`, `1`, "false", nil},
		{`{"minLength":2}`, `"ä"`, "minLength", 2},
		{`{"maxLength":1}`, `"ää"`, "maxLength", 1},
		{`{"minItems":1}`, `[]`, "minItems", 1},
		{`{"maxItems":0}`, `[1]`, "maxItems", 0},
		{`{"minProperties":1}`, `{}`, "minProperties", 1},
		{`{"maxProperties":0}`, `{"a":1}`, "maxProperties", 0},
		{`{"minimum":1.5}`, `1`, "minimum", big.NewRat(3, 2)},
		{`{"exclusiveMaximum":1}`, `1`, "exclusiveMaximum", big.NewRat(1, 1)},
		{`{"multipleOf":2}`, `1`, "multipleOf", big.NewRat(2, 1)},
		{`{"minimum":0}`, `1e99999`, "type", []string{"number"}},
		{`{"required":["a","b","c"]}`, `{"b":1}`, "required", []string{"a", "c"}},
		{`{"dependentRequired":{"a":["b"]}}`, `{"a":1}`, "dependentRequired/a", []string{"b"}},
		{`{"additionalProperties":false}`, `{"a":1,"b":1}`, "additionalProperties", nil},
		{`{"propertyNames":{"maxLength":0}}`, `{"a":1}`, "propertyNames", "a"},
		{`{"uniqueItems":true}`, `[1,2,1,1]`, "uniqueItems", nil},
		{`{"contains":{"const":1}}`, `[2]`, "contains", nil},
		{`{"contains":{"const":1},"minContains":2}`, `[1]`, "minContains", 2},
		{`{"contains":{"const":1},"maxContains":1}`, `[1,1]`, "maxContains", 1},
		{`{"anyOf":[false,{"type":"null"}]}`, `1`, "anyOf", nil},
		{`{"oneOf":[true,true]}`, `1`, "oneOf", nil},
		{`{"not":true}`, `1`, "not", nil},
	} {
		s, err := schema.NewCompiler(base, files{"a.json": row.schema}.read).Compile("a.json", "")
		require.NoError(t, err)
		faults := s.Faults(value(t, row.value))
		require.Len(t, faults, 1, row.schema)
		require.Equal(t, row.keyword, faults[0].Keyword, row.schema)
		if bound, is := row.want.(*big.Rat); is {
			require.Zero(t, bound.Cmp(faults[0].Want.(*big.Rat)), row.schema)
			continue
		}
		require.Equal(t, row.want, faults[0].Want, row.schema)
	}
}

func TestNoMoreFaultsAreLookedForThanAnybodyReads(t *testing.T) {
	all := files{"a.json": `{"items":{"type":"string"}}`}
	s, err := schema.NewCompiler(base, all.read).Compile("a.json", "")
	require.NoError(t, err)
	require.Len(t, s.Faults(value(t, "[0"+strings.Repeat(",0", 2*schema.Most)+"]")), schema.Most)
}

func TestAFaultSaysWhereItIs(t *testing.T) {
	all := files{"a.json": `{"properties":{"a":{"items":{"$ref":"#/$defs/x"}}},"propertyNames":{"maxLength":2},"$defs":{"x":{"required":["b","c"],"properties":{"d":{"maximum":1}}}}}`}
	s, err := schema.NewCompiler(base, all.read).Compile("a.json", "")
	require.NoError(t, err)
	faults := s.Faults(value(t, `{"a":[{"b":1,"c":1},{"b":1,"d":2}],"long":1}`))
	slices.SortFunc(faults, func(a, b schema.Fault) int { return strings.Compare(a.Keyword, b.Keyword) })
	require.Len(t, faults, 3)
	require.Equal(t, []string{"a", "1", "d"}, faults[0].Where)
	require.Equal(t, base+"a.json#/$defs/x/properties/d", faults[0].Location)
	require.Equal(t, schema.Fault{Keyword: "propertyNames", Where: nil, Location: base + "a.json#/propertyNames", Want: "long"}, faults[1])
	require.Equal(t, schema.Fault{Keyword: "required", Where: []string{"a", "1"}, Location: base + "a.json#/$defs/x", Want: []string{"c"}}, faults[2])
}
