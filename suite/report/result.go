// Package report says how a run has ended: as a story for a terminal and as JUnit
// XML. It runs nothing and knows no sentence.
package report

import (
	"errors"
	"path"
	"time"

	"pingone-conformance/client"
	"pingone-conformance/internal/names"
)

// ErrNotStarted is a scenario's error when the run was interrupted before its turn.
var ErrNotStarted = errors.New("not started")

// ID names one scenario: Feature is the feature file's name without its ending,
// which is also its tag and its fixture folder.
type ID struct {
	Feature, Name string
	Tags          []string
	File          string
}

// Slug is the scenario's name as a file name: lower-case words joined by hyphens.
func (s ID) Slug() string { return names.File(s.Name) }

// Recording is where the scenario's recording lies among the fixtures: <feature>/<scenario>.txtar.
func (s ID) Recording() string { return path.Join(s.Feature, s.Slug()+".txtar") }

// Traced is one call that was sent while a numbered step ran.
type Traced struct {
	Step     int
	Line     string // the sentence
	Exchange *client.Exchange
}

// Result is how one scenario ended.
type Result struct {
	Scenario ID
	// Step is the text of the step that failed, "" when none did.
	Step string
	Err  error
	// Rerun is the command that runs the scenario again, "" when it passed.
	Rerun   string
	Trace   []Traced
	Elapsed time.Duration
}
