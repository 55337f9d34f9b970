package contract

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// example is a call and an answer that keep the contract, as testdata/examples has them.
type example struct {
	About         string            `json:"about"`
	After         []string          `json:"after"`
	Call          string            `json:"call"`
	Headers       map[string]string `json:"headers"`
	Sent          json.RawMessage   `json:"sent"`
	Form          string            `json:"form"`
	Status        int               `json:"status"`
	AnswerHeaders map[string]string `json:"answerHeaders"`
	Answer        json.RawMessage   `json:"answer"`
	// Places that the contract does not insist on, as JSON pointers; every other place is insisted on.
	MayBeMissing   []string `json:"mayBeMissing"`
	MayDiffer      []string `json:"mayDiffer"`
	MayBeOfAnyType []string `json:"mayBeOfAnyType"`
}

func readExample(t testing.TB, name string) example {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "examples", name+".json"))
	require.NoError(t, err)
	var e example
	require.NoError(t, json.Unmarshal(text, &e), name)
	return e
}

func exampleNames(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "examples", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), ".json")
	}
	return files
}

// exchange builds what the client would have seen.
func (e example) exchange(t testing.TB) *client.Exchange {
	t.Helper()
	method, address, found := strings.Cut(e.Call, " ")
	require.True(t, found, e.Call)
	u, err := url.Parse(address)
	require.NoError(t, err)
	ex := &client.Exchange{Operation: "Example", Status: e.Status, Header: http.Header{}, Body: slices.Clone([]byte(e.Answer))}
	ex.Request = client.Request{Method: method, URL: u, Header: http.Header{}, Body: []byte(e.Sent)}
	if e.Form != "" {
		ex.Request.Body = []byte(e.Form)
	}
	for name, value := range e.Headers {
		ex.Request.Header.Set(name, value)
	}
	for name, value := range e.AnswerHeaders {
		ex.Header.Set(name, value)
	}
	return ex
}

// after returns a checker that has seen what comes before the example.
func (e example) after(t testing.TB) *Checker {
	t.Helper()
	checker := NewChecker()
	for _, name := range e.After {
		report := checker.Check(readExample(t, name).exchange(t))
		require.NoError(t, report.Err(), "the example before, %s", name)
	}
	return checker
}

func TestGoodExamplesKeepTheContract(t *testing.T) {
	for _, name := range exampleNames(t) {
		t.Run(name, func(t *testing.T) {
			e := readExample(t, name)
			report := e.after(t).Check(e.exchange(t))
			require.NoError(t, report.Err())
			for _, o := range report.Observations {
				require.NotEqual(t, ruleUnknown, o.Rule, "the example has a member that no schema names: %s", o)
				require.NotEqual(t, ruleUnlisted, o.Rule)
			}
		})
	}
}

// mutation changes one place of an answer.
type mutation struct {
	name string
	// apply returns the value to put there; drop tells to take the place away.
	apply func(v any) (changed any, drop bool)
	// spared are the places that the example does not insist on.
	spared func(e example) []string
}

var mutations = []mutation{
	{"dropped", func(any) (any, bool) { return nil, true }, func(e example) []string { return e.MayBeMissing }},
	{"of another type", func(v any) (any, bool) { return retyped(v), false }, func(e example) []string { return e.MayBeOfAnyType }},
	{"of another value", func(v any) (any, bool) { return changed(v), false }, func(e example) []string { return e.MayDiffer }},
}

// TestEveryMemberOfEveryExampleIsHeld drops, retypes and changes every member of every good answer, one
// at a time: each is a violation unless the example says, by name, that the contract leaves it open. An
// entry that is held all the same is stale, and fails too.
func TestEveryMemberOfEveryExampleIsHeld(t *testing.T) {
	for _, name := range exampleNames(t) {
		e := readExample(t, name)
		if len(e.Answer) == 0 {
			continue
		}
		answer, err := decode(e.Answer)
		require.NoError(t, err)
		for _, m := range mutations {
			t.Run(name+" "+m.name, func(t *testing.T) {
				spared := m.spared(e)
				places := placesOf(answer)
				for _, place := range spared {
					require.Contains(t, places, place, "no such place in the example")
				}
				for _, place := range places {
					value := at(answer, tokens(place)...)
					replacement, drop := m.apply(value)
					if !drop && replacement == nil {
						continue
					}
					ex := e.exchange(t)
					ex.Body = rewritten(t, e.Answer, tokens(place), replacement, drop)
					noticed := e.after(t).Check(ex).Err() != nil
					if slices.Contains(spared, place) {
						assert.False(t, noticed, "%s %s is noticed, the example says it may be", place, m.name)
					} else {
						assert.True(t, noticed, "%s %s goes unnoticed", place, m.name)
					}
				}
			})
		}
	}
}

// placesOf lists all pointers below v.
func placesOf(v any) []string {
	var places []string
	walk(v, nil, func(path []string, _ any) { places = append(places, pointer(path...)) })
	slices.Sort(places)
	return places
}

func tokens(place string) []string {
	parts := strings.Split(strings.TrimPrefix(place, "/"), "/")
	for i, part := range parts {
		parts[i] = unescapes.Replace(part)
	}
	return parts
}

// rewritten returns the document with one place dropped or replaced.
func rewritten(t testing.TB, document []byte, path []string, replacement any, drop bool) []byte {
	t.Helper()
	root, err := decode(document)
	require.NoError(t, err)
	last := path[len(path)-1]
	switch parent := at(root, path[:len(path)-1]...).(type) {
	case map[string]any:
		if parent[last] = replacement; drop {
			delete(parent, last)
		}
	case []any:
		i, err := strconv.Atoi(last)
		require.NoError(t, err)
		if parent[i] = replacement; drop {
			list := slices.Delete(parent, i, i+1)
			return rewritten(t, document, path[:len(path)-1], list, false)
		}
	}
	text, err := json.Marshal(root)
	require.NoError(t, err)
	return text
}

func retyped(v any) any {
	switch v.(type) {
	case string:
		return 7
	case json.Number:
		return "seven"
	case bool:
		return "perhaps"
	case []any:
		return map[string]any{"0": "a list once"}
	case map[string]any:
		return []any{"an object once"}
	}
	return nil
}

// changed returns another value of the same type and form, nil for what has no value of its own.
func changed(v any) any {
	switch v := v.(type) {
	case bool:
		return !v
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			return 1
		}
		return n + 1
	case string:
		switch {
		case len(v) == 36 && strings.Count(v, "-") == 4:
			return "99999999-9999-4999-8999-999999999999"
		case strings.HasPrefix(v, "+"):
			return v + "7"
		case strings.HasSuffix(v, "Z") && strings.Contains(v, "T"):
			return strings.Replace(v, "2026-", "2027-", 1)
		}
		return v + "x"
	}
	return nil
}
