package contract

import (
	"slices"
	"time"
)

// deviceInUse is the status of a device that may be asked for a passcode.
const deviceInUse = "ACTIVE"

// flowLife is how long a flow waits for the next call.
const flowLife = 15 * time.Minute

// flowTimes wants a flow to have been created by the authorization request that was seen.
func (c *call) flowTimes() {
	ends, expires := momentAt(c.body, "expiresAt")
	if now, dated := c.date(); dated && expires && ends.After(now.Add(flowLife+clocksDiffer)) {
		c.fail(ruleFuture, "/expiresAt", about(flowLife)+" after the answer, at the most", text(c.body, "expiresAt"), pageFlows)
	}
	created, tells := momentAt(c.body, "createdAt")
	if !tells {
		return
	}
	if c.op.name == "Authorize" {
		c.justNow(created, text(c.body, "createdAt"), pageFlows, "createdAt")
		return
	}
	c.notAhead(created, text(c.body, "createdAt"), pageFlows, "createdAt")
	s := c.mem.flows[text(c.body, "id")]
	if s == nil || s.begun.IsZero() {
		return
	}
	if created.Before(s.begun.Add(-c.differ())) {
		c.fail(rulePast, "/createdAt", "about when authorize was answered", text(c.body, "createdAt"), pageFlows)
	}
}

// ahead are the actions that a flow does not take yet while it waits for another one, by its status.
var ahead = map[string][]string{
	"USERNAME_PASSWORD_REQUIRED": {"otp.check", "device.select", "user.update"},
	"OTP_REQUIRED":               {"user.update"},
	"MUST_CHANGE_PASSWORD":       {"otp.check", "device.select", "user.update"},
	"DEVICE_SELECTION_REQUIRED":  {"user.update"},
}

// flowAhead wants a flow to link no action that comes after the one that it waits for.
func (c *call) flowAhead() {
	status := text(c.body, "status")
	for rel := range object(c.body, "_links") {
		if slices.Contains(ahead[status], rel) {
			c.fail(ruleFlow, pointer("_links", rel), "no link past the action that the flow waits for, "+status, "one", pageFlowActions)
		}
	}
}
