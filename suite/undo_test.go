package suite

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/internal/names"
	"pingone-conformance/internal/replay"
)

// theirs is what others have made; it has to stay whatever happens.
var theirs = []string{"Payroll", "human@example.com"}

const first = "/applications/22222222-2222-4222-8222-000000000001"

// everything is what a journey makes.
func everything(t *testing.T, s *Scenario) {
	t.Helper()
	app, err := application(t, s, "Shop")
	require.NoError(t, err)
	policy, err := s.Admin().CreateSignOnPolicy(t.Context(), s.Env(), map[string]any{"name": s.NamedPolicy("Policy")})
	require.NoError(t, err)
	s.Created("the policy", policy)
	body := map[string]any{"signOnPolicy": map[string]any{"id": policy.Get("id").String()}}
	assignment, err := s.Admin().Do(t.Context(), "Assign", http.MethodPost, app.Request.URL.String()+"/"+app.Get("id").String()+"/signOnPolicyAssignments", "", body)
	require.NoError(t, err)
	s.Created("the assignment", assignment)
	people, err := s.Admin().CreatePopulation(t.Context(), s.Env(), map[string]any{"name": s.Named("People")})
	require.NoError(t, err)
	s.Created("the population", people)
	anna, err := s.Admin().CreateUser(t.Context(), s.Env(), map[string]any{"username": names.Username(s.Run(), "anna"), "population": map[string]any{"id": people.Get("id").String()}})
	require.NoError(t, err)
	s.Created("the user Anna", anna)
	devices, err := s.Admin().CreateDeviceAuthenticationPolicy(t.Context(), s.Env(), map[string]any{"name": s.Named("Devices")})
	require.NoError(t, err)
	s.CreatedFirst("the MFA policy", devices)
}

// Where calls are recorded, one comes after the other, always in the same order.
func TestCleanUpReadsDeletesAndLooksAgain(t *testing.T) {
	m := newManagement(t)
	s := begunIn(t, replay.Record(m, "", 1, replay.RecordOptions{}))
	everything(t, s)
	require.Contains(t, leftBehind(s), "6 things are left behind")
	m.asked = nil
	require.NoError(t, s.cleanUp(t.Context()))
	id := func(n string) string { return "/22222222-2222-4222-8222-00000000000" + n }
	require.Equal(t, []string{
		"GET /users" + id("5"), "DELETE /users" + id("5"),
		"GET /populations" + id("4"), "DELETE /populations" + id("4"),
		"DELETE " + first + "/signOnPolicyAssignments" + id("3"),
		"GET /signOnPolicies" + id("2"), "DELETE /signOnPolicies" + id("2"),
		"GET " + first, "DELETE " + first,
		"GET /deviceAuthenticationPolicies" + id("6"), "DELETE /deviceAuthenticationPolicies" + id("6"),
		"GET /populations" + id("4"), "GET /signOnPolicies" + id("2"), "GET " + first, "GET /deviceAuthenticationPolicies" + id("6"),
	}, m.asked)
	require.ElementsMatch(t, theirs, m.remaining())
	require.Equal(t, "nothing is left behind\n", leftBehind(s))
}

func TestAddressesComeFromWhatWasAsked(t *testing.T) {
	for name, self := range map[string]string{
		"of another application":             "https://api.pingone.com" + env + "/applications/" + alien,
		"of the environment":                 "https://api.pingone.com" + env,
		"of another host":                    "https://elsewhere.example.com/v1/x",
		"of an application through a detour": "https://api.pingone.com" + env + first + "/../" + alien,
		"of nothing":                         "",
	} {
		t.Run(name, func(t *testing.T) {
			m := newManagement(t)
			m.says = func(path, truth string) said {
				return made(strings.Replace(truth, "https://api.pingone.com"+path, self, 1))
			}
			s := begun(t, m)
			_, err := application(t, s, "Shop")
			require.NoError(t, err)
			require.NoError(t, s.cleanUp(t.Context()))
			require.Equal(t, []string{first}, m.deletions())
			require.ElementsMatch(t, theirs, m.remaining())
		})
	}
}

func TestAnIDIsLookedAt(t *testing.T) {
	for _, row := range []struct{ name, id, says string }{
		{"of another application", alien, "the application Shop is left behind: no longer, but the answer to its creation was wrong: https://api.pingone.com" + env + "/applications/" + alien + ` is "Payroll", which this run has not made`},
		{"of the environment", strings.TrimPrefix(env, "/v1/environments/"), ""},
		{"of the worker", "00000000-0000-4000-9000-000000000002", ""},
		{"that is a way up", "..", ""},
		{"that is a path", alien + "/grants", ""},
		{"in capitals", strings.ToUpper(alien), ""},
		{"that is empty", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newManagement(t)
			m.says = func(path, truth string) said {
				return made(strings.Replace(truth, `"id":"`+path[strings.LastIndex(path, "/")+1:], `"id":"`+row.id, 1))
			}
			s := begun(t, m)
			_, err := application(t, s, "Shop")
			require.NoError(t, err)
			err = s.cleanUp(t.Context())
			if row.says == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, row.says)
			}
			require.Equal(t, []string{first}, m.deletions(), "what was made is found by its name")
			require.ElementsMatch(t, theirs, m.remaining())
		})
	}
}

// An id that stood in an earlier answer is of something that was there before.
func TestAnIDThatWasThereBeforeIsNotNew(t *testing.T) {
	m := newManagement(t)
	s := begun(t, m)
	_, err := s.Admin().ListApplications(t.Context(), s.Env(), nil)
	require.NoError(t, err)
	m.says = func(_, truth string) said {
		return made(`{"id":"` + alien + `"}`)
	}
	ex, err := application(t, s, "Shop")
	require.NoError(t, err)
	_, err = s.Delete(t.Context(), ex)
	require.ErrorContains(t, err, "the application Shop cannot be deleted: the answer to its creation gives it no id of its own")
	require.NoError(t, s.cleanUp(t.Context()))
	require.Equal(t, []string{first}, m.deletions())
	require.NotContains(t, m.asked, "GET /applications/"+alien)
}

func TestOnlyWhatCarriesTheRunsNameIsDeleted(t *testing.T) {
	for _, name := range []string{"Payroll", "", "pingone-conformance Shop", "pingone-conformance 0000000000000002 Shop", "pingone-conformance-0000000000000001-shop"} {
		m := newManagement(t)
		s := begun(t, m)
		ex, err := s.Admin().CreateApplication(t.Context(), s.Env(), map[string]any{"name": name})
		require.NoError(t, err)
		s.Created("the application", ex)
		require.ErrorContains(t, s.cleanUp(t.Context()), "which this run has not made (its name would come from Scenario.Named)", name)
		require.Empty(t, m.deletions(), name)
		require.Contains(t, leftBehind(s), "1 thing is left behind")
	}
}

// What is read back under the id has to be the thing itself.
func TestWhatIsReadBackHasTheIDThatWasAskedFor(t *testing.T) {
	m := newManagement(t)
	s := begun(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, first) {
			return answer(http.StatusOK, described(env+"/applications/"+alien, names.Thing(names.Run(1), "Shop"))), nil
		}
		return m.RoundTrip(r)
	}))
	_, err := application(t, s, "Shop")
	require.NoError(t, err)
	require.ErrorContains(t, s.cleanUp(t.Context()), "which this run has not made")
	require.Empty(t, m.deletions())
}

// A run has a name of its own, and so has each scenario.
func TestWhatAnotherRunHasMadeIsNotDeleted(t *testing.T) {
	m := newManagement(t)
	s := begun(t, m)
	ex, err := s.Admin().CreateApplication(t.Context(), s.Env(), map[string]any{"name": names.Thing(names.Run(2), "Shop")})
	require.NoError(t, err)
	s.Created("the application", ex)
	require.ErrorContains(t, s.cleanUp(t.Context()), "which this run has not made")
	require.Empty(t, m.deletions())
}

// An assignment has no name: it counts as ours below what is ours.
func TestWhatHasNoNameLiesBelowWhatIsOurs(t *testing.T) {
	m := newManagement(t)
	s := begun(t, m)
	ex, err := s.Admin().Do(t.Context(), "Assign", http.MethodPost, env+"/applications/"+alien+"/signOnPolicyAssignments", "", map[string]any{})
	require.NoError(t, err)
	s.Created("the assignment", ex)
	require.EqualError(t, s.cleanUp(t.Context()), "the assignment is left behind: https://api.pingone.com"+env+"/applications/"+alien+"/signOnPolicyAssignments/22222222-2222-4222-8222-000000000001 lies below nothing that this scenario has made")
	require.Empty(t, m.deletions())
}

func TestADeletionThatDoesNothingIsSeen(t *testing.T) {
	m := newManagement(t)
	s := begun(t, m)
	everything(t, s)
	m.deaf = true
	err := s.cleanUp(t.Context())
	for _, what := range []string{"the MFA policy", "the policy", "the application Shop", "the population"} {
		require.ErrorContains(t, err, what+" is left behind: its deletion was answered, but it is still there: GET ")
		require.Contains(t, leftBehind(s), what)
	}
	require.NotContains(t, err.Error(), "the assignment", "it goes with its application")
	require.NotContains(t, err.Error(), "the user Anna", "she goes with her population")
	require.Len(t, m.deletions(), 6, "the others are tried all the same")
}

func TestAUserWhosePopulationStaysIsLookedAt(t *testing.T) {
	m := newManagement(t)
	s := begun(t, m)
	everything(t, s)
	m.deaf = true
	m.statuses["DELETE /populations/22222222-2222-4222-8222-000000000004"] = []int{400}
	err := s.cleanUp(t.Context())
	require.ErrorContains(t, err, "the population is left behind: DELETE ")
	require.ErrorContains(t, err, "the user Anna is left behind: its deletion was answered, but it is still there")
}

func TestWhatTheScenarioDeletesItselfIsLookedAtToo(t *testing.T) {
	for _, deaf := range []bool{false, true} {
		m := newManagement(t)
		s := begun(t, m)
		ex, err := application(t, s, "Shop")
		require.NoError(t, err)
		m.deaf = deaf
		deleted, err := s.Delete(t.Context(), ex)
		require.NoError(t, err)
		require.Equal(t, http.StatusNoContent, deleted.Status)
		err = s.cleanUp(t.Context())
		require.Equal(t, []string{first}, m.deletions(), "once")
		if deaf {
			require.ErrorContains(t, err, "it is still there")
			continue
		}
		require.NoError(t, err)
		require.Equal(t, "nothing is left behind\n", leftBehind(s))
	}
}

// What was just created may answer 404 for a while; nobody else's does.
func TestWhatDoesNotShowIsDeletedAllTheSame(t *testing.T) {
	m := newManagement(t)
	s := begun(t, m)
	_, err := application(t, s, "Shop")
	require.NoError(t, err)
	m.statuses["GET "+first] = []int{404}
	require.NoError(t, s.cleanUp(t.Context()))
	require.Equal(t, []string{first}, m.deletions())
	require.ElementsMatch(t, theirs, m.remaining())
}

// The look before a deletion is the suite's: that it saw nothing is no refusal of which a sentence has to speak.
func TestALookThatSeesNothingIsNoRefusal(t *testing.T) {
	m := newManagement(t)
	s := begun(t, m)
	ex, err := application(t, s, "Shop")
	require.NoError(t, err)
	m.statuses["GET "+first] = []int{404}
	deleted, err := s.Delete(t.Context(), ex)
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, deleted.Status)
	require.Empty(t, s.proof.refusals)
}

// Only 404 says that it had gone before.
func TestWhatDoesNotShowAndCannotBeDeletedIsLeftBehind(t *testing.T) {
	m := newManagement(t)
	s := begun(t, m)
	_, err := application(t, s, "Shop")
	require.NoError(t, err)
	m.statuses["GET "+first], m.statuses["DELETE "+first] = []int{404}, []int{400}
	require.ErrorContains(t, s.cleanUp(t.Context()), "the application Shop is left behind: DELETE ")
	require.Contains(t, leftBehind(s), "the application Shop")
}

func TestCleanUpNamesWhatIsLeftAndGoesOn(t *testing.T) {
	for name, recorded := range map[string]bool{"all at a time": false, "one after the other": true} {
		t.Run(name, func(t *testing.T) {
			m := newManagement(t)
			s := begun(t, m)
			if recorded {
				s = begunIn(t, replay.Record(m, "", 1, replay.RecordOptions{}))
			}
			everything(t, s)
			m.statuses["DELETE /signOnPolicies/22222222-2222-4222-8222-000000000002"] = []int{400}
			err := s.cleanUp(t.Context())
			require.EqualError(t, err, "the policy is left behind: DELETE "+env+"/signOnPolicies/22222222-2222-4222-8222-000000000002 answered 400")
			require.Len(t, m.deletions(), 6)
			require.Equal(t, "1 thing is left behind; `pingone-conformance sweep` finds it later:\n  the policy  https://api.pingone.com"+env+"/signOnPolicies/22222222-2222-4222-8222-000000000002\n", leftBehind(s))
		})
	}
}

func TestCleanUpRenewsATokenThatHasExpired(t *testing.T) {
	for expired, status := range map[string]int{"GET " + first: 401, "DELETE " + first: 403} {
		m := newManagement(t)
		s := begun(t, m)
		_, err := application(t, s, "Shop")
		require.NoError(t, err)
		m.statuses[expired] = []int{status}
		require.NoError(t, s.cleanUp(t.Context()))
		require.Contains(t, strings.Join(m.asked, "\n"), "/as/token")
		require.ElementsMatch(t, theirs, m.remaining())
	}
}

func TestWhatWasNotCreatedIsNotNoted(t *testing.T) {
	s := begun(t, newManagement(t))
	s.Created("not created", &client.Exchange{Status: http.StatusBadRequest})
	s.Created("not answered", nil)
	require.Equal(t, "nothing is left behind\n", leftBehind(s))
	require.NoError(t, s.cleanUp(t.Context()))
}

func TestCleanUpIsDoneByTheWorkerWhoMadeThings(t *testing.T) {
	var bearers []string
	m := newManagement(t)
	s := begun(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		bearers = append(bearers, r.Method+" "+r.Header.Get("Authorization"))
		return m.RoundTrip(r)
	}))
	require.NoError(t, s.Authenticate(t.Context()))
	_, err := application(t, s, "Shop")
	require.NoError(t, err)
	s.Admin().SetToken("somebody-elses")
	require.NoError(t, s.cleanUp(t.Context()))
	require.Contains(t, bearers, "DELETE Bearer a.b.c")
	require.NotContains(t, strings.Join(bearers, "\n"), "somebody-elses")
}
