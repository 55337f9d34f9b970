package report

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/plain"
)

// Cause is one thing that was wrong, and every scenario that it broke.
type Cause struct {
	// What is wrong, in the words of the first scenario's error: the rule and the place where a contract was broken,
	// else the sentence's own words. Ids, times and numbers that differ from scenario to scenario are left out.
	What string
	// Message is the whole error of the first scenario.
	Message string
	// Scenarios are those that failed for it, in the order of the results.
	Scenarios []ID
}

// Causes groups the failures of a run by what was wrong first: one cause that breaks many scenarios is one. The cause that
// broke most comes first. A scenario that was not started has not failed.
func Causes(results []Result) []Cause {
	var causes []Cause
	place := map[string]int{}
	for _, r := range results {
		if r.Err == nil || errors.Is(r.Err, ErrNotStarted) {
			continue
		}
		what := causeOf(r)
		i, known := place[what]
		if !known {
			i, place[what] = len(causes), len(causes)
			causes = append(causes, Cause{What: what, Message: r.Err.Error()})
		}
		causes[i].Scenarios = append(causes[i].Scenarios, r.Scenario)
	}
	slices.SortStableFunc(causes, func(a, b Cause) int { return cmp.Compare(len(b.Scenarios), len(a.Scenarios)) })
	return causes
}

// PrintCauses writes each cause once, with the scenarios that it broke; nothing where no two scenarios share one, for then
// the story has said it all.
func PrintCauses(causes []Cause) string {
	if !slices.ContainsFunc(causes, func(c Cause) bool { return len(c.Scenarios) > 1 }) {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nWhat was wrong, once each\n")
	for _, c := range causes {
		fmt.Fprintf(&b, "  %s\n    broke %s:\n", c.What, plain.Count(len(c.Scenarios), "scenario"))
		for _, s := range c.Scenarios {
			fmt.Fprintf(&b, "      %s: %s\n", s.Feature, s.Name)
		}
	}
	return b.String()
}

const broken = "breaks its contract: "

var (
	answered  = lazy.Regexp(`^[A-Z]+ \S+ answered [0-9]+: `)
	numbered  = lazy.Regexp(`^step [0-9]+: `)
	tried     = lazy.Regexp(`; [A-Z]+ /\S* answered`)
	changing  = lazy.Regexp(`\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z|\b[0-9a-f]{16}\b|(?:127\.0\.0\.1|localhost):[0-9]+`)
	listItems = lazy.Regexp(`/[0-9]+/`)
)

// causeOf is what was wrong first: of a broken contract the place and the rule, without what this call wanted and got.
func causeOf(r Result) string {
	text, _, _ := strings.Cut(r.Err.Error(), "\n")
	text = numbered.Get().ReplaceAllString(text, "")
	if rule := Rule(text); rule != "" {
		return rule
	}
	if at := tried.Get().FindStringIndex(text); at != nil {
		text = text[:at[0]]
	}
	return changing.Get().ReplaceAllString(text, "…")
}

// Rule is the first rule of the contract that an error says is broken, with the place in the answer, "" when it says none.
func Rule(message string) string {
	text, _, _ := strings.Cut(message, "\n")
	_, finding, is := strings.Cut(text, broken)
	if !is {
		return ""
	}
	finding = answered.Get().ReplaceAllString(finding, "")
	finding, _, _ = strings.Cut(finding, " (want ")
	finding, _, _ = strings.Cut(finding, " [documented")
	return listItems.Get().ReplaceAllString(finding, "/*/")
}
