package sweep_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/live/sweep"
	"pingone-conformance/internal/names"
)

func in(population string) thing {
	return thing{"population": thing{"id": idOf("populations:" + population)}}
}

// killedRun leaves one of everything, and more than a page of some.
func killedRun(s *tenant) (people string) {
	people = names.Thing(run, "People")
	s.add("populations", people, 3*time.Hour, nil)
	for _, name := range []string{"anna", "ben", "carla"} {
		s.add("users", names.Username(run, name), 3*time.Hour, in(people))
	}
	for _, name := range []string{"Example Shop", "Other Shop", "Third Shop"} {
		s.add("applications", names.Thing(run, name), 3*time.Hour, nil)
	}
	s.add("signOnPolicies", names.Policy(run, "Policy"), 3*time.Hour, nil)
	s.add("signOnPolicies", names.Thing(run, "Policy"), 3*time.Hour, nil) // as runs named it before
	s.add("deviceAuthenticationPolicies", names.Thing(run, "Device policy of Policy"), 0, thing{"createdAt": nil})
	return people
}

// ofOthers is what an environment has of its own.
func ofOthers(s *tenant) {
	s.add("populations", "Default", 9000*time.Hour, thing{"default": true})
	s.add("users", "human@example.com", 9000*time.Hour, in("Default"))
	s.add("applications", "Worker", 9000*time.Hour, thing{"id": workerID})
	s.add("signOnPolicies", "Single_Factor", 9000*time.Hour, thing{"default": true})
	s.add("deviceAuthenticationPolicies", "Default MFA Policy", 9000*time.Hour, thing{"default": true})
}

func TestAKilledRunIsSweptInOrder(t *testing.T) {
	s := newTenant(t)
	ofOthers(s)
	before := s.left()
	people := killedRun(s)
	require.Empty(t, s.sweeps(t))
	require.Equal(t, []string{
		"users:" + names.Username(run, "anna"), "users:" + names.Username(run, "ben"), "users:" + names.Username(run, "carla"),
		"applications:" + names.Thing(run, "Example Shop"), "applications:" + names.Thing(run, "Other Shop"), "applications:" + names.Thing(run, "Third Shop"),
		"signOnPolicies:" + names.Policy(run, "Policy"), "signOnPolicies:" + names.Thing(run, "Policy"),
		"deviceAuthenticationPolicies:" + names.Thing(run, "Device policy of Policy"),
		"populations:" + people,
	}, s.deleted)
	require.ElementsMatch(t, before, s.left(), "what is not ours is still there")
}

func TestLookAlikesStay(t *testing.T) {
	things := []string{
		"pingone-conformance Example Shop", "pingone-conformance", "pingone-conformance " + run, "pingone-conformance " + run + " ",
		"pingone-conformance " + run[1:] + " Example Shop", "pingone-conformance 0" + run + " Example Shop",
		"pingone-conformance " + strings.ToUpper(run) + " Example Shop", "PINGONE-CONFORMANCE " + run + " Example Shop",
		"Pingone-conformance " + run + " Example Shop", "copy of pingone-conformance " + run + " Example Shop",
		"pingone-conformance-" + run + "-anna", "pingone-conformance 2026-01-15 12:00 Example Shop", "Example Shop", "",
	}
	users := []string{
		"pingone-conformance", "pingone-conformance-anna", "pingone-conformance-" + run, "pingone-conformance-" + run[1:] + "-anna",
		"pingone-conformance-" + strings.ToUpper(run) + "-anna", "x-pingone-conformance-" + run + "-anna",
		"pingone-conformance " + run + " anna", "pingone-conformance.human@example.com", "",
	}
	s := newTenant(t)
	ofOthers(s)
	for _, name := range things {
		for _, collection := range []string{"applications", "signOnPolicies", "deviceAuthenticationPolicies", "populations"} {
			if collection != "signOnPolicies" || name != names.Policy(run, "anna") { // which is how policies are named
				s.add(collection, name, 9000*time.Hour, nil)
			}
		}
	}
	for _, name := range users {
		s.add("users", name, 9000*time.Hour, in("Default"))
	}
	before := s.left()
	require.Empty(t, s.find(t))
	require.Empty(t, s.sweeps(t))
	require.Empty(t, s.deleted)
	require.ElementsMatch(t, before, s.left())
}

func TestTheAgeDecides(t *testing.T) {
	at := func(age time.Duration) string {
		return names.Thing(names.Run(names.LiveSeed(now.Add(-age), 1)), "Shop")
	}
	random := names.Thing("fedcba9876543210", "Shop")
	rows := []struct {
		name, thing string
		made        time.Duration
		more        thing
		keep        string
	}{
		{"made before", random, 61 * time.Minute, nil, ""},
		{"made just now", random, time.Minute, nil, "kept: not older than 1h0m0s"},
		{"made exactly then", random, time.Hour, nil, "kept: not older than 1h0m0s"},
		{"made by a clock that is ahead", random, -time.Minute, nil, "kept: not older than 1h0m0s"},
		{"the thing knows better than its name", at(3 * time.Hour), time.Minute, nil, "kept: not older than 1h0m0s"},
		{"only the name tells", at(3 * time.Hour), 0, thing{"createdAt": nil}, ""},
		{"only the name tells, and it is young", at(time.Minute), 0, thing{"createdAt": nil}, "kept: not older than 1h0m0s"},
		{"a time that is none, but the name tells", at(3 * time.Hour), 0, thing{"createdAt": "yesterday"}, ""},
		{"nothing tells", random, 0, thing{"createdAt": nil}, "age unknown, kept"},
		{"the name tells of the future", at(-time.Hour), 0, thing{"createdAt": nil}, "age unknown, kept"},
		{"the default one", random, 9000 * time.Hour, thing{"default": true}, "kept: it is the environment's default"},
		{"the worker itself", random, 9000 * time.Hour, thing{"id": workerID}, "kept: it is the worker application"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := newTenant(t)
			s.add("applications", row.thing, row.made, row.more)
			found := s.find(t)
			require.Len(t, found, 1)
			require.Equal(t, row.keep, found[0].Keep)
			require.Equal(t, row.thing, found[0].Name)
			require.Equal(t, row.keep == "age unknown, kept", found[0].Age == 0)
			require.Empty(t, s.sweeps(t))
			require.Len(t, s.deleted, map[bool]int{true: 1, false: 0}[row.keep == ""])
		})
	}
}

func TestWithoutALeastAgeWhatIsJustMadeIsLeftOverToo(t *testing.T) {
	for _, age := range []time.Duration{time.Minute, 0, -time.Minute} {
		s := newTenant(t)
		s.add("applications", names.Thing(run, "Shop"), age, nil)
		found, _, err := sweep.Find(t.Context(), s.client(t), s.config(), sweep.Options{EvenRunning: true})
		require.NoError(t, err)
		require.Len(t, found, 1)
		require.Empty(t, found[0].Keep, age)
	}
}

// The first reason why a population stays is the one that is given.
func TestAYoungPopulationStaysForItsAge(t *testing.T) {
	s := newTenant(t)
	people := names.Thing(run, "People")
	s.add("populations", people, time.Minute, nil)
	s.add("users", names.Username(run, "anna"), time.Minute, in(people))
	for _, one := range s.find(t) {
		require.Equal(t, "kept: not older than 1h0m0s", one.Keep)
	}
}

func TestAPopulationWithSomebodyElseInItStays(t *testing.T) {
	rows := []struct {
		name, user string
		made       time.Duration
	}{
		{"a person's own", "human@example.com", 9000 * time.Hour},
		{"a look-alike", "pingone-conformance-anna", 9000 * time.Hour},
		{"a run's that still goes on", names.Username(run, "dora"), time.Minute},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := newTenant(t)
			people := killedRun(s)
			s.add("users", row.user, row.made, in(people))
			require.Empty(t, s.sweeps(t))
			require.ElementsMatch(t, []string{"users:" + row.user, "populations:" + people}, s.left())
			require.Equal(t, "kept: 1 of its users stay", s.find(t)[len(s.find(t))-1].Keep)
		})
	}
}

func TestUsersOfOtherPopulationsAreNotEvenListed(t *testing.T) {
	s := newTenant(t)
	ofOthers(s)
	people := killedRun(s)
	// Named like ours, but where no run creates users: a person has done that.
	s.add("users", names.Username(run, "eve"), 3*time.Hour, in("Default"))
	require.Empty(t, s.sweeps(t))
	require.Contains(t, s.left(), "users:"+names.Username(run, "eve"))
	for _, call := range s.asked() {
		if strings.Contains(call, "/users?") && strings.HasPrefix(call, "GET") {
			require.Contains(t, call, "filter=population.id+eq+%22"+idOf("populations:"+people)+"%22", call)
		}
	}
}

func TestAServerThatOverlooksTheFilterLosesNobody(t *testing.T) {
	s := newTenant(t)
	ofOthers(s)
	killedRun(s)
	s.unfilter = true
	s.add("users", names.Username(run, "eve"), 3*time.Hour, in("Default"))
	s.sweeps(t)
	require.Contains(t, s.left(), "users:"+names.Username(run, "eve"))
	require.Contains(t, s.left(), "users:human@example.com")
}

func TestADeletionThatDoesNothingIsReported(t *testing.T) {
	s := newTenant(t)
	killedRun(s)
	s.deaf = true
	due := sweep.Due(s.find(t))
	stuck := s.sweeps(t)
	require.Len(t, stuck, due)
	for _, one := range stuck {
		require.ErrorContains(t, one.Err, "its deletion was answered, but it is still there: GET /v1/environments/"+envID)
	}
}

func TestWhatCannotBeReadBackIsReported(t *testing.T) {
	s := newTenant(t)
	s.add("applications", names.Thing(run, "Shop"), 3*time.Hour, nil)
	found := s.find(t)
	s.unread = 403
	stuck := sweep.Delete(t.Context(), s.client(t), s.config(), found, func(sweep.Leftover) { t.Error("nobody saw it go") })
	require.Len(t, stuck, 1)
	require.ErrorContains(t, stuck[0].Err, "whether it is gone could not be seen: GET /v1/environments/"+envID+"/applications/"+found[0].ID+" answered 403 REFUSED")
}

// A deletion's address is built from the id.
func TestWhatHasNoUsableIDStays(t *testing.T) {
	for _, id := range []string{"", "..", ".", workerID + "/..", strings.ToUpper("abcdefab-0000-4000-8000-000000000003"), "x"} {
		s := newTenant(t)
		s.add("applications", names.Thing(run, "Shop"), 3*time.Hour, thing{"id": id})
		require.Equal(t, "kept: it has no id to go by", s.find(t)[0].Keep, id)
		require.Empty(t, s.sweeps(t))
		require.Empty(t, s.deleted)
	}
}

func TestWhatIsGoneCountsAsDeleted(t *testing.T) {
	s := newTenant(t)
	killedRun(s)
	found := s.find(t)
	s.lists["applications"] = nil
	c := s.client(t)
	require.Empty(t, sweep.Delete(t.Context(), c, s.config(), found, func(sweep.Leftover) {}))
}

func TestWhatIsRefusedIsReported(t *testing.T) {
	s := newTenant(t)
	killedRun(s)
	policy := "signOnPolicies:" + names.Thing(run, "Policy")
	s.says[policy] = 403
	stuck := s.sweeps(t)
	require.Len(t, stuck, 1)
	require.Equal(t, idOf(policy), stuck[0].ID)
	require.ErrorContains(t, stuck[0].Err, "answered 403 REFUSED CONSTRAINT_VIOLATION")
	require.Equal(t, []string{policy}, s.left(), "the others are deleted all the same")

	s = newTenant(t)
	s.add("applications", names.Thing(run, "Shop"), 3*time.Hour, nil)
	s.says["applications:"+names.Thing(run, "Shop")] = 400
	require.Len(t, s.sweeps(t), 1)
	deletions := 0
	for _, call := range s.asked() {
		if strings.HasPrefix(call, "DELETE ") {
			deletions++
		}
	}
	require.Equal(t, 1, deletions, "only a population is asked again, since its people may still be counted")
}

func TestAPopulationThatStillCountsItsUsersIsAskedAgain(t *testing.T) {
	s := newTenant(t)
	people := killedRun(s)
	s.once["populations:"+people] = 400
	require.Empty(t, s.sweeps(t))
	require.Empty(t, s.left())

	unlimited := newTenant(t)
	unlimited.once["populations:"+killedRun(unlimited)] = 400
	found := unlimited.find(t)
	cfg := unlimited.config()
	cfg.Limits.Lag = 0
	require.Empty(t, sweep.Delete(t.Context(), unlimited.client(t), cfg, found, func(sweep.Leftover) {}), "without a limit of its own, the usual one holds")

	other := newTenant(t)
	people = killedRun(other)
	other.says["populations:"+people] = 400
	stuck := other.sweeps(t)
	require.Len(t, stuck, 1, "but not for ever")
	require.ErrorContains(t, stuck[0].Err, "answered 400")
}

func TestItStopsBetweenTwoDeletions(t *testing.T) {
	s := newTenant(t)
	killedRun(s)
	found := s.find(t)
	ctx, cancel := context.WithCancel(t.Context())
	count := 0
	stuck := sweep.Delete(ctx, s.client(t), s.config(), found, func(sweep.Leftover) {
		if count++; count == 2 {
			cancel()
		}
	})
	require.Len(t, s.deleted, 2)
	require.Len(t, stuck, len(found)-2)
	for _, one := range stuck {
		require.ErrorContains(t, one.Err, "the sweep was stopped")
	}
	slices.Sort(s.deleted)
	require.NotContains(t, s.deleted, keyOf(stuck[0].ID))
}

func TestOnlyWhatIsNotKeptIsDue(t *testing.T) {
	require.Equal(t, 2, sweep.Due([]sweep.Leftover{{}, {Keep: "age unknown, kept"}, {}}))
	require.Zero(t, sweep.Due(nil))
}

func TestTheTable(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, sweep.Print(&out, []sweep.Leftover{
		{Kind: sweep.User, Name: "pingone-conformance-" + "0123456789abcdef-anna", ID: "id-1", Age: 3*time.Hour + 5*time.Minute},
		{Kind: sweep.MFAPolicy, Name: "pingone-conformance 0123456789abcdef P", ID: "id-2", Keep: "age unknown, kept"},
		{Kind: sweep.Population, Name: "a\nb", ID: "id-3", Age: 72 * time.Hour},
		{Kind: sweep.Application, Name: "c", ID: "id-4", Age: 12 * time.Second, Keep: "kept: not older than 1h0m0s"},
		{Kind: sweep.Application, Name: "d", ID: "id-5", Age: time.Minute},
		{Kind: sweep.Application, Name: "e", ID: "id-6", Age: time.Hour},
		{Kind: sweep.Application, Name: "f", ID: "id-7", Age: 48 * time.Hour},
	}))
	lines := strings.Split(out.String(), "\n")
	require.Equal(t, []string{"KIND", "NAME", "AGE", "ID"}, strings.Fields(lines[0]))
	require.Equal(t, `user         "pingone-conformance-0123456789abcdef-anna"  3h05m    id-1`, strings.TrimRight(lines[1], " "))
	require.Equal(t, `MFA policy   "pingone-conformance 0123456789abcdef P"     unknown  id-2  age unknown, kept`, lines[2])
	require.Contains(t, lines[3], `"a\nb"`, "a name cannot break the table")
	require.Contains(t, lines[3], "3 days")
	require.Contains(t, lines[4], "12s")
	require.Contains(t, lines[5], " 0h01m ")
	require.Contains(t, lines[6], " 1h00m ")
	require.Contains(t, lines[7], " 2 days ")
}
