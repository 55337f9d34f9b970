package contract

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"pingone-conformance/internal/lazy"
)

// facts records what an environment does where the documents are silent or disagree.
func (c *call) facts() {
	// All recorded answers to clients that accept anything are application/hal+json.
	asked := strings.Contains(c.ex.Request.Header.Get("Accept"), "application/json")
	if media := mediaType(c.ex.Header); asked && isJSON(media) && media != "application/json" {
		c.fact("header Content-Type", "application/json for a client that asks for it", media, pageConventions)
	}
	c.timeFacts()
	if c.op != nil && c.ex.Status < 300 {
		c.answerFacts()
		c.locationFact()
		c.deletedFact()
	}
	if c.op != nil && (c.op.service == flows || c.op.service == browser) {
		c.cookieFacts()
	}
	if c.ex.Status >= 400 && c.ex.Status < 500 {
		c.refusalFact()
	}
}

func (c *call) fact(where, want, got, source string) { c.note(ruleFact, where, want, got, source) }

func (c *call) answerFacts() {
	// pagesDiffer records which of two documented answers came.
	pagesDiffer := func(want, got, source string) {
		c.noteOf("Any call whose pages differ", ruleFact, "answer", want, c.name()+" "+got, source)
	}
	switch c.op.name {
	case "Create Device":
		pagesDiffer("201 for a device, one page says 200", fmt.Sprint(c.ex.Status), pageDevice)
	case "Update MFA Enabled":
		pagesDiffer("200 for mfaEnabled, a list of codes also has 204", fmt.Sprint(c.ex.Status), pageMFAEnabled)
	case "Create Application":
		c.settingFacts()
	case "Create User":
		pagesDiffer("mfaEnabled false, an environment's settings may turn it on", "mfaEnabled "+show(at(c.body, "mfaEnabled")), pageUser)
		pagesDiffer("lifecycle ACCOUNT_OK, an environment's settings may want verification first", "lifecycle "+text(c.body, "lifecycle", "status"), pageUser)
	case "Authorize", "Read Flow", "Check One-Time Passcode", "Select Device", "Check Username and Password":
		c.flowFacts()
	case "Get Token":
		c.tokenFacts()
	}
}

// settings are what the vendor's example shows of an application whose creation did not name them, as JSON.
var settings = map[string]string{
	"hiddenFromAppPortal": "false", "assignActorRoles": "false", "idpSignoff": "false", "additionalRefreshTokenReplayProtectionEnabled": "true",
	"parRequirement": `"OPTIONAL"`, "parTimeout": "60", "deviceTimeout": "600", "devicePollingInterval": "5",
}

// settingFacts records where a new application differs from the example in what was not sent.
func (c *call) settingFacts() {
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		usual := settings[name]
		if got := at(c.body, name); got != nil && at(c.sent, name) == nil && show(got) != usual {
			c.fact(pointer(name), usual+", as in the example, when it is not sent", show(got), pageApplication)
		}
	}
}

// locationFact: general text promises a Location for what was created, no page shows one.
func (c *call) locationFact() {
	if !c.op.creates {
		return
	}
	location, self, got := c.ex.Header.Get("Location"), text(c.body, "_links", "self", "href"), "none"
	if location != "" {
		got = "the self link"
	}
	if to, err := c.ex.Request.URL.Parse(location); location != "" && self != "" && (err != nil || bare(to.String()) != bare(self)) {
		c.fail(ruleSelf, locationHeader, self, show(location), pageConventions)
	}
	c.noteOf("Any create", ruleFact, locationHeader, "the self link, by the conventions; no example shows it", got, pageConventions)
}

func (c *call) flowFacts() {
	if attributes := list(c.body, "_embedded", "attributes"); len(attributes) > 0 {
		names := slices.DeleteFunc([]string{"name", "schemaPropertyName"}, func(key string) bool { return at(attributes[0], key) == nil })
		c.noteOf("Any prompt for profile data", ruleFact, "/_embedded/attributes", "schemaPropertyName by the vendor's table, name by clients", strings.Join(names, " and "), pageFlows)
	}
	if c.mem.testDevices && text(c.body, "status") == "OTP_REQUIRED" {
		got := "no test.otp"
		if otp := at(c.body, "test", "otp"); otp != nil {
			got = "test.otp, " + typeName(otp)
		}
		c.fact("/test/otp", "the passcode of a test device, perhaps only with a signed request", got, docs+"mfa/users/mfa-devices/create_mfa_user_device_test.html")
	}
	life, known := elapsed(at(c.body, "createdAt"), at(c.body, "expiresAt"))
	if want := about(15 * time.Minute); c.op.name == "Authorize" && known && about(life) != want {
		c.fact("/expiresAt", want+" after createdAt", about(life), pageFlows)
	}
}

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

// mayBeKept finds what lets caches keep an answer.
var mayBeKept = lazy.Regexp(`(?i)\bpublic\b|\b(?:s-maxage|max-age)="?[1-9]`)

func (c *call) tokenFacts() {
	if control := c.ex.Header.Get("Cache-Control"); !strings.Contains(control, "no-store") {
		c.fact("header Cache-Control", "no-store", orNothing(control), pageExpires)
		if mayBeKept.Get().MatchString(control) {
			c.fail(ruleToken, "header Cache-Control", "no-store: nobody keeps an answer with tokens", show(control), pageExpires)
		}
	}
	if flow := c.mem.codes[c.form.Get("code")]; flow != nil && flow.asks("scope") == "" {
		c.fact("/scope", "not documented when none was asked for", orNothing(text(c.body, "scope")), pageCodeGrant)
	}
}

// cookieFacts records the session cookie's form. That no script may read it is documented.
func (c *call) cookieFacts() {
	lines := c.ex.Header.Values("Set-Cookie")
	for _, line := range lines {
		cookie, err := http.ParseSetCookie(line)
		if err != nil || cookie.Name != "ST" && cookie.Name != "ST-NO-SS" {
			continue
		}
		where := "cookie " + cookie.Name
		if !cookie.HttpOnly {
			c.fail(ruleFlow, where, "HttpOnly", "a cookie that scripts can read", pageSession)
		}
		if path := "/" + c.environment(); cookie.Path != path && cookie.Path != "/" {
			c.fail(ruleFlow, where, "Path="+path, "Path="+cookie.Path, pageSession)
		}
		c.noteOf("Any call of a sign-on", ruleFact, where, "Path, Max-Age=2592000, HttpOnly, Secure, SameSite=None", c.cookieForm(*cookie), pageSession)
		if !c.mem.session && cookie.Name == "ST" {
			c.noteOf("Any call of a sign-on", ruleFact, "first cookie ST", "set first when the password is accepted, by the example; by authorize, in reports", "set first by "+c.op.name, pageSession)
		}
	}
	if c.op.name == "Check Username and Password" && c.ex.Status == 200 && !c.mem.session && len(lines) == 0 {
		c.fact("cookie ST", "set when the password is accepted, or before", "none so far", pageSession)
	}
}

// cookieForm is how a cookie is set, without its value and what differs from call to call.
func (c *call) cookieForm(cookie http.Cookie) string {
	cookie.Domain, cookie.Expires = "", time.Time{}
	_, form, _ := strings.Cut(cookie.String(), "; ")
	return strings.NewReplacer("; ", ", ", "/"+c.ids["env"], "/{environment}").Replace(form)
}

// refusalFact records status and codes of a refusal that the documents leave open.
func (c *call) refusalFact() {
	inFlow := c.op != nil && c.op.service == flows
	var seen []string
	want := ""
	for _, detail := range list(c.body, "details") {
		code := text(detail, "code")
		seen = append(seen, strings.TrimSpace(code+" "+text(detail, "target")))
		// For refused profile data any of the codes will do: which came tells nothing of the others' use.
		if inFlow && c.op.name != "Update Profile" {
			want = cmp.Or(want, openCode(code))
		}
	}
	slices.Sort(seen)
	if want = cmp.Or(c.openStatus(inFlow), want); want != "" {
		c.fact("status", want, strings.TrimSpace(fmt.Sprintf("%d %s %s", c.ex.Status, text(c.body, "code"), strings.Join(seen, ", "))), pageErrors)
	}
}

// openCode is what is known of a detail code whose use, status or place the documents leave open.
func openCode(code string) string {
	switch code {
	case "INVALID_VALUE", "INVALID_CREDENTIALS":
		return "400 INVALID_VALUE or INVALID_CREDENTIALS for a wrong password"
	case "PASSWORD_LOCKED_OUT":
		return "400 PASSWORD_LOCKED_OUT after too many wrong passwords"
	case "INVALID_OTP":
		return "400 INVALID_OTP for a wrong passcode, perhaps with the attempts left"
	case "QUOTA_EXCEEDED", "LIMIT_EXCEEDED":
		return "400 or 429 " + code + " after too many wrong passcodes"
	case "NO_USABLE_DEVICES":
		return "NO_USABLE_DEVICES, perhaps in a flow that FAILED"
	case "REQUIRED_VALUE", "EMPTY_VALUE":
		return "400 REQUIRED_VALUE or EMPTY_VALUE for what is missing"
	case "CONSTRAINT_VIOLATION":
		return "400 CONSTRAINT_VIOLATION for what cannot be done, message unknown"
	}
	return ""
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

// deletedFact records that something is still there, or deleted twice, after it was deleted.
func (c *call) deletedFact() {
	if r := c.mem.resources[strings.TrimSuffix(c.ex.Request.URL.Path, "/")]; r != nil && r.deleted {
		c.fact("status", "404 once it is deleted; not always at once", fmt.Sprint(c.ex.Status), pageRetry)
	}
}
