package export

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"
)

// authorize begins a sign-on: by a redirect to the sign-on page, or with the flow itself.
func authorize(r *reader, i int, c *Call) error {
	c.Need = NewBrowser
	for _, p := range c.Query {
		c.Hint = c.Hint || p.Name == "login_hint_token"
	}
	if c.Statuses[0] == 200 {
		if err := r.take(i, c, "flowID", body("id")); err != nil {
			return err
		}
		return flow(r, i, c)
	}
	c.Statuses = append(c.Statuses, 303)
	return r.take(i, c, "flowID", Source{Location, []string{"flowId"}})
}

// next is the link that a flow has to have in a state, by the vendor's page about flows; "" for none.
func next(status string) string {
	switch status {
	case "USERNAME_PASSWORD_REQUIRED":
		return "usernamePassword.check"
	case "PROFILE_DATA_REQUIRED":
		return "user.update"
	case "OTP_REQUIRED":
		return "otp.check"
	}
	return ""
}

// flow is the state of a sign-on, and what the person is asked.
func flow(r *reader, i int, c *Call) error {
	if strings.Contains(c.Body, "{{otp}}") {
		c.Need = Passcode
	}
	answer := gjson.ParseBytes(r.exchanges[i].Response.Body)
	status := answer.Get("status").String()
	if err := here("id")(r, i, c); err != nil {
		return err
	}
	c.check("the flow is "+status, body("status"), Equals, status)
	c.check("the flow can be resumed", body("resumeUrl"), Contains, "{{flowID}}")
	c.check("the flow ends some time", body("expiresAt"), Present, nil)
	link := next(status)
	switch {
	case link != "":
		c.check("the flow takes "+link, body("_links", link, "href"), Contains, "{{flowID}}")
	case status != "COMPLETED":
		return fmt.Errorf("what a flow in %s takes is not known", status)
	}
	if status != "USERNAME_PASSWORD_REQUIRED" && answer.Get("_embedded.user.id").Exists() {
		if err := here("_embedded", "user", "id")(r, i, c); err != nil {
			return err
		}
	}
	switch status {
	case "PROFILE_DATA_REQUIRED":
		c.check("the person is asked for what the action names", body("_embedded", "attributes"), Contains, answer.Get("_embedded.attributes.0.name").String())
		return here("_embedded", "promptText")(r, i, c)
	case "OTP_REQUIRED":
		c.check("the passcode goes to the person's device", body("_embedded", "devices"), Contains, "{{deviceID}}")
		for _, d := range r.devices {
			c.check("the address of the device is masked", body("_embedded", "devices"), Excludes, "{{"+d.Name+"}}")
		}
	}
	return nil
}

// resume ends a sign-on: by a redirect back to the application, or with the code itself.
func resume(r *reader, i int, c *Call) error {
	if c.Statuses[0] == 200 {
		if err := r.take(i, c, "authCode", body("authorizeResponse", "code")); err != nil {
			return err
		}
		return here("authorizeResponse", "state")(r, i, c)
	}
	c.Statuses = append(c.Statuses, 303)
	back, _, _ := strings.Cut(r.value(i, Source{Kind: Location}), "?")
	c.check("the way leads back to the application", Source{Kind: Location}, Begins, back+"?")
	if err := r.take(i, c, "authCode", Source{Location, []string{"code"}}); err != nil {
		return err
	}
	if r.value(i, Source{Location, []string{"state"}}) != "" {
		c.check("the state comes back", Source{Location, []string{"state"}}, Equals, "{{state}}")
	}
	return nil
}

// tokens are the worker's, with which the journey begins, or the person's.
func tokens(r *reader, i int, c *Call) error {
	c.check("the token is a bearer", body("token_type"), SameWord, "Bearer")
	if i == 0 {
		c.Name, c.Need = "Get a worker application access token", NewRun
		return r.take(i, c, "accessToken", body("access_token"))
	}
	if err := r.take(i, c, "userAccessToken", body("access_token")); err != nil {
		return err
	}
	app := "{{" + r.page.variable("appID") + "}}"
	user := "{{" + r.page.variable("userID") + "}}"
	claim := func(token, name string) Source { return Source{Claim, []string{token, name}} }
	issuer := "{{authPath}}/{{envID}}/as"
	c.check("it lives for a while", body("expires_in"), Present, nil)
	c.check("the access token is for the person", claim("access_token", "sub"), Equals, user)
	c.check("the access token is for the application", claim("access_token", "client_id"), Equals, app)
	c.check("the access token is from here", claim("access_token", "iss"), Equals, issuer)
	for _, scope := range strings.Fields(member(r.exchanges[i].Response.Body, []string{"scope"}).String()) {
		c.check("the scope "+scope+" is granted", body("scope"), Contains, scope)
	}
	if r.value(i, body("id_token")) == "" {
		return nil
	}
	c.check("the ID token is about the person", claim("id_token", "sub"), Equals, user)
	c.check("the ID token is for the application", claim("id_token", "aud"), Contains, app)
	c.check("the ID token is from here", claim("id_token", "iss"), Equals, issuer)
	c.check("the ID token has not expired", claim("id_token", "exp"), Later, nil)
	c.check("the nonce comes back", claim("id_token", "nonce"), Equals, "{{nonce}}")
	c.check("the ID token says how the person signed on", claim("id_token", "amr"), Present, nil)
	if !strings.Contains(r.value(i, claim("id_token", "amr")), "pwd") {
		c.check("the ID token names no password", claim("id_token", "amr"), Excludes, "pwd")
	}
	return nil
}
