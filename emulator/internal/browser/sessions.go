package browser

import (
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/expiring"
	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// Lifetime is the Max-Age that the vendor's example shows for ST.
const Lifetime = 30 * 24 * time.Hour

// cookieNames are the two names under which one session token travels. The second
// is for agents that mishandle SameSite=None, so either is enough.
func cookieNames() []string { return []string{"ST", "ST-NO-SS"} }

// Session is one browser. Its id is shown in flows and tokens; its token is the
// cookie and is shown nowhere else.
type Session struct {
	flow.Browser
	Token, EnvID string
}

// Sessions are those of all browsers. Their number is bounded.
type Sessions struct {
	Decisions
	tenant  *tenant.Tenant
	byToken *expiring.Map[*Session]
}

// Decisions are what is decided about whose browser calls, each by its name.
// Documented are those of PingOne.
type Decisions struct {
	// Holds says whether the tokens that a call brings are the session's newest. Sent
	// is the session of the first of them, nil when there is none.
	Holds func(b *Session, tokens []string, sent *Session) bool
	// Fresh is the session of a browser that brings none which is alive in the
	// environment: a new one.
	Fresh func(*Sessions, *tenant.Environment, time.Time) *Session
}

// Documented are the decisions as PingOne's pages have them.
func Documented() Decisions {
	return Decisions{
		Holds: func(b *Session, tokens []string, _ *Session) bool {
			return b.Token != "" && slices.ContainsFunc(tokens, func(token string) bool {
				return subtle.ConstantTimeCompare([]byte(token), []byte(b.Token)) == 1
			})
		},
		Fresh: func(s *Sessions, env *tenant.Environment, now time.Time) *Session {
			b := &Session{Browser: flow.Browser{ID: s.tenant.NewID()}, EnvID: env.ID}
			s.Renew(b, now)
			return b
		},
	}
}

// NewSessions keeps so many sessions at the most, and decides as it is given.
func NewSessions(t *tenant.Tenant, d Decisions, capacity int) *Sessions {
	return &Sessions{Decisions: d, tenant: t, byToken: expiring.New[*Session](capacity)}
}

// Of is the session of a call's cookies, or a new one for a browser that brings
// none that is alive in the environment.
func (s *Sessions) Of(env *tenant.Environment, header http.Header, now time.Time) *Session {
	if known := s.alive(env, header, now); len(known) > 0 {
		s.byToken.Extend(known[0].Token, now.Add(Lifetime))
		return known[0]
	}
	return s.Fresh(s, env, now)
}

// Newest is the session in which somebody signed on last in the environment.
func (s *Sessions) Newest(env *tenant.Environment) (*Session, bool) {
	return s.byToken.Newest(func(b *Session) bool { return b.EnvID == env.ID && b.UserID != "" })
}

// alive are the sessions of the environment whose tokens the header brings.
func (s *Sessions) alive(env *tenant.Environment, header http.Header, now time.Time) []*Session {
	var sessions []*Session
	for _, token := range tokens(header) {
		if b, ok := s.byToken.Get(token, now); ok && b.EnvID == env.ID {
			sessions = append(sessions, b)
		}
	}
	return sessions
}

// Kept are the sessions by their tokens, for whoever keeps them on disk.
func (s *Sessions) Kept() *expiring.Map[*Session] { return s.byToken }

// Clear ends all sessions.
func (s *Sessions) Clear() { s.byToken.Clear() }

// Renew gives the session a new token, so that a token somebody had before the
// person proved a factor is worth nothing after.
func (s *Sessions) Renew(b *Session, now time.Time) {
	s.byToken.Drop(b.Token)
	b.Token = s.tenant.NewID()
	s.byToken.Put(b.Token, b, now, now.Add(Lifetime))
}

// Reset signs the person off and makes the session a new one.
func (s *Sessions) Reset(b *Session, now time.Time) {
	b.Browser = flow.Browser{ID: s.tenant.NewID()}
	s.Renew(b, now)
}

// SignOff signs people off; their browsers' cookies are dead from then on. It
// returns the ids of their sessions.
func (s *Sessions) SignOff(env *tenant.Environment, header http.Header, now time.Time) (ids []string) {
	for _, b := range s.alive(env, header, now) {
		ids = append(ids, b.ID)
		s.byToken.Drop(b.Token)
		b.Token, b.UserID, b.Methods, b.ProvenAt = "", "", nil, nil
	}
	return ids
}

// UserDeleted ends the sessions of a person who no longer exists.
func (s *Sessions) UserDeleted(envID, userID string) {
	s.byToken.DropIf(func(b *Session) bool { return b.EnvID == envID && b.UserID == userID })
}

// Bears says whether a call's cookies are those of the session.
func (s *Sessions) Bears(b *Session, header http.Header, now time.Time) bool {
	sent := tokens(header)
	var first *Session
	if len(sent) > 0 {
		first, _ = s.byToken.Get(sent[0], now)
	}
	return s.Holds(b, sent, first)
}

// tokens are the values of ST; those of ST-NO-SS when there is no ST.
func tokens(header http.Header) []string {
	request := http.Request{Header: header}
	for _, name := range cookieNames() {
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

// SetCookies hands the session's token to the browser. On plain http, Secure is
// left out, since the browser would never send the cookie back; SameSite=None is
// refused by browsers without Secure.
//
// https://developer.pingidentity.com/pingone-api/getting-started/simple-sso-workflow/step-5-submit-login-credentials.html
func (b *Session) SetCookies(answer *wire.Answer, origin string, now time.Time) *wire.Answer {
	secure := strings.HasPrefix(origin, "https://")
	for i, name := range cookieNames() {
		cookie := http.Cookie{
			Name: name, Value: b.Token, Path: "/" + b.EnvID, HttpOnly: true, Secure: secure,
			MaxAge: int(Lifetime / time.Second), Expires: now.Add(Lifetime),
		}
		if secure && i == 0 {
			cookie.SameSite = http.SameSiteNoneMode
		}
		answer.Header.Add("Set-Cookie", cookie.String())
	}
	return answer
}

// DropCookies takes the cookies of an environment from the browser.
func DropCookies(answer *wire.Answer, envID string) *wire.Answer {
	for _, name := range cookieNames() {
		gone := http.Cookie{Name: name, Path: "/" + envID, MaxAge: -1, HttpOnly: true}
		answer.Header.Add("Set-Cookie", gone.String())
	}
	return answer
}
