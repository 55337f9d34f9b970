package client

import (
	"context"
	"net/url"
)

// CreateSignOnPolicy creates a sign-on policy without actions; the body is a
// SignOnPolicy or anything else.
//
// developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policies-1.html
// POST /v1/environments/{envID}/signOnPolicies
func (c *Client) CreateSignOnPolicy(ctx context.Context, envID string, body any) (*Exchange, error) {
	return c.create(ctx, OpCreateSignOnPolicy, c.APIURL("environments", envID, "signOnPolicies"), body)
}

// ReadSignOnPolicy reads a sign-on policy again, by its link self.
//
// developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policies-1.html
// GET /v1/environments/{envID}/signOnPolicies/{policyID}
func (c *Client) ReadSignOnPolicy(ctx context.Context, policy *Exchange) (*Exchange, error) {
	return c.at(ctx, reading(OpReadSignOnPolicy), policy, "self", "signOnPolicies")
}

// UpdateSignOnPolicy replaces a sign-on policy's own properties.
//
// developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policies-1.html
// PUT /v1/environments/{envID}/signOnPolicies/{policyID}
func (c *Client) UpdateSignOnPolicy(ctx context.Context, policy *Exchange, body any) (*Exchange, error) {
	return c.at(ctx, replacing(OpUpdateSignOnPolicy, body), policy, "self", "signOnPolicies")
}

// ListSignOnPolicies lists sign-on policies; query may be nil or hold limit.
//
// developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policies-1.html
// GET /v1/environments/{envID}/signOnPolicies
func (c *Client) ListSignOnPolicies(ctx context.Context, envID string, query url.Values) (*Exchange, error) {
	return c.list(ctx, OpListSignOnPolicies, c.APIURL("environments", envID, "signOnPolicies"), query)
}

// CreateSignOnPolicyAction adds an action to a policy by the policy's link
// actions; the body is one of the Action types or anything else.
//
// developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policy-actions
// POST /v1/environments/{envID}/signOnPolicies/{policyID}/actions
func (c *Client) CreateSignOnPolicyAction(ctx context.Context, policy *Exchange, body any) (*Exchange, error) {
	return c.at(ctx, creating(OpCreateSignOnPolicyAction, body), policy, "actions", "signOnPolicies", "actions")
}

// ReadSignOnPolicyAction reads an action again, by its link self.
//
// developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policy-actions
// GET /v1/environments/{envID}/signOnPolicies/{policyID}/actions/{actionID}
func (c *Client) ReadSignOnPolicyAction(ctx context.Context, action *Exchange) (*Exchange, error) {
	return c.at(ctx, reading(OpReadSignOnPolicyAction), action, "self", "actions")
}

// UpdateSignOnPolicyAction replaces an action, for instance to bind a device
// authentication policy to it.
//
// developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policy-actions
// PUT /v1/environments/{envID}/signOnPolicies/{policyID}/actions/{actionID}
func (c *Client) UpdateSignOnPolicyAction(ctx context.Context, action *Exchange, body any) (*Exchange, error) {
	return c.at(ctx, replacing(OpUpdateSignOnPolicyAction, body), action, "self", "actions")
}

// ListSignOnPolicyActions lists a policy's actions by its link actions.
//
// developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policy-actions
// GET /v1/environments/{envID}/signOnPolicies/{policyID}/actions
func (c *Client) ListSignOnPolicyActions(ctx context.Context, policy *Exchange) (*Exchange, error) {
	return c.at(ctx, reading(OpListSignOnPolicyActions), policy, "actions", "signOnPolicies", "actions")
}

// CreateDeviceAuthenticationPolicy creates a policy that says which devices may
// be used for MFA and how.
//
// developer.pingidentity.com/pingone-api/mfa/device-authentication-policy
// POST /v1/environments/{envID}/deviceAuthenticationPolicies
func (c *Client) CreateDeviceAuthenticationPolicy(ctx context.Context, envID string, body any) (*Exchange, error) {
	return c.create(ctx, OpCreateDevicePolicy, c.APIURL("environments", envID, "deviceAuthenticationPolicies"), body)
}

// ReadDeviceAuthenticationPolicies lists the environment's device
// authentication policies; one of them has default true.
//
// developer.pingidentity.com/pingone-api/mfa/device-authentication-policy
// GET /v1/environments/{envID}/deviceAuthenticationPolicies
func (c *Client) ReadDeviceAuthenticationPolicies(ctx context.Context, envID string) (*Exchange, error) {
	return c.read(ctx, OpReadDevicePolicies, c.APIURL("environments", envID, "deviceAuthenticationPolicies"))
}

// ReadDeviceAuthenticationPolicy reads one device authentication policy by id.
//
// developer.pingidentity.com/pingone-api/mfa/device-authentication-policy
// GET /v1/environments/{envID}/deviceAuthenticationPolicies/{policyID}
func (c *Client) ReadDeviceAuthenticationPolicy(ctx context.Context, envID, policyID string) (*Exchange, error) {
	return c.read(ctx, OpReadDevicePolicy, c.APIURL("environments", envID, "deviceAuthenticationPolicies", policyID))
}

// UpdateDeviceAuthenticationPolicy replaces a device authentication policy.
//
// developer.pingidentity.com/pingone-api/mfa/device-authentication-policy
// PUT /v1/environments/{envID}/deviceAuthenticationPolicies/{policyID}
func (c *Client) UpdateDeviceAuthenticationPolicy(ctx context.Context, envID, policyID string, body any) (*Exchange, error) {
	return c.replace(ctx, OpUpdateDevicePolicy, c.APIURL("environments", envID, "deviceAuthenticationPolicies", policyID), body)
}
