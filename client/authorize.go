package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// Authorize starts a sign-on. In redirect mode the answer is 302 to the sign-on
// page, see FlowID; with response_mode pi.flow it is 200 and the flow itself.
// An answer of either mode may also be an error. Cookies are sent and kept.
//
// developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/authorize-authorization_code.html
// GET /{envID}/as/authorize
func (c *Client) Authorize(ctx context.Context, envID string, parameters url.Values) (*Exchange, error) {
	target, err := withQuery(c.AuthURL(envID, "as", "authorize"), parameters)
	return c.to(ctx, reading(OpAuthorize), target, err)
}

// AuthorizeByPost starts a sign-on with the parameters in a form.
//
// developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/authorize-authorization_code.html
// POST /{envID}/as/authorize
func (c *Client) AuthorizeByPost(ctx context.Context, envID string, parameters url.Values) (*Exchange, error) {
	one := call{operation: OpAuthorize, method: http.MethodPost, mediaType: Form, body: parameters}
	return c.to(ctx, one, c.AuthURL(envID, "as", "authorize"), nil)
}

// FlowID returns the id of the flow that an answer's Location leads to, such as
// https://apps.pingone.com/{envID}/signon/?flowId=…. It fails when there is
// none, and tells the error PingOne put there instead.
func FlowID(location string) (string, error) {
	parameters, err := locationParameters(location)
	if err != nil {
		return "", err
	}
	if id := parameters.Get("flowId"); id != "" {
		return id, nil
	}
	return "", withoutValue("flowId", parameters)
}

// Code returns the authorization code of an answer: from the Location of a
// redirect, in its query or its fragment, or from authorizeResponse.code of a
// flow. It fails when there is none, and tells the error PingOne gave instead.
//
// developer.pingidentity.com/pingone-api/auth/auth-config-options/browserless-authentication-flow-options.html
func Code(answer *Exchange) (string, error) {
	if answer == nil {
		return "", errNothing
	}
	if code := answer.Get("authorizeResponse.code").String(); code != "" {
		return code, nil
	}
	location := answer.Header.Get("Location")
	if location == "" {
		return "", fmt.Errorf("the answer of %q (%d) holds no authorization code: no Location and no authorizeResponse", answer.Operation, answer.Status)
	}
	parameters, err := locationParameters(location)
	if err != nil {
		return "", err
	}
	if code := parameters.Get("code"); code != "" {
		return code, nil
	}
	return "", withoutValue("code", parameters)
}

// locationParameters reads what a Location carries in query and fragment.
func locationParameters(location string) (url.Values, error) {
	if location == "" {
		return nil, errors.New("there is no Location")
	}
	target, err := url.Parse(location)
	if err != nil {
		return nil, errors.New("the Location is not a URL")
	}
	parameters := target.Query()
	if carried, err := url.ParseQuery(target.Fragment); err == nil {
		for name, values := range carried {
			parameters[name] = append(parameters[name], values...)
		}
	}
	return parameters, nil
}

func withoutValue(name string, parameters url.Values) error {
	failure := parameters.Get("error")
	if failure == "" {
		return fmt.Errorf("the Location has no %s", name)
	}
	if description := parameters.Get("error_description"); description != "" {
		failure += ": " + description
	}
	return fmt.Errorf("the Location has no %s but the error %s", name, failure)
}
