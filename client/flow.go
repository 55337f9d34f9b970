package client

import (
	"context"
	"fmt"
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
	return c.to(ctx, reading(OpReadFlow), href, nil)
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
	return c.act(ctx, OpCheckUsernamePassword, flow, "usernamePassword.check", UsernamePasswordCheck, body)
}

// UpdateProfile answers a profile prompt by the link user.update; the body is
// shaped like part of a user, such as {"mobilePhone": "…"}.
//
// developer.pingidentity.com/pingone-api/auth/flows/registration-and-verification/user-profile-update.html
// POST /{envID}/flows/{flowID}
func (c *Client) UpdateProfile(ctx context.Context, flow *Exchange, body any) (*Exchange, error) {
	return c.act(ctx, OpUpdateProfile, flow, "user.update", UserUpdate, body)
}

// CheckOTP submits a one-time passcode by the link otp.check.
//
// developer.pingidentity.com/pingone-api/auth/flows/flows-1/check-one-time-password-otp
// POST /{envID}/flows/{flowID}
func (c *Client) CheckOTP(ctx context.Context, flow *Exchange, otp string) (*Exchange, error) {
	return c.act(ctx, OpCheckOTP, flow, "otp.check", OTPCheck, OTP{OTP: otp})
}

// SelectDevice chooses an MFA device by the link device.select. Choosing the
// same device again has PingOne send a new passcode.
//
// developer.pingidentity.com/pingone-api/auth/flows/flows-1/select-device
// POST /{envID}/flows/{flowID}
func (c *Client) SelectDevice(ctx context.Context, flow *Exchange, deviceID string) (*Exchange, error) {
	body := struct {
		Device Ref `json:"device"`
	}{Ref{deviceID}}
	return c.act(ctx, OpSelectDevice, flow, "device.select", DeviceSelect, body)
}

// ResetPassword gives a new password in a flow that demands one, by the link
// password.reset.
//
// developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
// POST /{envID}/flows/{flowID}
func (c *Client) ResetPassword(ctx context.Context, flow *Exchange, current, replacement string) (*Exchange, error) {
	body := struct {
		Current string `json:"currentPassword"`
		New     string `json:"newPassword"`
	}{current, replacement}
	return c.act(ctx, OpResetPassword, flow, "password.reset", PasswordReset, body)
}

// FlowAction posts any action to a flow by the link rel; where the flow does
// not offer it, to the flow's own address.
//
// developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
// POST /{envID}/flows/{flowID}
func (c *Client) FlowAction(ctx context.Context, flow *Exchange, rel, mediaType string, body any) (*Exchange, error) {
	return c.act(ctx, OpFlowAction+" "+rel, flow, rel, mediaType, body)
}

func (c *Client) act(ctx context.Context, operation string, flow *Exchange, rel, mediaType string, body any) (*Exchange, error) {
	href, err := c.flowAddress(flow, rel)
	return c.to(ctx, call{operation: operation, method: http.MethodPost, mediaType: mediaType, body: body}, href, err)
}

// flowAddress finds where an action of a flow goes: its link, the flow's own
// link, the documented address.
func (c *Client) flowAddress(flow *Exchange, rel string) (string, error) {
	if flow == nil {
		return "", errNothing
	}
	for _, link := range []string{rel, "self"} {
		if href := flow.Link(link); href != "" {
			return href, nil
		}
	}
	envID, flowID := flow.Get("environment.id").String(), flow.Get("id").String()
	if envID == "" || flowID == "" {
		return "", fmt.Errorf("the answer of %q (%d) %w", flow.Operation, flow.Status, ErrNoLink)
	}
	return c.FlowURL(envID, flowID), nil
}

// Resume ends a flow at its resumeUrl. In redirect mode the answer is 302 with
// the code in Location, with pi.flow it is 200 with authorizeResponse; Code
// reads both.
//
// developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/resume
// GET /{envID}/as/resume?flowId={flowID}
func (c *Client) Resume(ctx context.Context, flow *Exchange) (*Exchange, error) {
	if flow == nil {
		return nil, fmt.Errorf("%s: %w", OpResume, errNothing)
	}
	if href := flow.Get("resumeUrl").String(); href != "" {
		return c.ResumeAt(ctx, href)
	}
	envID, flowID := flow.Get("environment.id").String(), flow.Get("id").String()
	if envID == "" || flowID == "" {
		return nil, fmt.Errorf("%s: the answer of %q (%d) %w", OpResume, flow.Operation, flow.Status, ErrNoLink)
	}
	return c.ResumeAt(ctx, c.AuthURL(envID, "as", "resume")+"?"+url.Values{"flowId": {flowID}}.Encode())
}

// ResumeAt ends a flow at a resumeUrl that was kept from an earlier answer.
//
// developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/resume
// GET /{envID}/as/resume?flowId={flowID}
func (c *Client) ResumeAt(ctx context.Context, resumeURL string) (*Exchange, error) {
	return c.to(ctx, reading(OpResume), resumeURL, nil)
}
