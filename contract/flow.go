package contract

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pingone-conformance/client"
)

// flowAnswer holds a flow: its shape, its links, and what earlier answers said of it.
func (c *call) flowAnswer() {
	c.hold(c.op.answer, c.body)
	id := text(c.body, "id")
	if want := c.flowID(); want != "" && id != want {
		c.fail(ruleID, "/id", want, show(at(c.body, "id")), pageFlows)
	}
	c.same(ruleParent, c.environment(), text(c.body, "environment", "id"), pageFlows, nil, "environment", "id")
	if life, ok := elapsed(at(c.body, "createdAt"), at(c.body, "expiresAt")); ok && life <= 0 {
		c.fail(ruleTimes, "/expiresAt", "after createdAt, "+text(c.body, "createdAt"), text(c.body, "expiresAt"), pageFlows)
	}
	c.masked()
	c.flowTimes()
	c.flowAhead()
	s := c.mem.flows[id]
	if c.op.name == "Authorize" {
		s = &signOn{asked: c.parameters()}
	}
	c.flowLinks(id, s)
	c.flowKept(s)
	c.flowPeople(s)
	c.flowDevices(s)
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

func (c *call) flowLinks(id string, s *signOn) {
	self := bare(c.base() + "/flows/" + id)
	for rel, link := range object(c.body, "_links") {
		href := text(link, "href")
		place := pointer("_links", rel, "href")
		switch {
		case href == "" || bare(href) == self:
		case rel == "self" && strings.TrimPrefix(bare(href), "http:") == strings.TrimPrefix(self, "https:"):
			// The vendor shows such a link in one example.
			c.note(ruleSelf, place, self, address(href, c.origin()), pageSession)
		case rel == "self":
			c.fail(ruleSelf, place, self, address(href, c.origin()), pageFlowActions)
		case slices.Contains(actions, rel):
			c.fail(ruleLink, place, "the flow's own address "+self, address(href, c.origin()), pageFlowActions)
		case rel == "signOnPage" && queryOf(href).Get("flowId") != id:
			c.fail(ruleLink, place, "an address with flowId="+id, address(href, c.origin()), pageFlowModes)
		case rel == "signOnPage" && !c.leadsToSignOnPage(href, s):
			c.fail(ruleLink, place, "the sign-on page /"+c.environment()+"/signon/", address(href, c.origin()), pageFlowModes)
		}
	}
	resume, isText := at(c.body, "resumeUrl").(string)
	before, _, _ := strings.Cut(resume, "?")
	if want := bare(c.base() + "/as/resume"); isText && (bare(before) != want || !slices.Equal(queryOf(resume)["flowId"], []string{id})) {
		c.fail(ruleFlow, "/resumeUrl", want+"?flowId="+id, show(resume), pageFlows)
	}
}

func (c *call) leadsToSignOnPage(href string, s *signOn) bool {
	page, err := url.Parse(href)
	return err == nil && c.isSignOnPage(page, s)
}

// bare is an address as Normal spells it, without a trailing slash: with it and without it, it leads to the same.
func bare(address string) string { return strings.TrimSuffix(client.Normal(address), "/") }

func queryOf(address string) url.Values {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	return u.Query()
}

// flowKept wants what identifies a flow to stay as its earlier answers had it, and its end not to come nearer: it
// slides with every call.
func (c *call) flowKept(s *signOn) {
	if s == nil || s.first == nil {
		return
	}
	kept := func(earlier any, path ...string) {
		c.same(ruleKept, text(earlier, path...), text(c.body, path...), pageFlows, nil, path...)
	}
	c.sameTime(text(s.first, "createdAt"), text(c.body, "createdAt"), pageFlows, nil, "createdAt")
	c.same(ruleKept, client.Normal(text(s.first, "resumeUrl")), client.Normal(text(c.body, "resumeUrl")), pageFlows, nil, "resumeUrl")
	kept(s.first, "_embedded", "application", "name")
	if before, now := text(s.last, "session", "id"), text(c.body, "session", "id"); before != "" && now != "" && before != now && c.op.name != "Reset Session" {
		c.noteOf("Any call of a sign-on", ruleFact, "/session/id", "present once a session is bound; no page says that it stays the same", "another one than before", pageFlows)
	}
	if longer, ok := elapsed(at(s.last, "expiresAt"), at(c.body, "expiresAt")); ok && longer < 0 {
		c.fail(ruleTimes, "/expiresAt", "not before "+text(s.last, "expiresAt")+", as it was", text(c.body, "expiresAt"), pageFlows)
	}
}

// flowPeople wants one flow to stay with one person, the one who was named, called as the person was created, and with
// one application.
func (c *call) flowPeople(s *signOn) {
	person, username := text(c.body, "_embedded", "user", "id"), text(c.body, "_embedded", "user", "username")
	if s != nil && c.op.name != "Reset Session" {
		c.same(ruleFlow, s.person, person, pageFlows, nil, "_embedded", "user", "id")
	}
	if named := text(c.sent, "username"); !strings.EqualFold(named, username) {
		c.same(ruleFlow, named, username, pageFlows, nil, "_embedded", "user", "username")
	}
	if r := c.mem.resources["/v1/environments/"+c.environment()+"/users/"+person]; r != nil && r.sent != nil {
		c.same(ruleFlow, text(r.sent, "username"), username, pageFlows, nil, "_embedded", "user", "username")
		if name := at(c.body, "_embedded", "user", "name"); name != nil {
			c.compare(at(r.sent, "name"), name, []string{"_embedded", "user"}, []string{"name"}, ruleFlow)
		}
	}
	if known := c.mem.applications[s.asks("client_id")]; known != nil {
		c.same(ruleFlow, known.name, text(c.body, "_embedded", "application", "name"), pageFlows, nil, "_embedded", "application", "name")
	}
	c.same(ruleFlow, s.asks("client_id"), text(c.body, "_embedded", "application", "id"), pageFlows, nil, "_embedded", "application", "id")
}

// flowDevices wants the selected device to be among the offered ones, and to be the one that was asked for.
func (c *call) flowDevices(s *signOn) {
	person := text(c.body, "_embedded", "user", "id")
	if person == "" && s != nil {
		person = s.person
	}
	devices, selected := list(c.body, "_embedded", "devices"), text(c.body, "selectedDevice", "id")
	offered := map[string]bool{"": true}
	for i, d := range devices {
		id, where := text(d, "id"), []string{"_embedded", "devices", strconv.Itoa(i)}
		offered[id] = true
		if known := c.mem.devices[id]; known != nil {
			if owner := text(known, "user", "id"); person != "" && owner != "" && owner != person {
				c.fail(ruleFlow, pointer(join(where, "id")...), "a device of the person who signs on, "+person, "one of "+owner, pageMFAFlow)
			}
			c.sameDevice(d, known, where...)
		} else if len(c.mem.devices) > 0 {
			c.note(ruleFlow, pointer(join(where, "id")...), "a device this scenario created", show(id), pageFlows)
		}
	}
	for i, d := range devices {
		c.maskedAddress(d, "_embedded", "devices", strconv.Itoa(i))
	}
	if len(devices) > 0 && !offered[selected] {
		c.fail(ruleFlow, "/selectedDevice/id", "one of the devices in _embedded", show(selected), pageMFAFlow)
	}
	c.same(ruleFlow, text(c.sent, "device", "id"), selected, docs+"auth/flows/flows-1/select-device.md", nil, "selectedDevice", "id")
}

// sameDevice wants a device of a flow to be the one that was created: its type, and what the mask
// leaves of its number or address.
func (c *call) sameDevice(d, known any, where ...string) {
	if got, want := text(d, "type"), text(known, "type"); got != want {
		c.fail(ruleFlow, pointer(join(where, "type")...), want, show(at(d, "type")), pageFlows)
	}
	if status := text(known, "status"); status != "" && status != deviceInUse {
		c.fail(ruleFlow, pointer(join(where, "id")...), "a device that is "+deviceInUse, "one that is "+status, pageDevice)
	}
	if status := text(d, "status"); status != "" && status != deviceInUse {
		c.note(ruleFlow, pointer(join(where, "status")...), deviceInUse+", as in the example", show(status), pageMFAFlow)
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
			c.fail(ruleFlow, pointer(join(where, name)...), "what a mask leaves of the device's own", show(masked), pageMFAFlow)
		}
	}
}

// flowPrompt wants a prompt to be one that a policy's action asks for.
func (c *call) flowPrompt() {
	if text(c.body, "status") != "PROFILE_DATA_REQUIRED" || len(c.mem.prompts) == 0 {
		return
	}
	prompt, required, known := text(c.body, "_embedded", "promptText"), map[string]bool{}, false
	for _, action := range c.mem.prompts {
		if text(action, "promptText") == prompt {
			known = true
			for _, attribute := range list(action, "attributes") {
				required[text(attribute, "name")] = at(attribute, "required") == true
			}
		}
	}
	if !known {
		c.fail(ruleEcho, "/_embedded/promptText", "the promptText of an action", show(prompt), pageFlows)
		return
	}
	for i, attribute := range list(c.body, "_embedded", "attributes") {
		where := []string{"_embedded", "attributes", strconv.Itoa(i)}
		for _, key := range []string{"name", "schemaPropertyName"} {
			name, has := at(attribute, key).(string)
			want, asked := required[name]
			if has && !asked {
				c.fail(ruleEcho, pointer(join(where, key)...), "an attribute of the action", show(name), pageFlows)
			}
			if got, isBool := at(attribute, "required").(bool); asked && isBool && got != want {
				c.fail(ruleEcho, pointer(join(where, "required")...), fmt.Sprint(want), fmt.Sprint(got), pageFlows)
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
	if problem := at(c.body, "authorizeResponse", "error"); problem != nil {
		c.fail(ruleRedirect, "/authorizeResponse/error", nothing+" beside a code", show(problem), pageState)
	}
	if s != nil && s.asked != nil && s.asks("response_mode") != "pi.flow" {
		c.fail(ruleRedirect, "/authorizeResponse/code", "the code in a redirect: response_mode is not pi.flow", "a code, not shown", pageFlowModes)
	}
	c.codeIsNew(code, s, "/authorizeResponse/code")
	c.issuedBy(text(c.body, "authorizeResponse", "iss"), "/authorizeResponse/iss")
	if want, got := s.asks("state"), text(c.body, "authorizeResponse", "state"); s != nil && s.asked != nil && want != got {
		c.fail(ruleRedirect, "/authorizeResponse/state", orNothing(want), orNothing(got), pageState)
	}
}

// codeIsNew wants a code to belong to one flow only.
func (c *call) codeIsNew(code string, s *signOn, where string) {
	if before := c.mem.codes[code]; before != nil && before != s {
		c.fail(ruleRedirect, where, "a code of its own", "the code of another flow, not shown", pageState)
	}
}
