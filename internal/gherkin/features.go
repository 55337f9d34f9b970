package gherkin

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"

	gherkin "github.com/cucumber/gherkin/go/v42"
	messages "github.com/cucumber/messages/go/v34"

	"pingone-conformance/internal/lazy"
)

// Scenario is one scenario, or one row of an outline's examples with the row's
// values in the place of the outline's <words>.
type Scenario struct {
	// File is the feature file, a slash path, and Line where the scenario stands in
	// it, from 1: that of the row in an outline.
	File string
	Line int
	Name string
	// Tags are the feature's first, each with its @.
	Tags []string
	// Steps are in order, those of a Background first.
	Steps []Step

	document *document
	ids      []string // of the scenario and of its row
}

// Step is one step of a scenario.
type Step struct {
	Line int
	// Role is Given, When or Then, for And and But that of the step before, and ""
	// where none is said.
	Role string
	Text string
}

// Feature is the name of the scenario's file without its folder and ending.
func (s Scenario) Feature() string { return strings.TrimSuffix(path.Base(s.File), ".feature") }

// Path selects the scenario in godog's form, "file:line". An outline's rows share
// one, which selects them all.
func (s Scenario) Path() string {
	return fmt.Sprintf("%s:%d", s.File, s.document.lines[s.ids[0]])
}

// Read lists the scenarios of every .feature file, in the order of the files and
// their lines. A file that cannot be parsed is an error with its name and line.
func Read(features fs.FS) ([]Scenario, error) {
	var all []Scenario
	err := fs.WalkDir(features, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(file) != ".feature" {
			return err
		}
		text, err := fs.ReadFile(features, file)
		if err != nil {
			return err
		}
		found, err := parse(file, text)
		all = append(all, found...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the features: %w", err)
	}
	return all, nil
}

func parse(file string, text []byte) ([]Scenario, error) {
	ids := (&messages.Incrementing{}).NewId
	parsed, err := gherkin.ParseGherkinDocument(bytes.NewReader(text), ids)
	if err != nil {
		return nil, fmt.Errorf("%s is no feature: %w", file, err)
	}
	document := newDocument(string(text), parsed.Feature)
	var found []Scenario
	for _, pickle := range gherkin.Pickles(*parsed, file, ids) {
		s := Scenario{File: file, Line: int(pickle.Location.Line), Name: pickle.Name, document: document, ids: pickle.AstNodeIds}
		for _, tag := range pickle.Tags {
			s.Tags = append(s.Tags, tag.Name)
		}
		for _, step := range pickle.Steps {
			s.Steps = append(s.Steps, Step{Line: document.lines[step.AstNodeIds[0]], Role: Role(step.Type), Text: step.Text})
		}
		found = append(found, s)
	}
	return found, nil
}

// Role is the keyword of a step, whatever it is written as; "" for one of unknown type.
func Role(of messages.PickleStepType) string {
	switch of {
	case messages.PickleStepType_CONTEXT:
		return "Given"
	case messages.PickleStepType_ACTION:
		return "When"
	case messages.PickleStepType_OUTCOME:
		return "Then"
	}
	return ""
}

// place is where a printed name says that its scenario stands.
var place = lazy.Regexp(`\s+\[[^\]]+:\d+\]$`)

// Select keeps the scenarios whose name contains text, in any case, or those that are called
// just so, if there are any; "" keeps all. The text may end in the scenario's place, as a
// run prints it. When no name contains it, the error lists every name.
func Select(all []Scenario, text string) ([]Scenario, error) {
	text = strings.ToLower(place.Get().ReplaceAllString(strings.TrimSpace(text), ""))
	var found, exact []Scenario
	var names strings.Builder
	for _, s := range all {
		name := strings.ToLower(s.Name)
		if strings.Contains(name, text) {
			found = append(found, s)
		}
		if name == text {
			exact = append(exact, s)
		}
		names.WriteString("\n  " + s.Name)
	}
	switch {
	case len(exact) > 0:
		return exact, nil
	case len(found) == 0 && text != "":
		return nil, fmt.Errorf("no scenario's name contains %q; there are:%s", text, names.String())
	}
	return found, nil
}
