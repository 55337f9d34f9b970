package runner_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/internal/replay"
	"pingone-conformance/suite"
)

// falling is a place that panics when it is opened.
type falling struct{}

// Open implements suite.Opener.
func (falling) Open(context.Context, suite.ID) (*suite.Place, error) { panic("nobody is at home") }

// opened is a place where nobody answers.
type opened struct{ close func() error }

// Open implements suite.Opener.
func (o opened) Open(context.Context, suite.ID) (*suite.Place, error) {
	place := suite.Replayed(replay.Direct(http.NewFileTransport(http.Dir("nowhere")), 1))
	place.Close = o.close
	return place, nil
}

// However a scenario falls, and whatever falls with it, the reports are written.
func TestAPanicLeavesItsReports(t *testing.T) {
	feature := fstest.MapFS{"some.feature": {Data: []byte("Feature: F\n  Scenario: S\n    Then it falls\n")}}
	step := func(r *suite.Registry) {
		r.Then(`^it falls$`, func() (suite.Evidence, error) { panic("the step fell") })
	}
	for name, row := range map[string]struct {
		o      suite.Options
		panics bool
		says   string
	}{
		"a step":       {suite.Options{Sentences: step, Places: opened{}}, false, "the step fell"},
		"a hook":       {suite.Options{Sentences: step, Places: falling{}}, false, "what comes before the scenario panicked: nobody is at home"},
		"the run":      {suite.Options{Sentences: func(*suite.Registry) { panic("no sentence is right") }, Places: opened{}}, true, "by a panic: no sentence is right"},
		"the clean-up": {suite.Options{Sentences: step, Places: opened{close: func() error { panic("the door is stuck") }}}, false, "what comes after the scenario panicked: the door is stuck"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "reports")
			row.o.Features, row.o.Config = feature, config.Config{Mode: config.Live}
			row.o.Fixtures = fstest.MapFS{}
			ran := func() {
				_, _, err := run(t, row.o, "-reports", folder)
				require.Error(t, err)
			}
			if row.panics {
				require.Panics(t, ran)
			} else {
				ran()
			}
			for _, file := range []string{"junit.xml", "conformance.json", "index.html", "messages.ndjson", "summary.md"} {
				require.FileExists(t, filepath.Join(folder, file))
			}
			text, err := os.ReadFile(filepath.Join(folder, "junit.xml"))
			require.NoError(t, err)
			require.Contains(t, string(text), row.says)
			require.Regexp(t, `<testsuites [^>]*failures="[1-9]`, string(text))
		})
	}
}
