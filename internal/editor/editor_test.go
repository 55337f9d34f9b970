package editor

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// seen is what the extension's parser makes of our files.
type seen struct {
	Found  []string // the expressions of the sentences
	Unread []struct {
		URI, Text string
		Readers   int
	}
	Errors []string
}

func TestEditorsFindEverySentenceAndKnowEveryStep(t *testing.T) {
	sources := matching(t, "steps/*.go", "examples/*/*.go")
	features := matching(t, "features/*.feature", "examples/*/features/*.feature")
	got := look(t, append(slices.Clone(sources), features...))
	require.Empty(t, got.Errors)
	require.ElementsMatch(t, sentences(t), got.Found)
	require.Empty(t, got.Unread, "steps that no sentence reads, or more than one")
}

// The test can fail: a sentence in a form that editors do not find is missed, and with it its steps.
func TestEditorsFindLiteralStatementsOnly(t *testing.T) {
	dir := t.TempDir()
	source, feature := filepath.Join(dir, "steps.go"), filepath.Join(dir, "one.feature")
	text := "package steps\n\nconst open = `^the door opens$`\n\nfunc topic(r *Registry) {\n" +
		"\tr.Given(`^the door is closed$`, closed)\n\tr.When(open, opens)\n}\n"
	require.NoError(t, os.WriteFile(source, []byte(text), 0o600))
	require.NoError(t, os.WriteFile(feature, []byte("Feature: A\n\n  Scenario: B\n    Given the door is closed\n    When the door opens\n"), 0o600))
	got := look(t, []string{source, feature})
	require.Equal(t, []string{"^the door is closed$"}, got.Found)
	require.Len(t, got.Unread, 1)
	require.Equal(t, "the door opens", got.Unread[0].Text)
}

// look has the extension's parser read the files.
func look(t *testing.T, files []string) seen {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	if _, err := os.Stat(filepath.Join("testdata", "node_modules")); err != nil {
		t.Skip("the extension's parser is not installed: make editor does it, with npm")
	}
	out, err := exec.Command(node, append([]string{filepath.Join("testdata", "find.mjs")}, files...)...).Output()
	require.NoError(t, err)
	var got seen
	require.NoError(t, json.Unmarshal(out, &got))
	return got
}

// matching are the files below the module's folder that one of the patterns matches.
func matching(t *testing.T, patterns ...string) []string {
	t.Helper()
	var all []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(pattern)))
		require.NoError(t, err)
		require.NotEmpty(t, found, pattern)
		all = append(all, found...)
	}
	return all
}

// literal is a sentence as a source file registers it.
var literal = regexp.MustCompile("(?m)^\tr\\.(?:Given|When|Then)\\(`([^`]+)`")

// sentences are the expressions of all sentences: ours as they are registered, the
// examples', whose modules cannot be imported from here, as they are written.
func sentences(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, s := range suite.Sentences(steps.All) {
		all = append(all, s.Expression)
	}
	for _, file := range matching(t, "examples/*/*.go") {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range literal.FindAllStringSubmatch(string(text), -1) {
			all = append(all, m[1])
		}
	}
	return all
}
