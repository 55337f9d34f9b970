package tenant

import "strings"

// usernames finds people by their names, however many there are.
type usernames map[string]*User

// folded is a name as it is compared: upper and lower case are the same.
func folded(name string) string { return strings.ToLower(strings.ToUpper(name)) }

// PutUser takes a person in, or takes in a name that has changed.
func (e *Environment) PutUser(u *User) {
	e.forget(u)
	u.known = folded(u.Username())
	if e.names == nil {
		e.names = usernames{}
	}
	e.names[u.known] = u
	e.Users.Add(u)
}

// RemoveUser takes a person out.
func (e *Environment) RemoveUser(u *User) {
	e.forget(u)
	delete(e.Users, u.ID)
}

func (e *Environment) forget(u *User) {
	if e.names[u.known] == u {
		delete(e.names, u.known)
	}
}

// UserByUsername finds a person by name, upper and lower case being the same;
// nil when there is none.
func (e *Environment) UserByUsername(name string) *User {
	if len(e.names) != len(e.Users) {
		e.names = usernames{} // some came otherwise than by PutUser
		for _, u := range e.Users {
			u.known = folded(u.Username())
			e.names[u.known] = u
		}
	}
	return e.names[folded(name)]
}
