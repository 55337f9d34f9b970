package console

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"pingone-conformance/internal/lazy"
)

//go:embed openapi.html
var openAPISource string

var openAPITemplate = lazy.Value[*template.Template]{Make: func() *template.Template { return template.Must(template.New("openapi").Parse(openAPISource)) }}

// described is one operation of a document of OpenAPI, as far as the page shows it.
type described struct {
	Method, Path string
	Summary      string
	OperationID  string
	ExternalDocs struct{ URL string }
	RequestBody  struct {
		Content map[string]struct{ Schema json.RawMessage }
	}
	Responses map[string]struct {
		Description string
		Content     map[string]struct{ Schema json.RawMessage }
	}
}

// OpenAPI renders a document of OpenAPI 3.1 as a page that needs no script and
// fetches nothing.
func OpenAPI(document []byte) ([]byte, error) {
	var read struct {
		Info struct{ Title, Description string }
		// A path also has its parameters beside its methods.
		Paths      map[string]map[string]json.RawMessage
		Components struct{ Schemas map[string]json.RawMessage }
	}
	if err := json.Unmarshal(document, &read); err != nil {
		return nil, fmt.Errorf("read the OpenAPI document: %w", err)
	}
	var operations []described
	for _, path := range slices.Sorted(maps.Keys(read.Paths)) {
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			text, known := read.Paths[path][method]
			if !known {
				continue
			}
			operation := described{Method: strings.ToUpper(method), Path: path}
			if err := json.Unmarshal(text, &operation); err != nil {
				return nil, fmt.Errorf("read %s %s: %w", method, path, err)
			}
			operations = append(operations, operation)
		}
	}
	schemas := map[string]string{}
	for name, text := range read.Components.Schemas {
		schemas[name] = indented(text)
	}
	var page bytes.Buffer
	err := openAPITemplate.Get().Execute(&page, map[string]any{"Info": read.Info, "Operations": operations, "Schemas": schemas})
	if err != nil {
		return nil, fmt.Errorf("render the OpenAPI document: %w", err)
	}
	return page.Bytes(), nil
}

func indented(text []byte) string {
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", "  "); err != nil {
		return string(text)
	}
	return out.String()
}

// Schema is the name of the one schema that a body is, "" when it is made of several.
func (described) Schema(text json.RawMessage) string {
	var reference struct {
		Ref string `json:"$ref"`
	}
	_ = json.Unmarshal(text, &reference) // what is no reference has no name
	return strings.TrimPrefix(reference.Ref, "#/components/schemas/")
}
