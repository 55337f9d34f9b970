package detect

import (
	_ "embed"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"pingone-conformance/internal/gherkin"
)

//go:embed first.txt
var learned string

// First names for each deviation the scenario that is tried first. It only saves time: a row that is missing, or whose scenario is gone or
// notices no more, costs a run of all scenarios and hides nothing.
type First map[string]Standing

// Standing is a scenario by its file and its name.
type Standing struct{ File, Scenario string }

// Learned are the scenarios that noticed the last time that somebody had them written down, with detect --learn.
func Learned() First { return read(learned) }

func read(table string) First {
	first := First{}
	for line := range strings.Lines(table) {
		deviation, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if file, scenario, whole := strings.Cut(rest, ": "); whole {
			first[deviation] = Standing{file, scenario}
		}
	}
	return first
}

// of is the scenario to try first, if it is still there.
func (f First) of(deviation string, scenarios []gherkin.Scenario) (gherkin.Scenario, bool) {
	at, known := f[deviation]
	i := slices.IndexFunc(scenarios, func(s gherkin.Scenario) bool { return s.File == at.File && s.Name == at.Scenario })
	if !known || i < 0 {
		return gherkin.Scenario{}, false
	}
	return scenarios[i], true
}

// Learn is f with the scenarios that noticed now: of several, the first whose sentence or message names the deviation's own place.
func (f First) Learn(outcomes []Outcome) First {
	learned := First{}
	maps.Copy(learned, f)
	for _, o := range outcomes {
		if !o.Noticed() {
			delete(learned, o.Deviation.Name)
			continue
		}
		best := max(0, slices.IndexFunc(o.Caught, func(c Catch) bool { return len(c.SpeaksOf(o.Deviation)) > 0 }))
		learned[o.Deviation.Name] = Standing{o.Caught[best].File, o.Caught[best].Scenario}
	}
	return learned
}

// Write writes the table as Learned reads it, a line for each deviation.
func (f First) Write(w io.Writer) error {
	for _, deviation := range slices.Sorted(maps.Keys(f)) {
		if _, err := fmt.Fprintf(w, "%s %s: %s\n", deviation, f[deviation].File, f[deviation].Scenario); err != nil {
			return fmt.Errorf("write down who noticed: %w", err)
		}
	}
	return nil
}
