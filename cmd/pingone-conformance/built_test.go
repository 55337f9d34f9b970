//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tree is a copy of what builds the program, with few sources and a go command that only
// counts how often it is asked to build.
type tree struct {
	t      *testing.T
	folder string
	env    []string
}

func newTree(t *testing.T) *tree {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "module")
	tr := &tree{t, folder, []string{pathVariable(), "HOME=" + t.TempDir()}}
	script, err := os.ReadFile("../../.ci/program")
	require.NoError(t, err)
	for name, text := range map[string]string{
		".ci/program": string(script), "go.mod": "module m\n", "go.sum": "", "steps/steps.go": "package steps\n",
		"features/one.feature": "Feature: One\n", "fixtures/one/a.txtar": "a\n", "emulator/internal/console/page.html": "<p>",
	} {
		tr.write(name, text)
	}
	tr.write("../tools/go", "#!/bin/sh\n[ \"$1\" = build ] || exit 1\necho \"$*\" >> \"$(dirname \"$0\")/asked\"\nmkdir -p \"$(dirname \"$3\")\"\n: > \"$3\"\nchmod +x \"$3\"\n")
	require.NoError(t, os.Chmod(filepath.Join(folder, "../tools/go"), 0o700))
	return tr
}

// pathVariable is PATH as this process has it.
func pathVariable() string {
	for _, variable := range new(exec.Cmd).Environ() {
		if strings.HasPrefix(variable, "PATH=") {
			return variable
		}
	}
	return "PATH="
}

func (tr *tree) at(name string) string { return filepath.Join(tr.folder, name) }

func (tr *tree) write(name, text string) {
	tr.t.Helper()
	require.NoError(tr.t, os.MkdirAll(filepath.Dir(tr.at(name)), 0o750))
	require.NoError(tr.t, os.WriteFile(tr.at(name), []byte(text), 0o600))
}

// builds runs the script, and tells whether it has asked the go command to build.
func (tr *tree) builds(env ...string) bool {
	tr.t.Helper()
	<-time.After(20 * time.Millisecond) // file systems count time in ticks
	asked := tr.at("../tools/asked")
	before, _ := os.ReadFile(asked) // there is none at first
	cmd := exec.CommandContext(tr.t.Context(), "bash", tr.at(".ci/program"), "bin/program", "./cmd/program")
	cmd.Dir, cmd.Env = tr.folder, append(append(tr.env, "GO="+tr.at("../tools/go")), env...)
	out, err := cmd.CombinedOutput()
	require.NoError(tr.t, err, string(out))
	after, err := os.ReadFile(asked)
	require.NoError(tr.t, err)
	return len(after) > len(before)
}

// Whatever the program is made of, a change of it asks the go command, and nothing else does.
func TestWhatChangesBuildsTheProgram(t *testing.T) {
	tr := newTree(t)
	require.True(t, tr.builds(), "there is no program")
	require.False(t, tr.builds(), "nothing has changed")
	past := time.Now().Add(-time.Hour)
	do := func(err error) { t.Helper(); require.NoError(t, err) }
	for _, row := range []struct {
		name   string
		change func()
	}{
		{"a source", func() { tr.write("steps/steps.go", "package steps // changed\n") }},
		{"a feature", func() { tr.write("features/one.feature", "Feature: Two\n") }},
		{"a recording", func() { tr.write("fixtures/one/a.txtar", "b\n") }},
		{"an embedded page", func() { tr.write("emulator/internal/console/page.html", "<b>") }},
		{"go.mod", func() { tr.write("go.mod", "module n\n") }},
		{"go.sum", func() { tr.write("go.sum", "x\n") }},
		{"a change whose time was set back", func() {
			tr.write("steps/steps.go", "package steps // again\n")
			do(os.Chtimes(tr.at("steps/steps.go"), past, past))
		}},
		{"a source that is added", func() { tr.write("steps/more.go", "package steps\n") }},
		{"an old source that is added", func() {
			tr.write("../old.go", "package steps\n")
			do(os.Chtimes(tr.at("../old.go"), past, past))
			do(os.Rename(tr.at("../old.go"), tr.at("steps/old.go")))
		}},
		{"a recording that is added", func() { tr.write("fixtures/two/a.txtar", "b\n") }},
		{"a source that is removed", func() { do(os.Remove(tr.at("steps/more.go"))) }},
		{"a feature that is renamed", func() { do(os.Rename(tr.at("features/one.feature"), tr.at("features/two.feature"))) }},
		{"the program is gone", func() { do(os.Remove(tr.at("bin/program"))) }},
		{"the go command", func() { do(os.Chmod(tr.at("../tools/go"), 0o500)) }},
		{"the script", func() { do(os.Chmod(tr.at(".ci/program"), 0o700)) }},
	} {
		row.change()
		require.True(t, tr.builds(), row.name)
		require.False(t, tr.builds(), "after "+row.name)
	}
	for _, env := range []string{"GOFLAGS=-race", "CGO_ENABLED=0", "GOOS=windows"} {
		require.True(t, tr.builds(env), env)
		require.False(t, tr.builds(env), env)
		require.True(t, tr.builds(), env+" no more")
	}
	require.NoError(t, os.MkdirAll(tr.at("reports"), 0o750))
	tr.builds() // the folder is new
	tr.write("reports/index.html", "<p>")
	tr.write("bin/other", "")
	require.False(t, tr.builds(), "what a run writes is no source")

	tr.write("../go.work", "go 1.26\n")
	require.True(t, tr.builds(), "sources of a workspace may lie anywhere")
	require.True(t, tr.builds())
}

func TestWhatGoEnvHasWrittenBuildsTheProgram(t *testing.T) {
	tr := newTree(t)
	settings := filepath.Join(t.TempDir(), "env")
	require.True(t, tr.builds("GOENV="+settings))
	require.NoError(t, os.WriteFile(settings, []byte("GOFLAGS=-race\n"), 0o600))
	require.True(t, tr.builds("GOENV="+settings))
	require.False(t, tr.builds("GOENV="+settings))
	require.NoError(t, os.Remove(settings))
	require.True(t, tr.builds("GOENV="+settings))
}

// A build that fails is tried again, also when nothing has changed.
func TestABuildThatFailsLeavesNoStamp(t *testing.T) {
	tr := newTree(t)
	require.True(t, tr.builds())
	tr.write("steps/steps.go", "package broken\n")
	cmd := exec.CommandContext(t.Context(), "bash", tr.at(".ci/program"), "bin/program", "./cmd/program")
	cmd.Dir, cmd.Env = tr.folder, append(tr.env, "GO=false")
	require.Error(t, cmd.Run())
	require.True(t, tr.builds())
	require.False(t, tr.builds())
}

// The targets that call the program build it by that script.
func TestMakeBuildsByTheScript(t *testing.T) {
	text, err := os.ReadFile("../../Makefile")
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(text), "bash .ci/program $(PROGRAM)"))
}

// A file or a folder with a target's name, such as features, keeps no target from being made.
func TestEveryTargetIsPhony(t *testing.T) {
	text, err := os.ReadFile("../../Makefile")
	require.NoError(t, err)
	var targets []string
	for _, line := range regexp.MustCompile(`(?m)^([a-z0-9-]+):.*## `).FindAllStringSubmatch(string(text), -1) {
		targets = append(targets, line[1])
	}
	require.Greater(t, len(targets), 20)
	phony := regexp.MustCompile(`(?m)^\.PHONY: (.*)$`).FindStringSubmatch(string(text))
	require.NotNil(t, phony)
	require.ElementsMatch(t, targets, strings.Fields(phony[1]))
}

func TestBenchCompareSaysWhatIsMissing(t *testing.T) {
	for words, says := range map[string]string{
		"OLD=":                     "say with what: make bench-compare OLD=file",
		"OLD=nowhere":              "say with what: make bench-compare OLD=file",
		"OLD=Makefile NEW=nowhere": "there is no file nowhere",
	} {
		cmd := exec.CommandContext(t.Context(), "make", append([]string{"-s", "-C", "../..", "bench-compare"}, strings.Fields(words)...)...)
		out, err := cmd.CombinedOutput()
		require.Error(t, err)
		require.Contains(t, string(out), says)
	}
}
