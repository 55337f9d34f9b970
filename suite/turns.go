package suite

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
)

// inTurn does work for each of some things, newest first, and returns what stays behind of
// them for which reason. Work is done for all at a time; turn, which it is given, returns when it
// has been done for those that have to come before: all that refer to the thing. Where the order of calls counts, since
// they are recorded or replayed, one thing comes after the other.
func (s *Scenario) inTurn(newestFirst []*thing, work func(t *thing, turn func()) error) []error {
	faults := make([]error, len(newestFirst))
	one := func(i int, turn func()) {
		if err := work(newestFirst[i], turn); err != nil {
			faults[i] = fmt.Errorf("%s is left behind: %w", newestFirst[i].what, err)
		}
	}
	if s.place.Session.Ordered() {
		for i := range newestFirst {
			one(i, func() {})
		}
		return faults
	}
	before := s.before(newestFirst)
	done := make([]chan struct{}, len(newestFirst))
	for i := range done {
		done[i] = make(chan struct{})
	}
	var group sync.WaitGroup
	for i := range newestFirst {
		group.Go(func() {
			defer close(done[i])
			one(i, func() {
				for _, other := range before[i] {
					<-done[other]
				}
			})
		})
	}
	group.Wait()
	return faults
}

// before says of each thing which of the newer ones have to be deleted before it.
func (s *Scenario) before(newestFirst []*thing) [][]int {
	before := make([][]int, len(newestFirst))
	for i, older := range newestFirst {
		for j, newer := range newestFirst[:i] {
			if !s.knows(newer) || !s.knows(older) || newer.below(older) || s.mentions(newer, older) {
				before[i] = append(before[i], j)
			}
		}
	}
	return before
}

// knows tells of a thing whether it is known to what it may refer: it has an id, and is of a kind that we know or
// lies below one.
func (s *Scenario) knows(t *thing) bool {
	_, named := kindOf(t.collection)
	return t.id != "" && (named || s.above(t) != nil)
}

// mentions tells whether a call that made a thing, or changed it or what lies below it, named another in its body.
func (s *Scenario) mentions(t, other *thing) bool {
	for _, ex := range s.calls {
		if ex.Request.Method == http.MethodGet || !bytes.Contains(ex.Request.Body, []byte(other.id)) {
			continue
		}
		address := withoutQuery(ex.Request.URL)
		if address == t.href() || strings.HasPrefix(address, t.href()+"/") || address == t.collection && ex.Get("id").String() == t.id {
			return true
		}
	}
	return false
}

// below tells whether a thing goes with another: it lies below its address, or is in it as in a
// population, which PingOne does not delete with people in it.
func (t *thing) below(other *thing) bool {
	return other.id != "" && (other.id == t.in || strings.HasPrefix(t.collection, other.href()+"/"))
}

// above is what the scenario has made and a thing goes with.
func (s *Scenario) above(t *thing) *thing {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.things {
		if other != t && t.below(other) {
			return other
		}
	}
	return nil
}

// setID notes the id of a thing while others may look for what they go with.
func (s *Scenario) setID(t *thing, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.id = id
}

func (s *Scenario) workersToken() string {
	s.renewal.Lock()
	defer s.renewal.Unlock()
	return s.token
}

// renew gets a new token in the place of one that was of no use, unless somebody else has done it meanwhile.
func (s *Scenario) renew(ctx context.Context, used string) error {
	s.renewal.Lock()
	defer s.renewal.Unlock()
	if s.token != used {
		return nil
	}
	return s.Authenticate(ctx)
}
