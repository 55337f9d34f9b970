package contract

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed schemas
var schemaFiles embed.FS

// schemaBase is the address under which the embedded files know each other; nothing is
// ever fetched. It lies under json-schema.org because the validator takes what lies there as
// checked against the metaschema: that costs more than compiling, in every
// process, so a test of ours does it once instead.
const schemaBase = "https://json-schema.org/pingone-conformance/"

// library compiles the embedded schemas, each when it is first needed, once per process.
type library struct {
	mu       sync.Mutex
	compiler *jsonschema.Compiler
	shapes   map[string]*shape
	raw      map[string]any
	// readings keeps what was worked out about texts.
	readings readings
	// expanded are, for a schema, all the schemas that apply in its place.
	expanded sync.Map
}

// shape is one compiled schema file: what is documented, and what is only observed.
type shape struct {
	name       string
	documented *jsonschema.Schema
	// created is what is documented of a new resource besides, inferred what is only
	// observed; each is nil when the file has no such part under $defs.
	created, inferred *jsonschema.Schema
}

// shared is the process's one library: compiling is the dear part, validating is not.
var shared = sync.OnceValue(newLibrary)

func newLibrary() *library {
	l := &library{shapes: map[string]*shape{}, raw: map[string]any{}}
	l.compiler = jsonschema.NewCompiler()
	l.compiler.DefaultDraft(jsonschema.Draft2020)
	l.compiler.AssertFormat()
	l.compiler.UseLoader(l)
	return l
}

// Load reads an embedded schema file for the compiler; nothing is ever fetched.
func (l *library) Load(url string) (any, error) {
	name, inside := strings.CutPrefix(url, schemaBase)
	if !inside {
		return nil, fmt.Errorf("schema %s is not one of ours", url)
	}
	return l.read(name)
}

func (l *library) read(name string) (any, error) {
	if doc, known := l.raw[name]; known {
		return doc, nil
	}
	text, err := schemaFiles.ReadFile("schemas/" + name)
	if err != nil {
		return nil, fmt.Errorf("read schema %s: %w", name, err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("parse schema %s: %w", name, err)
	}
	l.raw[name] = doc
	return doc, nil
}

// shape returns the compiled schema of that name, such as "application" or "requests/user".
func (l *library) shape(name string) (*shape, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, known := l.shapes[name]; known {
		return s, nil
	}
	s, err := l.compile(name)
	if err != nil {
		return nil, err
	}
	l.shapes[name] = s
	return s, nil
}

func (l *library) compile(name string) (*shape, error) {
	doc, err := l.read(name + ".json")
	if err != nil {
		return nil, err
	}
	s := &shape{name: name}
	s.documented, err = l.compiler.Compile(schemaBase + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("compile schema %s: %w", name, err)
	}
	for part, compiled := range map[string]**jsonschema.Schema{"created": &s.created, "inferred": &s.inferred} {
		if at(doc, "$defs", part) == nil {
			continue
		}
		*compiled, err = l.compiler.Compile(schemaBase + name + ".json#/$defs/" + part)
		if err != nil {
			return nil, fmt.Errorf("compile schema %s: %w", name, err)
		}
	}
	return s, nil
}

// closed tells whether the schema of an enumeration says that no value may be added: the values
// decide what an answer is.
func (l *library) closed(location string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	file, pointer, _ := strings.Cut(strings.TrimPrefix(location, schemaBase), "#")
	at, err := l.read(file)
	if err != nil {
		return false
	}
	for _, token := range strings.Split(strings.Trim(pointer, "/"), "/") {
		if token != "" {
			at = step(at, unescapes.Replace(token))
		}
	}
	return member(at, "x-closed") == true
}

// source finds the page behind a schema location: the nearest $comment above it that names one.
func (l *library) source(location string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	file, pointer, _ := strings.Cut(strings.TrimPrefix(location, schemaBase), "#")
	doc, err := l.read(file)
	if err != nil {
		return file
	}
	page := firstPage(member(doc, "$comment"))
	at := doc
	for _, token := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		at = step(at, unescapes.Replace(token))
		if deeper := firstPage(member(at, "$comment")); deeper != "" {
			page = deeper
		}
	}
	return page
}

// firstPage returns the first https address in a comment.
func firstPage(comment any) string {
	text, _ := comment.(string)
	start := strings.Index(text, "https://")
	if start < 0 {
		return ""
	}
	page, _, _ := strings.Cut(text[start:], " ")
	return strings.TrimRight(page, ";,.:")
}

// Schemas lists the names of all schema files, such as "application" or "requests/user".
func Schemas() []string {
	var names []string
	err := fs.WalkDir(schemaFiles, "schemas", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, strings.TrimSuffix(strings.TrimPrefix(path, "schemas/"), ".json"))
		}
		return err
	})
	if err != nil {
		return nil
	}
	return names
}
