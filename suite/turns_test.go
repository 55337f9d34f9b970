package suite

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/names"
)

// rounds has the calls of a clean-up wait for each other, round after round.
type rounds struct {
	*management
	mu    sync.Mutex
	sizes []int // how many calls each round has; no call waits when there is none left
	now   *sync.WaitGroup
}

func (r *rounds) RoundTrip(request *http.Request) (*http.Response, error) {
	r.join().Wait()
	return r.management.RoundTrip(request)
}

// join adds a call to the round that goes on.
func (r *rounds) join() *sync.WaitGroup {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.sizes) == 0 {
		return &sync.WaitGroup{}
	}
	if r.now == nil {
		r.now = &sync.WaitGroup{}
		r.now.Add(r.sizes[0])
	}
	round := r.now
	round.Done()
	if r.sizes[0]--; r.sizes[0] == 0 {
		r.sizes, r.now = r.sizes[1:], nil
	}
	return round
}

// What does not refer to each other is deleted at the same time: a server that answers no call
// of a round before all of it are there still answers.
func TestCleanUpTakesAsFewRoundsAsItsOrderAllows(t *testing.T) {
	m := newManagement(t)
	r := &rounds{management: m}
	s := begun(t, r)
	everything(t, s)
	m.asked = nil
	// Five looks, and the deletion of the assignment, which needs none; one after the other or not, five deletions; four looks.
	r.sizes = []int{6, 1, 1, 1, 1, 1, 4}
	require.NoError(t, s.cleanUp(t.Context()))
	require.ElementsMatch(t, theirs, m.remaining())
	require.Equal(t, "nothing is left behind\n", leftBehind(s))
	at := func(call string) int { return slices.Index(m.asked, call) }
	id := func(n string) string { return "/22222222-2222-4222-8222-00000000000" + n }
	require.Less(t, at("DELETE /users"+id("5")), at("DELETE /populations"+id("4")), "a population with people in it stays")
	assignment := at("DELETE " + first + "/signOnPolicyAssignments" + id("3"))
	require.Less(t, assignment, at("DELETE /signOnPolicies"+id("2")), "it refers to the policy")
	require.Less(t, assignment, at("DELETE "+first), "it lies below the application")
	require.Len(t, m.asked, 15)
}

// Whatever a call has named in its body waits for what named it, and so does what nobody knows.
func TestWhatRefersToAThingIsDeletedBeforeIt(t *testing.T) {
	type object = map[string]any
	for _, row := range []struct {
		name        string
		make        func(s *Scenario, add func(what, path string, body object) string)
		first, then string // collections
	}{
		{"a policy whose action names an MFA policy", func(s *Scenario, add func(string, string, object) string) {
			devices := add("the MFA policy", "/deviceAuthenticationPolicies", object{"name": s.Named("Devices")})
			policy := add("the policy", "/signOnPolicies", object{"name": s.NamedPolicy("Policy")})
			_, _ = s.Admin().Do(t.Context(), "Add", http.MethodPost, env+"/signOnPolicies/"+policy+"/actions", "", object{"deviceAuthenticationPolicy": object{"id": devices}})
		}, "/signOnPolicies/", "/deviceAuthenticationPolicies/"},
		{"a user who was moved", func(s *Scenario, add func(string, string, object) string) {
			people := add("the population", "/populations", object{"name": s.Named("People")})
			anna := add("the user", "/users", object{"username": names.Username(s.Run(), "anna")})
			_, _ = s.Admin().Do(t.Context(), "Move", http.MethodPut, env+"/users/"+anna+"/population", "", object{"id": people})
		}, "/users/", "/populations/"},
		{"what has no id", func(s *Scenario, add func(string, string, object) string) {
			add("the population", "/populations", object{"name": s.Named("People")})
			add("the user", "/users", object{"username": names.Username(s.Run(), "anna")})
			s.things[1].id = ""
		}, "/users/", "/populations/"},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newManagement(t)
			s := begun(t, m)
			row.make(s, func(what, path string, body object) string {
				ex, err := s.Admin().Do(t.Context(), what, http.MethodPost, env+path, "", body)
				require.NoError(t, err)
				s.Created(what, ex)
				return ex.Get("id").String()
			})
			newestFirst := slices.Clone(s.things)
			slices.Reverse(newestFirst)
			require.Equal(t, [][]int{nil, {0}}, s.before(newestFirst))
			require.NoError(t, s.cleanUp(t.Context()))
			at := func(collection string) int {
				return slices.IndexFunc(m.deletions(), func(path string) bool { return strings.HasPrefix(path, collection) })
			}
			require.Less(t, at(row.first), at(row.then))
		})
	}
}

func TestWhatDoesNotReferToEachOtherDoesNotWait(t *testing.T) {
	m := newManagement(t)
	s := begun(t, m)
	everything(t, s)
	newestFirst := slices.Clone(s.things)
	slices.Reverse(newestFirst)
	var names []string
	for _, one := range newestFirst {
		names = append(names, one.what)
	}
	require.Equal(t, []string{"the user Anna", "the population", "the assignment", "the policy", "the application Shop", "the MFA policy"}, names)
	require.Equal(t, [][]int{nil, {0}, nil, {2}, {2}, nil}, s.before(newestFirst))
}

// Who finds the token of no use renews it, once for all who do at the same time.
func TestTheTokenIsRenewedOnce(t *testing.T) {
	m := newManagement(t)
	r := &rounds{management: m}
	s := begun(t, r)
	for _, label := range []string{"One", "Two", "Three"} {
		_, err := application(t, s, label)
		require.NoError(t, err)
	}
	for path := range m.things {
		m.statuses["GET "+strings.TrimPrefix(path, env)] = []int{http.StatusUnauthorized}
	}
	r.sizes = []int{3}
	require.NoError(t, s.cleanUp(t.Context()))
	tokens := slices.DeleteFunc(slices.Clone(m.asked), func(call string) bool { return !strings.HasSuffix(call, "/as/token") })
	require.Len(t, tokens, 1)
	require.ElementsMatch(t, theirs, m.remaining())
}
