package contract

import (
	"cmp"
	"crypto/rsa"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// memory is what one scenario's answers have said so far: enough to see that an id
// changed, a secret leaked, or a code belongs to somebody else.
type memory struct {
	// resources by the path of their self link.
	resources map[string]*resource
	// resourceTypes are the types of OAuth resources by id.
	resourceTypes map[string]string
	// applications by client id.
	applications map[string]*application
	// prompts are the progressive profiling actions created, by their path.
	prompts map[string]any
	// flows by id, codes by code.
	flows, codes map[string]*signOn
	// redeemed are the codes that gave a token.
	redeemed map[string]bool
	// people by id.
	people map[string]*credential
	// secrets are values no answer may hold but those of the path that owns them.
	secrets map[string]secret
	// contacts are full telephone numbers and e-mail addresses, usernames the names people sign on with.
	contacts, usernames map[string]bool
	// devices are what was answered of them, by id; testDevices reports whether one answers passcodes.
	devices     map[string]any
	testDevices bool
	// further are the addresses that pages of lists lead on to.
	further map[string]bool
	// keys by issuer and id; unverified are tokens that came before the keys that verify them.
	keys       map[string]*rsa.PublicKey
	unverified []jwt
	// session says that a session cookie was set.
	session bool
	// profiles are what answers showed of people, by id; organizations what tokens say of each environment's.
	profiles      map[string]map[string]any
	organizations map[string]string
	// given is what somebody gave to a prompt and no reading of the record has shown yet, by person.
	given map[string]any
	// switched is what MFA was switched to last, by person.
	switched map[string]any
	// policies are the names of sign-on policies by id; assigned are the ids of those of each application.
	policies map[string]string
	assigned map[string][]string
	// audiences are those of the resources that were listed; someUnknown says that one did not show its own.
	audiences   map[string]bool
	someUnknown bool
	// past are the answers so far, and refusals the ids of their errors.
	past     []pastAnswer
	refusals map[string]bool
}

// pastAnswer is what was answered to an earlier call.
type pastAnswer struct {
	call, path string
	answer     *reading
	header     http.Header
	flow       string
	test       bool // a test device's passcode may be in it
}

// resource is what is remembered of one resource.
type resource struct {
	id, created, updated string
	// sent is what a create or update asked for and an answer confirmed; steady are members of the last
	// answer that stay until they are set.
	sent, steady any
	// states are members of the last answer that stay until something happens; where they are shown.
	states  map[string]any
	deleted bool
}

// application is what is remembered of an OAuth client.
type application struct {
	name, loginPage, authMethod string
	redirectURIs, grantTypes    []string
	// secret is "" until it was read.
	secret string
}

// signOn is one flow and the authorization request behind it.
type signOn struct {
	// asked are the authorization request's parameters; nil when it was not seen.
	asked map[string]any
	// first is the flow's earliest answer, last its latest.
	first, last any
	person      string
	// begun is when the authorization request was answered, proven whether the person has shown a factor in this flow.
	begun  time.Time
	proven bool
}

// secret is a value to keep out of answers.
type secret struct {
	what string
	// owner is the path whose answers may hold the value, "" for none.
	owner string
}

func newMemory() *memory {
	return &memory{
		resources: map[string]*resource{}, resourceTypes: map[string]string{}, applications: map[string]*application{}, prompts: map[string]any{},
		flows: map[string]*signOn{}, codes: map[string]*signOn{}, redeemed: map[string]bool{}, people: map[string]*credential{}, secrets: map[string]secret{},
		contacts: map[string]bool{}, usernames: map[string]bool{}, devices: map[string]any{}, further: map[string]bool{}, keys: map[string]*rsa.PublicKey{},
		profiles: map[string]map[string]any{}, organizations: map[string]string{}, switched: map[string]any{}, given: map[string]any{}, policies: map[string]string{}, assigned: map[string][]string{},
		audiences: map[string]bool{}, refusals: map[string]bool{},
	}
}

// asks returns a parameter of the authorization request behind the flow.
func (s *signOn) asks(name string) string {
	if s == nil {
		return ""
	}
	return text(s.asked, name)
}

// learn takes into memory what the exchange says.
func (c *call) learn() {
	c.learnAnsweredSecrets()
	c.learnAnswer()
	if c.op.service == flows && c.ex.Request.Method == "POST" && (c.ex.Status >= 400 || c.op.name == "Reset Password") {
		c.unsettle()
	}
	if c.ex.Status >= 400 {
		return
	}
	if c.ex.Status < 300 {
		c.learnCredentials()
	}
	switch c.op.service {
	case platform:
		c.learnResource()
	case flows, browser:
		c.learnFlow()
	}
}

func (c *call) learnResource() {
	path := strings.TrimSuffix(c.ex.Request.URL.Path, "/")
	switch {
	case c.ex.Request.Method == "DELETE":
		if r, known := c.mem.resources[path]; known {
			r.deleted, r.sent = true, nil
		}
		return
	case c.op.creates:
		path += "/" + text(c.body, "id")
	case c.op.items != "":
		if next := text(c.body, "_links", "next", "href"); next != "" {
			c.mem.further[next] = true
		}
		c.learnAudiences()
		return
	}
	r := c.mem.resources[path]
	if r == nil {
		r = &resource{}
		c.mem.resources[path] = r
	}
	r.id, r.created, r.updated = text(c.body, "id"), text(c.body, "createdAt"), cmp.Or(text(c.body, "updatedAt"), r.updated)
	switch {
	case c.op.merges:
		r.sent = merged(r.sent, c.sent)
	case c.op.echoed:
		r.sent = c.sent
	}
	c.learnKind(path, r)
}

// learnKind keeps what later rules want to know of applications, people, devices and prompts.
func (c *call) learnKind(path string, r *resource) {
	switch c.op.answer {
	case "application":
		c.learnApplication(r)
	case "sign-on-policy-action":
		if text(c.body, "type") == "PROGRESSIVE_PROFILING" {
			c.mem.prompts[path] = c.body
		}
	case "sign-on-policy":
		c.mem.policies[r.id] = text(c.body, "name")
	case "sign-on-policy-assignment":
		c.mem.assigned[c.ids["application"]] = append(c.mem.assigned[c.ids["application"]], text(c.body, "signOnPolicy", "id"))
	case "user":
		c.mem.profiles[r.id] = object(c.body)
		c.confirm(r)
		c.mem.usernames[text(c.body, "username")] = true
		c.mem.contact(text(c.body, "email"), text(c.body, "mobilePhone"), text(c.body, "primaryPhone"))
		r.steady = map[string]any{"identityProvider": at(c.body, "identityProvider"), "enabled": at(c.body, "enabled"), "mfaEnabled": at(c.body, "mfaEnabled")}
		if switched, was := c.mem.switched[r.id]; was && switched != at(c.body, "mfaEnabled") {
			r.steady = without(r.steady, "mfaEnabled") // it may be old for a moment: https://developer.pingidentity.com/pingone-api/before-you-begin/retry-best-practices.html
		}
	case "device":
		c.mem.devices[r.id] = c.body
		c.mem.contact(text(c.body, "email"), text(c.body, "phone"), text(c.sent, "phone"))
		c.mem.testDevices = c.mem.testDevices || at(c.sent, "testMode") == true
		r.sent = without(r.sent, "status")
		r.states = map[string]any{"status": at(c.body, "status"), "block": at(c.body, "block"), "lock": at(c.body, "lock")}
	case "population":
		r.states = map[string]any{"default": at(c.body, "default")}
	case "password":
		r.states = map[string]any{"status": at(c.body, "status")}
	case "mfa-enabled":
		c.forget(c.ids["user"], "mfaEnabled")
		if c.ex.Request.Method == "PUT" {
			c.mem.switched[c.ids["user"]] = at(c.sent, "mfaEnabled")
		}
	}
}

// learnApplication keeps an application, with its secret if that was read before.
func (c *call) learnApplication(r *resource) {
	known := &application{
		name: text(c.body, "name"), redirectURIs: texts(c.body, "redirectUris"), authMethod: text(c.body, "tokenEndpointAuthMethod"),
		grantTypes: texts(c.body, "grantTypes"), loginPage: text(c.body, "loginPageUrl"),
	}
	if before := c.mem.applications[r.id]; before != nil {
		known.secret = before.secret
	}
	c.mem.applications[r.id] = known
	r.states = map[string]any{"pkceEnforcement": at(c.body, "pkceEnforcement"), "parRequirement": at(c.body, "parRequirement")}
}

// confirm keeps what a prompt was given as soon as the record shows it: from then on it stays.
func (c *call) confirm(r *resource) {
	for name, value := range object(c.mem.given[r.id]) {
		if got := at(c.body, name); got != nil && show(got) == show(value) {
			r.sent = merged(r.sent, map[string]any{name: value})
			c.mem.given[r.id] = without(c.mem.given[r.id], name)
		}
	}
}

// unsettle drops the states of everything: a wrong password or passcode may have locked an account or a device.
func (c *call) unsettle() {
	for _, r := range c.mem.resources {
		r.states = nil
	}
}

// forget drops what was sent of a person's members that have been changed elsewhere since.
func (c *call) forget(user string, members ...string) {
	for path, r := range c.mem.resources {
		if r.id == user && strings.HasSuffix(path, "/users/"+user) {
			r.sent, r.steady = without(r.sent, members...), without(r.steady, members...)
		}
	}
}

// shortestNumber is how many digits a telephone number has at the least, to be looked for without its punctuation.
const shortestNumber = 10

// contact remembers telephone numbers and e-mail addresses in full, as written.
func (m *memory) contact(values ...string) {
	for _, value := range values {
		if value != "" {
			m.contacts[value] = true
		}
		if plain := digits(value); len(plain) >= shortestNumber && !strings.Contains(value, "@") {
			m.contacts[plain] = true
		}
	}
}

// learnFlow keeps the authorization request, the flow's answers, and the code it ended in.
func (c *call) learnFlow() {
	id, code := text(c.body, "id"), text(c.body, "authorizeResponse", "code")
	if location, err := url.Parse(c.ex.Header.Get("Location")); err == nil && c.ex.Status >= 300 {
		id, code = location.Query().Get("flowId"), location.Query().Get("code")
	}
	if id == "" && c.op.name == "Resume" {
		id = c.flowID()
	}
	s := c.mem.flows[id]
	if s == nil {
		s = &signOn{}
		if id != "" {
			c.mem.flows[id] = s
		}
	}
	if c.op.name == "Authorize" {
		s.asked = c.parameters()
		s.begun, _ = c.date()
	}
	c.learnProgress(s)
	if code != "" {
		c.mem.codes[code] = s
	}
}

func (c *call) learnProgress(s *signOn) {
	if c.body != nil {
		if s.first == nil {
			s.first = c.body
		}
		s.last = c.body
		s.person = cmp.Or(text(c.body, "_embedded", "user", "id"), s.person)
	}
	switch c.op.name {
	case "Update Profile":
		c.forget(s.person, slices.Collect(maps.Keys(object(c.sent)))...)
		delete(c.mem.profiles, s.person) // it is known again when the person is read
		c.mem.given[s.person] = merged(c.mem.given[s.person], c.sent)
	case "Check Username and Password", "Check One-Time Passcode":
		s.proven = true
	}
	for _, cookie := range c.ex.Header.Values("Set-Cookie") {
		c.mem.session = c.mem.session || strings.HasPrefix(cookie, "ST=")
	}
}
