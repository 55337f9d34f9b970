package variation

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/nearest"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// Variation is one named way of answering otherwise within what the pages allow.
type Variation struct {
	Name, Group string
	// Does says what is otherwise, Allows why it may be, and Page where that
	// stands, or where it would stand were it not silent.
	Does, Allows, Page string

	// parts makes what carries it out in one emulator.
	parts func() parts
	// decides changes decisions of the emulator; nil changes none.
	decides func(*tenant.Decisions, *flow.Decisions)
}

// parts are what a variation does: each may be nil.
type parts struct {
	// before may change a call, or answer it without anybody else; it says
	// whether it did either.
	before func(*wire.Call) (answer *wire.Answer, changed bool)
	// after changes an answer, or leaves it alone when it is not meant.
	after func(*wire.Call, *wire.Answer)
	// claims changes those of an access token or an ID token, and says whether it did.
	claims func(token string, claims object) bool
	// slashes lets addresses end in a slash.
	slashes bool
}

// All returns every variation in the order in which they are carried out: what a
// call holds first, how it is written last.
func All() []Variation {
	return slices.Concat(people(), policies(), applications(), lists(), flows(), cookies(), tokens(), keys(), refusals(), delays(), answers())
}

// Set is the variations that are switched on; the zero value has none.
type Set struct{ on []Variation }

// NewSet switches variations on by name, "all" every one. A name that does not
// exist is an error that lists the nearest ones.
func NewSet(names []string) (Set, error) {
	known, every := All(), slices.Contains(names, "all")
	var s Set
	var faults []error
	for _, name := range names {
		if name != "all" && !slices.ContainsFunc(known, func(v Variation) bool { return v.Name == name }) {
			faults = append(faults, fmt.Errorf("there is no variation %q; the nearest are %s", name, strings.Join(nearest.Names(name, all(known)), ", ")))
		}
	}
	for _, v := range known {
		if every || slices.Contains(names, v.Name) {
			s.on = append(s.on, v)
		}
	}
	return s, errors.Join(faults...)
}

func all(known []Variation) []string {
	var names []string
	for _, v := range known {
		names = append(names, v.Name)
	}
	return names
}

// Names are the variations that are switched on, in the order of All.
func (s Set) Names() []string { return all(s.on) }

// Decide changes the decisions that are otherwise in what is switched on.
func (s Set) Decide(people *tenant.Decisions, flows *flow.Decisions) {
	for _, v := range s.on {
		if v.decides != nil {
			v.decides(people, flows)
		}
	}
}

// one is a variation at work in one emulator.
type one struct {
	name string
	parts
}

// Work is a Set at work in one emulator.
type Work struct {
	on      []one
	tokens  *resigner
	changed func(name string)
}

// Start puts the variations to work, nil when there is none. Issued says whether a token is one
// of the emulator's own. Changed hears of each call that one of them has changed, several at a
// time; nil hears nothing.
func (s Set) Start(issued func(token string) bool, changed func(name string)) *Work {
	if len(s.on) == 0 {
		return nil
	}
	if changed == nil {
		changed = func(string) {}
	}
	w := &Work{changed: changed}
	for _, v := range s.on {
		w.on = append(w.on, one{v.Name, v.parts()})
	}
	w.tokens = newResigner(w.on, issued)
	return w
}

// Wrap carries the variations out around each call.
func (w *Work) Wrap(next wire.Handler) wire.Handler {
	return func(call *wire.Call) *wire.Answer {
		came := call.Bearer()
		if w.tokens != nil {
			w.tokens.restore(call)
		}
		for _, v := range w.on {
			if v.before == nil {
				continue
			}
			answer, changed := v.before(call)
			if changed {
				w.changed(v.name)
			}
			if answer != nil {
				return answer
			}
		}
		answer := next(call)
		answer.Settle(call.ID)
		if unclear(answer.Body) {
			return answer // what is broken stays so
		}
		if w.tokens != nil {
			// Whoever speaks of the token that came means the one that the client has.
			if own := call.Bearer(); own != came {
				answer.Body = bytes.ReplaceAll(answer.Body, []byte(own), []byte(came))
			}
			w.tokens.change(call, answer, w.changed)
		}
		for _, v := range w.on {
			if v.after != nil {
				w.counted(v, call, answer)
			}
		}
		return answer
	}
}

// counted changes an answer and says so if anything is otherwise afterwards.
func (w *Work) counted(v one, call *wire.Call, answer *wire.Answer) {
	before := *answer
	before.Header = answer.Header.Clone()
	v.after(call, answer)
	if before.Status != answer.Status || before.Delivery != answer.Delivery || string(before.Body) != string(answer.Body) || !reflect.DeepEqual(before.Header, answer.Header) {
		w.changed(v.name)
	}
}

// Addresses takes calls whose address ends in a slash, where such links are handed out.
func (w *Work) Addresses(next http.Handler) http.Handler {
	if w == nil || !slices.ContainsFunc(w.on, func(v one) bool { return v.slashes }) {
		return next
	}
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/") && !strings.HasSuffix(r.URL.Path, "/signon/") {
			r.URL.Path = strings.TrimSuffix(r.URL.Path, "/")
		}
		next.ServeHTTP(rw, r)
	})
}
