package results

import (
	"fmt"
	"slices"
	"strings"
)

// Undocumented is the tag of scenarios that hold what no page promises.
const Undocumented = "@undocumented"

// Tagged tells whether the scenario carries the tag.
func (s *Scenario) Tagged(tag string) bool { return slices.Contains(s.Tags, tag) }

// Journey tells whether the scenario follows the published list.
func (s *Scenario) Journey() bool {
	return slices.ContainsFunc(s.Steps, func(step Step) bool { return step.Published > 0 })
}

// Count sets the totals, and the state of a run that has begun and was not interrupted. It
// also makes every text fit to be shown, and every list that is missing an empty one: what
// writes reports takes a run that was counted, or loaded.
func (r *Run) Count() {
	tidy(r)
	r.Totals, r.State = r.counted()
}

// counted are the totals, and the state, that the scenarios make.
func (r *Run) counted() (Totals, string) {
	var t Totals
	for i := range r.Features {
		t.add(&r.Features[i])
	}
	switch {
	case r.State == Interrupted || r.State == NotBegun:
		return t, r.State
	case t.Failed > 0 || t.Passed == 0 && !r.Shard.Empty() || r.Why != "":
		return t, Failed
	}
	return t, Passed
}

// contradiction says where results that were read say one thing at the top and another in the
// scenarios, nil when they do not.
func (r *Run) contradiction() error {
	totals, state := r.counted()
	if totals != r.Totals {
		return fmt.Errorf("its totals say %s, and its scenarios are %s", r.Totals, totals)
	}
	if state != r.State {
		return fmt.Errorf("it says that the run is %q, and its scenarios that it is %q", r.State, state)
	}
	for s := range r.Scenarios() {
		wrong := s.Failure != nil || slices.ContainsFunc(s.Steps, func(step Step) bool { return step.State == Failed })
		if s.State == Passed && wrong {
			return fmt.Errorf("it says that %q passed, and what failed in it", s.Name)
		}
		if err := s.numbers(); err != nil {
			return err
		}
	}
	return nil
}

// numbers holds the numbers by which a scenario names steps and exchanges: what failed is one of its steps, or none is named, and
// each call is an exchange.
func (s *Scenario) numbers() error {
	if s.Failure != nil && s.Failure.Step >= len(s.Steps) {
		return fmt.Errorf("it says that %q failed in a step that it does not have", s.Name)
	}
	calls := s.TearDown
	for _, step := range s.Steps {
		calls = slices.Concat(calls, step.Calls)
	}
	if slices.ContainsFunc(calls, func(c Call) bool { return c.Exchange < 0 }) {
		return fmt.Errorf("it names an exchange of %q that it cannot have", s.Name)
	}
	return nil
}

// String is the totals in words.
func (t Totals) String() string {
	return fmt.Sprintf("%d (%d passed, %d of them undocumented, %d failed, %d not started)", t.Scenarios, t.Passed, t.Undocumented, t.Failed, t.NotStarted)
}

// Totals counts the feature's scenarios.
func (f *Feature) Totals() Totals {
	var t Totals
	t.add(f)
	return t
}

func (t *Totals) add(f *Feature) {
	for i := range f.Scenarios {
		t.Scenarios++
		switch s := &f.Scenarios[i]; s.State {
		case Passed:
			t.Passed++
			if s.Tagged(Undocumented) {
				t.Undocumented++
			}
		case Failed:
			t.Failed++
		case NotStarted:
			t.NotStarted++
		}
	}
}

// Scenarios goes through all scenarios in the order of the files.
func (r *Run) Scenarios() func(yield func(*Scenario) bool) {
	return func(yield func(*Scenario) bool) {
		for f := range r.Features {
			for s := range r.Features[f].Scenarios {
				if !yield(&r.Features[f].Scenarios[s]) {
					return
				}
			}
		}
	}
}

// Past is the run in short.
func (r *Run) Past() Past {
	return Past{Began: r.Began, Mode: r.Mode, State: r.State, Seconds: r.Seconds, Totals: r.Totals}
}

// Feature finds the feature of a scenario's ID.
func (r *Run) Feature(id string) *Feature {
	name, _, _ := strings.Cut(id, "/")
	for i := range r.Features {
		if r.Features[i].Name == name {
			return &r.Features[i]
		}
	}
	return nil
}

// Published counts the published steps of a use case: how many of its list passed, in the
// scenario that follows it. ran is false when none did.
func (r *Run) Published(u UseCase) (passed int, ran bool) {
	f := r.Feature(u.Name)
	if f == nil {
		return 0, false
	}
	for i := range f.Scenarios {
		s := &f.Scenarios[i]
		if !s.Journey() || s.State == NotStarted {
			continue
		}
		best := 0
		for _, step := range s.Steps {
			if step.Published > 0 && step.State == Passed {
				best++
			}
		}
		passed, ran = max(passed, best), true
	}
	return passed, ran
}

// Means says what green means in the mode.
func Means(mode string) string {
	switch mode {
	case "replay":
		return "Answers came from recordings: green means that the suite still does what it did when they were made, not what PingOne does today."
	case "emulator":
		return "The project's own emulator answered: green means that suite and emulator agree, not that PingOne does."
	case "live":
		return "A live environment answered: green means that this environment did, at this time, what the sentences say."
	}
	return ""
}
