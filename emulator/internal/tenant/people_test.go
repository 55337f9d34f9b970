package tenant

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func person(id, name string) *User {
	seq, _ := strconv.Atoi(id)
	return &User{Meta: Meta{ID: id, Seq: seq}, Profile: map[string]any{"username": name}}
}

func TestPeopleAreFoundByNameWhateverHappensToThem(t *testing.T) {
	e := &Environment{Users: Table[*User]{}}
	require.Nil(t, e.UserByUsername("anna"))
	anna := person("1", "Anna")
	e.PutUser(anna)
	for _, name := range []string{"Anna", "anna", "ANNA"} {
		require.Same(t, anna, e.UserByUsername(name))
	}
	anna.Profile = map[string]any{"username": "Berta"}
	e.PutUser(anna)
	require.Nil(t, e.UserByUsername("anna"), "her name is free again")
	require.Same(t, anna, e.UserByUsername("berta"))
	other := person("2", "ANNA")
	e.PutUser(other)
	require.Same(t, other, e.UserByUsername("anna"))
	e.RemoveUser(anna)
	require.Nil(t, e.UserByUsername("berta"))
	require.Len(t, e.Users, 1)
	require.NotContains(t, e.people.byName, "berta", "nothing is left of who has gone")
	nobody := &User{Meta: Meta{ID: "0"}}
	e.PutUser(nobody)
	require.Equal(t, []*User{nobody, other}, e.Everybody(), "who has neither name nor address is there, too")
	e.RemoveUser(nobody)
	e.RemoveUser(nobody)
	require.Equal(t, []*User{other}, e.Everybody(), "a second time removes nobody else")
	require.Equal(t, []*User{other}, e.Everybody())
	stored := person("3", "Straße")
	e.Users.Add(stored)
	New(Options{}).Replace(Data{Environments: Table[*Environment]{"": e}})
	require.Same(t, stored, e.UserByUsername("STRAße"), "who came from a file")
}

// What people are found by agrees with a look at everybody, after any changes.
func TestPeopleAreFoundAsByALookAtEverybody(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	e := &Environment{Users: Table[*User]{}}
	values := map[string]func(*User) string{
		"username": (*User).Username, "population.id": func(u *User) string { return u.PopulationID },
		"email": func(u *User) string { email, _ := u.Profile["email"].(string); return email },
	}
	for i := range 3000 {
		u := person(fmt.Sprint(i), "")
		if everybody := e.Everybody(); len(everybody) > 0 && random.IntN(2) == 0 {
			u = everybody[random.IntN(len(everybody))]
		}
		u.PopulationID = fmt.Sprint(random.IntN(3))
		u.Profile = map[string]any{"username": fmt.Sprint(random.IntN(9)), "email": strings.Repeat("a", random.IntN(9)) + "@EXAMPLE.com"}
		if e.PutUser(u); random.IntN(3) == 0 {
			e.RemoveUser(u)
		}
		require.Equal(t, e.Users.Sorted(), append([]*User{}, e.Everybody()...))
		for attribute, of := range values {
			wanted := of(u)
			found, indexed := e.Found(attribute, strings.ToLower(wanted))
			require.True(t, indexed)
			looked := slices.DeleteFunc(e.Users.Sorted(), func(other *User) bool { return of(other) != wanted })
			require.Equal(t, looked, append([]*User{}, found...), "%s %s", attribute, wanted)
		}
		require.Equal(t, len(e.people.byPopulation[u.PopulationID]), e.UserCount(u.PopulationID))
	}
	_, indexed := e.Found("name.given", "anna")
	require.False(t, indexed)
}

// The names agree with a look at everybody, after any changes.
func TestNamesAgreeWithALookAtEverybody(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	e := &Environment{Users: Table[*User]{}}
	name := func() string {
		return []string{"a", "B", "c", "D", "ſ", "ß"}[random.IntN(6)] + strings.Repeat("x", random.IntN(3))
	}
	for i := range 5000 {
		wanted := name()
		found := e.Users.First(func(u *User) bool { return strings.EqualFold(u.Username(), wanted) })
		require.Same(t, found, e.UserByUsername(wanted), wanted)
		switch {
		case found == nil && random.IntN(2) == 0:
			e.PutUser(person(fmt.Sprint(i), wanted))
		case found == nil:
			for _, u := range e.Users {
				u.Profile = map[string]any{"username": wanted}
				e.PutUser(u)
				break
			}
		case random.IntN(2) == 0:
			e.RemoveUser(found)
		}
	}
}

// Creating somebody looks for the name: among ten thousand that costs what it costs among ten.
func TestALookForANameCostsTheSameAmongMany(t *testing.T) {
	cost := func(people int) time.Duration {
		e := &Environment{Users: Table[*User]{}}
		for i := range people {
			e.PutUser(person(fmt.Sprint(i), fmt.Sprintf("person%d", i)))
		}
		least := time.Hour
		for range 20 {
			began := time.Now()
			for i := range 20 {
				passing := person("passing", fmt.Sprintf("nobody%d", i))
				e.UserByUsername(passing.Username())
				e.PutUser(passing)
				e.RemoveUser(passing)
			}
			least = min(least, time.Since(began))
		}
		return least
	}
	require.Less(t, cost(10_000), 20*cost(10), "a look at everybody would cost a thousand times as much")
}
