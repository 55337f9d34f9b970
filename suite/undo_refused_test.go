package suite

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/names"
)

var errDead = errors.New("the line is dead")

// except is a management API that fails, or answers with a status, at these calls and no others.
func except(m *management, at func(r *http.Request) (status int, fails bool)) roundTrip {
	return func(r *http.Request) (*http.Response, error) {
		status, fails := at(r)
		switch {
		case fails:
			return nil, errDead
		case status != 0:
			m.asked = append(m.asked, r.Method+" "+strings.TrimPrefix(r.URL.Path, env))
			return answer(status, "{}"), nil
		}
		return m.RoundTrip(r)
	}
}

func TestACleanUpThatCannotBeDoneSaysAtWhatItEnded(t *testing.T) {
	for _, row := range []struct {
		name      string
		at        func(*http.Request, *management) (int, bool)
		says      string
		deletions int
	}{
		{"the look before", func(r *http.Request, m *management) (int, bool) { return 0, r.Method == http.MethodGet }, "before its deletion it could not be looked at: ", 0},
		{"the deletion", func(r *http.Request, m *management) (int, bool) { return 0, r.Method == http.MethodDelete }, "the line is dead", 0},
		{"the look after", func(r *http.Request, m *management) (int, bool) {
			return 0, r.Method == http.MethodGet && len(m.deletions()) > 0
		}, "its deletion was answered, but whether it is gone could not be seen: ", 1},
		{"the look after, refused", func(r *http.Request, m *management) (int, bool) {
			if r.Method == http.MethodGet && len(m.deletions()) > 0 {
				return http.StatusBadRequest, false
			}
			return 0, false
		}, "its deletion was answered, but whether it is gone could not be seen: GET " + env + first + " answered 400", 1},
		{"the worker's new token", func(r *http.Request, m *management) (int, bool) {
			if strings.HasSuffix(r.URL.Path, "/as/token") {
				return http.StatusBadRequest, false
			}
			if r.Method == http.MethodDelete {
				return http.StatusUnauthorized, false
			}
			return 0, false
		}, "renew the token: get the worker application's access token", 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newManagement(t)
			s := begun(t, except(m, func(r *http.Request) (int, bool) { return row.at(r, m) }))
			_, err := application(t, s, "Shop")
			require.NoError(t, err)
			err = s.cleanUp(t.Context())
			require.ErrorContains(t, err, "the application Shop is left behind: ")
			require.ErrorContains(t, err, row.says)
			require.Len(t, m.deletions(), row.deletions)
			require.Contains(t, leftBehind(s), "1 thing is left behind")
		})
	}
}

// What was gone before, and is gone, needs no third look; what was there does.
func TestWhatIsGoneAlreadyCountsAsDeleted(t *testing.T) {
	for _, row := range []struct {
		name string
		seen bool // it shows before
		asks []string
	}{
		{"gone before the look", false, []string{"GET " + first, "DELETE " + first}},
		{"gone after the look", true, []string{"GET " + first, "DELETE " + first, "GET " + first}},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newManagement(t)
			s := begun(t, m)
			_, err := application(t, s, "Shop")
			require.NoError(t, err)
			m.asked = nil
			m.statuses["DELETE "+first] = []int{http.StatusNotFound}
			if row.seen {
				m.statuses["GET "+first] = nil
			} else {
				m.statuses["GET "+first] = []int{http.StatusNotFound}
			}
			err = s.cleanUp(t.Context())
			require.Equal(t, row.asks, m.asked)
			if row.seen { // this management has it still, whatever it said
				require.ErrorContains(t, err, "its deletion was answered, but it is still there")
				return
			}
			require.NoError(t, err)
			require.Equal(t, "nothing is left behind\n", leftBehind(s))
		})
	}
}

// A sentence may delete what no sentence has noted, but nothing that this run has not made.
func TestASentenceDeletesWhatTheRunHasMade(t *testing.T) {
	m := newManagement(t)
	s := begun(t, m)
	ours, err := s.Admin().CreateApplication(t.Context(), s.Env(), map[string]any{"name": s.Named("Shop")})
	require.NoError(t, err)
	s.things = nil // as if nobody had noted it
	deleted, err := s.Delete(t.Context(), ours)
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, deleted.Status)
	require.Equal(t, []string{first}, m.deletions())

	theirs, err := s.Admin().CreateApplication(t.Context(), s.Env(), map[string]any{"name": names.Thing(names.Run(2), "Shop")})
	require.NoError(t, err)
	s.things = nil
	_, err = s.Delete(t.Context(), theirs)
	require.ErrorContains(t, err, "cannot be deleted: ")
	require.ErrorContains(t, err, "which this run has not made")
	require.Len(t, m.deletions(), 1)
}

func TestADeletionThatWasRefusedIsTriedAgain(t *testing.T) {
	m := newManagement(t)
	s := begun(t, m)
	ex, err := application(t, s, "Shop")
	require.NoError(t, err)
	m.statuses["DELETE "+first] = []int{http.StatusBadRequest}
	refused, err := s.Delete(t.Context(), ex)
	require.NoError(t, err)
	require.Equal(t, http.StatusBadRequest, refused.Status)
	require.NoError(t, s.cleanUp(t.Context()))
	require.Equal(t, []string{first, first}, m.deletions())
	require.ElementsMatch(t, theirs, m.remaining())
}

func TestADeletionThatIsNotAnsweredIsAnError(t *testing.T) {
	m := newManagement(t)
	s := begun(t, except(m, func(r *http.Request) (int, bool) { return 0, r.Method == http.MethodDelete }))
	ex, err := application(t, s, "Shop")
	require.NoError(t, err)
	_, err = s.Delete(t.Context(), ex)
	require.ErrorContains(t, err, errDead.Error())
	require.Contains(t, leftBehind(s), "the application Shop")
}

// What has no name and no id goes with what it lies below, if that is ours.
func TestWhatHasNoIDGoesWithWhatItLiesBelow(t *testing.T) {
	for _, ours := range []bool{true, false} {
		m := newManagement(t)
		s := begun(t, m)
		app, err := application(t, s, "Shop")
		require.NoError(t, err)
		below := "/applications/" + alien
		if ours {
			below = "/applications/" + app.Get("id").String()
		}
		m.says = func(string, string) said { return made("[]") }
		assignment, err := s.Admin().Do(t.Context(), "Assign", http.MethodPost, env+below+"/signOnPolicyAssignments", "", map[string]any{})
		require.NoError(t, err)
		s.Created("the assignment", assignment)
		err = s.cleanUp(t.Context())
		require.Equal(t, []string{first}, m.deletions())
		if ours {
			require.NoError(t, err)
			require.Equal(t, "nothing is left behind\n", leftBehind(s))
			continue
		}
		require.ErrorContains(t, err, "the assignment is left behind: the answer to its creation gives no id of its own")
		require.Contains(t, leftBehind(s), "the assignment")
	}
}
