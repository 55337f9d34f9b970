package tenant

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func person(id, name string) *User {
	return &User{Meta: Meta{ID: id}, Profile: map[string]any{"username": name}}
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
	stored := person("3", "Straße")
	e.Users.Add(stored)
	require.Same(t, stored, e.UserByUsername("STRAße"), "who came otherwise, from a seed for instance")
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
