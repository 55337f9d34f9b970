package mutants

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// Print writes the tables, the survivors that are not accepted, the accepted ones by
// reason, and the ratio with what it counts.
func (t Tally) Print(out io.Writer) error {
	var b bytes.Buffer
	t.tables(&b)
	t.survivors(&b)
	t.ratio(&b)
	if _, err := out.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// PrintVerdicts writes what became of each mutant, and what killed it, one paragraph each.
func (t Tally) PrintVerdicts(out io.Writer) error {
	var b bytes.Buffer
	for _, v := range t.Verdicts {
		fmt.Fprintf(&b, "%s: %s\n    exchange %d of %s/%s: %s\n", v.line(), v.Outcome, v.Exchange+1, v.Scenario.Feature, v.Scenario.Slug(), v.Where)
		if v.Err != nil {
			first, _, _ := strings.Cut(v.Err.Error(), "\n")
			fmt.Fprintf(&b, "    %s\n", first)
		}
	}
	if _, err := out.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write the verdicts: %w", err)
	}
	return nil
}

func (t Tally) tables(b *bytes.Buffer) {
	table(b, "", t.Verdicts, func(Verdict) string { return "all mutants" })
	table(b, "what the documents say of the place", t.Verdicts, func(v Verdict) string { return standingWord(v.Mutant) })
	table(b, "kind of change", t.Verdicts, func(v Verdict) string { return string(v.Kind) })
	table(b, "sort of member", t.Verdicts, func(v Verdict) string { return memberClass(v.Mutant) })
	table(b, "operation", t.Verdicts, func(v Verdict) string { return v.Operation })
}

func table(b *bytes.Buffer, title string, verdicts []Verdict, word func(Verdict) string) {
	counts := countBy(verdicts, word)
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(w, "%-40s\tmutants\tkilled\tby a check\tby replay alone\tsurvived\n", title)
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		c := counts[name]
		_, _ = fmt.Fprintf(w, "  %s\t%7d\t%6d\t%10d\t%15d\t%8d\n", name, c.All, c.Killed(), c.ByCheck, c.ByReplay, c.Survived())
	}
	_ = w.Flush() // a buffer takes everything
	b.WriteByte('\n')
}

func (t Tally) survivors(b *bytes.Buffer) {
	fmt.Fprintf(b, "survivors that are not accepted: %d classes\n", len(t.Survivors))
	for _, s := range t.Survivors {
		fmt.Fprintf(b, "  %s ×%d\n", s.line(), s.Times)
		fmt.Fprintf(b, "      such as exchange %d of %s/%s: %s\n", s.Exchange+1, s.Scenario.Feature, s.Scenario.Slug(), s.Where)
	}
	total := 0
	for _, g := range t.Accepted {
		total += g.Count
	}
	fmt.Fprintf(b, "\naccepted survivors: %d mutants\n", total)
	for _, g := range t.Accepted {
		fmt.Fprintf(b, "  %5d  %s\n", g.Count, g.Reason)
	}
	for _, a := range t.Stale {
		fmt.Fprintf(b, "  stale  line %d: %s\n", a.Line, strings.Join([]string{a.Standing, a.Operation, a.Status, a.Place}, " | "))
	}
}

func (t Tally) ratio(b *bytes.Buffer) {
	fmt.Fprintf(b, "\nheld: %.2f %% of the %d mutants that contradict the documents are killed; %.2f %% by a check, as against a live server\n",
		100*t.Ratio(), t.Documented.All, 100*t.ByChecks())
	fmt.Fprintf(b, "  a mutant contradicts the documents when it changes, in any way, a place that a documented schema of contract/\n"+
		"  requires in that very answer or that repeats what was sent, the status, the media type or a redirect; or when it\n"+
		"  changes the type of a place that a documented schema only describes. Accepted survivors count as not killed.\n"+
		"  At least %.0f %% are wanted.\n", 100*threshold)
	fmt.Fprintf(b, "apart: %d mutants of promised places, %d of them killed, contradict nothing, since the documents allow the new value\n", t.Allowed.All, t.Allowed.Killed())
	for _, g := range t.Permitted {
		fmt.Fprintf(b, "  %5d  %s\n", g.Count, g.Reason)
	}
	fmt.Fprintf(b, "members: %d of the %d documented members (operation, status and place) let no such mutant survive: %.2f %%\n",
		t.Members.Killed(), t.Members.All, 100*share(t.Members.Killed(), t.Members.All))
}
