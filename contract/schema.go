package contract

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"pingone-conformance/contract/internal/compiled"
	"pingone-conformance/contract/internal/schema"
	"pingone-conformance/contract/internal/shape"
)

//go:embed schemas
var schemaFiles embed.FS

// library knows every schema: ours as they were compiled when the program was built, those of additions when each is first needed.
type library struct {
	mu       sync.Mutex
	compiler *schema.Compiler
	shapes   map[string]*shape.Shape
	raw      map[string]any
	// extra are the files of additions, by name.
	extra map[string]fs.FS
	// readings keeps what was worked out about texts.
	readings readings
}

// shared is the process's one library.
var shared = sync.OnceValue(newLibrary)

func newLibrary() *library {
	l := &library{shapes: map[string]*shape.Shape{}, raw: map[string]any{}, extra: map[string]fs.FS{}}
	l.compiler = schema.NewCompiler(shape.Base, l.read)
	return l
}

func (l *library) read(name string) (any, error) {
	if doc, known := l.raw[name]; known {
		return doc, nil
	}
	text, err := schemaFiles.ReadFile("schemas/" + name)
	if files := l.extra[name]; files != nil {
		text, err = fs.ReadFile(files, name)
	}
	if err != nil {
		return nil, fmt.Errorf("read schema %s: %w", name, err)
	}
	doc, err := decode(text)
	if err != nil {
		return nil, fmt.Errorf("parse schema %s: %w", name, err)
	}
	l.raw[name] = doc
	return doc, nil
}

// add makes a schema file of an addition known; the names of ours are taken.
func (l *library) add(files fs.FS, name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := fs.Stat(schemaFiles, "schemas/"+name)
	if err == nil || l.extra[name] != nil {
		return fmt.Errorf("there is a schema %s already", name)
	}
	l.extra[name] = files
	return nil
}

// shape returns the compiled schema of that name, such as "application" or "requests/user".
func (l *library) shape(name string) (*shape.Shape, error) {
	if s := compiled.Of(name); s != nil {
		return s, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, known := l.shapes[name]; known {
		return s, nil
	}
	doc, err := l.read(name + ".json")
	if err != nil {
		return nil, err
	}
	s, err := shape.Compile(l.compiler, name, doc)
	if err == nil {
		l.shapes[name] = s
	}
	return s, err
}

// nodes are the parts of a schema file that lead to a location, the file first.
func (l *library) nodes(location string) []any {
	l.mu.Lock()
	defer l.mu.Unlock()
	file, pointer, _ := strings.Cut(strings.TrimPrefix(location, shape.Base), "#")
	doc, _ := l.read(file) // what cannot be read has no parts
	nodes := []any{doc}
	for token := range strings.FieldsFuncSeq(pointer, func(r rune) bool { return r == '/' }) {
		nodes = append(nodes, at(nodes[len(nodes)-1], unescapes.Replace(token)))
	}
	return nodes
}

// closed reports whether the schema of an enumeration says that no value may be added: the values
// decide what an answer is.
func (l *library) closed(location string) bool {
	nodes := l.nodes(location)
	return at(nodes[len(nodes)-1], "x-closed") == true
}

// source finds the page behind a schema location: the nearest $comment above it that names one.
func (l *library) source(location string) string {
	for _, node := range slices.Backward(l.nodes(location)) {
		if page := shape.FirstPage(text(node, "$comment")); page != "" {
			return page
		}
	}
	return ""
}

// schemaNames lists all schema files, such as "application" or "requests/user".
func schemaNames() []string {
	var names []string
	for _, pattern := range []string{"schemas/*.json", "schemas/*/*.json"} {
		files, _ := fs.Glob(schemaFiles, pattern) // fails for malformed patterns only
		for _, file := range files {
			names = append(names, strings.TrimSuffix(strings.TrimPrefix(file, "schemas/"), ".json"))
		}
	}
	return names
}
