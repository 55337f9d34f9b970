package client

import (
	"context"
	"net/url"
)

// CreateSignOnPolicy creates a sign-on policy without actions.
//
// developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policies-1.html
// POST /v1/environments/{envID}/signOnPolicies
func (c *Client) CreateSignOnPolicy(ctx context.Context, envID string, body any) (*Exchange, error) {
	return c.do(ctx, creating("Create Sign-On Policy", c.APIURL("environments", envID, "signOnPolicies"), body))
}

// ListSignOnPolicies lists sign-on policies; query may be nil or hold limit.
//
// developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policies-1.html
// GET /v1/environments/{envID}/signOnPolicies
func (c *Client) ListSignOnPolicies(ctx context.Context, envID string, query url.Values) (*Exchange, error) {
	return c.do(ctx, reading("List Sign-On Policies", c.APIURL("environments", envID, "signOnPolicies"), query))
}

// CreateSignOnPolicyAction adds an action to a policy by the policy's link
// actions.
//
// developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policy-actions
// POST /v1/environments/{envID}/signOnPolicies/{policyID}/actions
func (c *Client) CreateSignOnPolicyAction(ctx context.Context, policy *Exchange, body any) (*Exchange, error) {
	return c.at(ctx, creating("Create Sign-On Policy Action", "", body), policy, "actions", "signOnPolicies", "actions")
}

// ListPasswordPolicies lists the environment's password policies; one of them has default true.
//
// developer.pingidentity.com/pingone-api/platform/password-policies.html
// GET /v1/environments/{envID}/passwordPolicies
func (c *Client) ListPasswordPolicies(ctx context.Context, envID string) (*Exchange, error) {
	return c.do(ctx, reading("List Password Policies", c.APIURL("environments", envID, "passwordPolicies"), nil))
}

// CreateDeviceAuthenticationPolicy creates a policy that says which devices may
// be used for MFA and how.
//
// developer.pingidentity.com/pingone-api/mfa/device-authentication-policy
// POST /v1/environments/{envID}/deviceAuthenticationPolicies
func (c *Client) CreateDeviceAuthenticationPolicy(ctx context.Context, envID string, body any) (*Exchange, error) {
	return c.do(ctx, creating("Create Device Authentication Policy", c.APIURL("environments", envID, "deviceAuthenticationPolicies"), body))
}

// ReadDeviceAuthenticationPolicies lists the environment's device
// authentication policies; one of them has default true.
//
// developer.pingidentity.com/pingone-api/mfa/device-authentication-policy
// GET /v1/environments/{envID}/deviceAuthenticationPolicies
func (c *Client) ReadDeviceAuthenticationPolicies(ctx context.Context, envID string) (*Exchange, error) {
	return c.do(ctx, reading("Read Device Authentication Policies", c.APIURL("environments", envID, "deviceAuthenticationPolicies"), nil))
}
