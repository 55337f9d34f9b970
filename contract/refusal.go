package contract

import (
	"fmt"
	"slices"
)

// refused holds an answer of the 4xx or 5xx class: which of the two error shapes
// it has depends on who answers.
func (c *call) refused() {
	switch c.op.service {
	case oauth:
		c.oauthError()
	case browser:
		c.browserError()
	default:
		c.platformError()
	}
}

// statuses are the ones the documents list for errors.
var statuses = []int{400, 401, 403, 404, 405, 409, 415, 429, 500, 502, 503}

// platformError wants the platform's error body, with the codes that its status may have.
func (c *call) platformError() {
	status := c.ex.Status
	if !slices.Contains(statuses, status) {
		c.note(ruleStatus, "status", "one of the listed error statuses", fmt.Sprint(status), pageErrors)
	}
	c.retryAfter()
	if status >= 500 && status != 500 && c.body == nil {
		c.note("error-5xx#/type", "/", "an error body", orNone(c.ex.Header.Get("Content-Type")), pageOpenAPI)
		return
	}
	if !c.errorJSON() {
		return
	}
	if c.gatewayError() {
		return
	}
	c.hold("error", c.body)
	switch {
	case status == 500:
		c.hold("error-5xx", c.body)
	case status > 500 || !slices.Contains(statuses, status):
	default:
		c.hold(fmt.Sprintf("error-%d", status), c.body)
	}
}

func (c *call) errorJSON() bool {
	c.mediaType()
	if c.body == nil {
		c.fail("error#/type", "/", "an error body", fmt.Sprintf("%d bytes that are not JSON", len(c.ex.Body)), pageErrors)
	}
	return c.body != nil
}

// gatewayError observes the short 403 of the gateway in front of the API, for methods it does not know.
func (c *call) gatewayError() bool {
	if c.op != nil || c.ex.Status != 403 || member(c.body, "code") != nil || text(c.body, "message") == "" {
		return false
	}
	c.note("error-403#/required", "/code", "the platform's error body", "a gateway's, with a message only", pageErrors)
	return true
}

// retryAfter wants the header that says how long to wait.
func (c *call) retryAfter() {
	header := c.ex.Header.Get("Retry-After")
	switch {
	case header != "":
	case c.ex.Status == 429:
		c.fail(ruleRetryAfter, "header Retry-After", "the seconds to wait", nothing, pageRetry)
	case c.ex.Status == 503:
		c.note(ruleRetryAfter, "header Retry-After", "a date", nothing, pageRetry)
	}
}

// oauthError wants RFC 6749's error body and the status that goes with its code.
func (c *call) oauthError() {
	if c.ex.Status >= 500 {
		c.platformError()
		return
	}
	if !c.op.under("token") && member(c.body, "error") == nil {
		c.note(ruleFact, "refusal", undocumentedRefusal, errorShape(c), pageOIDC)
		return
	}
	if !c.errorJSON() {
		return
	}
	c.hold("oauth-error", c.body)
	c.retryAfter()
	code, status := text(c.body, "error"), c.ex.Status
	if want := oauthStatus[code]; want != 0 && status != want && status != 429 {
		c.fail(ruleStatus, "status", fmt.Sprintf("%d for %s", want, code), fmt.Sprint(status), pageTokenErr)
	}
}

// oauthStatus are the statuses that RFC 6749 gives the error codes of the token endpoint.
var oauthStatus = map[string]int{
	"invalid_client": 401, "invalid_request": 400, "invalid_grant": 400, "invalid_scope": 400, "unauthorized_client": 400, "unsupported_grant_type": 400,
}

const undocumentedRefusal = "how this endpoint refuses is not documented"

// browserError accepts either shape: what authorize and resume answer when they refuse is not documented.
func (c *call) browserError() {
	c.note(ruleFact, "refusal", undocumentedRefusal, errorShape(c), c.op.source)
	switch {
	case c.body == nil:
	case member(c.body, "error") != nil:
		c.mediaType()
		c.hold("oauth-error", c.body)
	default:
		c.platformError()
	}
}

// errorShape says in words how a refusal looks.
func errorShape(c *call) string {
	switch {
	case c.body == nil:
		return fmt.Sprintf("%d, %s", c.ex.Status, orNone(c.ex.Header.Get("Content-Type")))
	case member(c.body, "error") != nil:
		return fmt.Sprintf("%d %s, an OAuth error", c.ex.Status, text(c.body, "error"))
	}
	return fmt.Sprintf("%d %s, a platform error", c.ex.Status, text(c.body, "code"))
}
