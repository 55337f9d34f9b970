package client

import (
	"context"
	"net/url"

	"github.com/tidwall/gjson"
)

// CreateApplication creates an application; the body is an Application or
// anything else. The answer's body never holds the secret.
//
// developer.pingidentity.com/pingone-api/platform/applications
// POST /v1/environments/{envID}/applications
func (c *Client) CreateApplication(ctx context.Context, envID string, body any) (*Exchange, error) {
	return c.create(ctx, OpCreateApplication, c.APIURL("environments", envID, "applications"), body)
}

// ReadApplication reads an application again, by its link self.
//
// developer.pingidentity.com/pingone-api/platform/applications
// GET /v1/environments/{envID}/applications/{appID}
func (c *Client) ReadApplication(ctx context.Context, app *Exchange) (*Exchange, error) {
	return c.at(ctx, reading(OpReadApplication), app, "self", "applications")
}

// ListApplications lists applications; query may be nil or hold limit.
//
// developer.pingidentity.com/pingone-api/platform/applications
// GET /v1/environments/{envID}/applications
func (c *Client) ListApplications(ctx context.Context, envID string, query url.Values) (*Exchange, error) {
	return c.list(ctx, OpListApplications, c.APIURL("environments", envID, "applications"), query)
}

// UpdateApplication replaces an application; what the body leaves out is reset.
//
// developer.pingidentity.com/pingone-api/platform/applications
// PUT /v1/environments/{envID}/applications/{appID}
func (c *Client) UpdateApplication(ctx context.Context, app *Exchange, body any) (*Exchange, error) {
	return c.at(ctx, replacing(OpUpdateApplication, body), app, "self", "applications")
}

// DeleteApplication deletes an application with its secret, grants and
// assignments.
//
// developer.pingidentity.com/pingone-api/platform/applications
// DELETE /v1/environments/{envID}/applications/{appID}
func (c *Client) DeleteApplication(ctx context.Context, app *Exchange) (*Exchange, error) {
	return c.at(ctx, deleting("Application"), app, "self", "applications")
}

// ReadApplicationSecret reads an application's secret by its link secret. Just
// after the creation PingOne may answer 404 or 403 for a while.
//
// developer.pingidentity.com/pingone-api/getting-started/simple-sso-workflow
// GET /v1/environments/{envID}/applications/{appID}/secret
func (c *Client) ReadApplicationSecret(ctx context.Context, app *Exchange) (*Exchange, error) {
	return c.at(ctx, reading(OpReadApplicationSecret), app, "secret", "applications", "secret")
}

// ListResources lists the resources whose scopes can be granted, such as
// "openid" and "PingOne API".
//
// developer.pingidentity.com/pingone-api/platform/applications/application-resource-grants.html
// GET /v1/environments/{envID}/resources
func (c *Client) ListResources(ctx context.Context, envID string, query url.Values) (*Exchange, error) {
	return c.list(ctx, OpListResources, c.APIURL("environments", envID, "resources"), query)
}

// ListScopes lists the scopes of one resource, which is an element of
// ListResources' answer, by its link scopes.
//
// developer.pingidentity.com/pingone-api/workflow-library/authorization-and-authentication/configure-a-progressive-profiling-sign-on-action (step 4)
// GET /v1/environments/{envID}/resources/{resourceID}/scopes
func (c *Client) ListScopes(ctx context.Context, envID string, resource gjson.Result, query url.Values) (*Exchange, error) {
	href := linkOf(resource, "scopes")
	if href == "" {
		href = c.APIURL("environments", envID, "resources", resource.Get("id").String(), "scopes")
	}
	return c.list(ctx, OpListScopes, href, query)
}

// CreateGrant lets an application ask for scopes of a resource, by the
// application's link grants; the body is a Grant or anything else.
//
// developer.pingidentity.com/pingone-api/platform/applications/application-resource-grants.html
// POST /v1/environments/{envID}/applications/{appID}/grants
func (c *Client) CreateGrant(ctx context.Context, app *Exchange, body any) (*Exchange, error) {
	return c.at(ctx, creating(OpCreateGrant, body), app, "grants", "applications", "grants")
}

// ListGrants lists an application's grants by its link grants.
//
// developer.pingidentity.com/pingone-api/platform/applications/application-resource-grants.html
// GET /v1/environments/{envID}/applications/{appID}/grants
func (c *Client) ListGrants(ctx context.Context, app *Exchange) (*Exchange, error) {
	return c.at(ctx, reading(OpListGrants), app, "grants", "applications", "grants")
}

// AssignSignOnPolicy assigns a sign-on policy to an application; the body is an
// Assignment or anything else.
//
// developer.pingidentity.com/pingone-api/platform/applications/application-sign-on-policy-assignments.html
// POST /v1/environments/{envID}/applications/{appID}/signOnPolicyAssignments
func (c *Client) AssignSignOnPolicy(ctx context.Context, app *Exchange, body any) (*Exchange, error) {
	return c.at(ctx, creating(OpAssignSignOnPolicy, body),
		app, "signOnPolicyAssignments", "applications", "signOnPolicyAssignments")
}

// ListSignOnPolicyAssignments lists the policies assigned to an application.
//
// developer.pingidentity.com/pingone-api/platform/applications/application-sign-on-policy-assignments.html
// GET /v1/environments/{envID}/applications/{appID}/signOnPolicyAssignments
func (c *Client) ListSignOnPolicyAssignments(ctx context.Context, app *Exchange) (*Exchange, error) {
	return c.at(ctx, reading(OpListSignOnPolicyAssignments),
		app, "signOnPolicyAssignments", "applications", "signOnPolicyAssignments")
}
