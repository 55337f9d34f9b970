package console_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/console"
)

const document = `{"info":{"title":"A title","description":"What <it> is."},
"paths":{
 "/things":{"parameters":[],"post":{"operationId":"thing.create","summary":"makes one","externalDocs":{"url":"https://example.com/things"},
   "requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/thing"}}}},
   "responses":{"201":{"description":"Created","content":{"application/json":{"schema":{"$ref":"#/components/schemas/thing"}}}},"204":{"description":"Nothing"}}},
  "get":{"operationId":"thing.list","responses":{"200":{"description":"All","content":{"application/json":{"schema":{"allOf":[]}}}}}}},
 "/about":{"delete":{"operationId":"about.delete"},"patch":{"operationId":"about.patch"},"put":{"operationId":"about.put"}}},
"components":{"schemas":{"thing":{"type":"object"}}}}`

func TestAnOpenAPIDocumentAsAPage(t *testing.T) {
	page, err := console.OpenAPI([]byte(document))
	require.NoError(t, err)
	shown := string(page)
	at := 0
	for _, next := range []string{
		"<h1>A title</h1>", "What &lt;it&gt; is.",
		`id="about.put"`, "<b>PUT</b> <code>/about</code>", `id="about.patch"`, "<b>PATCH</b>", `id="about.delete"`, "<b>DELETE</b>",
		`id="thing.list"`, "<b>GET</b> <code>/things</code>", "<td>200</td><td>All</td><td>a page of them</td>",
		`id="thing.create"`, "<b>POST</b> <code>/things</code> makes one", `<a href="https://example.com/things">`,
		`<td>request</td><td><code>application/json</code></td><td><a href="#schema-thing">thing</a></td>`,
		`<td>201</td><td>Created</td><td><a href="#schema-thing">thing</a></td>`, "<td>204</td><td>Nothing</td><td></td>",
		`id="schema-thing"`, "<pre>{\n  &#34;type&#34;: &#34;object&#34;\n}</pre>",
	} {
		found := strings.Index(shown[at:], next)
		require.GreaterOrEqual(t, found, 0, "%s is not there, or not in its place:\n%s", next, shown)
		at += found
	}
}

func TestWhatIsNoOpenAPIDocument(t *testing.T) {
	for text, says := range map[string]string{
		"openapi: 3.1.0":                   "read the OpenAPI document: ",
		`{"paths":{"/things":{"get":[]}}}`: "read get /things: ",
	} {
		page, err := console.OpenAPI([]byte(text))
		require.ErrorContains(t, err, says)
		require.Nil(t, page)
	}
}
