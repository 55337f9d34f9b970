package client

import (
	"context"
	"net/http"
	"net/url"
)

// CreatePopulation creates a population, a group of users.
//
// developer.pingidentity.com/pingone-api/getting-started/create-a-test-environment
// POST /v1/environments/{envID}/populations
func (c *Client) CreatePopulation(ctx context.Context, envID string, body any) (*Exchange, error) {
	return c.do(ctx, creating("Create Population", c.APIURL("environments", envID, "populations"), body))
}

// ListPopulations lists populations; query may be nil or hold limit and a
// filter on id or name.
//
// developer.pingidentity.com/pingone-api/foundations/conventions/pingone-api-requests
// GET /v1/environments/{envID}/populations
func (c *Client) ListPopulations(ctx context.Context, envID string, query url.Values) (*Exchange, error) {
	return c.do(ctx, reading("List Populations", c.APIURL("environments", envID, "populations"), query))
}

// CreateUser creates a user without a password.
//
// developer.pingidentity.com/pingone-api/getting-started/create-a-test-environment
// POST /v1/environments/{envID}/users
func (c *Client) CreateUser(ctx context.Context, envID string, body any) (*Exchange, error) {
	return c.do(ctx, creating("Create User", c.APIURL("environments", envID, "users"), body))
}

// ReadUser reads a user again, by the link self of the user's creation.
//
// developer.pingidentity.com/pingone-api/workflow-library/authorization-and-authentication/configure-a-progressive-profiling-sign-on-action (step 19)
// GET /v1/environments/{envID}/users/{userID}
func (c *Client) ReadUser(ctx context.Context, user *Exchange) (*Exchange, error) {
	return c.at(ctx, reading("Read User", "", nil), user, "self", "users")
}

// ListUsers lists users; query may be nil or hold limit (1 to 1000) and a
// filter such as `username eq "anna"` or `population.id eq "…"`.
//
// developer.pingidentity.com/pingone-api/foundations/conventions/pingone-api-requests
// GET /v1/environments/{envID}/users
func (c *Client) ListUsers(ctx context.Context, envID string, query url.Values) (*Exchange, error) {
	return c.do(ctx, reading("List Users", c.APIURL("environments", envID, "users"), query))
}

// PatchUser changes what the body names; null clears.
//
// developer.pingidentity.com/pingone-api/platform/users/users-1/update-user-patch.html
// PATCH /v1/environments/{envID}/users/{userID}
func (c *Client) PatchUser(ctx context.Context, user *Exchange, body any) (*Exchange, error) {
	one := call{operation: "Patch User", method: http.MethodPatch, mediaType: JSON, body: body}
	return c.at(ctx, one, user, "self", "users")
}

// SetPassword sets a user's password by the link password.set. PingOne's use
// case pages say POST, its reference says PUT, and PUT is what it takes.
//
// developer.pingidentity.com/pingone-api/platform/users/user-passwords/update-password-set.html
// PUT /v1/environments/{envID}/users/{userID}/password
func (c *Client) SetPassword(ctx context.Context, user *Exchange, body any) (*Exchange, error) {
	one := call{operation: "Set Password", method: http.MethodPut, mediaType: vendorType("password.set"), body: body}
	return c.at(ctx, one, user, "password.set", "users", "password")
}

// EnableMFA lets a user use MFA. The use case pages say POST, the reference
// says PUT, and PUT is what PingOne takes.
//
// developer.pingidentity.com/pingone-api/mfa/users/enable-users-mfa/update-user-mfa-enabled
// PUT /v1/environments/{envID}/users/{userID}/mfaEnabled
func (c *Client) EnableMFA(ctx context.Context, user *Exchange) (*Exchange, error) {
	return c.UpdateMFAEnabled(ctx, user, map[string]bool{"mfaEnabled": true})
}

// UpdateMFAEnabled says whether a user uses MFA.
//
// developer.pingidentity.com/pingone-api/mfa/users/enable-users-mfa/update-user-mfa-enabled
// PUT /v1/environments/{envID}/users/{userID}/mfaEnabled
func (c *Client) UpdateMFAEnabled(ctx context.Context, user *Exchange, body any) (*Exchange, error) {
	one := call{operation: "Update MFA Enabled", method: http.MethodPut, body: body}
	return c.at(ctx, one, user, "mfaEnabled", "users", "mfaEnabled")
}

// CreateDevice registers a device for a user by the link devices. A device in
// test mode sends nothing; PingOne's answers carry its passcode instead.
//
// developer.pingidentity.com/pingone-api/mfa/users/mfa-devices
// POST /v1/environments/{envID}/users/{userID}/devices
func (c *Client) CreateDevice(ctx context.Context, user *Exchange, body any) (*Exchange, error) {
	return c.at(ctx, creating("Create Device", "", body), user, "devices", "users", "devices")
}

// ActivateDevice activates a device with a passcode, by its link
// device.activate.
//
// developer.pingidentity.com/pingone-api/mfa/users/mfa-devices (activate MFA user device)
// POST /v1/environments/{envID}/users/{userID}/devices/{deviceID}
func (c *Client) ActivateDevice(ctx context.Context, device *Exchange, otp string) (*Exchange, error) {
	body := map[string]string{"otp": otp}
	one := call{operation: "Activate Device", method: http.MethodPost, mediaType: vendorType("device.activate"), body: body}
	return c.at(ctx, one, device, "device.activate", "devices")
}
