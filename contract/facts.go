package contract

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
)

// facts records what an environment does where the documents are silent or disagree.
func (c *call) facts() {
	c.answerFacts()
	c.cookieFacts()
	c.refusalFacts()
	c.deletedFacts()
}

func (c *call) fact(where, want, got, source string) { c.note(ruleFact, where, want, got, source) }

// factOf records a fact that is the same whichever call of a kind shows it.
func (c *call) factOf(kind, where, want, got, source string) {
	c.report.Observations = append(c.report.Observations, Finding{Operation: kind, Rule: ruleFact, Grade: Inferred, Where: where, Want: want, Got: got, Source: source})
}

func (c *call) answerFacts() {
	if media, _, err := mime.ParseMediaType(c.ex.Header.Get("Content-Type")); err == nil && isJSON(media) && media != "application/json" {
		c.fact("header Content-Type", "application/json for a client that accepts it", media, pageConventions)
	}
	if c.op == nil || c.ex.Status >= 300 {
		return
	}
	switch c.op.name {
	case "Create Device":
		c.pagesDiffer("201 for a device, one page says 200", fmt.Sprint(c.ex.Status), pageDevice)
	case "Update MFA Enabled":
		c.pagesDiffer("200 for mfaEnabled, a list of codes also has 204", fmt.Sprint(c.ex.Status), pageMFAEnabled)
	case "Create User":
		c.pagesDiffer("mfaEnabled false, an environment's settings may turn it on", "mfaEnabled "+show(nil, member(c.body, "mfaEnabled")), pageUser)
	case "Authorize", "Read Flow", "Check One-Time Passcode", "Select Device", "Check Username and Password":
		c.flowFacts()
	case "Get Token":
		c.tokenFacts()
	}
	c.locationFact()
}

// pagesDiffer records which of two documented answers came.
func (c *call) pagesDiffer(want, got, source string) {
	c.factOf("Any call whose pages differ", "answer", want, c.name()+" "+got, source)
}

// locationFact: general text promises a Location for what was created, no page shows one.
func (c *call) locationFact() {
	if !c.op.creates {
		return
	}
	location, self := c.ex.Header.Get("Location"), text(c.body, "_links", "self", "href")
	if location != "" && self != "" && location != self {
		c.fail(ruleSelf, locationHeader, self, show(nil, location), pageConventions)
	}
	got := "none"
	if location != "" {
		got = "the self link"
	}
	c.factOf("Any create", locationHeader, "the self link, by the conventions; no example shows it", got, pageConventions)
}

func (c *call) flowFacts() {
	if attributes, _ := at(c.body, "_embedded", "attributes").([]any); len(attributes) > 0 {
		var names []string
		for _, key := range []string{"name", "schemaPropertyName"} {
			if member(attributes[0], key) != nil {
				names = append(names, key)
			}
		}
		c.factOf("Any prompt for profile data", "/_embedded/attributes", "schemaPropertyName by the vendor's table, name by clients", strings.Join(names, " and "), pageFlows)
	}
	if c.mem.testDevices && text(c.body, "status") == "OTP_REQUIRED" {
		got := "no test.otp"
		if at(c.body, "test", "otp") != nil {
			got = "test.otp, " + typeName(at(c.body, "test", "otp"))
		}
		c.fact("/test/otp", "the passcode of a test device, perhaps only with a signed request", got, pageTestDevice)
	}
	created, okCreated := moment(member(c.body, "createdAt"))
	expires, okExpires := moment(member(c.body, "expiresAt"))
	if lifetime := about(expires.Sub(created)); c.op.name == "Authorize" && okCreated && okExpires && lifetime != about(flowLifetime) {
		c.fact("/expiresAt", about(flowLifetime)+" after createdAt", lifetime, pageFlows)
	}
}

// flowLifetime is how long a flow lives that nobody touches.
const flowLifetime = 15 * time.Minute

// about rounds a time span to what tells one environment from another, not one call from another.
func about(span time.Duration) string {
	switch {
	case span < 2*time.Minute:
		return fmt.Sprintf("about %.0f seconds", span.Round(10*time.Second).Seconds())
	case span < 2*time.Hour:
		return fmt.Sprintf("about %.0f minutes", span.Round(time.Minute).Minutes())
	}
	return fmt.Sprintf("about %.0f hours", span.Round(time.Hour).Hours())
}

func (c *call) tokenFacts() {
	if !strings.Contains(c.ex.Header.Get("Cache-Control"), "no-store") {
		c.fact("header Cache-Control", "no-store", orNothing(c.ex.Header.Get("Cache-Control")), pageExpires)
	}
	flow := c.mem.codes[c.form.Get("code")]
	if flow != nil && flow.asks("scope") == "" {
		c.fact("/scope", "not documented when none was asked for", orNothing(text(c.body, "scope")), pageCodeGrant)
	}
}

// cookieFacts records the session cookie's form. That no script may read it is documented.
func (c *call) cookieFacts() {
	if c.op == nil || c.op.service != flows && c.op.service != browser {
		return
	}
	for _, line := range c.ex.Header.Values("Set-Cookie") {
		cookie, err := http.ParseSetCookie(line)
		if err != nil || cookie.Name != "ST" && cookie.Name != "ST-NO-SS" {
			continue
		}
		c.sessionCookie(cookie)
		c.factOf("Any call of a sign-on", "cookie "+cookie.Name, "Path, Max-Age=2592000, Secure, HttpOnly, SameSite=None", cookieForm(cookie, c.environment()), pageSession)
		if !c.mem.session && cookie.Name == "ST" {
			c.factOf("Any call of a sign-on", "first cookie ST", "set first when the password is accepted, by the example; by authorize, in reports", "set first by "+c.op.name, pageSession)
		}
	}
	if c.op.name == "Check Username and Password" && c.ex.Status == 200 && !c.mem.session && len(c.ex.Header.Values("Set-Cookie")) == 0 {
		c.fact("cookie ST", "set when the password is accepted, or before", "none so far", pageSession)
	}
}

func (c *call) sessionCookie(cookie *http.Cookie) {
	where := "cookie " + cookie.Name
	if !cookie.HttpOnly {
		c.fail(ruleFlow, where, "HttpOnly", "a cookie that scripts can read", pageSession)
	}
	if path := "/" + c.environment(); cookie.Path != path && cookie.Path != "/" {
		c.fail(ruleFlow, where, "Path="+path, "Path="+cookie.Path, pageSession)
	}
}

func cookieForm(cookie *http.Cookie, environment string) string {
	form := []string{"Path=" + strings.ReplaceAll(cookie.Path, environment, "{environment}")}
	if cookie.MaxAge != 0 {
		form = append(form, fmt.Sprintf("Max-Age=%d", cookie.MaxAge))
	}
	if cookie.Secure {
		form = append(form, "Secure")
	}
	if cookie.HttpOnly {
		form = append(form, "HttpOnly")
	}
	switch cookie.SameSite {
	case http.SameSiteNoneMode:
		form = append(form, "SameSite=None")
	case http.SameSiteLaxMode:
		form = append(form, "SameSite=Lax")
	case http.SameSiteStrictMode:
		form = append(form, "SameSite=Strict")
	}
	return strings.Join(form, ", ")
}

// codes are the detail codes whose use, status or place the documents leave open.
var codes = map[string]string{
	"INVALID_VALUE":        "400 INVALID_VALUE or INVALID_CREDENTIALS for a wrong password",
	"INVALID_CREDENTIALS":  "400 INVALID_VALUE or INVALID_CREDENTIALS for a wrong password",
	"PASSWORD_LOCKED_OUT":  "400 PASSWORD_LOCKED_OUT after too many wrong passwords",
	"INVALID_OTP":          "400 INVALID_OTP for a wrong passcode, perhaps with the attempts left",
	"QUOTA_EXCEEDED":       "400 or 429 QUOTA_EXCEEDED after too many wrong passcodes",
	"LIMIT_EXCEEDED":       "400 or 429 LIMIT_EXCEEDED after too many wrong passcodes",
	"NO_USABLE_DEVICES":    "NO_USABLE_DEVICES, perhaps in a flow that FAILED",
	"REQUIRED_VALUE":       "400 REQUIRED_VALUE or EMPTY_VALUE for what is missing",
	"EMPTY_VALUE":          "400 REQUIRED_VALUE or EMPTY_VALUE for what is missing",
	"CONSTRAINT_VIOLATION": "400 CONSTRAINT_VIOLATION for what cannot be done, message unknown",
}

// refusalFacts records status and codes of refusals that the documents leave open.
func (c *call) refusalFacts() {
	if c.ex.Status < 400 || c.ex.Status >= 500 {
		return
	}
	var seen []string
	want, inFlow := "", c.op != nil && c.op.service == flows
	// For refused profile data any of the codes will do: which came tells nothing of the others' use.
	telling := inFlow && c.op.name != "Update Profile"
	details, _ := member(c.body, "details").([]any)
	for _, detail := range details {
		seen = append(seen, strings.TrimSpace(text(detail, "code")+" "+text(detail, "target")))
		if telling && want == "" {
			want = codes[text(detail, "code")]
		}
	}
	slices.Sort(seen)
	if open := c.openStatus(inFlow); open != "" {
		want = open
	}
	if want != "" {
		c.fact("status", want, strings.TrimSpace(fmt.Sprintf("%d %s %s", c.ex.Status, text(c.body, "code"), strings.Join(seen, ", "))), pageErrors)
	}
}

// openStatus is the expectation where the status, whatever its codes, is what the documents leave open.
func (c *call) openStatus(inFlow bool) string {
	switch status := c.ex.Status; {
	case status == 409:
		return "400 UNIQUENESS_VIOLATION by the vendor's example"
	case status == 415 || status == 405 || c.op == nil:
		return "405 for a method, 415 for a media type; reports differ"
	case inFlow && status == 401:
		return "401 without the session cookie, in reports"
	case status == 429:
		return "400 or 429: sources differ"
	}
	return ""
}

// deletedFacts records that something is still there, or deleted twice, after it was deleted.
func (c *call) deletedFacts() {
	if c.op == nil || c.ex.Status >= 300 {
		return
	}
	r := c.mem.resources[strings.TrimSuffix(c.ex.Request.URL.Path, "/")]
	if r != nil && r.deleted {
		c.fact("status", "404 once it is deleted; not always at once", fmt.Sprint(c.ex.Status), pageRetry)
	}
}
