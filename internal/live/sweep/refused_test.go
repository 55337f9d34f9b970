package sweep_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/internal/live/sweep"
	"pingone-conformance/internal/names"
)

// Two hours off, this machine takes what a running suite has just made for two hours old.
func TestTheClockIsPingOnes(t *testing.T) {
	for _, row := range []struct {
		name string
		here time.Duration // how far this machine's clock is ahead
		made time.Duration
		says string
		keep string
	}{
		{"both agree", 0, 3 * time.Hour, "", ""},
		{"a little off", 50 * time.Second, 61 * time.Minute, "", ""},
		{"a little off, and what is young stays", 50 * time.Second, time.Hour - 10*time.Second, "", "kept: not older than 1h0m0s"},
		{"as far off as may be", time.Minute, 3 * time.Hour, "", ""},
		{"as far off as may be, the other way", -time.Minute, 3 * time.Hour, "", ""},
		{"a second more", 61 * time.Second, 3 * time.Hour, "this machine's clock is 1m1s ahead of PingOne's", ""},
		{"two hours ahead", 2 * time.Hour, time.Minute, "this machine's clock is 2h0m0s ahead of PingOne's: set it first", ""},
		{"two hours behind", -2 * time.Hour, 3 * time.Hour, "this machine's clock is 2h0m0s behind PingOne's: set it first", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newTenant(t)
			s.clock = now.Add(-row.here)
			s.lists["applications"] = nil
			s.add("applications", names.Thing(run, "Shop"), row.here+row.made, nil)
			found, _, err := sweep.Find(t.Context(), s.client(t), s.config(), hour)
			if row.says != "" {
				require.ErrorContains(t, err, row.says)
				require.Empty(t, found)
				return
			}
			require.NoError(t, err)
			require.Len(t, found, 1)
			require.Equal(t, row.keep, found[0].Keep)
			require.Equal(t, row.made, found[0].Age)
		})
	}
}

func TestWithoutADateNothingIsCounted(t *testing.T) {
	s := newTenant(t)
	killedRun(s)
	s.dateless = true
	_, _, err := sweep.Find(t.Context(), s.client(t), s.config(), hour)
	require.ErrorContains(t, err, "answered 200 without a Date, by which ages are counted")
}

func TestAnAgeThatARunMayHaveNeedsAWordOfItsOwn(t *testing.T) {
	s := newTenant(t)
	cfg := s.config()
	cfg.Limits.Run = 20 * time.Minute
	require.Equal(t, 21*time.Minute, sweep.LongestRun(cfg))
	require.Equal(t, config.RunLimit+config.CleanUpLimit, sweep.LongestRun(s.config()), "a run without a limit of its own has the usual one")
	for _, row := range []struct {
		o      sweep.Options
		refuse bool
	}{
		{sweep.Options{OlderThan: 21 * time.Minute}, false},
		{sweep.Options{OlderThan: 20 * time.Minute}, true},
		{sweep.Options{}, true},
		{sweep.Options{OlderThan: time.Second, EvenRunning: true}, false},
	} {
		s.forget()
		_, _, err := sweep.Find(t.Context(), s.client(t), cfg, row.o)
		require.Equal(t, row.refuse, errors.Is(err, sweep.ErrMayBeRunning), err)
		require.Equal(t, row.refuse, len(s.asked()) == 0, "refused before anybody is called")
	}
}

func TestProductionIsNotSwept(t *testing.T) {
	s := newTenant(t)
	killedRun(s)
	s.kind = "PRODUCTION"
	_, _, err := sweep.Find(t.Context(), s.client(t), s.config(), hour)
	var refusal *sweep.Refusal
	require.ErrorAs(t, err, &refusal)
	require.EqualError(t, err, "this environment is not swept: environment type: it is PRODUCTION, which may hold real people")
	require.Len(t, s.asked(), 2, "nothing is listed: %v", s.asked())

	cfg := s.config()
	cfg.AllowProduction = envID
	found, notes, err := sweep.Find(t.Context(), s.client(t), cfg, hour)
	require.NoError(t, err)
	require.NotEmpty(t, found)
	require.Contains(t, notes[0].Missing, "IT IS PRODUCTION")
}

// What is only a note does not stand for what forbids the sweep.
func TestARefusalNamesWhatForbids(t *testing.T) {
	s := newTenant(t)
	s.kind, s.clock = "PRODUCTION", now.Add(-20*time.Second)
	_, _, err := sweep.Find(t.Context(), s.client(t), s.config(), hour)
	require.EqualError(t, err, "this environment is not swept: environment type: it is PRODUCTION, which may hold real people")
}

func TestWhereTheTypeCannotBeReadNothingIsListed(t *testing.T) {
	s := newTenant(t)
	killedRun(s)
	s.silent = map[string]bool{"GET " + envID: true}
	found, _, err := sweep.Find(t.Context(), s.client(t), s.config(), hour)
	require.ErrorContains(t, err, "preflight: Read Environment: no answer to GET ")
	require.Empty(t, found)
	for _, call := range s.asked()[1:] {
		require.Equal(t, "GET /v1/environments/"+envID, call)
	}
}

func TestAListThatCannotBeReadEndsTheLook(t *testing.T) {
	for _, collection := range []string{"users", "applications", "signOnPolicies", "deviceAuthenticationPolicies", "populations"} {
		s := newTenant(t)
		killedRun(s)
		s.says[collection] = 403
		_, _, err := sweep.Find(t.Context(), s.client(t), s.config(), hour)
		require.ErrorContains(t, err, "the list of "+map[string]string{
			"users": "users", "applications": "applications", "signOnPolicies": "sign-on policies", "deviceAuthenticationPolicies": "MFA policies", "populations": "populations",
		}[collection]+" cannot be read", collection)
		require.ErrorContains(t, err, "answered 403 REFUSED", collection)
	}
}

func TestPagesThatLeadInACircleEndTheLook(t *testing.T) {
	s := newTenant(t)
	killedRun(s)
	s.circle = true
	_, _, err := sweep.Find(t.Context(), s.client(t), s.config(), hour)
	require.ErrorContains(t, err, "lead in a circle")
}

func TestAPageThatCannotBeFollowedEndsTheLook(t *testing.T) {
	s := newTenant(t)
	killedRun(s)
	s.astray = true
	found, _, err := sweep.Find(t.Context(), s.client(t), s.config(), hour)
	require.ErrorContains(t, err, "look for leftovers: ")
	require.ErrorContains(t, err, "elsewhere.example.com")
	require.Empty(t, found)
}

func TestWhoeverIsNotReachedIsNotSwept(t *testing.T) {
	s := newTenant(t)
	killedRun(s)
	c, found := s.client(t), s.find(t)
	s.at.Close()
	_, _, err := sweep.Find(t.Context(), c, s.config(), hour)
	require.ErrorContains(t, err, "connection refused")
	stuck := sweep.Delete(t.Context(), c, s.config(), found, func(sweep.Leftover) { t.Error("nobody saw it go") })
	require.Len(t, stuck, len(found))
	for _, one := range stuck {
		require.ErrorContains(t, one.Err, "connection refused")
	}
}

// What keeps a thing there is said as it was: a refusal is no deletion, and silence is neither.
func TestWhatIsSaidOfADeletionThatDidNotHappen(t *testing.T) {
	for _, row := range []struct {
		name, collection, thing, silent, refuses string
		says                                     string
	}{
		{"no answer to it", "applications", "Shop", http.MethodDelete, "", "no answer to DELETE "},
		{"a refusal", "applications", "Shop", "", http.MethodDelete, "DELETE /v1/environments/" + envID + "/applications/"},
		{"a population's that is final", "populations", "People", "", http.MethodDelete, "DELETE /v1/environments/" + envID + "/populations/"},
		{"no answer to the look after it", "applications", "Shop", http.MethodGet, "", "its deletion was answered, but whether it is gone could not be seen: "},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newTenant(t)
			name := names.Thing(run, row.thing)
			s.add(row.collection, name, 3*time.Hour, nil)
			found := s.find(t)
			key := row.collection + ":" + name
			s.silent, s.refuses = map[string]bool{row.silent + " " + key: true}, map[string]int{row.refuses + " " + key: 403}
			s.forget()
			stuck := sweep.Delete(t.Context(), s.client(t), s.config(), found, func(sweep.Leftover) { t.Error("nobody saw it go") })
			require.Len(t, stuck, 1)
			require.ErrorContains(t, stuck[0].Err, row.says)
			require.Equal(t, row.silent == http.MethodGet, strings.HasPrefix(stuck[0].Err.Error(), "its deletion was answered"), stuck[0].Err)
			if row.silent != http.MethodGet {
				require.Len(t, s.asked(), 1, "neither tried again nor looked at: %v", s.asked())
			}
		})
	}
}
