package detect

import (
	"fmt"
	"io"
	"strings"

	"pingone-conformance/internal/lazy"
)

// widest is how much of a message a table's line takes.
const widest = 280

// Print writes the outcomes as a table, then the survivors in plain words.
func Print(w io.Writer, outcomes []Outcome) error {
	var b strings.Builder
	group := ""
	for _, o := range outcomes {
		if o.Deviation.Group != group {
			group = o.Deviation.Group
			fmt.Fprintf(&b, "\n%s\n", group)
		}
		o.line(&b)
		o.without(&b)
	}
	summary(&b, outcomes)
	survivors(&b, outcomes)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	return nil
}

// line tells who noticed first, where, and in which words.
func (o Outcome) line(b *strings.Builder) {
	if !o.Noticed() {
		fmt.Fprintf(b, "  %-30s NOT NOTICED by any of %d scenarios\n", o.Deviation.Name, o.Ran)
		return
	}
	c := o.Caught[0]
	fmt.Fprintf(b, "  %-30s %s  %s%s\n", o.Deviation.Name, c.At(), c.Scenario, o.others())
	fmt.Fprintf(b, "  %-30s   %s\n", "", c.sentence())
	fmt.Fprintf(b, "  %-30s   caught by %s\n", "", c.By())
	if len(c.SpeaksOf(o.Deviation)) == 0 {
		fmt.Fprintf(b, "  %-30s   ELSEWHERE: neither the sentence nor the message names the deviation's own place\n", "")
	}
	fmt.Fprintf(b, "  %-30s   %s\n", "", inTable(c.Message))
}

// without says which variations hide the deviation, so that it was tried without them.
func (o Outcome) without(b *strings.Builder) {
	if left, because := hidden(o.Deviation.Name); o.Varied && left != nil {
		fmt.Fprintf(b, "  %-30s   tried without %s: %s\n", "", strings.Join(left, ", "), because)
	}
}

// others says how many more scenarios noticed, when all of them have run.
func (o Outcome) others() string {
	if !o.Complete {
		return ""
	}
	return fmt.Sprintf(" (%d of %d)", len(o.Caught), o.Ran)
}

// sentence is the step that failed, or the end of the scenario.
func (c Catch) sentence() string {
	if c.Step == "" {
		return "(at its end)"
	}
	return c.Step
}

// Detail writes one outcome with every scenario that noticed, its whole message included.
func Detail(w io.Writer, o Outcome) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s (%s): %s\n  rule: %s\n  %s\n", o.Deviation.Name, o.Deviation.Group, o.Deviation.Breaks, o.Deviation.Rule, o.Deviation.Page)
	if !o.Noticed() {
		fmt.Fprintf(&b, "  NOT NOTICED by any of %d scenarios\n", o.Ran)
	}
	for _, c := range o.Caught {
		fmt.Fprintf(&b, "  %s  %s\n    %s\n", c.At(), c.Scenario, c.sentence())
		for line := range strings.Lines(c.Message) {
			fmt.Fprintf(&b, "      %s\n", strings.TrimSpace(line))
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print an outcome: %w", err)
	}
	return nil
}

// Survivors are the outcomes that nothing noticed.
func Survivors(outcomes []Outcome) []Outcome {
	var left []Outcome
	for _, o := range outcomes {
		if !o.Noticed() {
			left = append(left, o)
		}
	}
	return left
}

func summary(b *strings.Builder, outcomes []Outcome) {
	fmt.Fprintln(b)
	fmt.Fprintf(b, "%-12s %10s %10s\n", "group", "deviations", "noticed")
	var groups []string
	tried, noticed := map[string]int{}, map[string]int{}
	for _, o := range outcomes {
		if tried[o.Deviation.Group] == 0 {
			groups = append(groups, o.Deviation.Group)
		}
		tried[o.Deviation.Group]++
		if o.Noticed() {
			noticed[o.Deviation.Group]++
		}
	}
	for _, group := range groups {
		fmt.Fprintf(b, "%-12s %10d %10d\n", group, tried[group], noticed[group])
	}
	noticedAll := len(outcomes) - len(Survivors(outcomes))
	fmt.Fprintf(b, "%-12s %10d %10d\n", "all", len(outcomes), noticedAll)
	fmt.Fprintf(b, "of %d that were noticed, %d by a sentence or message that names the deviation's own place\n", noticedAll, noticedAll-len(Led(outcomes)))
}

func survivors(b *strings.Builder, outcomes []Outcome) {
	left := Survivors(outcomes)
	if len(left) == 0 {
		return
	}
	fmt.Fprintf(b, "\nNothing noticed when\n")
	for _, o := range left {
		fmt.Fprintf(b, "  - %s (%s), though %s: %s\n", o.Deviation.Breaks, o.Deviation.Name, o.Deviation.Rule, o.Deviation.Page)
	}
}

var uuid = lazy.Regexp(`\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`)

// inTable is the first line of a message, with ids cut short so that the cause is seen.
func inTable(message string) string {
	line, _, _ := strings.Cut(message, "\n")
	line = uuid.Get().ReplaceAllString(line, "$1…")
	if runes := []rune(line); len(runes) > widest {
		line = string(runes[:widest]) + "…"
	}
	return line
}
