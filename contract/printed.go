package contract

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Print writes the list, one fact in two lines: what was seen and how often; what the contract
// expects, how sure it is, and its source. What several calls show in the same way is one fact.
func (o *Observations) Print(w io.Writer) {
	var text strings.Builder
	for _, f := range factsOf(o.List()) {
		fmt.Fprintf(&text, "%4d × %s: %s\n", f.times, subjects(f.subjects), strings.Join(f.counted(), "; "))
		if len(f.sources) > 0 {
			fmt.Fprintf(&text, "       contract (%s): %s — %s\n", f.grade, strings.Join(f.wants, "; "), strings.Join(f.sources, ", "))
		}
	}
	if text.Len() == 0 {
		text.WriteString("nothing was observed beyond the documents\n")
	}
	// Who cannot read the list gets no worse run for it.
	_, _ = io.WriteString(w, text.String())
}

// fact is what one entry of the printed list tells.
type fact struct {
	// subjects say who was seen doing what, seen what it was, times how often in all and each of seen.
	subjects, seen []string
	times          int
	each           map[string]int
	wants, sources []string
	grade          Grade
}

// counted is what was seen, with how often where there is a choice.
func (f *fact) counted() []string {
	if len(f.seen) == 1 {
		return f.seen
	}
	var texts []string
	for _, what := range f.seen {
		texts = append(texts, fmt.Sprintf("%s (%d)", what, f.each[what]))
	}
	return texts
}

// factsOf groups a list: by what was looked at first, then by what was seen of it.
func factsOf(list []Seen) []*fact {
	byPlace := grouped[Seen]{of: placeOf}
	for _, s := range list {
		subject, what, want := told(s)
		f := byPlace.add(s)
		f.subjects, f.seen, f.wants = with(f.subjects, subject), with(f.seen, what), with(f.wants, want)
		if s.Source != "" {
			f.sources = with(f.sources, s.Source)
		}
		f.times += s.Times
		f.each[what] += s.Times
		f.grade = s.Grade
	}
	alike := grouped[*fact]{of: func(f *fact) string { return fmt.Sprintf("%q %q %q", f.seen, f.wants, f.sources) }}
	for _, f := range byPlace.facts {
		g := alike.add(f)
		g.subjects, g.seen, g.wants, g.sources, g.grade = append(g.subjects, f.subjects...), f.seen, f.wants, f.sources, f.grade
		g.times += f.times
		for what, times := range f.each {
			g.each[what] += times
		}
	}
	return alike.facts
}

// grouped collects facts by a key, in the order of their first appearance.
type grouped[T any] struct {
	of    func(T) string
	byKey map[string]*fact
	facts []*fact
}

func (g *grouped[T]) add(v T) *fact {
	key := g.of(v)
	if g.byKey == nil {
		g.byKey = map[string]*fact{}
	}
	if g.byKey[key] == nil {
		g.byKey[key] = &fact{each: map[string]int{}}
		g.facts = append(g.facts, g.byKey[key])
	}
	return g.byKey[key]
}

// missing tells whether an optional member is not there.
func missing(s Seen) bool { return s.Want == present && s.Got == nothing }

// placeOf names what was looked at: a place of an operation's answers, all its unknown
// members, or every optional member that is not there.
func placeOf(s Seen) string {
	switch {
	case missing(s):
		return nothing
	case s.Rule == ruleUnknown:
		return s.Operation + " " + ruleUnknown
	}
	return s.Operation + " " + s.Where
}

// told says in words what was looked at, what was seen, and what the contract expects.
func told(s Seen) (subject, what, want string) {
	switch {
	case missing(s):
		return "members that are not there", s.Operation + " " + s.Where, "there, by one source or example each"
	case s.Rule == ruleUnknown:
		return s.Operation + ", members nobody names", s.Where + ", " + s.Got, s.Want
	}
	if s.Where == outcome {
		return s.Operation, s.Got, s.Want
	}
	return s.Operation + ", " + s.Where, s.Got, s.Want
}

func with(list []string, one string) []string {
	if slices.Contains(list, one) {
		return list
	}
	return append(list, one)
}

// subjects joins the names of what was looked at, the words that they all begin with said once.
func subjects(all []string) string {
	if len(all) == 1 {
		return all[0]
	}
	common := strings.Fields(all[0])
	for _, one := range all[1:] {
		words := strings.Fields(one)
		n := 0
		for n < min(len(common), len(words)-1) && common[n] == words[n] {
			n++
		}
		common = common[:n]
	}
	if first := len(strings.Fields(all[0])); len(common) == first && first > 0 {
		common = common[:first-1]
	}
	var rest []string
	for _, one := range all {
		rest = append(rest, strings.Join(strings.Fields(one)[len(common):], " "))
	}
	return strings.TrimSpace(strings.Join(common, " ") + " " + strings.Join(rest, " | "))
}
