package contract

import (
	"slices"
	"strings"
	"sync"
)

// Observations collects what a whole run observed, each thing once, with how often
// it was seen. It is safe for concurrent use.
type Observations struct {
	mu   sync.Mutex
	seen map[observation]int
}

// observation is a finding without what differs from call to call.
type observation struct {
	operation, rule, where, want, got, source string
	grade                                     Grade
}

// Seen is one line of the list: a finding and how often it was made.
type Seen struct {
	Finding
	Times int
}

// NewObservations returns an empty collection.
func NewObservations() *Observations { return &Observations{seen: map[observation]int{}} }

// Add takes in what a report observed; its violations are not its concern.
func (o *Observations) Add(r Report) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range r.Observations {
		o.seen[observation{f.Operation, f.Rule, place(f.Where), f.Want, f.Got, f.Source, f.Grade}]++
	}
}

// outcome is the place of what a scenario saw.
const outcome = "outcome"

// Outcome takes in what a scenario saw where no document says what must come: what was done, in
// words, and how it ended.
func (o *Observations) Outcome(what, got string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seen[observation{operation: what, rule: ruleFact, where: outcome, want: "not documented", got: withoutIDs(got), grade: Inferred}]++
}

// withoutIDs replaces ids, which no two runs share, so that the same outcome is one outcome.
func withoutIDs(text string) string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789abcdef-", r) })
	for _, part := range parts {
		if len(part) == len("00000000-0000-4000-8000-000000000000") && strings.Count(part, "-") == 4 {
			text = strings.ReplaceAll(text, part, "{id}")
		}
	}
	return text
}

// place replaces the indexes of a pointer, so that every item of a list is one observation.
func place(where string) string {
	tokens := strings.Split(where, "/")
	for i, token := range tokens {
		if token != "" && strings.Trim(token, "0123456789") == "" {
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, "/")
}

// List returns what was observed, by operation, place and value.
func (o *Observations) List() []Seen {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := make([]Seen, 0, len(o.seen))
	for s, times := range o.seen {
		list = append(list, Seen{Finding{s.operation, s.rule, s.grade, s.where, s.want, s.got, s.source}, times})
	}
	slices.SortFunc(list, func(a, b Seen) int {
		return strings.Compare(a.Operation+" "+a.Where+" "+a.Rule+" "+a.Got, b.Operation+" "+b.Where+" "+b.Rule+" "+b.Got)
	})
	return list
}
