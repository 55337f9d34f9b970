package oauth

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// requestURIs begin with this (RFC 9126 section 2.2).
const requestURIs = "urn:ietf:params:oauth:request_uri:"

// pushLifetime is the default of parTimeout.
const pushLifetime = time.Minute

// pushedRequest is an authorization request that waits for a browser.
type pushedRequest struct {
	envID, appID string
	values       url.Values
}

// push takes an authorization request from the client itself, which names it at
// authorize by request_uri alone. It is good once, for parTimeout.
//
// https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/, POST /as/par
func (s *Server) push(v *visit, app *tenant.Application, form url.Values) *wire.Answer {
	if form.Has("request_uri") {
		return invalidRequest("request_uri cannot be pushed")
	}
	for _, name := range []string{"client_secret", "client_assertion", "client_assertion_type"} {
		form.Del(name)
	}
	form.Set("client_id", app.ID)
	values := url.Values{}
	for name, sent := range form {
		values[name] = append([]string{}, sent...)
	}
	if _, at := s.takeApart(v, values); at != nil {
		return oauthError(http.StatusBadRequest, at.oauth, "Request denied: "+strings.TrimSuffix(at.detail.Message, "."))
	}
	lifetime := app.Seconds("parTimeout", pushLifetime)
	uri := requestURIs + s.tenant.NewID()
	s.pushed.Put(uri, &pushedRequest{v.Env.ID, app.ID, form}, v.Now, v.Now.Add(lifetime))
	return unstored(wire.JSON(http.StatusCreated, object{"request_uri": uri, "expires_in": int(lifetime / time.Second)}))
}

// pulled are the parameters of a request that may have been pushed. What is sent
// beside request_uri does not count.
func (s *Server) pulled(v *visit, values url.Values) (url.Values, *fault) {
	uri := values.Get("request_uri")
	if uri == "" {
		return values, nil
	}
	pushed, known := s.pushed.Get(uri, v.Now)
	if !known || pushed.envID != v.Env.ID || pushed.appID != values.Get("client_id") {
		return values, invalid("request_uri", "The pushed request is not known, or not valid any more.").distrust()
	}
	s.pushed.Drop(uri)
	return pushed.values, nil
}

// noDeviceGrant and noSessionChecks answer what discovery names and the emulator
// does not have.
func (s *Server) noDeviceGrant(*visit) *wire.Answer {
	return oauthError(http.StatusBadRequest, "unsupported_grant_type", "Request denied: "+tenant.NoDeviceGrant)
}

func (s *Server) noSessionChecks(*visit) *wire.Answer {
	return oauthError(http.StatusBadRequest, "invalid_request", "Request denied: The emulator has no session checks")
}
