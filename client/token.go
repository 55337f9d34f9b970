package client

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
)

// How an application proves itself to the token endpoint, as its
// tokenEndpointAuthMethod says.
const (
	ClientSecretBasic = "CLIENT_SECRET_BASIC"
	ClientSecretPost  = "CLIENT_SECRET_POST"
	NoAuthentication  = "NONE"
)

// WorkerToken asks for the worker application's access token (client
// credentials). EnvID is the environment that holds the worker. The answer's
// access_token is not taken up by itself: give it to SetToken.
//
// developer.pingidentity.com/pingone-api/getting-started/create-a-test-environment (step 1)
// POST /{envID}/as/token
func (c *Client) WorkerToken(ctx context.Context, envID, clientID, secret, method string) (*Exchange, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	return c.authenticated(ctx, OpWorkerToken, c.AuthURL(envID, "as", "token"), form, clientID, secret, method)
}

// Token asks for tokens; the form names the grant, and is sent as it is but for
// what the method adds: nothing for CLIENT_SECRET_BASIC, client_id and
// client_secret for CLIENT_SECRET_POST, client_id for NONE. What the form
// already holds is kept. No cookies are sent: it is the application's server
// that calls, not the person's browser.
//
// developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2 (token)
// POST /{envID}/as/token
func (c *Client) Token(ctx context.Context, envID string, form url.Values, clientID, secret, method string) (*Exchange, error) {
	return c.authenticated(ctx, OpToken, c.AuthURL(envID, "as", "token"), form, clientID, secret, method)
}

// Introspect asks the authorization server about a token, on behalf of an
// application.
//
// developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2 (token introspection)
// POST /{envID}/as/introspect
func (c *Client) Introspect(ctx context.Context, envID, token, clientID, secret, method string) (*Exchange, error) {
	form := url.Values{"token": {token}}
	return c.authenticated(ctx, OpIntrospect, c.AuthURL(envID, "as", "introspect"), form, clientID, secret, method)
}

// authenticated posts a form with an application's credentials.
func (c *Client) authenticated(ctx context.Context, operation, href string, form url.Values, clientID, secret, method string) (*Exchange, error) {
	form = maps.Clone(form)
	if form == nil {
		form = url.Values{}
	}
	one := call{operation: operation, method: http.MethodPost, mediaType: Form, backChannel: true}
	switch method {
	case ClientSecretBasic:
		one.authorization = BasicAuthorization(clientID, secret)
	case ClientSecretPost:
		addMissing(form, "client_id", clientID)
		addMissing(form, "client_secret", secret)
	case NoAuthentication:
		addMissing(form, "client_id", clientID)
	default:
		return nil, fmt.Errorf("%s: %q is no way to authenticate; use %s, %s or %s",
			operation, method, ClientSecretBasic, ClientSecretPost, NoAuthentication)
	}
	one.body = form
	return c.to(ctx, one, href, nil)
}

func addMissing(form url.Values, name, value string) {
	if !form.Has(name) {
		form.Set(name, value)
	}
}

// BasicAuthorization is the Authorization header of CLIENT_SECRET_BASIC. As
// RFC 6749 section 2.3.1 wants, id and secret are form-encoded before they are
// joined, so that a colon or a percent sign in them cannot break the header.
// PingOne's own ids and secrets hold letters, digits and "~ . _ -" only, which
// the encoding leaves as they are.
func BasicAuthorization(clientID, secret string) string {
	pair := url.QueryEscape(clientID) + ":" + url.QueryEscape(secret)
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair))
}
