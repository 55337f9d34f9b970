package client

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
)

// FlowURL is the documented address of a flow, for when a sign-on page's
// address was all that PingOne gave.
func (c *Client) FlowURL(envID, flowID string) string {
	return c.AuthURL(envID, "flows", flowID)
}

// ReadFlow reads a flow's state; see FlowURL for its address.
//
// developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
// GET /{envID}/flows/{flowID}
func (c *Client) ReadFlow(ctx context.Context, href string) (*Exchange, error) {
	return c.do(ctx, reading("Read Flow", href, nil))
}

// CheckUsernamePassword submits user name and password by the link
// usernamePassword.check. The answer's cookies are needed from then on.
//
// developer.pingidentity.com/pingone-api/auth/flows/flows-1/check-username-password.html
// POST /{envID}/flows/{flowID}
func (c *Client) CheckUsernamePassword(ctx context.Context, flow *Exchange, username, password string) (*Exchange, error) {
	body := struct {
		Username string `json:"username"`
		Password string `json:"password"`
	}{username, password}
	return c.act(ctx, call{operation: "Check Username and Password", body: body}, flow, "usernamePassword.check")
}

// UpdateProfile answers a profile prompt by the link user.update; the body is
// shaped like part of a user, such as {"mobilePhone": "…"}.
//
// developer.pingidentity.com/pingone-api/auth/flows/registration-and-verification/user-profile-update.html
// POST /{envID}/flows/{flowID}
func (c *Client) UpdateProfile(ctx context.Context, flow *Exchange, body any) (*Exchange, error) {
	return c.act(ctx, call{operation: "Update Profile", body: body}, flow, "user.update")
}

// CheckOTP submits a one-time passcode by the link otp.check.
//
// developer.pingidentity.com/pingone-api/auth/flows/flows-1/check-one-time-password-otp
// POST /{envID}/flows/{flowID}
func (c *Client) CheckOTP(ctx context.Context, flow *Exchange, otp string) (*Exchange, error) {
	return c.act(ctx, call{operation: "Check One-Time Passcode", body: map[string]string{"otp": otp}}, flow, "otp.check")
}

// SelectDevice chooses an MFA device by the link device.select. Choosing the
// same device again has PingOne send a new passcode.
//
// developer.pingidentity.com/pingone-api/auth/flows/flows-1/select-device
// POST /{envID}/flows/{flowID}
func (c *Client) SelectDevice(ctx context.Context, flow *Exchange, deviceID string) (*Exchange, error) {
	body := map[string]any{"device": map[string]string{"id": deviceID}}
	return c.act(ctx, call{operation: "Select Device", body: body}, flow, "device.select")
}

// ResetPassword gives a new password in a flow that demands one, by the link
// password.reset.
//
// developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
// POST /{envID}/flows/{flowID}
func (c *Client) ResetPassword(ctx context.Context, flow *Exchange, current, replacement string) (*Exchange, error) {
	body := map[string]string{"currentPassword": current, "newPassword": replacement}
	return c.act(ctx, call{operation: "Reset Password", body: body}, flow, "password.reset")
}

// FlowAction posts any action to a flow by the link rel; where the flow does
// not offer it, to the flow's own address. With mediaType "" it is PingOne's for
// an action of the link's name.
//
// developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
// POST /{envID}/flows/{flowID}
func (c *Client) FlowAction(ctx context.Context, flow *Exchange, rel, mediaType string, body any) (*Exchange, error) {
	return c.act(ctx, call{operation: "Flow Action " + rel, mediaType: mediaType, body: body}, flow, rel)
}

// act is FlowAction for any call.
func (c *Client) act(ctx context.Context, one call, flow *Exchange, rel string) (*Exchange, error) {
	one.method, one.mediaType = http.MethodPost, cmp.Or(one.mediaType, vendorType(rel))
	if one.href = cmp.Or(flow.Link(rel), flow.Link("self")); one.href != "" {
		return c.do(ctx, one)
	}
	envID, flowID, err := flowIDs(flow)
	one.href = c.FlowURL(envID, flowID)
	return c.to(ctx, one, err)
}

// flowIDs are the ids of a flow and of its environment, as its answer has them.
func flowIDs(flow *Exchange) (envID, flowID string, err error) {
	envID, flowID = flow.Get("environment.id").String(), flow.Get("id").String()
	if envID == "" || flowID == "" {
		err = cannotFollow(flow)
	}
	return envID, flowID, err
}

// Resume ends a flow at its resumeUrl. In redirect mode the answer is 302 with
// the code in Location, with pi.flow it is 200 with authorizeResponse; Code
// reads both.
//
// developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/resume
// GET /{envID}/as/resume?flowId={flowID}
func (c *Client) Resume(ctx context.Context, flow *Exchange) (*Exchange, error) {
	if href := flow.Get("resumeUrl").String(); href != "" {
		return c.do(ctx, reading("Resume", href, nil))
	}
	envID, flowID, err := flowIDs(flow)
	return c.to(ctx, reading("Resume", c.AuthURL(envID, "as", "resume"), url.Values{"flowId": {flowID}}), err)
}
