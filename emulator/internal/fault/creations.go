package fault

import (
	"encoding/json"
	"net/http"
	"time"

	"pingone-conformance/emulator/internal/wire"
)

// maxCreations is how many creations are remembered; the oldest go first.
const maxCreations = 1000

// creations remembers when things were created, by id.
type creations struct {
	at    map[string]time.Time
	order []string
}

func newCreations() *creations { return &creations{at: map[string]time.Time{}} }

func (b *creations) add(id string, at time.Time) {
	if len(b.order) >= maxCreations {
		delete(b.at, b.order[0])
		b.order = b.order[1:]
	}
	b.at[id] = at
	b.order = append(b.order, id)
}

// remember notes what an answer says was created, while a rule asks for it.
func (i *Injector) remember(answer *wire.Answer) {
	if answer.Status != http.StatusCreated {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, rule := range i.rules {
		if rule.Kind == kindLag {
			var made struct{ ID string }
			if json.Unmarshal(answer.Body, &made) == nil && made.ID != "" {
				i.created.add(made.ID, i.now())
			}
			return
		}
	}
}

// tooEarly says whether the call is about something that was created less than
// the rule's time ago, and would lag. Without an operation only reads lag.
//
// https://developer.pingidentity.com/pingone-api/foundations/best-practices.html
func (i *Injector) tooEarly(rule Rule, call *wire.Call) bool {
	if rule.all() && call.Method != http.MethodGet {
		return false
	}
	for _, id := range call.Path {
		if created, known := i.created.at[id]; known && i.now().Sub(created) < rule.duration() {
			return true
		}
	}
	return false
}

// notYet answers a call about something that is not to be seen yet: 403 in an
// environment that is new itself, else 404.
func (i *Injector) notYet(call *wire.Call) *wire.Answer {
	i.mu.Lock()
	_, newEnvironment := i.created.at[call.Path["envID"]]
	i.mu.Unlock()
	if newEnvironment {
		return wire.Forbidden().Answer(call.ID)
	}
	return wire.NotFound().Answer(call.ID)
}
