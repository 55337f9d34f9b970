package oauth

import (
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// credentials are how a client authenticated: where its secret came from, and what it
// was. An assertion is a JWT that the secret, or a key of the client, has signed.
type credentials struct {
	method, id, secret, assertion string
}

// readForm reads the body of a call to a token endpoint: a form, each parameter
// once (RFC 6749 section 3.2).
func readForm(v *visit) (url.Values, *wire.Answer) {
	if !isForm(v.Call) {
		return nil, oauthError(http.StatusUnsupportedMediaType, "invalid_request", "Request denied: The Content-Type is not "+formType)
	}
	form, err := url.ParseQuery(string(v.Body))
	if err != nil {
		return nil, invalidRequest("The form cannot be read")
	}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if len(form[name]) > 1 {
			return nil, invalidRequest(name + " was sent more than once")
		}
	}
	return form, nil
}

// asClient gives a handler the application that calls, and its form.
func (s *Server) asClient(handle func(*visit, *tenant.Application, url.Values) *wire.Answer) func(*visit) *wire.Answer {
	return func(v *visit) *wire.Answer {
		form, refusal := readForm(v)
		if refusal != nil {
			return refusal
		}
		app, refusal := s.client(v, form)
		if refusal != nil {
			return refusal
		}
		return handle(v, app, form)
	}
}

// client authenticates the application of a call strictly by its
// tokenEndpointAuthMethod. A wrong secret, an unknown client and the right secret
// in the wrong place are one and the same 401 invalid_client.
//
// https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/
func (s *Server) client(v *visit, form url.Values) (*tenant.Application, *wire.Answer) {
	sent, ok := readCredentials(v.Header, form)
	app := v.Env.Applications[sent.id]
	if !ok || app == nil || !app.Enabled || !s.decide.Method(app, sent.method) {
		return nil, invalidClient(v)
	}
	if sent.method == "NONE" {
		return app, nil
	}
	if sent.assertion != "" {
		if err := s.checkAssertion(v, app, sent.assertion); err != nil {
			return nil, invalidClient(v)
		}
		return app, nil
	}
	for i, secret := range validSecrets(app, v.Now) {
		if s.decide.SecretMatches(sent.secret, secret) {
			if i > 0 {
				app.Previous.LastUsed, s.touched = v.Now, true
			}
			return app, nil
		}
	}
	return nil, invalidClient(v)
}

// readCredentials finds out by which one method the client authenticates; two at
// once are not ok.
func readCredentials(header http.Header, form url.Values) (credentials, bool) {
	authorization := header.Get("Authorization")
	switch {
	case form.Has("client_assertion"):
		sent, ok := assertedCredentials(form)
		return sent, ok && authorization == "" && !form.Has("client_secret")
	case authorization != "" && form.Has("client_secret"):
		return credentials{}, false
	case authorization != "":
		sent, ok := basicCredentials(authorization)
		if form.Has("client_id") && form.Get("client_id") != sent.id {
			ok = false
		}
		return sent, ok
	case form.Has("client_secret"):
		return credentials{method: "CLIENT_SECRET_POST", id: form.Get("client_id"), secret: form.Get("client_secret")}, true
	default:
		return credentials{method: "NONE", id: form.Get("client_id")}, form.Get("client_id") != ""
	}
}

// basicCredentials decodes id and secret as RFC 6749 section 2.3.1 encodes them:
// percent-encoding inside base64. What is no percent-encoding is taken as it is.
func basicCredentials(authorization string) (credentials, bool) {
	scheme, encoded, _ := strings.Cut(authorization, " ")
	pair, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil || !strings.EqualFold(scheme, "Basic") {
		return credentials{}, false
	}
	id, secret, found := strings.Cut(string(pair), ":")
	return credentials{method: "CLIENT_SECRET_BASIC", id: percentDecoded(id), secret: percentDecoded(secret)}, found
}

func percentDecoded(text string) string {
	if decoded, err := url.QueryUnescape(text); err == nil {
		return decoded
	}
	return text
}

func invalidClient(v *visit) *wire.Answer {
	answer := oauthError(http.StatusUnauthorized, "invalid_client", "Request denied: Unsupported authentication method")
	if v.Header.Get("Authorization") != "" {
		answer.With("WWW-Authenticate", `Basic realm="PingOne"`)
	}
	return answer
}

// oauthError is an OAuth error that nobody may cache.
func oauthError(status int, code, description string) *wire.Answer {
	return unstored(wire.OAuthError(status, code, description))
}

func unstored(answer *wire.Answer) *wire.Answer {
	return answer.With("Cache-Control", "no-store").With("Pragma", "no-cache")
}
