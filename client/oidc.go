package client

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
)

// Discovery reads the OpenID configuration of an environment.
//
// developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2 (discovery)
// GET /{envID}/as/.well-known/openid-configuration
func (c *Client) Discovery(ctx context.Context, envID string) (*Exchange, error) {
	return c.do(ctx, call{
		operation: "Read OpenID Configuration", method: http.MethodGet, backChannel: true,
		href: c.AuthURL(envID, "as", ".well-known", "openid-configuration"),
	})
}

// JWKS reads the keys an environment signs its tokens with, at the jwks_uri of
// Discovery's answer, or at the documented address when that is nil or has
// none.
//
// developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2 (JWKS)
// GET /{envID}/as/jwks
func (c *Client) JWKS(ctx context.Context, envID string, discovery *Exchange) (*Exchange, error) {
	href := cmp.Or(discovery.Get("jwks_uri").String(), c.AuthURL(envID, "as", "jwks"))
	return c.do(ctx, call{operation: "Read JSON Web Key Set", method: http.MethodGet, href: href, backChannel: true})
}

// UserInfo reads the claims of the person an access token was issued for. The
// token is that person's, not the worker's.
//
// developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2 (userinfo)
// GET /{envID}/as/userinfo
func (c *Client) UserInfo(ctx context.Context, envID, accessToken string) (*Exchange, error) {
	return c.do(ctx, call{
		operation: "Read User Info", method: http.MethodGet, backChannel: true,
		href: c.AuthURL(envID, "as", "userinfo"), authorization: "Bearer " + accessToken,
	})
}

// Introspect asks, as an application that proves itself by the method, whether a token is good and what it
// says.
//
// developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2 (token introspection)
// POST /{envID}/as/introspect
func (c *Client) Introspect(ctx context.Context, envID, token, clientID, secret, method string) (*Exchange, error) {
	form := url.Values{"token": {token}}
	return c.asApplication(ctx, "Introspect Token", c.AuthURL(envID, "as", "introspect"), form, clientID, secret, method)
}
