package mutants

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing/fstest"

	gherkin "github.com/cucumber/gherkin/go/v42"
	messages "github.com/cucumber/messages/go/v34"

	"pingone-conformance/internal/replay"
	"pingone-conformance/steps"
)

// Scenario is one scenario, or one row of an outline, by itself.
type Scenario struct {
	steps.Scenario
	// alone holds a feature file with nothing but this scenario, so that it can be run by itself and quickly.
	alone fs.FS
}

// Scenarios lists every scenario of the feature files at the root of features.
func Scenarios(features fs.FS) ([]Scenario, error) {
	files, err := fs.Glob(features, "*.feature")
	if err != nil {
		return nil, fmt.Errorf("list the feature files: %w", err)
	}
	var all []Scenario
	for _, file := range files {
		text, err := fs.ReadFile(features, file)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		doc, err := gherkin.ParseGherkinDocument(bytes.NewReader(text), (&messages.Incrementing{}).NewId)
		if err != nil {
			return nil, fmt.Errorf("%s is no feature: %w", file, err)
		}
		if doc.Feature != nil {
			all = append(all, apart(file, string(text), doc)...)
		}
	}
	return all, nil
}

// apart takes a feature file apart into its scenarios.
func apart(file, text string, doc *messages.GherkinDocument) []Scenario {
	lines := strings.SplitAfter(text, "\n")
	blocks := blocksOf(doc.Feature, int64(len(lines)))
	var found []Scenario
	for _, pickle := range gherkin.Pickles(*doc, file, (&messages.Incrementing{}).NewId) {
		s := Scenario{Scenario: steps.Scenario{Feature: strings.TrimSuffix(path.Base(file), ".feature"), Name: pickle.Name, File: file}}
		for _, tag := range pickle.Tags {
			s.Tags = append(s.Tags, tag.Name)
		}
		var kept strings.Builder
		for i, line := range lines {
			if keeps(blocks, pickle.AstNodeIds, int64(i+1)) {
				kept.WriteString(line)
			}
		}
		s.alone = fstest.MapFS{file: &fstest.MapFile{Data: []byte(kept.String())}}
		found = append(found, s)
	}
	return found
}

// block is a range of lines that belongs to one scenario, or to one row of its examples.
type block struct {
	first, last int64
	owner       string // the id of the scenario or row
	row         bool
}

// blocksOf finds the lines of each scenario, its tags and its rows; a scenario ends where the next begins.
func blocksOf(feature *messages.Feature, last int64) []block {
	var scenarios, rows []block
	for _, child := range feature.Children {
		if child.Scenario == nil {
			continue
		}
		first := child.Scenario.Location.Line
		for _, tag := range child.Scenario.Tags {
			first = min(first, tag.Location.Line)
		}
		if n := len(scenarios); n > 0 {
			scenarios[n-1].last = first - 1
		}
		scenarios = append(scenarios, block{first: first, last: last, owner: child.Scenario.Id})
		for _, examples := range child.Scenario.Examples {
			for _, row := range examples.TableBody {
				rows = append(rows, block{first: row.Location.Line, last: row.Location.Line, owner: row.Id, row: true})
			}
		}
	}
	return append(scenarios, rows...)
}

// keeps tells whether a line belongs to the scenario with these ids, or to the feature as a whole.
func keeps(blocks []block, ids []string, line int64) bool {
	for _, b := range blocks {
		if line >= b.first && line <= b.last && !slices.Contains(ids, b.owner) {
			return false
		}
	}
	return true
}

// replay runs the scenario against a recording and returns how it failed, nil when it passed.
func (s Scenario) replay(ctx context.Context, recording *replay.Recording, tolerant bool) error {
	results, err := steps.Run(ctx, steps.Options{Features: s.alone, Places: place{recording, tolerant}})
	if len(results) == 1 {
		return results[0].Err
	}
	return fmt.Errorf("%d scenarios ran instead of one: %w", len(results), err)
}

// place opens the place of one scenario on a recording in memory.
type place struct {
	recording *replay.Recording
	tolerant  bool
}

// Open gives every scenario this recording.
func (p place) Open(context.Context, steps.Scenario) (*steps.Place, error) {
	open := replay.ReplayRecording
	if p.tolerant {
		open = replay.ReplayTolerantly
	}
	session, err := open(p.recording)
	if err != nil {
		return nil, err
	}
	return steps.Replayed(session), nil
}
