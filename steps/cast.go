package steps

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"
	"unicode"

	"pingone-conformance/client"
	"pingone-conformance/internal/names"
)

// Application is an application of the story, such as "Example Shop".
type Application struct {
	label       string
	created     *client.Exchange
	secret      string
	secrets     []*client.Exchange // every reading of it
	redirectURI string
	authMethod  string         // tokenEndpointAuthMethod
	settings    map[string]any // other than the published ones
	deleted     bool
	scopes      []string // names granted so far
	policy      *policy  // assigned last
	resumed     *Person  // whose authorization was resumed last
	code        code
	tokens      *client.Exchange
	tokensFor   code // what they came for
	userinfo    *client.Exchange
	// introspected is what was answered about the access token.
	introspected *client.Exchange
}

// code is an authorization code, and what belongs to the sign-on in which it came.
type code struct {
	value    string
	person   *Person
	asked    url.Values // by the authorization request
	verifier string     // PKCE
}

// Label is the application's name in the features.
func (a *Application) Label() string { return a.label }

// ID is the application's id, its client_id.
func (a *Application) ID() string { return a.created.Get("id").String() }

// Person is a person of the story with a browser of their own.
type Person struct {
	label                     string
	username, email, password string
	given, family             string
	created                   *client.Exchange
	read                      *client.Exchange // newest reading of the user
	changed                   bool             // since then, by what the person gave
	passwordSet               *client.Exchange
	mfa                       *client.Exchange // answer to enabling MFA
	found                     *list            // newest search by the username

	browser     *client.Client
	app         *Application
	authorize   url.Values // what the newest authorization request asked for
	verifier    string     // PKCE
	start       *client.Exchange
	flow        *client.Exchange // newest flow answer that was no refusal
	answer      *client.Exchange // newest answer to a flow call, refusal or not
	resumed     *client.Exchange
	code        code             // of the newest sign-on whose code was received
	spent       string           // the newest passcode of the sign-on before
	received    bool             // the application has received the code of the newest sign-on
	device      *client.Exchange // the first
	other       *client.Exchange // a second one
	chosen      *client.Exchange // where passcodes go; nil for the first
	totpSecret  string
	passcodes   []string // every passcode read so far, oldest first
	passcodedAt time.Time
	ahead       string // a passcode that was read to see where it went, and is not used yet
	bound       bool   // the person's browser has got a cookie of a sign-on
	fault       string // what is wrong with the newest authorization request, in words
}

// Label is the person's name in the features.
func (p *Person) Label() string { return p.label }

// ID is the user's id.
func (p *Person) ID() string { return p.created.Get("id").String() }

// gives makes of a code one that came in the person's newest sign-on.
func (p *Person) gives(value string) code { return code{value, p, p.authorize, p.verifier} }

// inFlow says that the person needs a flow, and which sentence is missing.
func (p *Person) inFlow() error {
	if p.flow == nil {
		return fmt.Errorf("%s has no flow: an earlier sentence has to start one", p.label)
	}
	return nil
}

// saw notes what an answer did to the person's browser. No page says with which answer of a sign-on the cookie that
// ties it to its browser is first set: with authorize, or with the credentials.
func (p *Person) saw(ex *client.Exchange) {
	for _, cookie := range ex.Header.Values("Set-Cookie") {
		p.bound = p.bound || strings.HasPrefix(cookie, "ST")
	}
}

// asking says that the person needs to have asked to sign on, and which sentence is missing.
func (p *Person) asking() error {
	if p.start == nil {
		return fmt.Errorf("%s has not asked to sign on: an earlier sentence has to", p.label)
	}
	return nil
}

// reachedBy is the device to which the person's passcodes go.
func (p *Person) reachedBy() *client.Exchange {
	if p.chosen != nil {
		return p.chosen
	}
	return p.device
}

type policy struct {
	label      string
	created    *client.Exchange
	promptText string
	attribute  string
	devices    string // id of the device policy that its MFA action names, "" for none
}

// newPerson invents the data of a person; nothing is sent.
func (w *World) newPerson(name string) *Person {
	lower := strings.ToLower(name)
	p := &Person{
		label: name, given: name, family: "Example",
		username: names.Username(w.Run(), lower),
		email:    lower + "." + w.Run() + "@example.com",
		browser:  w.NewBrowser(),
	}
	p.password = w.Secret("password", newPassword)
	w.people[name] = p
	return p
}

// knownPerson is the person of that name, invented when nobody has spoken of them.
func (w *World) knownPerson(name string) *Person {
	if p := w.people[name]; p != nil {
		return p
	}
	return w.newPerson(name)
}

// newApplication invents the data of an application; nothing is sent.
func (w *World) newApplication(label string) *Application {
	a := &Application{
		label: label, authMethod: "CLIENT_SECRET_BASIC",
		redirectURI: "https://" + strings.ReplaceAll(strings.ToLower(label), " ", "-") + ".example.com/callback",
	}
	w.apps[label] = a
	return a
}

// knownApplication is the application of that name, invented when nobody has spoken of it.
func (w *World) knownApplication(label string) *Application {
	if a := w.apps[label]; a != nil {
		return a
	}
	return w.newApplication(label)
}

// newPassword makes a password that the default password policy takes. It never
// comes from the scenario's seed: that stands in the recording.
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

// wrongSecret is a client secret that no application has: the right one but for one letter in its midst, so that whoever
// compares a part of it, or no capitals, takes it.
func (w *World) wrongSecret(right string) string {
	return w.Secret("client-secret", func() string { return misspelled(right) })
}

// misspelled is a text of which the letter nearest to its middle is a capital that was small, or the other way round.
func misspelled(text string) string {
	letters, middle := []rune(text), len([]rune(text))/2
	for off := range letters {
		for _, at := range []int{middle + off, middle - off} {
			if at >= 0 && at < len(letters) && unicode.IsLetter(letters[at]) {
				letters[at] = []rune(swapped(string(letters[at])))[0]
				return string(letters)
			}
		}
	}
	return text + "-not"
}
