package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"pingone-conformance/contract/internal/schema"
	"pingone-conformance/contract/internal/shape"
)

// judge is what a library that passes JSON Schema's own test suite says of a value, in the words of a fault: what
// package schema has to say as well.
type judge struct {
	*library
	compiler *jsonschema.Compiler
}

func newJudge() *judge {
	r := &judge{newLibrary(), jsonschema.NewCompiler()}
	r.compiler.DefaultDraft(jsonschema.Draft2020)
	r.compiler.AssertFormat()
	r.compiler.UseLoader(r)
	return r
}

// Load reads an embedded schema file for the compiler.
func (r *judge) Load(url string) (any, error) { return r.read(strings.TrimPrefix(url, shape.Base)) }

// faults validates v and returns one entry for each broken keyword, none when it is valid.
func (r *judge) faults(name string, s *jsonschema.Schema, v any) []fault {
	err := s.Validate(v)
	if err == nil {
		return nil
	}
	invalid, is := errors.AsType[*jsonschema.ValidationError](err)
	if !is {
		return []fault{{rule: name, want: "a value the schema can judge", got: err.Error()}}
	}
	var found []fault
	leaves(invalid, func(leaf *jsonschema.ValidationError) {
		found = append(found, r.describe(name, leaf, v)...)
	})
	return found
}

// leaves visits the errors that have no cause of their own. Where alternatives
// failed, the alternatives are the reader's concern, not each one's reasons.
func leaves(e *jsonschema.ValidationError, visit func(*jsonschema.ValidationError)) {
	switch e.ErrorKind.(type) {
	case *kind.AnyOf, *kind.OneOf, *kind.Contains, *kind.PropertyNames:
		visit(e)
		return
	}
	if len(e.Causes) == 0 {
		visit(e)
	}
	for _, cause := range e.Causes {
		leaves(cause, visit)
	}
}

func (r *judge) describe(name string, e *jsonschema.ValidationError, v any) []fault {
	where, value := e.InstanceLocation, at(v, e.InstanceLocation...)
	f := fault{
		rule:   name + "#/" + strings.Join(e.ErrorKind.KeywordPath(), "/"),
		where:  where,
		want:   wantedBy(e.ErrorKind),
		got:    show(value, where...),
		source: r.source(e.SchemaURL),
	}
	switch k := e.ErrorKind.(type) {
	case *kind.FalseSchema:
		f.rule += "false"
	case *kind.Enum:
		f.open = text(value) != "" && !slices.ContainsFunc(k.Want, func(v any) bool { return text(v) == "" }) && !r.closed(e.SchemaURL)
	case *kind.Required:
		var each []fault
		for _, missing := range k.Missing {
			f.where, f.want, f.got = join(where, missing), present, nothing
			each = append(each, f)
		}
		return each
	}
	return []fault{f}
}

// wantedBy says in words what a keyword asks for.
func wantedBy(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		return "a value of type " + strings.Join(k.Want, " or ")
	case *kind.Enum:
		return "one of " + show(k.Want)
	case *kind.Const:
		return show(k.Want)
	case *kind.Format:
		return "a " + k.Want
	case *kind.Pattern:
		return "a match of " + k.Want
	case *kind.FalseSchema:
		return nothing + " here"
	case *kind.MinLength:
		return fmt.Sprintf("at least %d characters", k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("at most %d characters", k.Want)
	case *kind.MinItems:
		return fmt.Sprintf("at least %d items", k.Want)
	case *kind.Minimum:
		return "at least " + k.Want.RatString()
	case *kind.Maximum:
		return "at most " + k.Want.RatString()
	case *kind.PropertyNames:
		return "no member called " + k.Property
	}
	return "what " + strings.Join(k.KeywordPath(), "/") + " asks for"
}

// pair is a schema compiled by both.
type pair struct {
	name   string
	ours   *schema.Schema
	theirs *jsonschema.Schema
}

func pairs(t *testing.T, l *library, r *judge) []pair {
	t.Helper()
	var all []pair
	for _, name := range schemaNames() {
		doc, err := l.read(name + ".json")
		require.NoError(t, err)
		for _, pointer := range []string{"", "/$defs/created", "/$defs/inferred"} {
			if pointer != "" && at(doc, strings.Split(pointer, "/")[1:]...) == nil {
				continue
			}
			ours, err := l.compiler.Compile(name+".json", pointer)
			require.NoError(t, err)
			theirs, err := r.compiler.Compile(shape.Base + name + ".json#" + pointer)
			require.NoError(t, err)
			all = append(all, pair{name, ours, theirs})
		}
	}
	return all
}

// agree holds a value against both, and returns how many faults it has.
func (p pair) agree(t *testing.T, l *library, r *judge, v any) int {
	t.Helper()
	ours, theirs := l.faults(p.name, p.ours, v), r.faults(p.name, p.theirs, v)
	require.Equal(t, len(theirs) == 0, p.ours.Valid(v), "%s: %.300v", p.ours.Location, v)
	if len(ours)+len(theirs) == 0 {
		return 0
	}
	for _, all := range [][]fault{ours, theirs} {
		for i := range all {
			if strings.HasSuffix(all[i].rule, "propertyNames") {
				all[i].where, all[i].got = nil, "" // the library's place is overwritten by what it looks at next
			}
		}
	}
	inOrder := func(a, b fault) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }
	slices.SortFunc(ours, inOrder)
	slices.SortFunc(theirs, inOrder)
	if !slices.EqualFunc(ours, theirs, func(a, b fault) bool { return inOrder(a, b) == 0 }) {
		require.Equal(t, theirs, ours, "%s: %.300v", p.ours.Location, v)
	}
	return len(ours)
}

// recordedValues are all JSON values of all recordings, each once.
func recordedValues(t *testing.T) []any {
	t.Helper()
	names, err := filepath.Glob("../fixtures/*/*.txtar")
	require.NoError(t, err)
	require.Greater(t, len(names), 100)
	seen := map[string]bool{}
	var all []any
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		require.NoError(t, err)
		for _, message := range archive.Files {
			_, body, _ := strings.Cut(string(message.Data), "\n\n")
			if v, err := decode([]byte(body)); err == nil && !seen[body] {
				seen[body] = true
				all = append(all, v)
			}
		}
	}
	return all
}

// mutants are changes of a member: gone, and others in its place.
func mutants(v any, visit func(any)) {
	each(v, func(token string, inner any) {
		object, is := v.(map[string]any)
		if !is {
			mutants(inner, func(m any) {
				changed := slices.Clone(v.([]any)) //nolint:forcetypeassert // what is no object and has something in it
				for i := range changed {
					if fmt.Sprint(i) == token {
						changed[i] = m
					}
				}
				visit(changed)
			})
			return
		}
		put := func(value any) {
			was := object[token]
			object[token] = value
			visit(v)
			object[token] = was
		}
		delete(object, token)
		visit(v)
		object[token] = inner
		for _, other := range []any{nil, true, "", "2026-13-01T00:00:00.000Z", "x y", json.Number("-1.5"), json.Number("1e2"), []any{}, map[string]any{}} {
			put(other)
		}
		object[token+"X"] = inner
		visit(v)
		delete(object, token+"X")
		mutants(inner, put)
	})
}

func TestTheValidatorSaysWhatTheLibrarySays(t *testing.T) {
	l, r := newLibrary(), newJudge()
	all := pairs(t, l, r)
	values := recordedValues(t)
	require.Greater(t, len(values), 500)
	held, broken := 0, 0
	for i, v := range values {
		for _, p := range all {
			faults := p.agree(t, l, r, v)
			held++
			if faults > 0 || i%mutated != 0 {
				continue
			}
			mutants(v, func(m any) {
				held++
				if p.agree(t, l, r, m) > 0 {
					broken++
				}
			})
		}
	}
	t.Logf("%d values held against schemas, %d of the mutants are broken", held, broken)
	require.Greater(t, broken, 2_000)
}

// mutated is of how many values one has its mutants tried: each takes as long as all values.
const mutated = 97
