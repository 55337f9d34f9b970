package tenant

import (
	"cmp"
	"slices"
	"strings"
)

// people finds the people of an environment by what they are asked for by, however
// many there are. Each list is in the order of creation.
type people struct {
	all                           []*User
	byName, byEmail, byPopulation map[string][]*User
}

// keys are what a person is found by.
type keys struct{ name, email, population string }

// folded is a name as it is compared: upper and lower case are the same.
func folded(name string) string { return strings.ToLower(strings.ToUpper(name)) }

func keysOf(u *User) keys {
	email, _ := u.Profile["email"].(string)
	return keys{folded(u.Username()), folded(email), u.PopulationID}
}

// PutUser takes a person in, or takes in what has changed of one.
func (e *Environment) PutUser(u *User) {
	now := keysOf(u)
	switch {
	case e.Users[u.ID] == u && u.known == now:
		return
	case e.Users[u.ID] == u:
		e.people.remove(u)
	}
	e.Users.Add(u)
	u.known = now
	e.people.insert(u)
}

// RemoveUser takes a person out.
func (e *Environment) RemoveUser(u *User) {
	e.people.remove(u)
	delete(e.Users, u.ID)
}

// index finds anew what people are found by, when they came otherwise than by PutUser.
func (e *Environment) index() {
	e.people = people{}
	for _, u := range e.Users.Sorted() {
		u.known = keysOf(u)
		e.people.insert(u)
	}
}

func (p *people) insert(u *User) {
	if p.byName == nil {
		p.byName, p.byEmail, p.byPopulation = map[string][]*User{}, map[string][]*User{}, map[string][]*User{}
	}
	p.all = with(p.all, u)
	p.byName[u.known.name] = with(p.byName[u.known.name], u)
	p.byEmail[u.known.email] = with(p.byEmail[u.known.email], u)
	p.byPopulation[u.known.population] = with(p.byPopulation[u.known.population], u)
}

func (p *people) remove(u *User) {
	p.all = without(p.all, u)
	drop(p.byName, u.known.name, u)
	drop(p.byEmail, u.known.email, u)
	drop(p.byPopulation, u.known.population, u)
}

func drop(lists map[string][]*User, key string, u *User) {
	if lists[key] = without(lists[key], u); len(lists[key]) == 0 {
		delete(lists, key)
	}
}

// place is where in a list a person stands, or would.
func place(list []*User, u *User) int {
	at, _ := slices.BinarySearchFunc(list, u.Seq, func(other *User, seq int) int { return cmp.Compare(other.Seq, seq) })
	return at
}

func with(list []*User, u *User) []*User { return slices.Insert(list, place(list, u), u) }

func without(list []*User, u *User) []*User {
	if at := place(list, u); at < len(list) && list[at] == u {
		return slices.Delete(list, at, at+1)
	}
	return list
}

// Everybody are the people in the order of their creation. The list is not the
// caller's to keep or change.
func (e *Environment) Everybody() []*User { return e.people.all }

// Found are, in the order of their creation, those among whom everybody is whose
// username, email or population.id is the value, upper and lower case being the same;
// false for another attribute.
func (e *Environment) Found(attribute, value string) ([]*User, bool) {
	switch attribute {
	case "username":
		return e.people.byName[folded(value)], true
	case "email":
		return e.people.byEmail[folded(value)], true
	case "population.id":
		return e.people.byPopulation[value], true
	}
	return nil, false
}

// UserByUsername finds a person by name, upper and lower case being the same;
// nil when there is none. Of several, it is the latest.
func (e *Environment) UserByUsername(name string) *User {
	named := e.people.byName[folded(name)]
	if len(named) == 0 {
		return nil
	}
	return named[len(named)-1]
}

// UserCount is how many people belong to a population.
func (e *Environment) UserCount(populationID string) int {
	return len(e.people.byPopulation[populationID])
}
