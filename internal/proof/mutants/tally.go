package mutants

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pingone-conformance/contract"
	"pingone-conformance/internal/replay/jsontree"
)

// threshold is the least share of documented mutants that has to be killed.
const threshold = 0.97

// Count is how many mutants there were of some kind, and what became of them.
type Count struct{ All, ByCheck, ByReplay int }

// Killed is how many did not survive.
func (c Count) Killed() int { return c.ByCheck + c.ByReplay }

// Survived is how many the suite did not notice.
func (c Count) Survived() int { return c.All - c.Killed() }

func (c *Count) add(v Verdict) {
	c.All++
	switch v.Outcome {
	case ByCheck:
		c.ByCheck++
	case ByReplay:
		c.ByReplay++
	}
}

// Survivor is a class of survivors: one member of one answer, changed in one way.
type Survivor struct {
	Verdict
	Times int
}

// Group is the accepted survivors of one reason.
type Group struct {
	Reason string
	Count  int
}

// Tally is what a run has shown.
type Tally struct {
	Total, Documented Count
	// Allowed are mutants of promised places that the documents allow.
	Allowed Count
	// Permitted are those mutants by reason.
	Permitted []Group
	// Members counts documented members: those killed let none of their documented mutants survive.
	Members   Count
	Verdicts  []Verdict
	Survivors []Survivor   // not accepted
	Accepted  []Group      // accepted, most first
	Stale     []Acceptance // lines that accept nothing
}

// sum adds up the verdicts and holds the survivors against what is accepted.
func sum(verdicts []Verdict, accepted []Acceptance) Tally {
	contradict := slices.DeleteFunc(slices.Clone(verdicts), func(v Verdict) bool {
		return !v.Documented() || reasonAllowing(v.Mutant, accepted) != ""
	})
	t := Tally{Verdicts: verdicts, Members: membersOf(contradict)}
	for _, v := range contradict {
		t.Documented.add(v)
	}
	used := make([]int, len(accepted))
	classes := map[string]*Survivor{}
	permitted := map[string]int{}
	for _, v := range verdicts {
		t.Total.add(v)
		if reason := reasonAllowing(v.Mutant, accepted); v.Documented() && reason != "" {
			t.Allowed.add(v)
			permitted[reason]++
		}
		if v.Outcome != Survived {
			continue
		}
		if i := slices.IndexFunc(accepted, func(a Acceptance) bool { return a.Accepts(v.Mutant) }); i >= 0 {
			used[i]++
			continue
		}
		class := v.line()
		if classes[class] == nil {
			classes[class] = &Survivor{Verdict: v}
		}
		classes[class].Times++
	}
	for _, class := range slices.Sorted(maps.Keys(classes)) {
		t.Survivors = append(t.Survivors, *classes[class])
	}
	reasons := map[string]int{}
	for i, n := range used {
		if n == 0 {
			t.Stale = append(t.Stale, accepted[i])
			continue
		}
		reasons[accepted[i].Reason] += n
	}
	t.Accepted, t.Permitted = grouped(reasons), grouped(permitted)
	return t
}

// grouped lists reasons, most first.
func grouped(reasons map[string]int) []Group {
	var all []Group
	for reason, n := range reasons {
		all = append(all, Group{reason, n})
	}
	slices.SortFunc(all, func(a, b Group) int {
		return cmp.Or(b.Count-a.Count, strings.Compare(a.Reason, b.Reason))
	})
	return all
}

// reasonAllowing is why the documents allow a change of a place that they promise, "" when they do not.
func reasonAllowing(m Mutant, accepted []Acceptance) string {
	i := slices.IndexFunc(accepted, func(a Acceptance) bool { return a.Accepts(m) })
	if i < 0 || !accepted[i].Allowed {
		return ""
	}
	return accepted[i].Reason
}

// countBy counts verdicts by a word that each gets.
func countBy(verdicts []Verdict, word func(Verdict) string) map[string]*Count {
	counts := map[string]*Count{}
	for _, v := range verdicts {
		if counts[word(v)] == nil {
			counts[word(v)] = &Count{}
		}
		counts[word(v)].add(v)
	}
	return counts
}

// Documented tells whether the mutant contradicts the documents: it touches a place
// that has to be there, or gives another type to one that is only described.
func (m Mutant) Documented() bool {
	return m.Standing == contract.Promised || m.Standing == contract.Named && m.Kind == Retyped
}

// Ratio is the share of documented mutants that were killed; ByChecks counts only
// those that a check killed, as it would be against a live server.
func (t Tally) Ratio() float64 { return share(t.Documented.Killed(), t.Documented.All) }

// ByChecks is Ratio without the mutants that only the strictness of replay killed.
func (t Tally) ByChecks() float64 { return share(t.Documented.ByCheck, t.Documented.All) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Faults says what is wrong with the suite or with the list of accepted survivors,
// one sentence each; none means that all is well.
func (t Tally) Faults() []string {
	var faults []string
	if t.Ratio() < threshold {
		faults = append(faults, fmt.Sprintf("%.1f %% of what the documents speak of is held, less than %.0f %%", 100*t.Ratio(), 100*threshold))
	}
	if n := len(t.Survivors); n > 0 {
		faults = append(faults, fmt.Sprintf("%d classes of survivors are not accepted: check what they change, or accept them with a reason", n))
	}
	for _, a := range t.Stale {
		faults = append(faults, fmt.Sprintf("line %d accepts no survivor any more: remove it (%s %s %s)", a.Line, a.Operation, a.Status, a.Place))
	}
	return faults
}

// membersOf counts the documented members by their worst mutant.
func membersOf(verdicts []Verdict) Count {
	worst := map[string]Outcome{}
	for _, v := range verdicts {
		if !v.Documented() {
			continue
		}
		member := fmt.Sprint(v.Operation, v.Status, v.Member())
		if before, known := worst[member]; !known || badness(v.Outcome) > badness(before) {
			worst[member] = v.Outcome
		}
	}
	var c Count
	for _, outcome := range worst {
		c.add(Verdict{Outcome: outcome})
	}
	return c
}

func badness(o Outcome) int { return slices.Index([]Outcome{ByCheck, ByReplay, Survived}, o) }

// standingWord is the standing as accepted.txt writes it.
func standingWord(m Mutant) string {
	if m.Standing == "" {
		return silent
	}
	return string(m.Standing)
}

// memberClass says what sort of place the mutant changes.
func memberClass(m Mutant) string {
	last := m.Where[strings.LastIndex(m.Where, "/")+1:]
	switch {
	case m.Where == placeStatus:
		return "status"
	case strings.HasPrefix(m.Where, "header "):
		return "headers"
	case strings.Contains(m.Where, "/_links"):
		return "links"
	case m.Status >= 400:
		return "error members"
	case last == "id":
		return "ids"
	case strings.HasSuffix(last, "At") || last == "at":
		return "times"
	case jsontree.IsIndex(last):
		return "list items"
	}
	return "other members"
}
