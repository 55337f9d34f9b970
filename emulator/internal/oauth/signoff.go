package oauth

import (
	"net/url"
	"slices"

	"pingone-conformance/emulator/internal/browser"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// signoff ends the browser's session and sends it to the post-logout redirect
// URI when that is registered for the application that id_token_hint or
// client_id names, else to the sign-on page.
//
// https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/, GET /as/signoff
func (s *Server) signoff(v *visit) *wire.Answer {
	query := v.URL.Query()
	app := v.Env.Applications[query.Get("client_id")]
	if hint := query.Get("id_token_hint"); hint != "" {
		if app = s.hintedApp(v, hint); app == nil {
			return wire.InvalidData(invalid("id_token_hint", "Invalid ID token hint: The token is no longer valid").detail).Answer(v.ID)
		}
	}
	target := v.base() + "/signon/?signedOff=true"
	if uri := query.Get("post_logout_redirect_uri"); uri != "" {
		if app == nil || !slices.Contains(app.PostLogoutRedirectURIs, uri) {
			return wire.InvalidData(invalid("post_logout_redirect_uri", "The redirect URI is not one of the client's.").detail).Answer(v.ID)
		}
		target = uri
		if state := query.Get("state"); state != "" {
			target = withQuery(target, url.Values{"state": {state}})
		}
	}
	for _, id := range append(s.sessions.SignOff(v.Env, v.Header, v.Now), s.hintedSession(v)) {
		s.endSession(v, id)
	}
	return browser.DropCookies(wire.Redirect(target), v.Env.ID)
}

// endSession refuses the tokens of a session from now on, but for those of
// applications that say skipTokenSessionValidation.
func (s *Server) endSession(v *visit, id string) {
	if id == "" {
		return
	}
	s.ended.Put(id, struct{}{}, v.Now, v.Now.Add(refreshLifetime))
	s.refreshes.DropIf(func(g *refreshGrant) bool {
		app := v.Env.Applications[g.appID]
		return g.sid == id && (app == nil || !app.Setting("skipTokenSessionValidation", false))
	})
}

// hintedSession is the session that an ID token was issued in, "" without one.
func (s *Server) hintedSession(v *visit) string {
	c, err := s.verify(v.URL.Query().Get("id_token_hint"))
	if err != nil {
		return ""
	}
	return c.text("sid")
}

// hintedApp is the application that an unexpired ID token was issued to.
func (s *Server) hintedApp(v *visit, token string) *tenant.Application {
	c, err := s.verify(token)
	if err != nil || c.text("iss") != v.issuer() || !c.alive(v.Now) {
		return nil
	}
	return v.Env.Applications[c.text("aud")]
}
