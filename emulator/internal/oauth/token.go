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

// issuedTokens are what a code was exchanged for: presented again, it takes them back.
type issuedTokens struct {
	appID     string
	tokenID   string
	expiresAt time.Time
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
			s.takeBack(v, code, given)
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
	s.spent.Put(code, &issuedTokens{appID: app.ID}, v.Now, v.Now.Add(tokenLifetime))
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
		methods: g.methods, authTime: g.authTime, code: code,
	})
}

func (s *Server) takeBack(v *visit, code string, given *issuedTokens) {
	if given.tokenID != "" {
		s.revoked.Put(given.tokenID, struct{}{}, v.Now, given.expiresAt)
	}
	s.refreshes.DropIf(func(g *refreshGrant) bool { return g.code == code })
}

// refreshGrant is what a refresh token stands for.
type refreshGrant struct {
	tokenSpec
	envID, appID, userID string
}

// grantForRefresh exchanges a refresh token for new tokens; the old one is used
// up. The new refresh token lives as long as the first one would have.
func (s *Server) grantForRefresh(v *visit, app *tenant.Application, form url.Values) *wire.Answer {
	token := form.Get("refresh_token")
	if token == "" {
		return invalidRequest("refresh_token is missing")
	}
	g, ok := s.refreshes.Get(token, v.Now)
	if !ok || g.envID != v.Env.ID || g.appID != app.ID {
		return invalidGrant("The refresh token is not valid")
	}
	s.refreshes.Drop(token)
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
	return s.tokenAnswer(v, app, spec)
}
