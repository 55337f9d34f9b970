package signon

import (
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/wire"
)

// The two names under which one session token travels. The second is for
// agents that mishandle SameSite=None, so either is enough.
const (
	cookieName     = "ST"
	cookieNoSSName = "ST-NO-SS"
)

// session is one browser. Its id is shown in flows and tokens; its token is the
// cookie and is shown nowhere else.
type session struct {
	id, token, envID string
	// userID is "" until somebody has signed on.
	userID   string
	authTime time.Time
	// methods are the factors that userID has proven, as RFC 8176 values.
	methods []string
}

// browser returns the session of the call's cookies, or a new one for a browser
// that brings none that is alive here.
func (s *Server) browser(v *visit) *session {
	for _, token := range sessionTokens(v.Header) {
		if known, ok := s.sessions.get(token, v.now); ok && known.envID == v.env.ID {
			s.sessions.extend(token, v.now.Add(sessionLifetime))
			return known
		}
	}
	if b := s.sessionOfAnybody(v); b != nil {
		return b
	}
	b := &session{id: s.tenant.NewID(), token: s.tenant.NewID(), envID: v.env.ID}
	s.sessions.put(b.token, b, v.now, v.now.Add(sessionLifetime))
	return b
}

// renew gives the session a new token, so that a token somebody had before the
// person proved a factor is worth nothing after.
func (s *Server) renew(v *visit, b *session) {
	s.sessions.drop(b.token)
	b.token = s.tenant.NewID()
	s.sessions.put(b.token, b, v.now, v.now.Add(sessionLifetime))
}

// end signs the person off; the browser's cookie is dead from then on.
func (s *Server) end(b *session) {
	s.sessions.drop(b.token)
	b.token, b.userID, b.methods = "", "", nil
}

// signedOn records what a completed flow has proven.
func (b *session) signedOn(f *flow) {
	if b.userID == f.userID {
		for _, method := range f.methods {
			if !slices.Contains(b.methods, method) {
				b.methods = append(b.methods, method)
			}
		}
	} else {
		b.methods = slices.Clone(f.methods)
	}
	b.id, b.userID, b.authTime = f.sid, f.userID, f.authTime
}

// holds says whether the call's cookies are this session's newest.
func (b *session) holds(header http.Header) bool {
	for _, token := range sessionTokens(header) {
		if b.token != "" && subtle.ConstantTimeCompare([]byte(token), []byte(b.token)) == 1 {
			return true
		}
	}
	return false
}

// sessionTokens are the values of ST; those of ST-NO-SS when there is no ST.
func sessionTokens(header http.Header) []string {
	request := http.Request{Header: header}
	for _, name := range []string{cookieName, cookieNoSSName} {
		var tokens []string
		for _, cookie := range request.CookiesNamed(name) {
			tokens = append(tokens, cookie.Value)
		}
		if tokens != nil {
			return tokens
		}
	}
	return nil
}

// setCookies hands the session's token to the browser. On plain http, Secure is
// left out, since the browser would never send the cookie back; SameSite=None is
// refused by browsers without Secure.
//
// https://developer.pingidentity.com/pingone-api/getting-started/simple-sso-workflow/step-5-submit-login-credentials.html
func setCookies(v *visit, b *session, answer *wire.Answer) *wire.Answer {
	secure := strings.HasPrefix(v.Origin, "https://")
	for _, name := range []string{cookieName, cookieNoSSName} {
		cookie := http.Cookie{
			Name: name, Value: b.token, Path: "/" + v.env.ID, HttpOnly: true, Secure: secure,
			MaxAge: int(sessionLifetime / time.Second), Expires: v.now.Add(sessionLifetime),
		}
		if secure && name == cookieName {
			cookie.SameSite = http.SameSiteNoneMode
		}
		answer.Header.Add("Set-Cookie", cookie.String())
	}
	return answer
}
