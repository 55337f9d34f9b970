package results

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Join makes one run of the parts of a run that were done apart. A scenario that several
// parts have is taken from the one where it ran; where several ran it, a failure wins.
// Notes of the joined run say what makes it less than one run: a scenario that ran twice,
// parts of different versions or answerers; a shard that is missing fails it.
func Join(parts []Run) Run {
	joined := parts[0]
	if len(parts) == 1 {
		return joined
	}
	joined.Features, joined.Observations, joined.Notes = nil, nil, nil
	joined.Order, joined.Seconds, joined.Shard = "", 0, nil
	var twice []string
	for _, part := range parts {
		if part.Began.Before(joined.Began) {
			joined.Began = part.Began
		}
		joined.Seconds = max(joined.Seconds, part.Seconds)
		if graver(part.State) > graver(joined.State) {
			joined.State = part.State
		}
		joined.because(part.Why)
		for _, f := range part.Features {
			twice = append(twice, joined.take(f)...)
		}
		for _, o := range part.Observations {
			joined.observe(o)
		}
	}
	slices.SortFunc(joined.Features, func(a, b Feature) int { return cmp.Compare(a.File, b.File) })
	for i := range joined.Features {
		joined.Features[i].distinct()
	}
	joined.unlike(parts)
	if len(twice) > 0 {
		joined.note("%d of the scenarios ran in more than one part, such as %q: a failure counts, otherwise the first", len(twice), twice[0])
	}
	joined.missing(parts)
	joined.Count()
	return joined
}

func (r *Run) note(format string, args ...any) {
	if note := fmt.Sprintf(format, args...); !slices.Contains(r.Notes, note) {
		r.Notes = append(r.Notes, note)
	}
}

func (r *Run) because(why string) {
	if why != "" && !strings.Contains(r.Why, why) {
		r.Why = strings.TrimPrefix(r.Why+"\n"+why, "\n")
	}
}

func graver(state string) int {
	return slices.Index([]string{Passed, Failed, Interrupted, NotBegun}, state)
}

// unlike notes what the parts should have in common and have not.
func (r *Run) unlike(parts []Run) {
	for _, common := range []struct {
		what string
		of   func(Run) string
	}{
		{"versions of the suite", func(r Run) string { return r.Suite }},
		{"answerers", func(r Run) string { return r.Answered }},
		{"sources of passcodes", func(r Run) string { return r.Passcodes }},
	} {
		var found []string
		for _, part := range parts {
			if value := common.of(part); value != "" && !slices.Contains(found, value) {
				found = append(found, value)
			}
		}
		if len(found) > 1 {
			r.note("the parts have different %s: %s", common.what, strings.Join(found, "; "))
		}
	}
	for _, part := range parts {
		if part.Mode != r.Mode { // what green means cannot be said of both
			r.Mode = ""
		}
		if !strings.Contains(r.Answered, part.Answered) {
			r.Answered += "; " + part.Answered
		}
	}
}

// missing finds shards that were not given, or were given twice, or belong to another run.
func (r *Run) missing(parts []Run) {
	of, selected, scenarios := 0, 0, 0
	given := map[int]bool{}
	for _, part := range parts {
		s := part.Shard
		if s == nil {
			continue
		}
		of, selected = cmp.Or(of, s.Of), cmp.Or(selected, s.Selected)
		switch {
		case s.Of != of || s.Selected != selected:
			r.note("the shards are not of one run: %s of %d scenarios beside others of %d parts and %d scenarios", s, s.Selected, of, selected)
			return
		case given[s.Index]:
			r.note("shard %s was given more than once", s)
		}
		given[s.Index] = true
		scenarios += s.Scenarios
	}
	var without []string
	for i := 1; i <= of; i++ {
		if !given[i] {
			without = append(without, fmt.Sprintf("%d/%d", i, of))
		}
	}
	if len(without) > 0 {
		r.because(fmt.Sprintf("shard %s is missing: %d of %d scenarios are not known", strings.Join(without, ", "), selected-scenarios, selected))
	}
}

// take adds a feature's scenarios, and returns the names of those that have run already.
func (r *Run) take(f Feature) (twice []string) {
	known := slices.IndexFunc(r.Features, func(k Feature) bool { return k.File == f.File })
	if known < 0 {
		f.Scenarios = slices.Clone(f.Scenarios)
		r.Features = append(r.Features, f)
		return nil
	}
	k := &r.Features[known]
	if text, same := merged(k.Source, f.Source); same {
		k.Source = text
	} else {
		r.note("%s is not the same in all parts", f.File)
	}
	for _, s := range f.Scenarios {
		at := slices.IndexFunc(k.Scenarios, func(o Scenario) bool { return o.Line == s.Line && o.Name == s.Name })
		if at >= 0 && k.Scenarios[at].State != NotStarted && s.State != NotStarted {
			twice = append(twice, s.Name)
		}
		switch {
		case at < 0:
			k.Scenarios = append(k.Scenarios, s)
		case k.Scenarios[at].State == NotStarted || s.State == Failed:
			k.Scenarios[at] = s
		}
	}
	slices.SortStableFunc(k.Scenarios, func(a, b Scenario) int { return cmp.Compare(a.Line, b.Line) })
	return twice
}

// merged is a feature file's text from two parts, in which the lines of scenarios that were
// not selected are empty; same is false when two lines differ.
func merged(one, other string) (text string, same bool) {
	a, b := strings.SplitAfter(one, "\n"), strings.SplitAfter(other, "\n")
	if len(a) < len(b) {
		a, b = b, a
	}
	for i := range b {
		switch {
		case strings.TrimSpace(a[i]) == "":
			a[i] = b[i]
		case strings.TrimSpace(b[i]) != "" && a[i] != b[i]:
			return one, false
		}
	}
	return strings.Join(a, ""), true
}

// distinct gives scenarios of one name, which ran in different parts, IDs and files of their own.
func (f *Feature) distinct() {
	times := map[string]int{}
	for i := range f.Scenarios {
		s := &f.Scenarios[i]
		if times[s.ID]++; times[s.ID] > 1 {
			more := fmt.Sprintf("-%d", times[s.ID])
			s.ID += more
			if s.HAR != "" {
				s.HAR = strings.TrimSuffix(s.HAR, ".har") + more + ".har"
			}
		}
	}
}

func (r *Run) observe(o Observation) {
	for i, k := range r.Observations {
		if k.What == o.What && slices.Equal(k.Expected, o.Expected) && slices.Equal(k.Seen, o.Seen) {
			r.Observations[i].Times += o.Times
			return
		}
	}
	r.Observations = append(r.Observations, o)
}
