package contract

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// flowAnswer holds a flow: its shape, its links, and what earlier answers said of it.
func (c *call) flowAnswer() {
	c.hold(c.op.answer, c.body)
	id := text(c.body, "id")
	if want := c.flowID(); want != "" && id != want {
		c.fail(ruleID, "/id", want, show(nil, member(c.body, "id")), pageFlows)
	}
	if got := text(c.body, "environment", "id"); got != "" && c.environment() != "" && got != c.environment() {
		c.fail(ruleParent, "/environment/id", c.environment(), show(nil, got), pageFlows)
	}
	c.flowLinks(id)
	c.flowTimes()
	c.masked()
	s := c.mem.flows[id]
	if c.op.name == "Authorize" {
		s = &signOn{asked: c.parameters()}
	}
	c.flowKept(s)
	c.flowPeople(s)
	c.flowDevices()
	c.flowPrompt()
	c.authorizeResponse(s)
}

// flowID is the flow that the address names, "" on authorize.
func (c *call) flowID() string {
	if id := c.ids["flow"]; id != "" {
		return id
	}
	return c.ex.Request.URL.Query().Get("flowId")
}

// base is the address of the environment on the authorization server.
func (c *call) base() string {
	path := c.ex.Request.URL.Path
	for _, below := range []string{"/flows/", "/as/"} {
		if i := strings.Index(path, below); i >= 0 {
			return c.origin() + path[:i]
		}
	}
	return c.origin()
}

// actions are link relations that name an action of the flow: they lead to the flow itself, the media type chooses.
var actions = []string{
	"usernamePassword.check", "otp.check", "device.select", "user.update", "user.lookup", "user.register", "user.confirm", "user.consent",
	"password.forgot", "password.reset", "password.recover", "password.sendRecoveryCode", "assertion.check", "session.reset", "user.verify", "user.sendVerificationCode",
}

func (c *call) flowLinks(id string) {
	self := c.base() + "/flows/" + id
	all, _ := member(c.body, "_links").(map[string]any)
	for rel, link := range all {
		href := text(link, "href")
		place := pointer("_links", rel, "href")
		switch {
		case href == "" || href == self:
		case rel == "self" && strings.TrimPrefix(href, "http:") == strings.TrimPrefix(self, "https:"):
			// The vendor shows such a link in one example.
			c.note(ruleSelf, place, self, show(nil, href), pageSession)
		case rel == "self":
			c.fail(ruleSelf, place, self, show(nil, href), pageFlowActions)
		case slices.Contains(actions, rel):
			c.fail(ruleLink, place, "the flow's own address "+self, show(nil, href), pageFlowActions)
		case rel == "signOnPage" && queryOf(href).Get("flowId") != id:
			c.fail(ruleLink, place, "an address with flowId="+id, show(nil, href), pageFlowModes)
		}
	}
	resume, isText := member(c.body, "resumeUrl").(string)
	if want := c.base() + "/as/resume"; isText {
		if address, _, _ := strings.Cut(resume, "?"); address != want || queryOf(resume).Get("flowId") != id {
			c.fail(ruleFlow, "/resumeUrl", want+"?flowId="+id, show(nil, resume), pageFlows)
		}
	}
}

func queryOf(address string) url.Values {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	return u.Query()
}

// flowTimes wants the flow to end after it began.
func (c *call) flowTimes() {
	created, okCreated := moment(member(c.body, "createdAt"))
	expires, okExpires := moment(member(c.body, "expiresAt"))
	if okCreated && okExpires && !expires.After(created) {
		c.fail(ruleTimes, "/expiresAt", "after createdAt, "+text(c.body, "createdAt"), text(c.body, "expiresAt"), pageFlows)
	}
}

// flowKept wants what identifies a flow to stay as its earlier answers had it.
func (c *call) flowKept(s *signOn) {
	if s == nil || s.first == nil {
		return
	}
	for _, name := range []string{"createdAt", "resumeUrl"} {
		if before, now := text(s.first, name), text(c.body, name); before != "" && now != "" && before != now {
			c.fail(ruleKept, pointer(name), before, show(nil, now), pageFlows)
		}
	}
	if before, now := text(s.first, "_embedded", "application", "name"), text(c.body, "_embedded", "application", "name"); now != "" && before != now {
		c.fail(ruleKept, "/_embedded/application/name", before, show(nil, now), pageFlows)
	}
	if before, now := text(s.last, "session", "id"), text(c.body, "session", "id"); before != "" && now != "" && before != now && c.op.name != "Reset Session" {
		c.fail(ruleKept, "/session/id", before, show(nil, now), pageFlows)
	}
	c.endKept(s)
}

// endKept wants the end of a flow not to come nearer: it slides with every call.
func (c *call) endKept(s *signOn) {
	before, okBefore := moment(member(s.last, "expiresAt"))
	now, okNow := moment(member(c.body, "expiresAt"))
	if okBefore && okNow && now.Before(before) {
		c.fail(ruleTimes, "/expiresAt", "not before "+text(s.last, "expiresAt")+", as it was", text(c.body, "expiresAt"), pageFlows)
	}
}

// flowPeople wants one flow to stay with one person, the one who was named, and one application.
func (c *call) flowPeople(s *signOn) {
	person, username := text(c.body, "_embedded", "user", "id"), text(c.body, "_embedded", "user", "username")
	if s != nil && s.person != "" && person != "" && person != s.person && c.op.name != "Reset Session" {
		c.fail(ruleFlow, "/_embedded/user/id", s.person, show(nil, person), pageFlows)
	}
	if named := text(c.sent, "username"); named != "" && username != "" && !strings.EqualFold(named, username) {
		c.fail(ruleFlow, "/_embedded/user/username", show(nil, named), show(nil, username), pageFlows)
	}
	if r := c.mem.resources[c.apiPath("users", person)]; r != nil && r.sent != nil {
		c.samePerson(r.sent, username)
	}
	client := s.asks("client_id")
	if known := c.mem.applications[client]; known != nil {
		if got := text(c.body, "_embedded", "application", "name"); got != "" && got != known.name {
			c.fail(ruleFlow, "/_embedded/application/name", show(nil, known.name), show(nil, got), pageFlows)
		}
	}
}

// samePerson wants a flow to call a person as the person was created.
func (c *call) samePerson(created any, username string) {
	if want := text(created, "username"); want != "" && username != "" && want != username {
		c.fail(ruleFlow, "/_embedded/user/username", show(nil, want), show(nil, username), pageFlows)
	}
	if name := at(c.body, "_embedded", "user", "name"); name != nil {
		c.compare(member(created, "name"), name, []string{"_embedded", "user"}, []string{"name"}, ruleFlow)
	}
}

// apiPath is the management address of something of this environment.
func (c *call) apiPath(plural, id string) string {
	return "/v1/environments/" + c.environment() + "/" + plural + "/" + id
}

// flowDevices wants the selected device to be among the offered ones, and to be the one that was asked for.
func (c *call) flowDevices() {
	devices, _ := at(c.body, "_embedded", "devices").([]any)
	selected := text(c.body, "selectedDevice", "id")
	offered := map[string]bool{}
	for i, d := range devices {
		id := text(d, "id")
		offered[id] = true
		if known := c.mem.devices[id]; known != nil {
			c.sameDevice(d, known, "_embedded", "devices", fmt.Sprint(i))
		} else if len(c.mem.devices) > 0 {
			c.note(ruleFlow, pointer("_embedded", "devices", fmt.Sprint(i), "id"), "a device this scenario created", show(nil, id), pageFlows)
		}
	}
	if selected != "" && len(devices) > 0 && !offered[selected] {
		c.fail(ruleFlow, "/selectedDevice/id", "one of the devices in _embedded", show(nil, selected), pageMFAFlow)
	}
	if asked := text(c.sent, "device", "id"); asked != "" && selected != "" && selected != asked {
		c.fail(ruleFlow, "/selectedDevice/id", asked, show(nil, selected), docs+"auth/flows/flows-1/select-device.md")
	}
}

// sameDevice wants a device of a flow to be the one that was created: its type, and what the mask
// leaves of its number or address.
func (c *call) sameDevice(d, known any, where ...string) {
	if got, want := text(d, "type"), text(known, "type"); got != want {
		c.fail(ruleFlow, pointer(join(where, "type")...), want, show(nil, member(d, "type")), pageFlows)
	}
	for _, name := range []string{"phone", "email"} {
		masked, full := text(d, name), text(known, name)
		if masked == "" || full == "" {
			continue
		}
		head, _, _ := strings.Cut(masked, "*")
		tail := masked[strings.LastIndex(masked, "*")+1:]
		if name == "phone" {
			head, tail, full = digits(head), digits(tail), digits(full)
		}
		if !strings.HasPrefix(full, head) || !strings.HasSuffix(full, tail) {
			c.fail(ruleFlow, pointer(join(where, name)...), "what a mask leaves of the device's own", show(nil, masked), pageMFAFlow)
		}
	}
}

// flowPrompt wants a prompt to be one that a policy's action asks for.
func (c *call) flowPrompt() {
	if text(c.body, "status") != "PROFILE_DATA_REQUIRED" || len(c.mem.prompts) == 0 {
		return
	}
	prompt, names := text(c.body, "_embedded", "promptText"), map[string]bool{}
	known := false
	for _, action := range c.mem.prompts {
		if text(action, "promptText") == prompt {
			known = true
			attributes, _ := member(action, "attributes").([]any)
			for _, attribute := range attributes {
				names[text(attribute, "name")] = member(attribute, "required") == true
			}
		}
	}
	if !known {
		c.fail(ruleEcho, "/_embedded/promptText", "the promptText of an action", show(nil, prompt), pageFlows)
		return
	}
	attributes, _ := at(c.body, "_embedded", "attributes").([]any)
	for i, attribute := range attributes {
		for _, key := range []string{"name", "schemaPropertyName"} {
			name, has := member(attribute, key).(string)
			required, asked := names[name]
			if has && !asked {
				c.fail(ruleEcho, pointer("_embedded", "attributes", fmt.Sprint(i), key), "an attribute of the action", show(nil, name), pageFlows)
			}
			if said, isBool := member(attribute, "required").(bool); asked && isBool && said != required {
				c.fail(ruleEcho, pointer("_embedded", "attributes", fmt.Sprint(i), "required"), fmt.Sprint(required), fmt.Sprint(said), pageFlows)
			}
		}
	}
}

// authorizeResponse wants a code only where one may be, once, with the state it was asked with,
// and no token beside it.
func (c *call) authorizeResponse(s *signOn) {
	c.noTokens(s, "/authorizeResponse", func(name string) bool { return at(c.body, "authorizeResponse", name) != nil })
	code := text(c.body, "authorizeResponse", "code")
	if code == "" {
		return
	}
	if s != nil && s.asked != nil && !s.piFlow() {
		c.fail(ruleRedirect, "/authorizeResponse/code", "the code in a redirect: response_mode is not pi.flow", "a code, not shown", pageFlowModes)
	}
	c.codeIsNew(code, s, "/authorizeResponse/code")
	if want, got := s.asks("state"), text(c.body, "authorizeResponse", "state"); s != nil && s.asked != nil && want != got {
		c.fail(ruleRedirect, "/authorizeResponse/state", orNothing(want), orNothing(got), pageState)
	}
}

func orNothing(s string) string {
	if s == "" {
		return nothing
	}
	return show(nil, s)
}

// codeIsNew wants a code to belong to one flow only.
func (c *call) codeIsNew(code string, s *signOn, where string) {
	if before := c.mem.codes[code]; before != nil && before != s {
		c.fail(ruleRedirect, where, "a code of its own", "the code of another flow, not shown", pageState)
	}
}
