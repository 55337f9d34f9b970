package deviation

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"pingone-conformance/emulator/internal/browser"
	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/management"
	"pingone-conformance/emulator/internal/nearest"
	"pingone-conformance/emulator/internal/oauth"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// Group says what kind of promise a deviation breaks.
type Group string

// The groups, in the order in which they are listed.
const (
	Security  Group = "security"
	Semantics Group = "semantics"
	Shape     Group = "shape"
)

// Deviation is one named way of breaking the contract.
type Deviation struct {
	Name  string
	Group Group
	// Breaks says what the emulator does wrong, in one line.
	Breaks string
	// Rule is the documented rule that this breaks, Page where it stands.
	Rule, Page string

	// change alters an answer, decide a decision, and wrap stands around a whole call;
	// one of them at least is not nil.
	change change
	decide func(*Decisions)
	wrap   wire.Middleware
}

// by says which decision is altered.
func (d Deviation) by(decide func(*Decisions)) Deviation {
	d.decide = decide
	return d
}

// answering says how an answer is altered.
func (d Deviation) answering(change change) Deviation {
	d.change = change
	return d
}

// around says what is done with a whole call: before it is decided, and after.
func (d Deviation) around(wrap wire.Middleware) Deviation {
	d.wrap = wrap
	return d
}

// Decisions are those of all packages of the emulator.
type Decisions struct {
	Tenant     tenant.Decisions
	Flow       flow.Decisions
	Browser    browser.Decisions
	OAuth      oauth.Decisions
	Management management.Decisions
}

// Decisions are the documented ones, altered by what is switched on.
func (s Set) Decisions() *Decisions {
	all := &Decisions{
		Tenant: tenant.Documented(), Flow: flow.Documented(), Browser: browser.Documented(),
		OAuth: oauth.Documented(), Management: management.Documented(),
	}
	for _, name := range s.Names() {
		if d := s.on[name]; d.decide != nil {
			d.decide(all)
		}
	}
	return all
}

// change alters the answer of a call, or leaves it alone when it is not meant.
type change func(*wire.Call, *wire.Answer)

// All returns every deviation, group by group, each group by name.
func All() []Deviation {
	var all []Deviation
	for _, list := range [][]Deviation{
		security(), semantics(), answerShapes(), resourceShapes(), linkShapes(), collectionShapes(), errorShapes(), flowShapes(), tokenShapes(),
		claims(), times(), hidden(), masks(), stored(), overwriting(), acting(), unlike(), untried(),
		undeleted(), paging(), introspected(), written(), units(), refused(), replayed(), visited(), filters(), anothers(), beside(), nearly(), abroad(), mistaken(), elses(), lenient(),
	} {
		all = append(all, list...)
	}
	order := []Group{Security, Semantics, Shape}
	slices.SortFunc(all, func(a, b Deviation) int {
		if a.Group != b.Group {
			return slices.Index(order, a.Group) - slices.Index(order, b.Group)
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all
}

// Set is the deviations that are switched on; the zero value has none.
type Set struct{ on map[string]Deviation }

// NewSet switches deviations on by name. A name that does not exist is an error
// that lists the nearest ones.
func NewSet(names []string) (Set, error) {
	s := Set{on: map[string]Deviation{}}
	known := All()
	var faults []error
	for _, name := range names {
		i := slices.IndexFunc(known, func(d Deviation) bool { return d.Name == name })
		if i < 0 {
			faults = append(faults, fmt.Errorf("there is no deviation %q; the nearest are %s", name, strings.Join(nearest.Names(name, all(known)), ", ")))
			continue
		}
		s.on[name] = known[i]
	}
	if err := errors.Join(faults...); err != nil {
		return Set{}, err
	}
	return s, nil
}

func all(known []Deviation) []string {
	names := make([]string, len(known))
	for i, d := range known {
		names[i] = d.Name
	}
	return names
}

// Has says whether a deviation is switched on.
func (s Set) Has(name string) bool {
	_, on := s.on[name]
	return on
}

// Names are the deviations that are switched on, in the order of All.
func (s Set) Names() []string {
	var names []string
	for _, d := range All() {
		if s.Has(d.Name) {
			names = append(names, d.Name)
		}
	}
	return names
}

// Middleware stands around every call, nil when nothing that is switched on does.
func (s Set) Middleware() wire.Middleware {
	var changes []change
	var wraps []wire.Middleware
	for _, name := range s.Names() {
		d := s.on[name]
		if d.change != nil {
			changes = append(changes, d.change)
		}
		if d.wrap != nil {
			wraps = append(wraps, d.wrap)
		}
	}
	if changes == nil && wraps == nil {
		return nil
	}
	return func(next wire.Handler) wire.Handler {
		for _, wrap := range wraps {
			next = wrap(next)
		}
		return func(call *wire.Call) *wire.Answer {
			answer := next(call)
			answer.Settle(call.ID)
			for _, c := range changes {
				c(call, answer)
			}
			return answer
		}
	}
}
