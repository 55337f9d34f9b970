package contract

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// secrets wants no secret in the answer unless the endpoint is the one that hands it out.
func (c *call) secrets() {
	for _, path := range once(c.answer, question{about: "its secrets"}, func() [][]string { return hiddenTexts(c.body) }) {
		if last := path[len(path)-1]; (last != "value" || c.answers("password")) && !c.mayShow(path) {
			c.fail(ruleSecret, pointer(path...), "no "+last+" in this answer", show(at(c.body, path...), path...), pageConventions)
		}
	}
	path, lines := c.ex.Request.URL.Path, tellingLines(c.ex.Header)
	for value, s := range c.mem.secrets {
		if s.owner == path {
			continue
		}
		if c.answer.holds(value) {
			c.fail(ruleSecret, "/", "an answer without the "+s.what, "the "+s.what+", not shown", pageConventions)
		}
		if !slices.ContainsFunc(lines, func(line string) bool { return inAddress(line, value) }) {
			continue
		}
		if name := headerWith(c.ex.Header, value); name != "" {
			c.fail(ruleSecret, "header "+name, "an answer without the "+s.what, "the "+s.what+", not shown", pageConventions)
		}
	}
}

// noSecretClaim wants no claim of a token to be a secret: whoever holds a token reads it.
func (c *call) noSecretClaim(token jwt) {
	walk(token.claims, nil, func(path []string, v any) {
		for value, s := range c.mem.secrets {
			if strings.Contains(text(v), value) {
				c.fail(ruleSecret, pointer(join([]string{token.where, "claims"}, path...)...), "a token without the "+s.what, "the "+s.what+", not shown", pageConventions)
			}
		}
	})
}

// headerWith is the first header that has a text in it, as it is or as an address spells it; "" for none.
func headerWith(header http.Header, value string) (first string) {
	for name, lines := range header {
		if (first == "" || name < first) && slices.ContainsFunc(lines, func(line string) bool { return inAddress(line, value) }) {
			first = name
		}
	}
	return first
}

// inAddress tells whether an address has a text in it, however it is encoded there.
func inAddress(address, text string) bool {
	if len(address) < len(text) {
		return false
	}
	if !strings.ContainsAny(address, "%+") { // then nothing is encoded
		return strings.Contains(address, text)
	}
	path, _ := url.PathUnescape(address) // "" when it is encoded wrongly
	query, _ := url.QueryUnescape(address)
	return strings.Contains(address, text) || strings.Contains(path, text) || strings.Contains(query, text) || strings.Contains(address, url.QueryEscape(text))
}

// tellingLines are the lines of headers that are long enough for a secret.
func tellingLines(header http.Header) []string {
	telling := make([]string, 0, 16)
	for _, lines := range header {
		for _, line := range lines {
			if len(line) >= shortest {
				telling = append(telling, line)
			}
		}
	}
	return telling
}

// hiddenTexts are the paths of members that hide their text, or may.
func hiddenTexts(v any) [][]string {
	var found [][]string
	walk(v, nil, func(path []string, v any) {
		if isSecret(path, v) && len(found) < mostViolations {
			found = append(found, slices.Clone(path))
		}
	})
	return found
}

func (c *call) answers(schema string) bool { return c.op != nil && c.op.answer == schema }

// mayShow reports whether the member at path is documented in this very answer.
func (c *call) mayShow(path []string) bool {
	if c.op == nil || c.ex.Status >= 300 {
		return false
	}
	switch strings.Join(path, "/") {
	case "secret", "previous/secret":
		return c.answers("application-secret") || c.pairing()
	case "keyUri", "properties/secret", "properties/keyUri":
		return c.pairing()
	case "test/otp":
		if c.op.name == "Create Device" {
			return at(c.sent, "testMode") == true
		}
		return c.mem.testDevices && text(c.body, "status") == "OTP_REQUIRED"
	case "access_token", "id_token", "refresh_token":
		return c.answers("token")
	case "authorizeResponse/access_token", "authorizeResponse/id_token":
		return c.op.service == browser
	}
	return false
}

// pairing reports whether the answer hands out an authenticator's secret: it does so
// once, while the device waits for its first code.
func (c *call) pairing() bool {
	return c.op.name == "Create Device" && text(c.body, "type") == "TOTP" && text(c.body, "status") == "ACTIVATION_REQUIRED"
}

// shortest is the length below which a value may turn up in an answer by chance.
const shortest = 8

// learnSentSecrets remembers the secrets of the request, so that its own answer may not repeat them either.
func (c *call) learnSentSecrets() {
	for _, name := range []string{"value", "password", "newPassword", "currentPassword"} {
		c.mem.keepSecret(text(c.sent, name), "password", "")
	}
	c.mem.keepSecret(c.form.Get("client_secret"), "client secret", "")
	c.mem.keepSecret(c.basicSecret, "client secret", "")
}

// learnAnsweredSecrets remembers the secrets that the answer handed out.
func (c *call) learnAnsweredSecrets() {
	if c.ex.Status >= 300 {
		return
	}
	path := c.ex.Request.URL.Path
	switch c.op.answer {
	case "application-secret":
		c.mem.keepSecret(text(c.body, "secret"), "application's secret", path)
		c.shownBefore(text(c.body, "secret"), "application's secret")
	case "device":
		c.mem.keepSecret(text(c.body, "secret"), "authenticator's secret", "")
	case "token":
		c.mem.keepSecret(text(c.body, "access_token"), "access token", path)
	}
}

// keepSecret remembers a value. An owner once known stays known.
func (m *memory) keepSecret(value, what, owner string) {
	if len(value) < shortest {
		return
	}
	if m.secrets[value].owner == "" {
		m.secrets[value] = secret{what: what, owner: owner}
	}
}
