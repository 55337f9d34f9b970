package contract

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// published is where the emulator embeds the document from: it must not import this package.
const published = "../emulator/openapi.json"

var update = flag.Bool("update", false, "write the OpenAPI document anew")

func TestTheOpenAPIDocumentIsFresh(t *testing.T) {
	document, err := OpenAPI()
	require.NoError(t, err)
	document = append(document, '\n')
	if *update {
		require.NoError(t, os.WriteFile(published, document, 0o600))
	}
	kept, err := os.ReadFile(published)
	require.NoError(t, err)
	require.Equal(t, string(document), string(kept), "go test ./contract -run OpenAPI -update writes it anew")
}

// TestTheOpenAPIDocumentIsValid holds it against the schema that the OpenAPI Initiative has published for 3.1.
func TestTheOpenAPIDocumentIsValid(t *testing.T) {
	text, err := os.ReadFile("testdata/openapi-3.1.schema.json")
	require.NoError(t, err)
	document, err := OpenAPI()
	require.NoError(t, err)
	validate := func(document []byte) error {
		schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		require.NoError(t, err)
		compiler := jsonschema.NewCompiler()
		compiler.AssertFormat()
		require.NoError(t, compiler.AddResource("openapi.json", schema))
		compiled, err := compiler.Compile("openapi.json")
		require.NoError(t, err)
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
		require.NoError(t, err)
		return compiled.Validate(value)
	}
	require.NoError(t, validate(document))
	require.Error(t, validate(bytes.Replace(document, []byte(`"in": "path"`), []byte(`"in": "somewhere"`), 1)), "a document that is not valid is noticed")
}

func TestTheOpenAPIDocumentHoldsTogether(t *testing.T) {
	text, err := OpenAPI()
	require.NoError(t, err)
	document := gjson.ParseBytes(text)
	references, ids := 0, map[string]bool{}
	var walk func(any)
	walk = func(node any) {
		switch node := node.(type) {
		case map[string]any:
			if ref, is := node["$ref"].(string); is {
				references++
				path := strings.NewReplacer(".", `\.`, "/", ".").Replace(strings.TrimPrefix(ref, "#/"))
				require.True(t, document.Get(path).Exists(), ref)
			}
			if id, is := node["operationId"].(string); is {
				require.Contains(t, node, "security", "%s: a linter cannot tell it from one that was forgotten", id)
				require.False(t, ids[id], id)
				ids[id] = true
			}
			require.NotContains(t, node, "$id", "it would change what references mean")
			for _, inner := range node {
				walk(inner)
			}
		case []any:
			for _, inner := range node {
				walk(inner)
			}
		}
	}
	var decoded any
	require.NoError(t, json.Unmarshal(text, &decoded))
	walk(decoded)
	require.Greater(t, references, 100)
	for _, op := range operations() {
		if op.service == pages {
			require.NotContains(t, document.Get("paths").Map(), op.path, "a page is no part of an API")
			continue
		}
		path := strings.NewReplacer(".", `\.`).Replace(op.path)
		open := document.Get("paths." + path + "." + strings.ToLower(op.method))
		require.True(t, open.Exists(), op.path)
		require.Contains(t, open.Get("summary").String(), op.name)
		if op.media != "" {
			require.True(t, open.Get("requestBody.content").Map()[op.media].Exists(), op.media)
		}
	}
}
