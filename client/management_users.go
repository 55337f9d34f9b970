package client

import (
	"context"
	"net/http"
	"net/url"
)

// CreatePopulation creates a population; the body is a Population or anything
// else.
//
// developer.pingidentity.com/pingone-api/getting-started/create-a-test-environment
// POST /v1/environments/{envID}/populations
func (c *Client) CreatePopulation(ctx context.Context, envID string, body any) (*Exchange, error) {
	return c.create(ctx, OpCreatePopulation, c.APIURL("environments", envID, "populations"), body)
}

// ReadPopulation reads a population again, by its link self.
//
// developer.pingidentity.com/pingone-api/getting-started/create-a-test-environment
// GET /v1/environments/{envID}/populations/{populationID}
func (c *Client) ReadPopulation(ctx context.Context, population *Exchange) (*Exchange, error) {
	return c.at(ctx, reading(OpReadPopulation), population, "self", "populations")
}

// ListPopulations lists populations; query may be nil or hold limit and a
// filter on id or name.
//
// developer.pingidentity.com/pingone-api/foundations/conventions/pingone-api-requests
// GET /v1/environments/{envID}/populations
func (c *Client) ListPopulations(ctx context.Context, envID string, query url.Values) (*Exchange, error) {
	return c.list(ctx, OpListPopulations, c.APIURL("environments", envID, "populations"), query)
}

// CreateUser creates a user without a password; the body is a User or anything
// else.
//
// developer.pingidentity.com/pingone-api/getting-started/create-a-test-environment
// POST /v1/environments/{envID}/users
func (c *Client) CreateUser(ctx context.Context, envID string, body any) (*Exchange, error) {
	return c.create(ctx, OpCreateUser, c.APIURL("environments", envID, "users"), body)
}

// ReadUser reads a user again, by the link self of the user's creation.
//
// developer.pingidentity.com/pingone-api/workflow-library/authorization-and-authentication/configure-a-progressive-profiling-sign-on-action (step 19)
// GET /v1/environments/{envID}/users/{userID}
func (c *Client) ReadUser(ctx context.Context, user *Exchange) (*Exchange, error) {
	return c.at(ctx, reading(OpReadUser), user, "self", "users")
}

// ListUsers lists users; query may be nil or hold limit (1 to 1000) and a
// filter such as `username eq "anna"` or `population.id eq "…"`.
//
// developer.pingidentity.com/pingone-api/foundations/conventions/pingone-api-requests
// GET /v1/environments/{envID}/users
func (c *Client) ListUsers(ctx context.Context, envID string, query url.Values) (*Exchange, error) {
	return c.list(ctx, OpListUsers, c.APIURL("environments", envID, "users"), query)
}

// UpdateUser replaces a user; what the body leaves out is cleared.
//
// developer.pingidentity.com/pingone-api/foundations/conventions
// PUT /v1/environments/{envID}/users/{userID}
func (c *Client) UpdateUser(ctx context.Context, user *Exchange, body any) (*Exchange, error) {
	return c.at(ctx, replacing(OpUpdateUser, body), user, "self", "users")
}

// PatchUser changes what the body names; null clears.
//
// developer.pingidentity.com/pingone-api/platform/users/users-1/update-user-patch.html
// PATCH /v1/environments/{envID}/users/{userID}
func (c *Client) PatchUser(ctx context.Context, user *Exchange, body any) (*Exchange, error) {
	one := call{operation: OpPatchUser, method: http.MethodPatch, mediaType: JSON, body: body}
	return c.at(ctx, one, user, "self", "users")
}

// SetPassword sets a user's password by the link password.set; the body is a
// Password or anything else. PingOne's use case pages say POST, its reference
// says PUT, and PUT is what it takes.
//
// developer.pingidentity.com/pingone-api/platform/users/user-passwords/update-password-set.html
// PUT /v1/environments/{envID}/users/{userID}/password
func (c *Client) SetPassword(ctx context.Context, user *Exchange, body any) (*Exchange, error) {
	one := call{operation: OpSetPassword, method: http.MethodPut, mediaType: PasswordSet, body: body}
	return c.at(ctx, one, user, "password.set", "users", "password")
}

// ReadPassword reads the state of a user's password, by the link password.
//
// developer.pingidentity.com/pingone-api/platform/users/user-passwords
// GET /v1/environments/{envID}/users/{userID}/password
func (c *Client) ReadPassword(ctx context.Context, user *Exchange) (*Exchange, error) {
	return c.at(ctx, reading(OpReadPassword), user, "password", "users", "password")
}

// EnableMFA lets a user use MFA. The use case pages say POST, the reference
// says PUT, and PUT is what PingOne takes.
//
// developer.pingidentity.com/pingone-api/mfa/users/enable-users-mfa/update-user-mfa-enabled
// PUT /v1/environments/{envID}/users/{userID}/mfaEnabled
func (c *Client) EnableMFA(ctx context.Context, user *Exchange) (*Exchange, error) {
	return c.UpdateMFAEnabled(ctx, user, MFAEnabled{MFAEnabled: true})
}

// UpdateMFAEnabled says whether a user uses MFA; the body is an MFAEnabled or
// anything else.
//
// developer.pingidentity.com/pingone-api/mfa/users/enable-users-mfa/update-user-mfa-enabled
// PUT /v1/environments/{envID}/users/{userID}/mfaEnabled
func (c *Client) UpdateMFAEnabled(ctx context.Context, user *Exchange, body any) (*Exchange, error) {
	return c.at(ctx, replacing(OpUpdateMFAEnabled, body), user, "mfaEnabled", "users", "mfaEnabled")
}

// ReadMFAEnabled reads whether a user uses MFA.
//
// developer.pingidentity.com/pingone-api/mfa/users/enable-users-mfa
// GET /v1/environments/{envID}/users/{userID}/mfaEnabled
func (c *Client) ReadMFAEnabled(ctx context.Context, user *Exchange) (*Exchange, error) {
	return c.at(ctx, reading(OpReadMFAEnabled), user, "mfaEnabled", "users", "mfaEnabled")
}

// CreateDevice registers a device for a user by the link devices; the body is a
// Device or anything else.
//
// developer.pingidentity.com/pingone-api/mfa/users/mfa-devices
// POST /v1/environments/{envID}/users/{userID}/devices
func (c *Client) CreateDevice(ctx context.Context, user *Exchange, body any) (*Exchange, error) {
	return c.at(ctx, creating(OpCreateDevice, body), user, "devices", "users", "devices")
}

// ListDevices lists a user's devices by the link devices; query may be nil or
// hold a filter such as `(status eq "ACTIVE")`.
//
// developer.pingidentity.com/pingone-api/mfa/users/mfa-devices
// GET /v1/environments/{envID}/users/{userID}/devices
func (c *Client) ListDevices(ctx context.Context, user *Exchange, query url.Values) (*Exchange, error) {
	href, err := c.follow(user, "devices", "users", "devices")
	if err == nil {
		href, err = withQuery(href, query)
	}
	return c.to(ctx, reading(OpListDevices), href, err)
}

// ReadDevice reads a device again, by its link self.
//
// developer.pingidentity.com/pingone-api/mfa/users/mfa-devices
// GET /v1/environments/{envID}/users/{userID}/devices/{deviceID}
func (c *Client) ReadDevice(ctx context.Context, device *Exchange) (*Exchange, error) {
	return c.at(ctx, reading(OpReadDevice), device, "self", "devices")
}

// ActivateDevice activates a device with a passcode, by its link
// device.activate.
//
// developer.pingidentity.com/pingone-api/mfa/users/mfa-devices (activate MFA user device)
// POST /v1/environments/{envID}/users/{userID}/devices/{deviceID}
func (c *Client) ActivateDevice(ctx context.Context, device *Exchange, otp string) (*Exchange, error) {
	one := call{operation: OpActivateDevice, method: http.MethodPost, mediaType: DeviceActivate, body: OTP{OTP: otp}}
	return c.at(ctx, one, device, "device.activate", "devices")
}

// UnlockDevice unlocks a device that too many wrong passcodes have locked.
// PingOne documents no link for it: the device's own address is used.
//
// developer.pingidentity.com/pingone-api/mfa/users/mfa-devices
// POST /v1/environments/{envID}/users/{userID}/devices/{deviceID}
func (c *Client) UnlockDevice(ctx context.Context, device *Exchange) (*Exchange, error) {
	one := call{operation: OpUnlockDevice, method: http.MethodPost, mediaType: DeviceUnlock}
	return c.at(ctx, one, device, "self", "devices")
}
