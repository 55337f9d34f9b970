package contract

import (
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"pingone-conformance/contract/internal/shape"
)

// strict serves the embedded schemas under an address that the validator checks against the metaschema.
type strict struct{ ours *library }

func (s strict) Load(url string) (any, error) {
	return s.ours.read(strings.TrimPrefix(url, "contract:///"))
}

func TestEverySchemaKeepsTheMetaschema(t *testing.T) {
	names := schemaNames()
	require.Greater(t, len(names), 50)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	compiler.UseLoader(strict{newLibrary()})
	for _, name := range names {
		_, err := compiler.Compile("contract:///" + name + ".json")
		require.NoError(t, err, name)
	}
}

func TestEverySchemaTellsItsPageAndCompiles(t *testing.T) {
	l := newLibrary()
	for _, name := range schemaNames() {
		doc, err := l.read(name + ".json")
		require.NoError(t, err)
		require.NotEmpty(t, shape.FirstPage(text(doc, "$comment")), "%s has no page in $comment", name)
		require.NotEmpty(t, text(doc, "title"), name)
		require.Equal(t, "https://json-schema.org/draft/2020-12/schema", text(doc, "$schema"), name)
		s, err := l.shape(name)
		require.NoError(t, err)
		if inferred := at(doc, "$defs", "inferred"); inferred != nil {
			require.NotNil(t, s.Inferred, name)
			require.NotEmpty(t, text(inferred, "$comment"), "%s: what is inferred says why", name)
		}
	}
}

// TestEverySchemaIsUsed finds schemas that neither an operation, the code, nor another schema names.
func TestEverySchemaIsUsed(t *testing.T) {
	used := map[string]bool{"collection": true, "error": true, "error-5xx": true, "oauth-error": true, "oauth-error-redirect": true, "flow-id": true, "jwt-header": true,
		"id-token-claims": true, "access-token-claims-user": true, "access-token-claims-worker": true, "token-client-credentials": true, "token-authorization-code": true}
	for _, code := range []string{"400", "401", "403", "404", "405", "409", "415", "429"} {
		used["error-"+code] = true
	}
	for _, o := range operations() {
		used[o.answer], used[o.request], used[o.items] = true, true, true
	}
	l := newLibrary()
	for _, name := range schemaNames() {
		doc, err := l.read(name + ".json")
		require.NoError(t, err)
		walk(doc, nil, func(place []string, v any) {
			if ref, isText := v.(string); isText && place[len(place)-1] == "$ref" {
				file, _, _ := strings.Cut(ref, "#")
				used[strings.TrimSuffix(path.Base(file), ".json")] = true
			}
		})
	}
	for _, name := range schemaNames() {
		require.True(t, used[name], "nothing uses the schema %s", name)
	}
}

func TestASourceIsTheNearestPage(t *testing.T) {
	l := newLibrary()
	require.Equal(t, pageApplication, l.source(shape.Base+"application.json#/properties/name"))
	require.Equal(t, pageMFAFlow, l.source(shape.Base+"flow.json#/$defs/device/properties/phone"))
	require.Equal(t, docs+"getting-started/simple-sso-workflow", l.source(shape.Base+"application.json#/$defs/inferred"))
}

// A schema is compiled once, and one that cannot be says so each time.
func TestASchemaOfAnAdditionIsCompiledOnce(t *testing.T) {
	l := newLibrary()
	files := fstest.MapFS{"good.json": {Data: []byte(`{}`)}, "bad.json": {Data: []byte(`{"type":7}`)}}
	for _, name := range []string{"good.json", "bad.json"} {
		require.NoError(t, l.add(files, name))
		require.ErrorContains(t, l.add(files, name), "there is a schema "+name+" already")
	}
	first, err := l.shape("good")
	require.NoError(t, err)
	again, err := l.shape("good")
	require.NoError(t, err)
	require.Same(t, first, again)
	for range 2 {
		_, err = l.shape("bad")
		require.ErrorContains(t, err, "compile schema bad")
	}
	require.Empty(t, l.source(shape.Base+"good.json#"), "it names no page")
}

func TestOnlyOurOwnSchemasAreLoaded(t *testing.T) {
	_, err := newLibrary().shape("unheard-of")
	require.ErrorContains(t, err, "read schema unheard-of.json")
}
