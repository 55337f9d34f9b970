package contract

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/plain"
)

// Observations collects what a whole run observed, each thing once, with how often
// it was seen. It is safe for concurrent use.
type Observations struct {
	mu sync.Mutex
	// seen has findings without what differs from call to call.
	seen map[Finding]int
}

// NewObservations returns an empty collection.
func NewObservations() *Observations { return &Observations{seen: map[Finding]int{}} }

// Add takes in what a report observed; its violations are not its concern.
func (o *Observations) Add(r Report) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range r.Observations {
		f.Where = withoutIndexes(f.Where)
		o.see(f)
	}
}

// outcome is the place of what a scenario saw.
const outcome = "outcome"

// uuids are what no two runs share; without them, the same outcome is one outcome.
var uuids = lazy.Regexp(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// Outcome takes in what a scenario saw where no document says what must come: what was done, in
// words, and how it ended.
func (o *Observations) Outcome(what, got string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	got = uuids.Get().ReplaceAllLiteralString(got, "{id}")
	o.see(Finding{Operation: what, Rule: ruleFact, Where: outcome, Want: "not documented", Got: got})
}

// see counts what was seen, unless so much was seen already that nobody reads it.
func (o *Observations) see(f Finding) {
	if _, known := o.seen[f]; known || len(o.seen) < mostObservations {
		o.seen[f]++
	}
}

// withoutIndexes makes every item of a list one place.
func withoutIndexes(pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i, token := range tokens {
		if token != "" && strings.Trim(token, "0123456789") == "" {
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, "/")
}

// Print writes the list, one fact in two lines: what was seen and how often; what the contract
// expects, and its source. What several calls show in the same way is one fact.
func (o *Observations) Print(w io.Writer) {
	var text strings.Builder
	for _, f := range o.facts() {
		fmt.Fprintf(&text, "%4d × %s: %s\n", f.times, plain.Line(joined(f.subjects)), plain.Line(strings.Join(f.counted(), "; ")))
		if len(f.sources) > 0 {
			fmt.Fprintf(&text, "       contract (inferred): %s — %s\n", plain.Line(strings.Join(f.wants, "; ")), plain.Line(strings.Join(f.sources, ", ")))
		}
	}
	if text.Len() == 0 {
		text.WriteString("nothing was observed beyond the documents\n")
	}
	// Who cannot read the list gets no worse run for it.
	_, _ = io.WriteString(w, text.String())
}

// Observed is one entry of the list, as Print writes it.
type Observed struct {
	// Times is how often it was seen.
	Times int
	// What was looked at, and what was Seen of it.
	What string
	Seen []string
	// Expected is what the sources suggest, Sources the pages; empty where no page speaks of it.
	Expected, Sources []string
}

// List returns the entries in the order in which Print writes them.
func (o *Observations) List() []Observed {
	var list []Observed
	for _, f := range o.facts() {
		list = append(list, Observed{f.times, joined(f.subjects), f.counted(), f.wants, f.sources})
	}
	return list
}

// fact is one entry of the printed list.
type fact struct {
	// subjects say who was seen doing what, seen what it was, times how often in all and each of seen.
	subjects, seen []string
	times          int
	each           map[string]int
	wants, sources []string
}

// add takes in what was seen of a subject.
func (f *fact) add(subject, what string, times int) {
	f.subjects, f.seen = with(f.subjects, subject), with(f.seen, what)
	f.times += times
	f.each[what] += times
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

// facts groups what was observed: by what was looked at first, then by what was seen of it.
func (o *Observations) facts() []*fact {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := slices.SortedFunc(maps.Keys(o.seen), func(a, b Finding) int {
		return strings.Compare(strings.Join([]string{a.Operation, a.Where, a.Rule, a.Got, a.Want, a.Source}, " "),
			strings.Join([]string{b.Operation, b.Where, b.Rule, b.Got, b.Want, b.Source}, " "))
	})
	var bySubject, alike grouped
	for _, finding := range all {
		subject, what, want := inWords(finding)
		f := bySubject.fact(subject)
		f.add(subject, what, o.seen[finding])
		f.wants = with(f.wants, want)
		if finding.Source != "" {
			f.sources = with(f.sources, finding.Source)
		}
	}
	for _, f := range bySubject.facts {
		same := alike.fact(fmt.Sprintf("%q %q %q", f.seen, f.wants, f.sources))
		same.wants, same.sources = f.wants, f.sources
		for _, what := range f.seen {
			same.add(f.subjects[0], what, f.each[what])
		}
	}
	return alike.facts
}

// grouped has facts by a key, in the order of their first appearance.
type grouped struct {
	keys  []string
	facts []*fact
}

func (g *grouped) fact(key string) *fact {
	i := slices.Index(g.keys, key)
	if i < 0 {
		i = len(g.keys)
		g.keys, g.facts = append(g.keys, key), append(g.facts, &fact{each: map[string]int{}})
	}
	return g.facts[i]
}

// inWords says what was looked at, what was seen, and what the contract expects. All members that nobody names are
// one subject of their operation; all optional ones that are not there are one subject.
func inWords(f Finding) (subject, what, want string) {
	switch {
	case f.Want == present && f.Got == nothing:
		return "members that are not there", f.Operation + " " + f.Where, "there, by one source or example each"
	case f.Rule == ruleUnknown:
		return f.Operation + ", members nobody names", f.Where + ", " + f.Got, f.Want
	case f.Where == outcome:
		return f.Operation, f.Got, f.Want
	}
	return f.Operation + ", " + f.Where, f.Got, f.Want
}

func with(list []string, one string) []string {
	if slices.Contains(list, one) {
		return list
	}
	return append(list, one)
}

// joined joins the names of what was looked at, the words that they all begin with said once.
func joined(subjects []string) string {
	var words [][]string
	for _, one := range subjects {
		words = append(words, strings.Fields(one))
	}
	shared := 0
	for len(subjects) > 1 && !slices.ContainsFunc(words, func(w []string) bool { return shared+1 >= len(w) || w[shared] != words[0][shared] }) {
		shared++
	}
	var rest []string
	for _, w := range words {
		rest = append(rest, strings.Join(w[shared:], " "))
	}
	return strings.Join(append(slices.Clone(words[0][:shared]), strings.Join(rest, " | ")), " ")
}
