package seed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"pingone-conformance/internal/lazy"
)

// value is a value of a document, with where it stands.
type value struct {
	path    string // as in environments[0].users[2].email
	line    int
	scalar  any // string, json.Number, bool or nil
	list    []*value
	members map[string]*value
	names   []string // of the members, in their order
}

// Document is a seed that could be read and that the schema allows.
type Document struct {
	file   string
	root   *value
	secret map[string]string // what variables hold, and their names
}

// Parse reads a seed, which file names in errors, with the values of its variables; lookup
// may be nil. Its error lists all that is wrong with file, line and member, and shows
// nothing that a variable holds.
func Parse(file string, text []byte, lookup Lookup) (*Document, error) {
	var faults []error
	d, err := parse(file, text, &faults)
	if err != nil {
		return nil, err
	}
	fault := func(v *value, format string, args ...any) { faults = append(faults, d.fault(v, format, args...)) }
	if lookup == nil {
		lookup = func(string) (string, bool) { return "", false }
	}
	d.resolve(d.root, lookup, fault)
	if faults == nil {
		hold(d.root, definitions.Get(), fault)
	}
	return d, errors.Join(faults...)
}

// parse reads a seed as it is written.
func parse(file string, text []byte, faults *[]error) (*Document, error) {
	if json.Valid(text) {
		text = bytes.ReplaceAll(text, []byte("\t"), []byte(" ")) // outside strings only; YAML takes no tabs
	}
	d := &Document{file: file, secret: map[string]string{}}
	var node yaml.Node
	if err := yaml.Unmarshal(text, &node); err != nil {
		return nil, fmt.Errorf("%s: %s", file, strings.TrimPrefix(strings.TrimPrefix(err.Error(), "yaml: "), "unmarshal errors:\n  "))
	}
	if len(node.Content) == 0 {
		return nil, fmt.Errorf("%s: is empty; a seed begins with seed: 1", file)
	}
	r := reader{within: map[*yaml.Node]bool{}, fault: func(v *value, format string, args ...any) { *faults = append(*faults, d.fault(v, format, args...)) }}
	d.root = r.read(node.Content[0], "")
	return d, nil
}

// fault is what is wrong with a value, where it stands.
func (d *Document) fault(v *value, format string, args ...any) error {
	where := v.path
	if where == "" {
		where = "the seed"
	}
	return fmt.Errorf("%s:%d: %s: %s", d.file, v.line, where, d.withoutSecrets(fmt.Sprintf(format, args...)))
}

type report func(v *value, format string, args ...any)

// mostAliased is how many values the aliases of a seed may stand for: aliases of aliases are many with few words.
const mostAliased = 100_000

// reader makes values of nodes of YAML.
type reader struct {
	fault   report
	within  map[*yaml.Node]bool // what aliases lead to and is being read
	aliased int                 // values that aliases stood for
}

// alias makes a value of what an alias leads to.
func (r *reader) alias(to *yaml.Node, path string) *value {
	if r.within[to] {
		v := &value{path: path, line: to.Line}
		r.fault(v, "is an alias of what it is a part of")
		return v
	}
	r.within[to] = true
	defer delete(r.within, to)
	return r.read(to, path)
}

// read makes a value of a node.
func (r *reader) read(node *yaml.Node, path string) *value {
	if node.Kind == yaml.AliasNode {
		return r.alias(node.Alias, path)
	}
	v := &value{path: path, line: node.Line}
	if len(r.within) > 0 {
		if r.aliased++; r.aliased == mostAliased {
			r.fault(v, "is one of more than %d values that aliases stand for", mostAliased)
		}
		if r.aliased >= mostAliased {
			return v
		}
	}
	switch node.Kind {
	case yaml.MappingNode:
		v.members = map[string]*value{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			name := node.Content[i].Value
			member := r.read(node.Content[i+1], join(path, name))
			member.line = node.Content[i].Line
			if v.members[name] != nil {
				r.fault(member, "is said twice")
			}
			v.members[name], v.names = member, append(v.names, name)
		}
	case yaml.SequenceNode:
		v.list = []*value{}
		for i, item := range node.Content {
			v.list = append(v.list, r.read(item, fmt.Sprintf("%s[%d]", path, i)))
		}
	default:
		v.readScalar(node, r.fault)
	}
	return v
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// number is how JSON writes numbers; YAML takes 08, 0x10 and 1e3 for numbers, too.
var number = lazy.Regexp(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

func (v *value) readScalar(node *yaml.Node, fault report) {
	switch node.Tag {
	case "!!null":
	case "!!bool":
		v.scalar = strings.EqualFold(node.Value, "true")
	case "!!int", "!!float":
		v.scalar = json.Number(node.Value)
		if !number.Get().MatchString(node.Value) {
			fault(v, "%s is taken for a number; a text stands in quotes: %q", node.Value, node.Value)
		}
	default: // texts, and dates, which are meant as texts
		v.scalar = node.Value
	}
}

// plain is the value without its places.
func (v *value) plain() any {
	switch {
	case v.members != nil:
		plain := map[string]any{}
		for name, member := range v.members {
			plain[name] = member.plain()
		}
		return plain
	case v.list != nil:
		plain := []any{}
		for _, item := range v.list {
			plain = append(plain, item.plain())
		}
		return plain
	}
	return v.scalar
}

// text is a member that is a text, "" when there is none.
func (v *value) text(name string) string {
	if v.members[name] == nil {
		return ""
	}
	text, _ := v.members[name].scalar.(string)
	return text
}

// flag is a member that is true or false.
func (v *value) flag(name string, otherwise bool) bool {
	if v.members[name] == nil {
		return otherwise
	}
	flag, _ := v.members[name].scalar.(bool)
	return flag
}

// items are those of a member that is a list.
func (v *value) items(name string) []*value {
	if v.members[name] == nil {
		return nil
	}
	return v.members[name].list
}

// texts are the items of a member that is a list of texts; nil when there is none.
func (v *value) texts(name string) []string {
	var all []string
	for _, item := range v.items(name) {
		text, _ := item.scalar.(string)
		all = append(all, text)
	}
	return all
}

// at is the value that a target of an error names, as in corsSettings.origins[1]; the
// nearest one around it when there is none.
func (v *value) at(target string) *value {
	found := v
	for _, step := range strings.FieldsFunc(target, func(c rune) bool { return c == '.' || c == '[' || c == ']' }) {
		next := found.members[step]
		var i int
		if _, err := fmt.Sscanf(step, "%d", &i); next == nil && err == nil && i >= 0 && i < len(found.list) {
			next = found.list[i]
		}
		if next == nil {
			return found
		}
		found = next
	}
	return found
}
