package contract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// refused holds an answer of the 4xx or 5xx class: which of the two error shapes
// it has depends on who answers.
func (c *call) refused() {
	switch {
	case c.op.service == browser:
		c.browserError()
	case c.op.service == oauth && c.ex.Status < 500:
		c.oauthError()
	default:
		c.platformError()
	}
}

// statuses are the ones the documents list for errors.
var statuses = []int{400, 401, 403, 404, 405, 409, 415, 429, 500, 502, 503}

// platformError wants the platform's error body, with the codes that its status may have.
func (c *call) platformError() {
	status := c.ex.Status
	listed := slices.Contains(statuses, status)
	if !listed {
		c.note(ruleStatus, "status", "one of the listed error statuses", fmt.Sprint(status), pageErrors)
	}
	c.retryAfter()
	if c.body == nil && onTheWay(status) {
		c.note("error-5xx#/type", "/", "an error body", orNone(c.ex.Header.Get("Content-Type")), "https://github.com/pingidentity/pingone-openapi-specifications")
		return
	}
	if !c.errorJSON() {
		return
	}
	if c.op == nil && status == 403 && at(c.body, "code") == nil && text(c.body, "message") != "" {
		c.note("error-403#/required", "/code", "the platform's error body", "a gateway's, with a message only", pageErrors)
		return
	}
	c.hold("error", c.body)
	if id := text(c.body, "id"); id != "" && c.mem.refusals[id] {
		c.fail(ruleRepeated, "/id", "an id of this refusal's own", show(id), pageErrors)
	} else {
		c.mem.refusals[id] = true
	}
	if of := c.statusOfCode(); of != 0 {
		status, listed = of, true
	}
	c.detailCodes()
	switch {
	case status == 500:
		c.hold("error-5xx", c.body)
	case status < 500 && listed:
		c.hold("error-"+strconv.Itoa(status), c.body)
	}
}

// onTheWay tells of a status with which what stands on the way to PingOne answers as well.
func onTheWay(status int) bool { return status > 500 || status == 408 }

// statusesOf are the statuses that the documents list for a code. Within its class the status may be
// another, for the code is what tells refusals apart.
var statusesOf = map[string][]int{
	"ACCESS_FAILED":   {401, 403},
	"INVALID_DATA":    {400},
	"INVALID_REQUEST": {400, 405, 415},
	"NOT_FOUND":       {404},
	"REQUEST_FAILED":  {400},
	"REQUEST_LIMITED": {429},
}

// statusOfCode is the status whose rules a refusal has to meet: its own, or where that is not listed for
// its code one that is, and then the one seen is observed. It is 0 where the code says nothing.
func (c *call) statusOfCode() int {
	listed := statusesOf[text(c.body, "code")]
	switch {
	case c.ex.Status >= 500 || len(listed) == 0:
		return 0
	case slices.Contains(listed, c.ex.Status):
		return c.ex.Status
	}
	want := strings.Trim(strings.Join(strings.Fields(fmt.Sprint(listed)), " or "), "[]")
	c.noteOf("Any refusal", ruleFact, "status", want+" for "+text(c.body, "code"), strconv.Itoa(c.ex.Status), pageErrors)
	return listed[0]
}

// accessCodes are the detail codes that the documents list for a call that may not be made, dataCodes those that they list for
// what is wrong in one. Others may be added.
var (
	accessCodes = []string{"INVALID_TOKEN", "INSUFFICIENT_PERMISSIONS"}
	dataCodes   = []string{
		"INVALID_VALUE", "REQUIRED_VALUE", "EMPTY_VALUE", "OUT_OF_RANGE", "SIZE_LIMIT_EXCEEDED", "UNIQUENESS_VIOLATION", "CONSTRAINT_VIOLATION",
		"INVALID_OTP", "INVALID_FILTER", "INVALID_PARAMETER", "ACCOUNT_NOT_USABLE", "NO_PASSWORD", "MFA_AUTH_METHODS_CONFLICT",
	}
)

// detailCodes wants no detail that belongs to another kind of refusal.
func (c *call) detailCodes() {
	foreign, want := dataCodes, "a code of a call that may not be made, such as INVALID_TOKEN"
	switch text(c.body, "code") {
	case "ACCESS_FAILED":
	case "INVALID_DATA", "INVALID_REQUEST", "REQUEST_FAILED":
		foreign, want = accessCodes, "a code of what is wrong in the call, such as INVALID_VALUE"
	default:
		return
	}
	for i, detail := range list(c.body, "details") {
		if code := text(detail, "code"); slices.Contains(foreign, code) || len(statusesOf[code]) > 0 && code != text(c.body, "code") {
			c.fail(ruleStatus, pointer("details", strconv.Itoa(i), "code"), want, show(code), pageErrors)
		}
	}
}

func (c *call) errorJSON() bool {
	c.mediaType()
	if c.body == nil {
		c.fail("error#/type", "/", "an error body", fmt.Sprintf("%d bytes that are not JSON", len(c.ex.Body)), pageErrors)
	}
	return c.body != nil
}

// retryAfter wants the header that says how long to wait.
func (c *call) retryAfter() {
	switch status := c.ex.Status; {
	case c.ex.Header.Get("Retry-After") != "":
	case status == 429:
		c.fail(ruleRetryAfter, "header Retry-After", "the seconds to wait", nothing, pageRetry)
	case status == 503:
		c.note(ruleRetryAfter, "header Retry-After", "a date", nothing, pageRetry)
	}
}

// oauthError wants RFC 6749's error body and the status that goes with its code.
func (c *call) oauthError() {
	switch {
	case at(c.body, "error") != nil:
	case c.ex.Status == 429: // the limits are the platform's
		c.platformError()
		return
	case !c.op.under("token"):
		c.undocumentedRefusal(pageOIDC)
		return
	}
	if !c.errorJSON() {
		return
	}
	c.hold("oauth-error", c.body)
	c.retryAfter()
	code, status := text(c.body, "error"), c.ex.Status
	if want := oauthStatus[code]; want != 0 && status != want && status != 429 {
		c.fail(ruleStatus, "status", fmt.Sprintf("%d for %s", want, code), fmt.Sprint(status), "https://www.rfc-editor.org/rfc/rfc6749#section-5.2")
	}
}

// oauthStatus are the statuses that RFC 6749 gives the error codes of the token endpoint.
var oauthStatus = map[string]int{
	"invalid_client": 401, "invalid_request": 400, "invalid_grant": 400, "invalid_scope": 400, "unauthorized_client": 400, "unsupported_grant_type": 400,
}

// browserError accepts either shape: what authorize and resume answer when they refuse is not documented.
func (c *call) browserError() {
	c.undocumentedRefusal(c.op.source)
	switch {
	case c.body == nil:
	case at(c.body, "error") != nil:
		c.mediaType()
		c.hold("oauth-error", c.body)
	default:
		c.platformError()
	}
}

const undocumented = "how this endpoint refuses is not documented"

// undocumentedRefusal observes how a refusal looks.
func (c *call) undocumentedRefusal(source string) {
	got := fmt.Sprintf("%d %s, a platform error", c.ex.Status, text(c.body, "code"))
	switch {
	case c.body == nil:
		got = fmt.Sprintf("%d, %s", c.ex.Status, orNone(c.ex.Header.Get("Content-Type")))
	case at(c.body, "error") != nil:
		got = fmt.Sprintf("%d %s, an OAuth error", c.ex.Status, text(c.body, "error"))
	}
	c.note(ruleFact, "refusal", undocumented, got, source)
}
