package steps

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"time"

	"pingone-conformance/client"
	"pingone-conformance/internal/names"
)

// application is an application of the story, such as "Example Shop".
type application struct {
	label       string
	created     *client.Exchange
	secret      string
	redirectURI string
	authMethod  string   // tokenEndpointAuthMethod
	scopes      []string // names granted so far
	code        string
	tokens      *client.Exchange
}

func (a *application) id() string { return a.created.Get("id").String() }

// person is a person of the story with a browser of their own.
type person struct {
	label                     string
	username, email, password string
	given, family             string
	created                   *client.Exchange
	read                      *client.Exchange // newest reading of the user

	browser     *client.Client
	app         *application
	authorize   url.Values // what the newest authorization request asked for
	verifier    string     // PKCE
	start       *client.Exchange
	flow        *client.Exchange // newest flow answer that was no refusal
	answer      *client.Exchange // newest answer to a flow call, refusal or not
	resumed     *client.Exchange
	device      *client.Exchange
	other       *client.Exchange // a second device
	totpSecret  string
	passcodes   []string // every passcode read so far, oldest first
	passcodedAt time.Time
	fault       string // what is wrong with the newest authorization request, in words
}

func (p *person) id() string { return p.created.Get("id").String() }

type policy struct {
	label      string
	created    *client.Exchange
	promptText string
	attribute  string
}

// the returns the application a sentence names, or says which sentence is missing.
func (w *World) app(label string) (*application, error) {
	if a := w.apps[label]; a != nil && a.created != nil {
		return a, nil
	}
	return nil, fmt.Errorf("%q has not been created: an earlier sentence has to create the application", label)
}

func (w *World) person(name string) (*person, error) {
	if p := w.people[name]; p != nil && p.created != nil {
		return p, nil
	}
	return nil, fmt.Errorf("%s has not been created: an earlier sentence has to create the user", name)
}

// inOrderOfNames lists the people of the scenario; a replayed scenario has to make
// its calls in the same order each time.
func (w *World) inOrderOfNames() []*person { return inOrderOfKeys(w.people) }

func (w *World) applications() []*application { return inOrderOfKeys(w.apps) }

func inOrderOfKeys[V any](m map[string]V) []V {
	values := make([]V, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		values = append(values, m[key])
	}
	return values
}

func (w *World) currentPolicy() (*policy, error) {
	if w.policy == nil {
		return nil, fmt.Errorf("no sign-on policy has been created: an earlier sentence has to create one")
	}
	return w.policy, nil
}

// newPerson invents the data of a person; nothing is sent.
func (w *World) newPerson(name string) *person {
	lower := strings.ToLower(name)
	p := &person{
		label: name, given: name, family: "Example",
		username: names.Username(w.run(), lower),
		email:    lower + "." + w.run() + "@example.com",
		browser:  w.newBrowser(),
	}
	p.password = w.place.Session.Secret("password", func() string { return newPassword() })
	w.people[name] = p
	return p
}

// newApplication invents the data of an application; nothing is sent.
func (w *World) newApplication(label string) *application {
	a := &application{
		label: label, authMethod: "CLIENT_SECRET_BASIC",
		redirectURI: "https://" + strings.ReplaceAll(strings.ToLower(label), " ", "-") + ".example.com/callback",
	}
	w.apps[label] = a
	return a
}

// newPassword makes a password that the default password policy takes. It never
// comes from the scenario's seed: that stands in the fixture.
func newPassword() string {
	const lower, upper, digits, special = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKMNPQRSTUVWXYZ", "23456789", "!-_=."
	var b strings.Builder
	for range 5 {
		for _, class := range []string{lower, upper, digits, special} {
			b.WriteByte(class[rand.IntN(len(class))]) //nolint:gosec // test people, deleted after the scenario
		}
	}
	return b.String()
}

// wrongSecret is a client secret that no application has.
func (w *World) wrongSecret() string {
	return w.place.Session.Secret("client-secret", func() string { return "not-the-secret-of-" + newPassword() + newPassword() })
}

// word makes a random word of n hexadecimal digits from the scenario's seed, for
// state, nonce and JWT ids.
func (w *World) word(n int) string {
	const digits = "0123456789abcdef"
	b := make([]byte, n)
	for i := range b {
		b[i] = digits[w.place.Session.Rand().IntN(len(digits))]
	}
	return string(b)
}
