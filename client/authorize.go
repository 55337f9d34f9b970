package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"pingone-conformance/internal/plain"
)

// Authorize starts a sign-on. In redirect mode the answer is 302 to the sign-on
// page, see FlowID; with response_mode pi.flow it is 200 and the flow itself.
// An answer of either mode may also be an error. Cookies are sent and kept.
//
// developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/authorize-authorization_code.html
// GET /{envID}/as/authorize
func (c *Client) Authorize(ctx context.Context, envID string, parameters url.Values) (*Exchange, error) {
	return c.do(ctx, reading("Authorize", c.AuthURL(envID, "as", "authorize"), parameters))
}

// AuthorizeByPost starts a sign-on with the parameters in a form.
//
// developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/authorize-authorization_code.html
// POST /{envID}/as/authorize
func (c *Client) AuthorizeByPost(ctx context.Context, envID string, parameters url.Values) (*Exchange, error) {
	return c.Do(ctx, "Authorize", http.MethodPost, c.AuthURL(envID, "as", "authorize"), formType, parameters)
}

// OpenPage asks whether a page to which PingOne redirects a browser is there; the page itself is not sent.
// Another host than that of PingOne's pages or the authorization server is refused.
//
// developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/authorize-authorization_code.html
// HEAD /{envID}/signon/
func (c *Client) OpenPage(ctx context.Context, href string) (*Exchange, error) {
	return c.do(ctx, call{operation: "Open Sign-On Page", method: http.MethodHead, href: href, page: true})
}

// FlowID returns the id of the flow that an answer's Location leads to, such as
// https://apps.pingone.com/{envID}/signon/?flowId=…. When there is none, its error
// says which one PingOne put there instead.
func FlowID(location string) (string, error) { return locationParameter(location, "flowId") }

// Code returns the authorization code of an answer: from the Location of a
// redirect, in its query or its fragment, or from authorizeResponse.code of a
// flow. When there is none, its error says which one PingOne gave instead.
//
// developer.pingidentity.com/pingone-api/auth/auth-config-options/browserless-authentication-flow-options.html
func Code(answer *Exchange) (string, error) {
	if answer == nil {
		return "", cannotFollow(answer)
	}
	if code := answer.Get("authorizeResponse.code").String(); code != "" {
		return code, nil
	}
	location := answer.Header.Get("Location")
	if location == "" {
		return "", fmt.Errorf("the answer of %q (%d) holds no authorization code: no Location and no authorizeResponse", answer.Operation, answer.Status)
	}
	return locationParameter(location, "code")
}

// locationParameter reads a parameter that a Location carries in query or fragment.
func locationParameter(location, name string) (string, error) {
	if location == "" {
		return "", errors.New("there is no Location")
	}
	target, err := url.Parse(location)
	if err != nil {
		return "", errors.New("the Location is not a URL")
	}
	fragment, _ := url.ParseQuery(target.Fragment) // what cannot be read is not there
	get := func(name string) string { return cmp.Or(target.Query().Get(name), fragment.Get(name)) }
	if value := get(name); value != "" {
		return value, nil
	}
	if failure := get("error"); failure != "" {
		return "", fmt.Errorf("the Location has no %s but the error %s%s", name, plain.Short(failure, 200), prefixed(": ", plain.Short(get("error_description"), 500)))
	}
	return "", fmt.Errorf("the Location has no %s", name)
}
