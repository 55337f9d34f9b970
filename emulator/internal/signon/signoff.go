package signon

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

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
	app := v.env.Applications[query.Get("client_id")]
	if hint := query.Get("id_token_hint"); hint != "" {
		if app = s.hintedApp(v, hint); app == nil {
			return badData("INVALID_VALUE", "id_token_hint", "Invalid ID token hint: The token is no longer valid").Answer(v.ID)
		}
	}
	target := v.base() + "/signon/?signedOff=true"
	if uri := query.Get("post_logout_redirect_uri"); uri != "" {
		if app == nil || !slices.Contains(app.PostLogoutRedirectURIs, uri) {
			return badData("INVALID_VALUE", "post_logout_redirect_uri", "The redirect URI is not one of the client's.").Answer(v.ID)
		}
		target = uri
		if state := query.Get("state"); state != "" {
			separator := "?"
			if strings.Contains(target, "?") {
				separator = "&"
			}
			target += separator + url.Values{"state": {state}}.Encode()
		}
	}
	for _, token := range sessionTokens(v.Header) {
		if b, ok := s.sessions.get(token, v.now); ok && b.envID == v.env.ID {
			s.end(b)
		}
	}
	answer := wire.Redirect(target)
	for _, name := range []string{cookieName, cookieNoSSName} {
		gone := http.Cookie{Name: name, Path: "/" + v.env.ID, MaxAge: -1, HttpOnly: true}
		answer.Header.Add("Set-Cookie", gone.String())
	}
	return answer
}

// hintedApp is the application that an unexpired ID token was issued to.
func (s *Server) hintedApp(v *visit, token string) *tenant.Application {
	c, err := signingKey().verify(token)
	if err != nil || c.text("iss") != v.issuer() || !c.alive(v.now) {
		return nil
	}
	return v.env.Applications[c.text("aud")]
}
