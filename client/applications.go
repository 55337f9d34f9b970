package client

import (
	"context"
	"net/url"

	"github.com/tidwall/gjson"
)

// CreateApplication creates an application; the answer never holds the secret.
//
// developer.pingidentity.com/pingone-api/platform/applications
// POST /v1/environments/{envID}/applications
func (c *Client) CreateApplication(ctx context.Context, envID string, body any) (*Exchange, error) {
	return c.do(ctx, creating("Create Application", c.APIURL("environments", envID, "applications"), body))
}

// ListApplications lists applications; query may be nil or hold limit.
//
// developer.pingidentity.com/pingone-api/platform/applications
// GET /v1/environments/{envID}/applications
func (c *Client) ListApplications(ctx context.Context, envID string, query url.Values) (*Exchange, error) {
	return c.do(ctx, reading("List Applications", c.APIURL("environments", envID, "applications"), query))
}

// ReadApplicationSecret reads an application's secret by its link secret. Just
// after the creation PingOne may answer 404 or 403 for a while.
//
// developer.pingidentity.com/pingone-api/getting-started/simple-sso-workflow
// GET /v1/environments/{envID}/applications/{appID}/secret
func (c *Client) ReadApplicationSecret(ctx context.Context, app *Exchange) (*Exchange, error) {
	return c.at(ctx, reading("Read Application Secret", "", nil), app, "secret", "applications", "secret")
}

// ListResources lists the resources whose scopes can be granted, such as
// "openid" and "PingOne API".
//
// developer.pingidentity.com/pingone-api/platform/applications/application-resource-grants.html
// GET /v1/environments/{envID}/resources
func (c *Client) ListResources(ctx context.Context, envID string, query url.Values) (*Exchange, error) {
	return c.do(ctx, reading("List Resources", c.APIURL("environments", envID, "resources"), query))
}

// ListScopes lists the scopes of one resource, which is an element of
// ListResources' answer, by its link scopes.
//
// developer.pingidentity.com/pingone-api/workflow-library/authorization-and-authentication/configure-a-progressive-profiling-sign-on-action (step 4)
// GET /v1/environments/{envID}/resources/{resourceID}/scopes
func (c *Client) ListScopes(ctx context.Context, envID string, resource gjson.Result, query url.Values) (*Exchange, error) {
	href := resource.Get(linkPath("scopes")).String()
	if href == "" {
		href = c.APIURL("environments", envID, "resources", resource.Get("id").String(), "scopes")
	}
	return c.do(ctx, reading("List Scopes", href, query))
}

// CreateGrant lets an application ask for scopes of a resource, by the
// application's link grants.
//
// developer.pingidentity.com/pingone-api/platform/applications/application-resource-grants.html
// POST /v1/environments/{envID}/applications/{appID}/grants
func (c *Client) CreateGrant(ctx context.Context, app *Exchange, body any) (*Exchange, error) {
	return c.at(ctx, creating("Create Grant", "", body), app, "grants", "applications", "grants")
}

// AssignSignOnPolicy assigns a sign-on policy to an application; priority 1
// runs first.
//
// developer.pingidentity.com/pingone-api/platform/applications/application-sign-on-policy-assignments.html
// POST /v1/environments/{envID}/applications/{appID}/signOnPolicyAssignments
func (c *Client) AssignSignOnPolicy(ctx context.Context, app *Exchange, body any) (*Exchange, error) {
	return c.at(ctx, creating("Assign Sign-On Policy", "", body),
		app, "signOnPolicyAssignments", "applications", "signOnPolicyAssignments")
}
