package vary

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// shown is how many false alarms of a variation are told.
const shown = 3

// Print writes the outcomes as a table, then what a run against all variations at
// once has observed.
func Print(w io.Writer, outcomes []Outcome) error {
	var b strings.Builder
	group := ""
	for _, o := range outcomes {
		if o.Variation.Group != group {
			group = o.Variation.Group
			fmt.Fprintf(&b, "\n%s\n", group)
		}
		o.line(&b)
	}
	summary(&b, outcomes)
	for _, o := range outcomes {
		if o.Variation.Name == AllAtOnce {
			fmt.Fprintf(&b, "\nWhat a tenant as different as the pages allow shows:\n\n")
			o.Seen.Print(&b)
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	return nil
}

// line tells how many calls were changed, and what came of it.
func (o Outcome) line(b *strings.Builder) {
	switch name := o.Variation.Name; {
	case len(o.Alarms) > 0:
		fmt.Fprintf(b, "  %-40s %5d calls changed  FALSE ALARM in %d of %d scenarios\n", name, o.changes(), len(o.Alarms), o.Ran)
		for i, a := range o.Alarms {
			if i == shown {
				fmt.Fprintf(b, "      … and %d more\n", len(o.Alarms)-shown)
				break
			}
			fmt.Fprintf(b, "      %s: %s\n        %s\n        %s\n", a.File, a.Scenario, a.sentence(), firstLine(a.Message))
		}
	case o.changes() == 0:
		fmt.Fprintf(b, "  %-40s   CHANGES NO CALL of %d scenarios: it proves nothing\n", name, o.Ran)
	default:
		fmt.Fprintf(b, "  %-40s %5d calls changed  %d scenarios green\n", name, o.changes(), o.Ran)
	}
}

func (a Alarm) sentence() string {
	if a.Step == "" {
		return "(at its end)"
	}
	return a.Step
}

func firstLine(message string) string {
	line, _, _ := strings.Cut(message, "\n")
	return line
}

func summary(b *strings.Builder, outcomes []Outcome) {
	fmt.Fprintf(b, "\n%-14s %10s %12s\n", "group", "variations", "no alarm")
	var groups []string
	tried, held := map[string]int{}, map[string]int{}
	for _, o := range outcomes {
		if !slices.Contains(groups, o.Variation.Group) {
			groups = append(groups, o.Variation.Group)
		}
		tried[o.Variation.Group]++
		if o.Held() {
			held[o.Variation.Group]++
		}
	}
	for _, group := range groups {
		fmt.Fprintf(b, "%-14s %10d %12d\n", group, tried[group], held[group])
	}
}
