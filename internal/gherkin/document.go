package gherkin

import (
	"strings"

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
