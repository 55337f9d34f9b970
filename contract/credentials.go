package contract

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// credential is what is known of how one person signs on.
type credential struct{ username, password string }

// wronglyAccepted reports a success that should have been a refusal, for all that this scenario has
// seen: a wrong password, a code redeemed twice or with what does not belong to it.
func (c *call) wronglyAccepted() {
	switch c.op.name {
	case "Check Username and Password":
		username, password := text(c.sent, "username"), text(c.sent, "password")
		for _, known := range c.mem.people {
			if username != "" && known.username == username && known.password != "" && known.password != password {
				c.accepted("the password is not the one that was set", docs+"auth/flows/flows-1/check-username-password.html")
			}
		}
	case "Get Token":
		c.clientAccepted()
		if c.form.Get("grant_type") == "authorization_code" {
			c.codeAccepted()
		}
	}
}

// clientAccepted wants the client to have shown its secret, and in the place that its application is set to.
func (c *call) clientAccepted() {
	known := c.mem.applications[c.client()]
	if known == nil {
		return
	}
	inForm := c.form.Get("client_secret")
	if secret := c.basicSecret + inForm; known.secret != "" && secret != "" && secret != known.secret {
		c.accepted("the client secret is not the application's", pageCodeGrant)
	}
	switch {
	case known.authMethod == "CLIENT_SECRET_BASIC" && c.basicSecret == "":
		c.accepted("the application shows its secret in a Basic header, and there is none", pageCodeGrant)
	case known.authMethod == "CLIENT_SECRET_POST" && inForm == "":
		c.accepted("the application shows its secret in the form, and there is none", pageCodeGrant)
	}
}

// client is the client that asked for the token, by form or Basic header.
func (c *call) client() string {
	if id := c.form.Get("client_id"); id != "" {
		return id
	}
	return c.basicID
}

// codeAccepted wants an authorization code to be redeemed once, by the client that asked for
// it, with the redirect URI and the proof that it was asked with.
func (c *call) codeAccepted() {
	code := c.form.Get("code")
	flow := c.mem.codes[code]
	if flow == nil || flow.asked == nil {
		return
	}
	if c.mem.redeemed[code] {
		c.accepted("this code was redeemed before", pageCodeGrant)
	}
	if asked := flow.asks("client_id"); c.client() != asked {
		c.accepted("the code was issued to another client", pageCodeGrant)
	}
	if asked := flow.asks("redirect_uri"); asked != "" && c.form.Get("redirect_uri") != asked {
		c.accepted("the redirect URI is not the one of the authorization request", pageCodeGrant)
	}
	proof := c.form.Get("code_verifier")
	if strings.EqualFold(flow.asks("code_challenge_method"), "S256") {
		digest := sha256.Sum256([]byte(proof))
		proof = base64.RawURLEncoding.EncodeToString(digest[:])
	}
	if challenge := flow.asks("code_challenge"); challenge != "" && challenge != proof {
		c.accepted("the code verifier does not fit the code challenge", "https://www.rfc-editor.org/rfc/rfc7636#section-4.6")
	}
}

// learnCredentials remembers passwords, client secrets and redeemed codes.
func (c *call) learnCredentials() {
	known := c.mem.applications[c.ids["application"]]
	if known == nil {
		known = &application{} // nothing is kept of an application that was not seen
	}
	switch c.op.name {
	case "Create User", "Read User", "Update User", "Patch User":
		c.mem.rename(text(c.body, "id"), text(c.body, "username"))
	case "Set Password":
		c.mem.person(c.ids["user"]).password = text(c.sent, "value")
	case "Change Password":
		c.mem.person(c.ids["user"]).password = ""
	case "Reset Password":
		if flow := c.mem.flows[c.flowID()]; flow != nil {
			c.mem.person(flow.person).password = text(c.sent, "newPassword")
		}
	case "Read Application Secret":
		if known.secret != "" && text(c.body, "secret") != known.secret {
			c.fail(ruleKept, "/secret", "the secret as it was read before", "another, not shown", pageApplication)
		}
		known.secret = text(c.body, "secret")
	case "Rotate Application Secret":
		known.secret = "" // the previous one may go on being good for a while
	case "Get Token":
		c.mem.redeemed[c.form.Get("code")] = true
	}
}

// person is what is known of how somebody signs on, by the person's id.
func (m *memory) person(id string) *credential {
	if m.people[id] == nil {
		m.people[id] = &credential{}
	}
	return m.people[id]
}

// rename gives a name to one person and takes it from any other.
func (m *memory) rename(id, username string) {
	for _, other := range m.people {
		if other.username == username {
			other.username = ""
		}
	}
	m.person(id).username = username
}
