package contract

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"pingone-conformance/contract/internal/schema"
)

//go:embed schemas
var schemaFiles embed.FS

// schemaBase is the address under which the embedded files know each other; nothing is
// ever fetched. That they keep the metaschema is a test's concern.
const schemaBase = "https://json-schema.org/pingone-conformance/"

// library compiles the embedded schemas, each when it is first needed, once per process.
type library struct {
	mu       sync.Mutex
	compiler *schema.Compiler
	shapes   map[string]*shape
	raw      map[string]any
	// extra are the files of additions, by name.
	extra map[string]fs.FS
	// readings keeps what was worked out about texts.
	readings readings
}

// shape is one compiled schema file: what is documented, and what is only observed.
type shape struct {
	name string
	// page is the vendor's page of the resource.
	page       string
	documented *schema.Schema
	// created is what is documented of a new resource besides, inferred what is only
	// observed; each is nil when the file has no such part under $defs.
	created, inferred *schema.Schema
}

// shared is the process's one library: compiling costs, validating does not.
var shared = sync.OnceValue(newLibrary)

func newLibrary() *library {
	l := &library{shapes: map[string]*shape{}, raw: map[string]any{}, extra: map[string]fs.FS{}}
	l.compiler = schema.NewCompiler(schemaBase, l.read)
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
func (l *library) shape(name string) (*shape, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, known := l.shapes[name]; known {
		return s, nil
	}
	s, err := l.compile(name)
	if err == nil {
		l.shapes[name] = s
	}
	return s, err
}

func (l *library) compile(name string) (*shape, error) {
	doc, err := l.read(name + ".json")
	if err != nil {
		return nil, err
	}
	s := &shape{name: name, page: firstPage(text(doc, "$comment"))}
	for part, compiled := range map[string]**schema.Schema{"": &s.documented, "#/$defs/created": &s.created, "#/$defs/inferred": &s.inferred} {
		if part != "" && at(doc, strings.Split(part, "/")[1:]...) == nil {
			continue
		}
		if *compiled, err = l.compiler.Compile(name+".json", strings.TrimPrefix(part, "#")); err != nil {
			return nil, fmt.Errorf("compile schema %s: %w", name, err)
		}
	}
	return s, nil
}

// nodes are the parts of a schema file that lead to a location, the file first.
func (l *library) nodes(location string) []any {
	l.mu.Lock()
	defer l.mu.Unlock()
	file, pointer, _ := strings.Cut(strings.TrimPrefix(location, schemaBase), "#")
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
		if page := firstPage(text(node, "$comment")); page != "" {
			return page
		}
	}
	return ""
}

// firstPage returns the first https address in a comment.
func firstPage(comment string) string {
	_, after, found := strings.Cut(comment, "https://")
	if !found {
		return ""
	}
	page, _, _ := strings.Cut(after, " ")
	return "https://" + strings.TrimRight(page, ";,.:")
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
