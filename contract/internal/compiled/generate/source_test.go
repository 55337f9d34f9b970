package main

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/contract/internal/compiled"
)

const schemas, written = "../../../schemas", "../schemas.go"

func TestWhatIsCompiledIsWhatTheSchemasSay(t *testing.T) {
	text, err := source(os.DirFS(schemas))
	require.NoError(t, err)
	is, err := os.ReadFile(written)
	require.NoError(t, err)
	require.Equal(t, string(text), string(is), "a schema has changed: go generate ./contract/...")
}

func TestWhatIsCompiledEqualsWhatTheCompilerMakes(t *testing.T) {
	shapes, err := compile(os.DirFS(schemas))
	require.NoError(t, err)
	require.Greater(t, len(shapes), 50)
	for _, want := range shapes {
		require.Equal(t, &want, compiled.Of(want.Name), want.Name)
	}
	require.Nil(t, compiled.Of("unheard-of"))
}

func TestAFolderThatIsNoneIsSaid(t *testing.T) {
	for text, says := range map[string]string{
		`{"type":"text"}`: `compile schema a: a.json#: type has to be a type of JSON's, not text`,
		`{`:               `a.json: unexpected EOF`,
	} {
		_, err := source(fstest.MapFS{"a.json": {Data: []byte(text)}})
		require.ErrorContains(t, err, says)
	}
}
