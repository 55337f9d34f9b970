package contract

import (
	"crypto/rsa"
	"net/url"
	"strings"
	"time"
)

// Memory is what one scenario's answers have told so far: enough to see that an id
// changed, a secret leaked, or a code belongs to somebody else.
type Memory struct {
	// resources by the path of their self link.
	resources map[string]*resource
	// resourceTypes are the types of OAuth resources by id.
	resourceTypes map[string]string
	// applications by client id.
	applications map[string]*application
	// prompts are the progressive profiling actions created, by their path.
	prompts map[string]any
	flows   map[string]*signOn
	codes   map[string]*signOn
	// redeemed are the codes that gave a token.
	redeemed map[string]bool
	// people by the name they sign on with.
	people map[string]*credential
	// subjects are the people access tokens were issued to.
	subjects map[string]string
	// secrets are values no answer may hold but those of the path that owns them.
	secrets map[string]secret
	// contacts are full telephone numbers and e-mail addresses, usernames the names people sign on with.
	contacts, usernames map[string]bool
	// devices are what was answered of them, by id; testDevices tells whether one answers passcodes.
	devices     map[string]any
	testDevices bool
	keys        map[string]*rsa.PublicKey
	// unverified are tokens that came before the keys that verify them.
	unverified []jwt
	session    bool
}

// resource is what is remembered of one resource.
type resource struct {
	id, created string
	updated     time.Time
	// sent is what a create or update asked for and an answer confirmed; steady are members of the last
	// answer that stay until they are set.
	sent, steady any
	deleted      bool
}

// application is what is remembered of an OAuth client.
type application struct {
	name         string
	redirectURIs []string
	grantTypes   []string
	loginPage    string
	authMethod   string
	// secret is "" until it was read.
	secret string
}

// signOn is one flow and the authorization request behind it.
type signOn struct {
	id, environment string
	// asked are the authorization request's parameters; nil when it was not seen.
	asked map[string]any
	// first is the flow's earliest answer, last its latest.
	first, last any
	person      string
	codes       int
}

// secret is a value to keep out of answers.
type secret struct {
	what string
	// owner is the path whose answers may hold the value, "" for none.
	owner string
}

func newMemory() *Memory {
	return &Memory{
		resources: map[string]*resource{}, resourceTypes: map[string]string{}, applications: map[string]*application{}, prompts: map[string]any{},
		flows: map[string]*signOn{}, codes: map[string]*signOn{}, redeemed: map[string]bool{}, people: map[string]*credential{}, subjects: map[string]string{}, secrets: map[string]secret{},
		contacts: map[string]bool{}, usernames: map[string]bool{}, devices: map[string]any{}, keys: map[string]*rsa.PublicKey{},
	}
}

// asks returns a parameter of the authorization request behind the flow.
func (s *signOn) asks(name string) string {
	if s == nil {
		return ""
	}
	value, _ := s.asked[name].(string)
	return value
}

// piFlow tells whether the flow was asked for as JSON.
func (s *signOn) piFlow() bool { return s.asks("response_mode") == "pi.flow" }

// learn takes into memory what the exchange has told.
func (c *call) learn() {
	c.learnAnsweredSecrets()
	if c.ex.Status >= 400 {
		return
	}
	if c.ex.Status < 300 {
		c.learnCredentials()
	}
	switch c.op.service {
	case platform:
		c.learnResources()
	case flows, browser:
		c.learnFlow()
	case oauth:
		c.learnToken()
	}
}

func (c *call) learnResources() {
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
		return
	}
	r := c.mem.remember(path, c.body)
	switch {
	case c.op.merges:
		r.sent = merged(r.sent, c.sent)
	case c.op.echoed:
		r.sent = c.sent
	}
	c.learnKinds(path, r)
}

// remember returns the memory of the resource at path, made when it is the first time.
func (m *Memory) remember(path string, v any) *resource {
	r, known := m.resources[path]
	if !known {
		r = &resource{}
		m.resources[path] = r
	}
	r.id, r.created = text(v, "id"), text(v, "createdAt")
	if updated, ok := moment(member(v, "updatedAt")); ok {
		r.updated = updated
	}
	return r
}

// learnKinds keeps what later rules want to know of applications, people, devices and prompts.
func (c *call) learnKinds(path string, r *resource) {
	switch c.op.answer {
	case "application":
		known := &application{
			name: text(c.body, "name"), redirectURIs: texts(member(c.body, "redirectUris")), authMethod: text(c.body, "tokenEndpointAuthMethod"),
			grantTypes: texts(member(c.body, "grantTypes")), loginPage: text(c.body, "loginPageUrl"),
		}
		if before := c.mem.applications[r.id]; before != nil {
			known.secret = before.secret
		}
		c.mem.applications[r.id] = known
	case "sign-on-policy-action":
		if text(c.body, "type") == "PROGRESSIVE_PROFILING" {
			c.mem.prompts[path] = c.body
		}
	case "user":
		c.mem.usernames[text(c.body, "username")] = true
		c.mem.contact(text(c.body, "email"), text(c.body, "mobilePhone"), text(c.body, "primaryPhone"))
		r.steady = map[string]any{"identityProvider": member(c.body, "identityProvider"), "enabled": member(c.body, "enabled"), "mfaEnabled": member(c.body, "mfaEnabled")}
	case "device":
		c.mem.devices[r.id] = c.body
		c.mem.contact(text(c.body, "email"), text(c.body, "phone"), text(c.sent, "phone"))
		c.mem.testDevices = c.mem.testDevices || member(c.sent, "testMode") == true
		r.sent = without(r.sent, "status")
	case "mfa-enabled":
		c.forget(c.ids["user"], map[string]any{"mfaEnabled": nil})
	}
}

// forget drops what was sent of a person's members that have been changed elsewhere since.
func (c *call) forget(user string, changed any) {
	members, _ := changed.(map[string]any)
	for path, r := range c.mem.resources {
		if r.id == user && strings.HasSuffix(path, "/users/"+user) {
			for name := range members {
				r.sent, r.steady = without(r.sent, name), without(r.steady, name)
			}
		}
	}
}

// shortestNumber is how many digits a telephone number has at the least, to be looked for without its punctuation.
const shortestNumber = 10

// contact remembers telephone numbers and e-mail addresses in full, as written.
func (m *Memory) contact(values ...string) {
	for _, value := range values {
		if value != "" {
			m.contacts[value] = true
		}
		if plain := digits(value); len(plain) >= shortestNumber && !strings.Contains(value, "@") {
			m.contacts[plain] = true
		}
	}
}

func without(v any, name string) any {
	object, isObject := v.(map[string]any)
	if !isObject {
		return v
	}
	rest := make(map[string]any, len(object))
	for key, value := range object {
		if key != name {
			rest[key] = value
		}
	}
	return rest
}

func texts(v any) []string {
	list, _ := v.([]any)
	var all []string
	for _, item := range list {
		if s, ok := item.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// learnFlow keeps the authorization request, the flow's answers, and the code it ended in.
func (c *call) learnFlow() {
	id, code := text(c.body, "id"), text(c.body, "authorizeResponse", "code")
	if location, err := url.Parse(c.ex.Header.Get("Location")); err == nil && c.ex.Status >= 300 {
		id, code = location.Query().Get("flowId"), location.Query().Get("code")
	}
	if id == "" && c.op.name == "Resume" {
		id = c.ex.Request.URL.Query().Get("flowId")
	}
	s := c.mem.flows[id]
	if s == nil {
		s = &signOn{id: id, environment: c.environment()}
		if id != "" {
			c.mem.flows[id] = s
		}
	}
	if c.op.name == "Authorize" {
		s.asked = c.parameters()
	}
	c.learnProgress(s)
	if code != "" {
		s.codes++
		c.mem.codes[code] = s
	}
}

func (c *call) learnProgress(s *signOn) {
	if c.body != nil {
		if s.first == nil {
			s.first = c.body
		}
		s.last = c.body
		if person := text(c.body, "_embedded", "user", "id"); person != "" {
			s.person = person
		}
	}
	if c.op.name == "Update Profile" && c.ex.Status == 200 {
		c.forget(s.person, c.sent)
	}
	for _, cookie := range c.ex.Header.Values("Set-Cookie") {
		c.mem.session = c.mem.session || strings.HasPrefix(cookie, "ST=")
	}
}
