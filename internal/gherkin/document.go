package gherkin

import (
	"io/fs"
	"slices"
	"strings"
	"testing/fstest"

	messages "github.com/cucumber/messages/go/v34"
)

// document is a feature file by its lines.
type document struct {
	text   []string
	lines  map[string]int // where a scenario or a step stands, by its id
	blocks []block
}

// block is the lines that belong to one scenario, or to one row of its examples.
type block struct {
	owner       string // the id of the scenario or the row
	first, last int
}

func newDocument(text string, feature *messages.Feature) *document {
	d := &document{text: strings.SplitAfter(text, "\n"), lines: map[string]int{}}
	if feature == nil {
		return d
	}
	for _, child := range feature.Children {
		d.add(child.Background, child.Scenario)
		if child.Rule == nil {
			continue
		}
		d.begin("", child.Rule.Location, child.Rule.Tags)
		for _, inner := range child.Rule.Children {
			d.add(inner.Background, inner.Scenario)
		}
	}
	d.begin("", &messages.Location{Line: int64(len(d.text) + 1)}, nil)
	return d
}

// begin ends the block before and, with an owner, begins the next, above its tags.
func (d *document) begin(owner string, at *messages.Location, tags []*messages.Tag) {
	first := at.Line
	for _, tag := range tags {
		first = min(first, tag.Location.Line)
	}
	for i := range d.blocks {
		if d.blocks[i].last == 0 {
			d.blocks[i].last = int(first) - 1
		}
	}
	if owner != "" {
		d.blocks = append(d.blocks, block{owner: owner, first: int(first)})
	}
}

// add takes in a child of a feature or of a rule, which is a background or a scenario.
func (d *document) add(background *messages.Background, scenario *messages.Scenario) {
	var steps []*messages.Step
	if background != nil {
		steps = background.Steps
	}
	if scenario != nil {
		steps = scenario.Steps
		d.lines[scenario.Id] = int(scenario.Location.Line)
		d.begin(scenario.Id, scenario.Location, scenario.Tags)
		for _, examples := range scenario.Examples {
			for _, row := range examples.TableBody {
				d.blocks = append(d.blocks, block{owner: row.Id, first: int(row.Location.Line), last: int(row.Location.Line)})
			}
		}
	}
	for _, step := range steps {
		d.lines[step.Id] = int(step.Location.Line)
	}
}

// Alone is a file system with nothing but this scenario, as Only gives it.
func (s Scenario) Alone() fs.FS { return Only([]Scenario{s}) }

// Only is a file system with nothing but these scenarios, in files of the same names:
// other scenarios, and other rows of an outline, are empty lines, so that every line
// keeps its number.
func Only(scenarios []Scenario) fs.FS {
	kept := map[*document][]string{}
	files := map[*document]string{}
	for _, s := range scenarios {
		kept[s.document], files[s.document] = append(kept[s.document], s.ids...), s.File
	}
	only := fstest.MapFS{}
	for d, ids := range kept {
		only[files[d]] = &fstest.MapFile{Data: []byte(d.only(ids))}
	}
	return only
}

// only is the document's text without the blocks whose owner is not among the ids.
func (d *document) only(ids []string) string {
	kept := slices.Clone(d.text)
	for _, b := range d.blocks {
		if slices.Contains(ids, b.owner) {
			continue
		}
		for i := b.first - 1; i < min(b.last, len(kept)); i++ {
			kept[i] = "\n"
		}
	}
	return strings.Join(kept, "")
}
