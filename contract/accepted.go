package contract

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
)

// credential is what is known of how one person signs on.
type credential struct{ id, password string }

// wronglyAccepted reports a success that should have been a refusal, for all that this scenario has
// seen: a wrong password, a code redeemed twice or with what does not belong to it.
func (c *call) wronglyAccepted() {
	switch c.op.name {
	case "Check Username and Password":
		known := c.mem.people[text(c.sent, "username")]
		if known != nil && known.password != "" && text(c.sent, "password") != known.password {
			c.accepted("the password is not the one that was set", docs+"auth/flows/flows-1/check-username-password.html")
		}
	case "Get Token":
		c.clientAccepted()
		if c.form.Get("grant_type") == "authorization_code" {
			c.codeAccepted()
		}
	}
}

// accepted reports that a call succeeded although the reason given should have had it refused.
func (c *call) accepted(reason, source string) {
	c.fail(ruleAccepted, "status", "a refusal: "+reason, fmt.Sprint(c.ex.Status), source)
}

// clientAccepted wants the client to have shown its secret, and in the place that its application is set to.
func (c *call) clientAccepted() {
	known := c.mem.applications[c.client()]
	if known == nil {
		return
	}
	basic, inForm := basicPassword(c.ex.Request.Header.Get("Authorization")), c.form.Get("client_secret")
	if secret := basic + inForm; known.secret != "" && secret != "" && secret != known.secret {
		c.accepted("the client secret is not the application's", pageCodeGrant)
	}
	switch known.authMethod {
	case "CLIENT_SECRET_BASIC":
		if basic == "" {
			c.accepted("the application shows its secret in a Basic header, and there is none", pageCodeGrant)
		}
	case "CLIENT_SECRET_POST":
		if inForm == "" {
			c.accepted("the application shows its secret in the form, and there is none", pageCodeGrant)
		}
	}
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
	if !proven(flow.asks("code_challenge"), flow.asks("code_challenge_method"), c.form.Get("code_verifier")) {
		c.accepted("the code verifier does not fit the code challenge", pageProof)
	}
}

// proven checks PKCE: a challenge, when there is one, has to fit its verifier.
func proven(challenge, method, verifier string) bool {
	switch {
	case challenge == "":
		return true
	case strings.EqualFold(method, "S256"):
		digest := sha256.Sum256([]byte(verifier))
		return base64.RawURLEncoding.EncodeToString(digest[:]) == challenge
	}
	return verifier == challenge
}

// learnCredentials remembers passwords, client secrets and redeemed codes.
func (c *call) learnCredentials() {
	switch c.op.name {
	case "Create User", "Read User", "Update User", "Patch User":
		c.mem.rename(text(c.body, "id"), text(c.body, "username"))
	case "Set Password":
		c.mem.setPassword(c.ids["user"], text(c.sent, "value"))
	case "Change Password":
		c.mem.setPassword(c.ids["user"], "")
	case "Reset Password":
		if flow := c.mem.flows[c.flowID()]; flow != nil {
			c.mem.setPassword(flow.person, text(c.sent, "newPassword"))
		}
	case "Read Application Secret":
		if known := c.mem.applications[c.ids["application"]]; known != nil {
			known.secret = text(c.body, "secret")
		}
	case "Rotate Application Secret":
		// The previous secret may go on being good for a while.
		if known := c.mem.applications[c.ids["application"]]; known != nil {
			known.secret = ""
		}
	case "Get Token":
		c.mem.redeemed[c.form.Get("code")] = true
	}
}

// rename keeps a person's password under the name the person signs on with now.
func (m *Memory) rename(id, username string) {
	if id == "" || m.people[username] != nil && m.people[username].id == id {
		return
	}
	kept := &credential{id: id}
	for name, known := range m.people {
		if known.id == id {
			kept = known
			delete(m.people, name)
		}
	}
	m.people[username] = kept
}

// setPassword remembers a person's password; "" forgets it.
func (m *Memory) setPassword(id, password string) {
	for _, known := range m.people {
		if known.id == id {
			known.password = password
		}
	}
}
