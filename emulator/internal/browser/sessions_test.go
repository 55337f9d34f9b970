package browser

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

func TestSessions(t *testing.T) {
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	here, there := &tenant.Environment{Meta: tenant.Meta{ID: "here"}}, &tenant.Environment{Meta: tenant.Meta{ID: "there"}}
	sessions := NewSessions(tenant.New(tenant.Options{}), Documented(), 3)
	cookies := func(b *Session) http.Header { return http.Header{"Cookie": {"ST=" + b.Token}} }
	b := sessions.Of(here, nil, now)
	first := cookies(b)
	for name, row := range map[string]struct {
		env    *tenant.Environment
		header http.Header
		at     time.Time
		same   bool
	}{
		"its cookie":                      {here, first, now, true},
		"the cookie for agents of old":    {here, http.Header{"Cookie": {"ST-NO-SS=" + b.Token}}, now, true},
		"no cookie":                       {here, nil, now, false},
		"the cookie of nobody":            {here, http.Header{"Cookie": {"ST=nobody"}}, now, false},
		"its cookie elsewhere":            {there, first, now, false},
		"its cookie after thirty days":    {here, first, now.Add(2 * Lifetime), false},
		"a wrong ST beside a right other": {here, http.Header{"Cookie": {"ST=nobody; ST-NO-SS=" + b.Token}}, now, false},
	} {
		t.Run(name, func(t *testing.T) {
			sessions := NewSessions(sessions.tenant, Documented(), 3)
			sessions.byToken.Put(b.Token, b, now, now.Add(Lifetime))
			require.Equal(t, row.same, sessions.Of(row.env, row.header, row.at) == b)
		})
	}

	sessions.Renew(b, now)
	require.False(t, sessions.Bears(b, first, now), "the token before is worth nothing")
	require.True(t, sessions.Bears(b, cookies(b), now))
	b.UserID = "anna"
	before, id := cookies(b), b.ID
	sessions.Reset(b, now)
	require.Empty(t, b.UserID)
	require.NotEqual(t, id, b.ID)
	require.False(t, sessions.Bears(b, before, now), "the cookie from before is dead")
	require.NotSame(t, b, sessions.Of(here, before, now))
	require.Same(t, b, sessions.Of(here, cookies(b), now))
	signedOff := cookies(b)
	sessions.SignOff(here, signedOff, now)
	require.False(t, sessions.Bears(b, signedOff, now))
	require.NotSame(t, b, sessions.Of(here, signedOff, now))

	oldest := sessions.Of(here, nil, now)
	for range 3 {
		sessions.Of(here, nil, now)
	}
	require.NotSame(t, oldest, sessions.Of(here, cookies(oldest), now), "the number of sessions is bounded")
}

func TestSessionsEnd(t *testing.T) {
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	here, there := &tenant.Environment{Meta: tenant.Meta{ID: "here"}}, &tenant.Environment{Meta: tenant.Meta{ID: "there"}}
	begin := func(t *testing.T) (s *Sessions, alive func(who string, at time.Time) bool) {
		t.Helper()
		s = NewSessions(tenant.New(tenant.Options{}), Documented(), 9)
		cookies := map[string]http.Header{}
		envs := map[string]*tenant.Environment{"anna": here, "ben": here, "anna elsewhere": there}
		for _, who := range []string{"anna", "ben", "anna elsewhere"} {
			b := s.Of(envs[who], nil, now)
			b.UserID, _, _ = strings.Cut(who, " ")
			cookies[who] = http.Header{"Cookie": {"ST=" + b.Token}}
		}
		return s, func(who string, at time.Time) bool { return s.Of(envs[who], cookies[who], at).UserID != "" }
	}
	t.Run("of a person who is deleted", func(t *testing.T) {
		s, alive := begin(t)
		s.UserDeleted("here", "anna")
		require.False(t, alive("anna", now))
		require.True(t, alive("ben", now))
		require.True(t, alive("anna elsewhere", now))
	})
	t.Run("all of them", func(t *testing.T) {
		s, alive := begin(t)
		s.Clear()
		for _, who := range []string{"anna", "ben", "anna elsewhere"} {
			require.False(t, alive(who, now))
		}
	})
	t.Run("thirty days after they were used last", func(t *testing.T) {
		_, alive := begin(t)
		require.True(t, alive("anna", now.Add(Lifetime-time.Hour)))
		require.True(t, alive("anna", now.Add(2*Lifetime-2*time.Hour)))
		require.False(t, alive("ben", now.Add(Lifetime)))
	})
	t.Run("the newest is of the environment, and somebody's", func(t *testing.T) {
		s, _ := begin(t)
		s.Of(here, nil, now)
		newest, known := s.Newest(here)
		require.True(t, known)
		require.Equal(t, "ben", newest.UserID)
		_, known = s.Newest(&tenant.Environment{Meta: tenant.Meta{ID: "nowhere"}})
		require.False(t, known)
	})
}

// A session that was signed off has no token: an empty cookie is not its own.
func TestNobodyBearsASessionThatWasSignedOff(t *testing.T) {
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	here := &tenant.Environment{Meta: tenant.Meta{ID: "here"}}
	s := NewSessions(tenant.New(tenant.Options{}), Documented(), 9)
	b := s.Of(here, nil, now)
	cookies := http.Header{"Cookie": {"ST=" + b.Token}}
	require.True(t, s.Bears(b, cookies, now))
	require.Equal(t, []string{b.ID}, s.SignOff(here, cookies, now))
	for _, sent := range []http.Header{cookies, {"Cookie": {"ST="}}, nil} {
		require.False(t, s.Bears(b, sent, now))
	}
}

func TestCookiesAreTakenBack(t *testing.T) {
	recorder := httptest.NewRecorder()
	for _, cookie := range DropCookies(wire.Empty(200), "here").Header["Set-Cookie"] {
		recorder.Header().Add("Set-Cookie", cookie)
	}
	all := recorder.Result().Cookies()
	require.Len(t, all, 2)
	for i, name := range []string{"ST", "ST-NO-SS"} {
		require.Equal(t, name, all[i].Name)
		require.Equal(t, "/here", all[i].Path)
		require.Negative(t, all[i].MaxAge)
		require.True(t, all[i].HttpOnly)
	}
}

func TestCookies(t *testing.T) {
	b := &Session{Token: "token", EnvID: "here"}
	for origin, secure := range map[string]bool{"http://127.0.0.1:9000": false, "https://auth.example.com": true} {
		recorder := httptest.NewRecorder()
		for _, cookie := range b.SetCookies(wire.Empty(200), origin, time.Now()).Header["Set-Cookie"] {
			recorder.Header().Add("Set-Cookie", cookie)
		}
		all := recorder.Result().Cookies()
		require.Len(t, all, 2)
		for _, cookie := range all {
			require.Equal(t, "/here", cookie.Path)
			require.True(t, cookie.HttpOnly)
			require.Equal(t, secure, cookie.Secure)
			require.Equal(t, 30*24*3600, cookie.MaxAge)
			require.WithinDuration(t, time.Now().Add(Lifetime), cookie.Expires, time.Minute)
		}
		require.Equal(t, secure, all[0].SameSite == http.SameSiteNoneMode)
		require.NotEqual(t, http.SameSiteNoneMode, all[1].SameSite, "for agents that mishandle it")
	}
}

// Whoever decides about cookies learns whose the first of them is.
func TestWhoseCookiesCame(t *testing.T) {
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	here := &tenant.Environment{Meta: tenant.Meta{ID: "here"}}
	type told struct {
		tokens []string
		sent   *Session
	}
	var came told
	decide := Documented()
	decide.Holds = func(_ *Session, tokens []string, sent *Session) bool { came = told{tokens, sent}; return false }
	s := NewSessions(tenant.New(tenant.Options{}), decide, 9)
	anna, ben := s.Of(here, nil, now), s.Of(here, nil, now)
	for cookies, want := range map[string]told{
		"":                              {nil, nil},
		"ST=none":                       {[]string{"none"}, nil},
		"ST=" + ben.Token:               {[]string{ben.Token}, ben},
		"ST=" + ben.Token + "; ST=none": {[]string{ben.Token, "none"}, ben},
		"ST=none; ST=" + ben.Token:      {[]string{"none", ben.Token}, nil},
	} {
		require.False(t, s.Bears(anna, http.Header{"Cookie": {cookies}}, now))
		require.Equal(t, want, came, cookies)
	}
}
