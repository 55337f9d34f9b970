package contract

import (
	"fmt"
	"slices"
	"strings"
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
		c.note(ruleFact, "/", "the shape of this endpoint's errors is not documented", errorShape(c), pageOIDC)
		return
	}
	if !c.errorJSON() {
		return
	}
	c.hold("oauth-error", c.body)
	code := text(c.body, "error")
	switch status := c.ex.Status; {
	case status == 429:
		c.retryAfter()
	case code == "invalid_client" && status != 401, code != "" && code != "invalid_client" && code != "access_denied" && code != "invalid_token" && status == 401:
		c.fail(ruleStatus, "status", "401 for invalid_client, 400 for the others", fmt.Sprintf("%d for %s", status, code), pageTokenErr)
	case strings.HasPrefix(code, "invalid_") && code != "invalid_client" && code != "invalid_token" && status != 400:
		c.fail(ruleStatus, "status", "400", fmt.Sprintf("%d for %s", status, code), pageTokenErr)
	}
}

// browserError accepts either shape: what authorize and resume answer when they refuse is not documented.
func (c *call) browserError() {
	c.note(ruleFact, "/", "the shape of this endpoint's errors is not documented", errorShape(c), c.op.source)
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
