// Package suitetest runs a specification as a Go test. A test binary that imports it
// takes the flags of package runner:
//
//	go test ./features -args -scenario "wrong password"
package suitetest

import (
	"cmp"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pingone-conformance/config"
	"pingone-conformance/suite"
	"pingone-conformance/suite/runner"
)

var flags = registered()

func registered() *runner.Flags {
	f := &runner.Flags{}
	f.Register(flag.CommandLine)
	return f
}

// Run runs the specification in the mode that PINGONE_MODE names; each scenario becomes
// a sub-test named by its feature and itself, and -run and -skip select them before
// anything is sent. A run is never taken from go test's cache, for which the folder of
// transcripts, or reports/ if there is none, has to lie in the module. o says what is run: features, recordings
// and where new ones go, sentences, published lists, the folder of transcripts.
func Run(t *testing.T, o suite.Options) {
	t.Helper()
	var err error
	flags.Base = moduleRoot()
	o.Rerun, o.RecordingsIn = "go test "+fromRoot(".")+" -args -scenario ", filepath.FromSlash(strings.TrimPrefix(fromRoot(o.RecordTo), "./"))
	if o.Config, err = config.FromEnvironment(""); err != nil {
		t.Fatal(errors.Join(err, flags.Stopped(o, err, os.Stdout)))
	}
	selected, err := fitted(t, *flags, o)
	if err != nil {
		t.Fatal(err)
	}
	results, err := selected.Run(t.Context(), o, os.Stdout, os.Stderr)
	for _, r := range results {
		t.Run(r.Scenario.Feature+"/"+r.Scenario.Slug(), func(t *testing.T) {
			switch {
			case r.Err == nil:
			case errors.Is(r.Err, suite.ErrNotStarted):
				t.Skip(r.Err)
			case flags.Quiet:
				t.Errorf("%s: %s\n%v", r.Scenario.Name, r.Step, r.Err)
			case r.Step == "":
				t.Error("failed after its last step; the story above says why")
			default:
				t.Errorf("failed at %q; the story above says why", r.Step)
			}
		})
	}
	if testing.Verbose() {
		for _, r := range slowest(results) {
			t.Logf("%8s  %s/%s", r.Elapsed.Round(100*time.Microsecond), r.Scenario.Feature, r.Scenario.Name)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// fromRoot is a path below the module's root, as one names it who stands there.
func fromRoot(path string) string {
	if path == "" {
		return ""
	}
	full, err := filepath.Abs(path)
	if err == nil {
		path, err = filepath.Rel(moduleRoot(), full)
	}
	if err != nil || path == "." {
		return "."
	}
	return "./" + filepath.ToSlash(path)
}

// slowest are the few scenarios that took longest, the longest first.
func slowest(results []suite.Result) []suite.Result {
	const few = 5
	all := slices.Clone(results)
	slices.SortStableFunc(all, func(a, b suite.Result) int { return cmp.Compare(b.Elapsed, a.Elapsed) })
	return all[:min(few, len(all))]
}

// moduleRoot is where a person stands who says go test ./features: the folder of the go.mod
// above the working folder, which go test sets to the package's own.
func moduleRoot() string {
	folder, err := os.Getwd()
	if err != nil {
		return ""
	}
	for up := folder; ; up = filepath.Dir(up) {
		if _, err := os.Stat(filepath.Join(up, "go.mod")); err == nil {
			return up
		}
		if up == filepath.Dir(up) {
			return folder
		}
	}
}
