// Package docs has no code: its tests hold what the pages show against what they show it of.
package docs

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const example = "../examples/simple_login"

// snippet is a block of a page and what stands before it.
var snippet = regexp.MustCompile("(?s)([^\n]+):\n\n```([a-z]*)\n(.*?)\n```")

// inFile finds the file that a block is said to stand in: the last name before it.
var inFile = regexp.MustCompile("In `([^`]+)`")

func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("your-own-use-case.md")
	require.NoError(t, err)
	return string(text)
}

func TestThePageShowsTheExample(t *testing.T) {
	text := page(t)
	shown := map[string]bool{}
	for _, m := range snippet.FindAllStringSubmatchIndex(text, -1) {
		language, block := text[m[4]:m[5]], text[m[6]:m[7]]
		if language == "sh" {
			continue
		}
		names := inFile.FindAllStringSubmatch(text[:m[3]], -1)
		require.NotEmpty(t, names, "no file is named before: %s", block)
		name := names[len(names)-1][1]
		file, err := os.ReadFile(filepath.Join(example, name))
		require.NoError(t, err)
		require.Contains(t, string(file), block, "%s has no such lines", name)
		shown[name] = true
	}
	require.Equal(t, strings.Count(text, "```"), 2*len(snippet.FindAllString(text, -1)), "a block is not looked at")
	for _, file := range files(t) {
		if strings.HasPrefix(file, "fixtures/") || file == "go.sum" {
			continue
		}
		require.True(t, shown[file], "the page shows nothing of %s", file)
	}
}

// files are the example's, with slashes.
func files(t *testing.T) []string {
	t.Helper()
	var names []string
	require.NoError(t, fs.WalkDir(os.DirFS(example), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err == nil && name == "reports":
			return fs.SkipDir
		case err == nil && !entry.IsDir():
			names = append(names, name)
		}
		return err
	}))
	return names
}

func TestTheCountOfFilesIsRight(t *testing.T) {
	var recordings int
	all := files(t)
	for _, file := range all {
		if strings.HasPrefix(file, "fixtures/") {
			recordings++
		}
	}
	require.Regexp(t, `\| this use case \| `+strconv.Itoa(len(all))+` \| `+strconv.Itoa(recordings)+` \|`, page(t))
}

func TestThePagesCommandsRunInAFreshFolder(t *testing.T) {
	switch {
	case testing.Short():
		t.Skip("builds a module: not with -short")
	case runtime.GOOS == "windows":
		t.Skip("the commands are written for a Unix shell")
	}
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "simple_login")
	for _, file := range files(t) {
		if strings.HasPrefix(file, "fixtures/") {
			continue // a command of the page records them
		}
		text, err := os.ReadFile(filepath.Join(example, file))
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, file)), 0o750))
		require.NoError(t, os.WriteFile(filepath.Join(dir, file), text, 0o600))
	}
	module := strings.TrimSpace(shell(t, root, "go list -m"))
	shell(t, dir, "go mod edit -replace "+module+"="+root)
	commands := 0
	for _, m := range snippet.FindAllStringSubmatch(page(t), -1) {
		for _, command := range strings.Split(m[3], "\n") {
			if m[2] == "sh" {
				t.Log(command + "\n" + shell(t, dir, command))
				commands++
			}
		}
	}
	require.Equal(t, 5, commands)
	same(t, filepath.Join(example, "fixtures"), filepath.Join(dir, "fixtures"))
	same(t, filepath.Join(example, "go.sum"), filepath.Join(dir, "go.sum"))
}

// shell runs one command of the page, with no variable of ours but its own.
func shell(t *testing.T, dir, command string) string {
	t.Helper()
	run := exec.Command("sh", "-c", command)
	run.Dir = dir
	for _, pair := range run.Environ() {
		if !strings.HasPrefix(pair, "PINGONE_") {
			run.Env = append(run.Env, pair)
		}
	}
	out, err := run.CombinedOutput()
	require.NoError(t, err, "%s\n%s", command, out)
	return string(out)
}

// same holds files against files of the same names.
func same(t *testing.T, want, got string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(want, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		wanted, err := os.ReadFile(path)
		require.NoError(t, err)
		found, err := os.ReadFile(got + strings.TrimPrefix(path, want))
		require.NoError(t, err)
		require.True(t, bytes.Equal(wanted, found), "%s is not what the commands make of it any more: make record, or make tidy", path)
		return nil
	}))
}
