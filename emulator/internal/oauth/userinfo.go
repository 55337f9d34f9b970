package oauth

import (
	"net/http"
	"net/url"
	"slices"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// userinfo tells about the person of an access token what its scopes allow.
//
// https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/, GET or POST /as/userinfo
func (s *Server) userinfo(v *visit) *wire.Answer {
	p, _, ok := s.verifyAccess(v.Bearer(), v.Now)
	env := s.decide.Home(s.tenant, v.Env, p.EnvironmentID)
	if !ok || env == nil {
		return oauthError(http.StatusUnauthorized, "invalid_token", "The access token is missing, not valid, or expired").
			With("WWW-Authenticate", `Bearer error="invalid_token"`)
	}
	u := env.Users[p.UserID]
	if u == nil || !slices.Contains(p.Scopes, scopeOpenID) {
		return oauthError(http.StatusForbidden, "insufficient_scope", "The access token has no openid scope").
			With("WWW-Authenticate", `Bearer error="insufficient_scope", scope="openid"`)
	}
	return unstored(wire.JSON(http.StatusOK, personClaims(env, u, p.Scopes)))
}

// introspect tells an application whether a token is good, and its claims if it is.
//
// https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/, POST /as/introspect
func (s *Server) introspect(v *visit, _ *tenant.Application, form url.Values) *wire.Answer {
	if form.Get("token") == "" {
		return invalidRequest("token is missing")
	}
	p, c, ok := s.verifyAccess(form.Get("token"), v.Now)
	if !ok || p.EnvironmentID != v.Env.ID {
		return unstored(wire.JSON(http.StatusOK, object{"active": false}))
	}
	shown := object{"active": true, "token_type": "Bearer"}
	for name, value := range c {
		shown[name] = value
	}
	if u := v.Env.Users[p.UserID]; u != nil {
		shown["username"] = u.Username()
	}
	return unstored(wire.JSON(http.StatusOK, shown))
}

// revoke ends an access or refresh token of the calling application. That a
// token is unknown is no error (RFC 7009 section 2.2).
func (s *Server) revoke(v *visit, app *tenant.Application, form url.Values) *wire.Answer {
	token := form.Get("token")
	if token == "" {
		return invalidRequest("token is missing")
	}
	if g, ok := s.refreshes.Get(token, v.Now); ok && g.appID == app.ID {
		s.refreshes.Drop(token)
	}
	if p, _, ok := s.verifyAccess(token, v.Now); ok && p.ClientID == app.ID {
		s.takeBack(digest(token), v.Now, p.ExpiresAt)
	}
	return unstored(wire.Empty(http.StatusOK))
}
