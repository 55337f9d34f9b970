package oauth

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// spentCode is what a code was exchanged for: presented again, it takes that back.
type spentCode struct {
	appID  string
	family *family
}

// token is the token endpoint.
//
// https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/, POST /as/token
func (s *Server) token(v *visit, app *tenant.Application, form url.Values) *wire.Answer {
	grants := map[string]struct {
		enabledBy string
		grant     func(*visit, *tenant.Application, url.Values) *wire.Answer
	}{
		"client_credentials": {"CLIENT_CREDENTIALS", s.grantToClient},
		"authorization_code": {"AUTHORIZATION_CODE", s.grantForCode},
		"refresh_token":      {"REFRESH_TOKEN", s.grantForRefresh},
	}
	kind := form.Get("grant_type")
	if kind == "" {
		return invalidRequest("grant_type is missing")
	}
	if kind == "urn:ietf:params:oauth:grant-type:device_code" {
		return s.noDeviceGrant(v)
	}
	chosen, known := grants[kind]
	if !known {
		return oauthError(http.StatusBadRequest, "unsupported_grant_type", "Request denied: The grant type is not supported")
	}
	if !slices.Contains(app.GrantTypes, chosen.enabledBy) {
		return oauthError(http.StatusBadRequest, "unauthorized_client", "Request denied: The grant type is not enabled for the client")
	}
	return chosen.grant(v, app, form)
}

func invalidRequest(reason string) *wire.Answer {
	return oauthError(http.StatusBadRequest, "invalid_request", "Request denied: "+reason)
}

func invalidGrant(reason string) *wire.Answer {
	return oauthError(http.StatusBadRequest, "invalid_grant", "Request denied: "+reason)
}

// grantToClient issues a token to the application itself. A worker's token has
// no scopes, since its authority are its roles; without any it gets none. Other
// applications get scopes of a custom resource: those of OpenID and of PingOne's
// API are about a person.
//
// https://developer.pingidentity.com/pingone-api/foundations/pingone-roles-scopes-and-permissions/
func (s *Server) grantToClient(v *visit, app *tenant.Application, form url.Values) *wire.Answer {
	if app.Type == "WORKER" {
		if len(app.Roles) == 0 {
			return oauthError(http.StatusBadRequest, "access_denied", "Request denied: Application does not have any role assignments")
		}
		if form.Get("scope") != "" {
			return oauthError(http.StatusBadRequest, "invalid_scope", "Request denied: At least one scope must be granted")
		}
		return s.tokenAnswer(v, app, tokenSpec{})
	}
	asked := strings.Fields(form.Get("scope"))
	scopes, at := s.grantedScopes(v.Env, app, asked)
	if at != nil {
		return oauthError(http.StatusBadRequest, at.oauth, "Request denied: "+at.detail.Message)
	}
	allowed := s.allowedScopes(v.Env, app)
	scopes = slices.DeleteFunc(scopes, func(name string) bool { return allowed[name].resource.Type != tenant.ResourceCustom })
	if len(scopes) == 0 {
		return oauthError(http.StatusBadRequest, "invalid_scope", "Request denied: At least one scope must be granted")
	}
	return s.tokenAnswer(v, app, tokenSpec{scopes: scopes})
}

// grantForCode exchanges an authorization code. It is good once, for a minute,
// for the client, the redirect URI and the challenge it was issued to; an attempt
// by its own client that gets one of these wrong uses it up. Presented again, it
// also takes back what it gave (RFC 6749 section 10.5).
func (s *Server) grantForCode(v *visit, app *tenant.Application, form url.Values) *wire.Answer {
	code := form.Get("code")
	if code == "" {
		return invalidRequest("code is missing")
	}
	if given, again := s.spent.Get(code, v.Now); again && s.decide.UsesUp() {
		if given.appID == app.ID {
			s.end(given.family, v.Now)
		}
		return invalidGrant("The authorization code was used already")
	}
	g, ok := s.codes.Get(code, v.Now)
	if !ok || g.envID != v.Env.ID || !s.decide.SameClient(g.appID, app.ID) {
		return invalidGrant("The authorization code is not valid")
	}
	if s.decide.UsesUp() {
		s.codes.Drop(code)
	}
	s.spent.Put(code, &spentCode{app.ID, g.family}, v.Now, v.Now.Add(refreshLifetime))
	u := v.Env.Users[g.userID]
	switch {
	case !s.decide.SameRedirect(app, g.redirectURI, form.Get("redirect_uri")):
		return invalidGrant("The redirect URI is not the one of the authorization request")
	case !s.decide.Proves(form.Get("code_verifier"), g.challenge, g.challengeMethod):
		return invalidGrant("The code verifier does not match the code challenge")
	case u == nil || !u.Enabled:
		return invalidGrant("The person may not sign on any more")
	}
	return s.tokenAnswer(v, app, tokenSpec{
		user: u, scopes: g.scopes, sid: g.sid, acr: g.acr, nonce: g.nonce,
		methods: g.methods, authTime: g.authTime, family: g.family, code: code,
	})
}

// refreshGrant is what a refresh token stands for.
type refreshGrant struct {
	tokenSpec
	envID, appID, userID string
	usedAt               time.Time // zero until it was exchanged
}

// grantForRefresh exchanges a refresh token for new tokens; the old one is used
// up, but for a grace period that the application may give. Used again after it,
// it takes back all that came from its sign-on, unless the application has switched
// that protection off.
//
// https://developer.pingidentity.com/pingone-api/platform/applications/applications-1/create-application-oidc-protocol.html
func (s *Server) grantForRefresh(v *visit, app *tenant.Application, form url.Values) *wire.Answer {
	token := form.Get("refresh_token")
	if token == "" {
		return invalidRequest("refresh_token is missing")
	}
	g, ok := s.refreshes.Get(token, v.Now)
	if !ok || g.envID != v.Env.ID || g.appID != app.ID {
		return invalidGrant("The refresh token is not valid")
	}
	if !g.usedAt.IsZero() && !v.Now.Before(g.usedAt.Add(app.Seconds("refreshTokenRollingGracePeriodDuration", 0))) {
		if app.Setting("additionalRefreshTokenReplayProtectionEnabled", true) {
			s.end(g.family, v.Now)
		}
		return invalidGrant("The refresh token was used already")
	}
	spec := g.tokenSpec
	spec.nonce = ""
	spec.user = v.Env.Users[g.userID]
	if spec.user == nil || !spec.user.Enabled {
		return invalidGrant("The person may not sign on any more")
	}
	for _, name := range strings.Fields(form.Get("scope")) {
		if !slices.Contains(g.scopes, name) {
			return oauthError(http.StatusBadRequest, "invalid_scope", "Request denied: The scope was not granted")
		}
	}
	if form.Get("scope") != "" {
		spec.scopes = strings.Fields(form.Get("scope"))
	}
	if g.usedAt.IsZero() { // what is refused uses nothing up
		g.usedAt = v.Now
		s.refreshes.Note(token)
	}
	return s.tokenAnswer(v, app, spec)
}
