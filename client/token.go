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

	ClientSecretPost = "CLIENT_SECRET_POST"

	NoAuthentication = "NONE"
)

// WorkerToken asks for the worker application's access token (client
// credentials). EnvID is the environment that holds the worker. The answer's
// access_token is not taken up by itself: give it to SetToken.
//
// developer.pingidentity.com/pingone-api/getting-started/create-a-test-environment (step 1)
// POST /{envID}/as/token
func (c *Client) WorkerToken(ctx context.Context, envID, clientID, secret, method string) (*Exchange, error) {
	return c.token(ctx, "Get Worker Token", envID, url.Values{"grant_type": {"client_credentials"}}, clientID, secret, method)
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
	return c.token(ctx, "Get Token", envID, form, clientID, secret, method)
}

func (c *Client) token(ctx context.Context, operation, envID string, form url.Values, clientID, secret, method string) (*Exchange, error) {
	return c.asApplication(ctx, operation, c.AuthURL(envID, "as", "token"), form, clientID, secret, method)
}

// asApplication sends a form with which an application proves itself.
func (c *Client) asApplication(ctx context.Context, operation, href string, form url.Values, clientID, secret, method string) (*Exchange, error) {
	one := call{operation: operation, method: http.MethodPost, href: href, mediaType: formType, backChannel: true}
	sent := url.Values{}
	switch method {
	case ClientSecretBasic:
		one.authorization = basicAuthorization(clientID, secret)
	case ClientSecretPost:
		sent.Set("client_id", clientID)
		sent.Set("client_secret", secret)
	case NoAuthentication:
		sent.Set("client_id", clientID)
	default:
		return nil, fmt.Errorf("%s: %q is no way to authenticate; use %s, %s or %s",
			operation, method, ClientSecretBasic, ClientSecretPost, NoAuthentication)
	}
	maps.Copy(sent, form)
	one.body = sent
	return c.do(ctx, one)
}

// basicAuthorization is the Authorization header of CLIENT_SECRET_BASIC. As
// RFC 6749 section 2.3.1 wants, id and secret are form-encoded before they are
// joined, so that a colon or a percent sign in them cannot break the header.
// PingOne's own ids and secrets hold letters, digits and "~ . _ -" only, which
// the encoding leaves as they are.
func basicAuthorization(clientID, secret string) string {
	pair := url.QueryEscape(clientID) + ":" + url.QueryEscape(secret)
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair))
}
