package contract

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// OpenAPI is PingOne's part that this contract knows, as a document of OpenAPI 3.1,
// made from the operations and schemas that answers are held against.
func OpenAPI() ([]byte, error) {
	components, err := openSchemas()
	if err != nil {
		return nil, err
	}
	paths := map[string]map[string]any{}
	seen := map[string]bool{}
	for _, op := range ready(operations()) {
		if op.service == pages {
			continue // for people's eyes, and no part of an API
		}
		if paths[op.path] == nil {
			paths[op.path] = map[string]any{"parameters": op.pathParameters()}
		}
		method := strings.ToLower(op.method)
		if known, is := paths[op.path][method].(map[string]any); is {
			op.join(known)
			continue
		}
		paths[op.path][method] = op.open(seen)
	}
	return json.MarshalIndent(map[string]any{
		"openapi": "3.1.0",
		"info": map[string]any{
			"title": "PingOne sign-on, as pingone-conformance knows it", "version": "1",
			"description": "Written from Ping Identity's published pages; unofficial. What is documented is in each schema's body, what is only observed under $defs/inferred.",
		},
		"servers": []any{map[string]any{"url": "http://localhost:9030", "description": "the emulator"}},
		"paths":   paths,
		"components": map[string]any{
			"schemas": components,
			"securitySchemes": map[string]any{
				"bearer": map[string]any{"type": "http", "scheme": "bearer"}, "client": map[string]any{"type": "http", "scheme": "basic"},
			},
		},
	}, "", "  ")
}

// security is what a call proves who it is with: a token, the client's credentials, which
// public clients do without, or nothing but cookies.
func (o *operation) security() []any {
	switch {
	case o.service == platform || o.under("userinfo"):
		return []any{map[string]any{"bearer": []any{}}}
	case o.under("token") || o.under("introspect"):
		return []any{map[string]any{"client": []any{}}, map[string]any{}}
	}
	return []any{}
}

func (o *operation) pathParameters() []any {
	parameters := []any{}
	for _, segment := range o.segments {
		if strings.HasPrefix(segment, "{") {
			parameters = append(parameters, map[string]any{
				"name": strings.Trim(segment, "{}"), "in": "path", "required": true, "schema": map[string]any{"type": "string", "format": "uuid"},
			})
		}
	}
	return parameters
}

// open is the operation as OpenAPI has it; seen are the ids that are taken.
func (o *operation) open(seen map[string]bool) map[string]any {
	id := strings.ReplaceAll(o.name, " ", "")
	for n := 2; seen[id]; n++ {
		id = fmt.Sprintf("%s%d", strings.ReplaceAll(o.name, " ", ""), n)
	}
	seen[id] = true
	open := map[string]any{
		"operationId": id, "summary": o.name, "externalDocs": map[string]any{"url": o.source}, "responses": o.responses(), "security": o.security(),
	}
	switch {
	case o.request == "" && o.media == "":
	case o.method == "GET":
		open["parameters"] = o.queryParameters()
	default:
		open["requestBody"] = map[string]any{"content": o.content(), "required": o.request != ""}
	}
	return open
}

// content is what the request may hold, by media type.
func (o *operation) content() map[string]any {
	usual := "application/json"
	if o.service == oauth || o.service == browser {
		usual = form
	}
	schema := map[string]any{"type": "object"}
	if o.request != "" {
		schema = reference(o.request)
	}
	return map[string]any{cmp.Or(o.media, usual): map[string]any{"schema": schema}}
}

// join adds an operation that only its media type tells from one that is there already.
func (o *operation) join(open map[string]any) {
	body := open["requestBody"].(map[string]any) // one with a media type stands before it
	maps.Copy(body["content"].(map[string]any), o.content())
	if summary := open["summary"].(string); !strings.Contains(summary, o.name) {
		open["summary"] = summary + ", " + o.name
	}
}

func (o *operation) queryParameters() []any {
	doc, err := shared().read(o.request + ".json")
	if err != nil {
		return []any{}
	}
	required := list(doc, "required")
	parameters := []any{}
	properties := object(doc, "properties")
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		parameters = append(parameters, map[string]any{
			"name": name, "in": "query", "required": slices.Contains(required, any(name)), "schema": moved(properties[name], o.request),
		})
	}
	return parameters
}

// responses are the documented status, those tolerated, and the shapes of errors.
func (o *operation) responses() map[string]any {
	all := map[string]any{}
	for _, status := range append([]int{o.success}, o.tolerated...) {
		answer := map[string]any{"description": "done"}
		if schema := o.answerSchema(); schema != nil && status < 204 {
			answer["content"] = map[string]any{"application/json": map[string]any{"schema": schema}}
		}
		all[fmt.Sprint(status)] = answer
	}
	if o.service == browser {
		all["200"] = map[string]any{
			"description": "the flow, with response_mode=pi.flow",
			"content":     map[string]any{"application/json": map[string]any{"schema": reference(o.answer)}},
		}
		all["302"] = map[string]any{"description": "to the sign-on page, or back to the application"}
	}
	shape := "error"
	if o.service == oauth {
		shape = "oauth-error"
	}
	all["default"] = map[string]any{
		"description": "refused", "content": map[string]any{"application/json": map[string]any{"schema": reference(shape)}},
	}
	return all
}

func (o *operation) answerSchema() map[string]any {
	switch {
	case o.items != "":
		items := map[string]any{"type": "array", "items": reference(o.items)}
		embedded := map[string]any{"type": "object", "properties": map[string]any{o.last(): items}}
		return map[string]any{"allOf": []any{reference("collection"), map[string]any{"properties": map[string]any{"_embedded": embedded}}}}
	case o.answer != "":
		return reference(o.answer)
	}
	return nil
}

func reference(schema string) map[string]any {
	return map[string]any{"$ref": "#/components/schemas/" + component(schema)}
}

// component is the name of a schema file where slashes are not allowed.
func component(schema string) string { return strings.ReplaceAll(schema, "/", ".") }

func openSchemas() (map[string]any, error) {
	components := map[string]any{}
	for _, name := range schemaNames() {
		doc, err := shared().read(name + ".json")
		if err != nil {
			return nil, err
		}
		components[component(name)] = moved(doc, name)
	}
	return components, nil
}

// moved is a schema of a file as it stands among the components: without the file's
// address, and with references that lead to the components.
func moved(node any, file string) any {
	switch node := node.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, inner := range node {
			ref, isText := inner.(string)
			switch {
			case name == "$id" || name == "$schema":
			case name == "$ref" && isText:
				out[name] = movedReference(ref, file)
			default:
				out[name] = moved(inner, file)
			}
		}
		return out
	case []any:
		out := []any{}
		for _, inner := range node {
			out = append(out, moved(inner, file))
		}
		return out
	}
	return node
}

func movedReference(ref, file string) string {
	name, pointer, _ := strings.Cut(ref, "#")
	if name == "" {
		name = file + ".json"
	} else {
		name = path.Join(path.Dir(file), name)
	}
	return "#/components/schemas/" + component(strings.TrimSuffix(name, ".json")) + pointer
}
