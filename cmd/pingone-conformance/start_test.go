//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
)

// inits starts the test's own binary, which holds all of the program's packages, and returns what Go says of each init.
func inits(t *testing.T, path string) (trace string) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self, "-test.run", "^$")
	cmd.Env = []string{"PATH=" + path, "GODEBUG=inittrace=1"}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return string(out)
}

// No start of the program runs a child: godog's init would run the go command, which leaves a trace here.
func TestNoChildRunsAtTheStart(t *testing.T) {
	folder := t.TempDir()
	trace := filepath.Join(folder, "go was run")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "go"), []byte("#!/bin/sh\n: > '"+trace+"'\n"), 0o700))
	out := inits(t, folder)

	var hidden, builder, ours = -1, -1, ""
	for i, line := range strings.Split(out, "\n") {
		switch name, _, _ := strings.Cut(strings.TrimPrefix(line, "init "), " "); {
		case strings.HasSuffix(name, "/internal/hidepath"):
			hidden, ours = i, name
		case strings.HasSuffix(name, "/godog/internal/builder"):
			builder = i
		}
	}
	require.NotEqual(t, -1, hidden, "internal/hidepath is not among the inits, or this is no trace of inits: %s", out)
	require.NotEqual(t, -1, builder, "godog has no such package any more: internal/hidepath may go")
	require.Less(t, hidden, builder, "%s is initialised too late, after godog, which then runs a child process at every start: "+
		"Go orders ready packages by their paths, so the module's path has to sort before \"text/template\"", ours)
	require.NoFileExists(t, trace, "godog's init has run the go command")
}

// What hid PATH has given it back.
func TestThePathIsThere(t *testing.T) {
	_, err := exec.LookPath("sh")
	require.NoError(t, err)
}

// What a package of ours needs is made when it is first used (internal/lazy), not before main.
func TestNothingIsMadeBeforeMain(t *testing.T) {
	const most = 8 << 10
	module, _, _ := strings.Cut(reflect.TypeFor[config.Config]().PkgPath(), "/config")
	found := 0
	for _, line := range regexp.MustCompile(`(?m)^init (\S+) .* (\d+) bytes`).FindAllStringSubmatch(inits(t, ""), -1) {
		if !strings.HasPrefix(line[1], module+"/") {
			continue
		}
		found++
		bytes, err := strconv.Atoi(line[2])
		require.NoError(t, err)
		require.LessOrEqual(t, bytes, most, line[1])
	}
	require.NotZero(t, found, "no package of ours has an init, or this is no trace of inits")
}
