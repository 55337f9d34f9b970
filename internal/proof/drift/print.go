package drift

import (
	"fmt"
	"io"
	"strings"

	"pingone-conformance/internal/plain"
)

// Print writes the report for people: under each scenario the calls that drifted,
// equal drift of one operation once, and one line with the total.
func (r Report) Print(w io.Writer) error {
	var b strings.Builder
	seen := r.repeats()
	for _, s := range r.Scenarios {
		s.print(&b, seen)
	}
	b.WriteString(r.note())
	fmt.Fprintln(&b, r.total())
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	return nil
}

// note explains drift that has its reason in this run's configuration.
func (r Report) note() string {
	for _, s := range r.Scenarios {
		if s.RecordedPasscodes != "" && s.Passcodes != "" && s.RecordedPasscodes != s.Passcodes {
			return fmt.Sprintf("note: recorded with passcodes from %s, run with %s, which takes other devices; some answers differ for that\n",
				s.RecordedPasscodes, s.Passcodes)
		}
	}
	return ""
}

// repeats counts equal drift; what is printed is taken out.
func (r Report) repeats() map[string]int {
	count := map[string]int{}
	for _, s := range r.Scenarios {
		for _, c := range s.Calls {
			count[c.class()]++
		}
	}
	return count
}

// class is equal for calls that drifted in the same way.
func (c Call) class() string {
	return fmt.Sprint(c.Outcome, c.Operation, c.Method, c.Path, c.Differences)
}

// print writes what is worth telling of a scenario; nothing if it is as recorded.
func (s Scenario) print(b *strings.Builder, repeats map[string]int) {
	var text strings.Builder
	if s.Failure != "" {
		at := ""
		if s.FailedAt != "" {
			at = fmt.Sprintf(" at %q", s.FailedAt)
		}
		fmt.Fprintf(&text, "  FAILED%s; %s\n", at, s.extent())
		text.WriteString(plain.Block(s.Failure, "    "))
	}
	if s.Uncompared != "" {
		fmt.Fprintf(&text, "  NOT COMPARED: %s\n", plain.Line(s.Uncompared))
	}
	for _, c := range s.Calls {
		if n := repeats[c.class()]; n > 0 {
			repeats[c.class()] = 0
			c.print(&text, n-1)
		}
	}
	if text.Len() == 0 {
		return
	}
	fmt.Fprintf(b, "%s: %s\n", s.Feature, s.Name)
	b.WriteString(text.String())
	b.WriteString("\n")
}

// extent says how much of a scenario that failed is in the report.
func (s Scenario) extent() string {
	return fmt.Sprintf("%s before it and of the clean-up compared, %d recorded not reached", plain.Count(s.Compared, "call"), s.NotReached)
}

func (c Call) print(b *strings.Builder, more int) {
	step := "-"
	if c.Step > 0 {
		step = fmt.Sprint(c.Step)
	}
	fmt.Fprintf(b, "  step %-3s %s  %s %s", step, c.Operation, c.Method, plain.Line(c.Path))
	if c.Outcome == Drifted {
		fmt.Fprintf(b, "  %d", c.Status)
	}
	if more > 0 {
		fmt.Fprintf(b, "  (and %s like it)", plain.Count(more, "more call"))
	}
	b.WriteString("\n")
	switch c.Outcome {
	case Extra:
		fmt.Fprintf(b, "      extra call, answered %d: the recording has none like it here\n", c.Status)
	case Missing:
		b.WriteString("      missing call: it was recorded and not sent\n")
	}
	for _, d := range c.Differences {
		fmt.Fprintf(b, "      %s\n", plain.Line(d.String()))
	}
}

// total is the last line.
func (r Report) total() string {
	t := r.Totals
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s compared with the recordings (%s): ", plain.Count(t.Compared, "call"), plain.Count(t.Scenarios, "scenario"), r.Answered)
	if t.Drifted+t.Extra+t.Missing == 0 {
		b.WriteString("no drift")
	} else {
		fmt.Fprintf(&b, "%d drifted in %s, %d extra, %d missing", t.Drifted, plain.Count(t.Differences, "place"), t.Extra, t.Missing)
	}
	if t.Failed > 0 {
		fmt.Fprintf(&b, "; %s failed, %d recorded calls not reached", plain.Count(t.Failed, "scenario"), t.NotReached)
	}
	if t.Uncompared > 0 {
		fmt.Fprintf(&b, "; %s not compared", plain.Count(t.Uncompared, "scenario"))
	}
	return b.String()
}
