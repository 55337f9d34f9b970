package deviation

import (
	"flag"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/difference"
)

var update = flag.Bool("update", false, "write the table of deviations anew")

// table says of each deviation what it makes of one sign-on and of decisions: what is
// otherwise stands behind the exchanges, or the decision and the case, that it means.
const table = "testdata/deviations.txt"

func TestTheTableSaysWhatEachDeviationDoes(t *testing.T) {
	w := newWorld(t)
	rulings := slices.Concat(slices.Concat(aboutPeople(), aboutFlows(), aboutRequests(), aboutTokens())...)
	honest := w.rule(rulings, Set{}.Decisions(), everyDecision())
	var text strings.Builder
	for _, d := range slices.SortedFunc(slices.Values(All()), func(a, b Deviation) int { return strings.Compare(a.Name, b.Name) }) {
		set := Set{on: map[string]Deviation{d.Name: d}}
		decisions := set.Decisions()
		taken := overridden(decisions)
		atRest := w.rule(rulings, decisions, taken)
		seen := ""
		if around := set.Middleware(); around != nil {
			seen = difference.Along(around, difference.Options{Sorted: true, Asked: func(n int) []string {
				if n == 1 {
					return nil
				}
				return differing(atRest, w.rule(rulings, decisions, taken))
			}}).String()
		}
		for _, line := range differing(honest, w.rule(rulings, decisions, taken)) {
			seen += "  " + line + "\n"
		}
		require.NotEmpty(t, seen, "%s changes nothing", d.Name)
		for _, name := range taken {
			require.Contains(t, seen, name+" of", "%s decides nothing otherwise", d.Name)
		}
		fmt.Fprintf(&text, "%s: %s\n%s\n", d.Name, d.Breaks, seen)
	}
	require.NoError(t, difference.Keep(table, text.String(), *update))
}

// outcomes are what came of rulings, by the decision and the case.
type outcomes struct {
	order []string
	by    map[string]any
}

// rule takes the named decisions about all their cases, each in a world of its own.
func (w *world) rule(rulings []ruling, d *Decisions, names []string) outcomes {
	all := outcomes{by: map[string]any{}}
	for _, r := range rulings {
		if slices.Contains(names, r.decision) {
			title := r.decision + " of " + r.about
			all.order = append(all.order, title)
			all.by[title] = r.by(d, newWorld(w.t))
		}
	}
	return all
}

func differing(was, is outcomes) []string {
	var lines []string
	for _, title := range is.order {
		for _, line := range difference.Values(was.by[title], is.by[title]) {
			lines = append(lines, title+": "+line)
		}
	}
	return lines
}

func everyDecision() []string {
	var names []string
	eachDecision(&Decisions{}, func(name string, _ reflect.Value) { names = append(names, name) })
	return names
}

func eachDecision(of *Decisions, visit func(name string, decision reflect.Value)) {
	all := reflect.ValueOf(of).Elem()
	for i := range all.NumField() {
		for j := range all.Field(i).NumField() {
			visit(all.Type().Field(i).Name+"."+all.Field(i).Type().Field(j).Name, all.Field(i).Field(j))
		}
	}
}

// overridden are the decisions that are not the documented ones.
func overridden(d *Decisions) []string {
	documented := map[string]uintptr{}
	eachDecision(Set{}.Decisions(), func(name string, decision reflect.Value) { documented[name] = decision.Pointer() })
	var names []string
	eachDecision(d, func(name string, decision reflect.Value) {
		if decision.Pointer() != documented[name] {
			names = append(names, name)
		}
	})
	return names
}
