package oauth

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// restarted is the server after its process has ended and another has taken back what was kept.
func (r *rig) restarted(kept map[string][]byte) {
	r.t.Helper()
	r.server = New(r.tenant, Options{})
	for key, encoded := range kept {
		require.NoError(r.t, r.server.Recall(key, encoded))
	}
	r.server.Watch()
	router, err := wire.NewRouter(r.server.Routes(), wire.RouterOptions{Lock: r.tenant, NewID: r.tenant.NewID, Now: r.tenant.Now})
	require.NoError(r.t, err)
	r.router = router
}

// What holds, and what does not any more, is the same after a restart.
func TestWhatOutlivesTheProcess(t *testing.T) {
	r := newRig(t)
	r.app.GrantTypes = append(r.app.GrantTypes, "REFRESH_TOKEN")
	here, left := r.browser(), r.browser()
	code := here.code("nonce", "n-1")
	tokens, gone := r.exchange(code), r.exchange(left.code())
	refreshed := r.token("grant_type", "refresh_token", "refresh_token", tokens.json("refresh_token").String())
	r.pass(time.Second) // tokens of one second, which have no id, are the same
	revoked := r.exchange(here.code("prompt", "login")).json("access_token").String()
	require.Equal(t, 200, r.tokenCall("/as/revoke", "token", revoked).StatusCode)
	require.Equal(t, 302, left.send("GET", r.path("/as/signoff"), "", "").StatusCode)
	r.restarted(r.server.Changes(true))

	good := func(answer *reply) bool {
		_, ok := r.server.Authenticate(answer.json("access_token").String())
		return ok
	}
	require.True(t, good(tokens))
	require.True(t, good(refreshed))
	require.False(t, good(gone), "its session was signed off")
	_, ok := r.server.Authenticate(revoked)
	require.False(t, ok)
	again := here.authorize()
	require.Equal(t, flow.Completed, again.json("status").String(), "the browser is signed on")
	id := r.verifyID(r.exchange(again.json("authorizeResponse.code").String()).json("id_token").String())
	require.Equal(t, []any{"pwd"}, id["amr"])
	require.Equal(t, float64(r.now.Unix()), id["auth_time"])

	next := r.token("grant_type", "refresh_token", "refresh_token", refreshed.json("refresh_token").String())
	require.Equal(t, 200, next.StatusCode, next.body)
	require.Equal(t, "openid profile", next.json("scope").String())
	require.Equal(t, r.anna.ID, r.verifyID(next.json("id_token").String())["sub"])
	requireOAuth(t, r.exchange(code), 400, "invalid_grant")
	for i, one := range []*reply{tokens, refreshed, next} {
		require.False(t, good(one), "%d: a code that is sent again takes all of it back, whichever process gave it", i)
	}
	requireOAuth(t, r.token("grant_type", "refresh_token", "refresh_token", next.json("refresh_token").String()), 400, "invalid_grant")
}

// Only what changes is told, once, and what is gone is told as nothing.
func TestWhatChangesIsToldOnce(t *testing.T) {
	r := newRig(t)
	r.app.GrantTypes = append(r.app.GrantTypes, "REFRESH_TOKEN")
	r.server.Watch()
	b := r.browser()
	refresh := r.exchange(b.code()).json("refresh_token").String()
	changes := r.server.Changes(false)
	require.NotNil(t, changes["refresh/"+refresh])
	require.NotNil(t, changes["session/"+b.cookies["ST"]])
	require.Empty(t, r.server.Changes(false))
	require.Equal(t, 200, r.tokenCall("/as/revoke", "token", refresh).StatusCode)
	require.Equal(t, map[string][]byte{"refresh/" + refresh: nil}, r.server.Changes(false))
	require.NotEmpty(t, r.server.Changes(true), "all is all")

	require.NoError(t, r.server.Recall("unknown/x", nil), "of a later program")
	for _, kind := range []string{"session", "refresh", "revoked", "spent", "ended"} {
		require.Error(t, r.server.Recall(kind+"/x", []byte("{")), kind)
	}
	state := b.authorize("prompt", "login", "login_hint", "anna")
	require.Equal(t, r.anna.ID, r.server.PersonOf(state.json("id").String()))
	require.Empty(t, r.server.PersonOf("nobody's"))
	r.pass(flow.Lifetime + time.Minute)
	require.Empty(t, r.server.PersonOf(state.json("id").String()))
}

// An ID token names somebody in the environment that issued it, and there only.
func TestAnIDTokenOfAnotherEnvironmentNamesNobody(t *testing.T) {
	r := newRig(t)
	id := r.exchange(r.browser().code()).json("id_token").String()
	require.Equal(t, flow.PasswordRequired, r.browser().authorize("id_token_hint", id).json("status").String())
	elsewhere := r.tenant.AddEnvironment(tenant.EnvironmentSpec{Name: "Other", Type: "SANDBOX", Region: "NA"})
	elsewhere.Applications[r.app.ID] = r.app
	elsewhere.PutUser(r.anna)
	r.env = elsewhere
	requireProblem(t, r.browser().authorize("id_token_hint", id), 400, "INVALID_DATA", "INVALID_VALUE", "id_token_hint")
	signedOff := r.browser().send("GET", r.path("/as/signoff?id_token_hint="+id), "", "")
	requireProblem(t, signedOff, 400, "INVALID_DATA", "INVALID_VALUE", "id_token_hint")
}

// Whoever is deleted has nothing open any more, in that environment; nobody else is touched.
func TestWhatEndsWithAPerson(t *testing.T) {
	r := newRig(t)
	r.app.GrantTypes = append(r.app.GrantTypes, "REFRESH_TOKEN")
	r.addUser("ben")
	opened := func(name string) (code, refresh string, flowOf *userAgent, state *reply) {
		b := r.browser()
		signOn := func() *reply { return b.login(b.authorize("prompt", "login"), name, goodPassword) }
		refresh = r.exchange(b.resume(signOn()).json("authorizeResponse.code").String()).json("refresh_token").String()
		state = signOn()
		return b.resume(state).json("authorizeResponse.code").String(), refresh, b, state
	}
	for name, row := range map[string]struct {
		envID, userID string
		ends          bool
	}{
		"she":                {r.env.ID, r.anna.ID, true},
		"somebody else":      {r.env.ID, r.env.UserByUsername("ben").ID, false},
		"her name elsewhere": {r.tenant.NewID(), r.anna.ID, false},
	} {
		code, refresh, b, state := opened("anna")
		r.server.UserDeleted(row.envID, row.userID)
		require.Equal(t, row.ends, b.read(state).StatusCode == 404, name)
		require.Equal(t, !row.ends, r.exchange(code).StatusCode == 200, name)
		require.Equal(t, !row.ends, r.token("grant_type", "refresh_token", "refresh_token", refresh).StatusCode == 200, name)
	}
}
