package oauth

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

func TestRefreshTokens(t *testing.T) {
	r := newRig(t)
	r.app.GrantTypes = append(r.app.GrantTypes, "REFRESH_TOKEN")
	tokens := r.exchange(r.browser().code())
	refresh := func(token string, more ...string) *reply {
		return r.token(append([]string{"grant_type", "refresh_token", "refresh_token", token}, more...)...)
	}
	first := tokens.json("refresh_token").String()
	r.pass(2 * time.Hour)
	second := refresh(first, "scope", "openid")
	require.Equal(t, 200, second.StatusCode, second.body)
	require.Equal(t, "openid", second.json("scope").String())
	require.Equal(t, r.anna.ID, r.verifyID(second.json("id_token").String())["sub"])
	requireOAuth(t, refresh(""), 400, "invalid_request")
	requireOAuth(t, refresh(second.json("refresh_token").String(), "scope", "email"), 400, "invalid_scope")
	require.Equal(t, 200, refresh(second.json("refresh_token").String()).StatusCode, "what was refused has used nothing up")
	third := r.exchange(r.browser().code()).json("refresh_token").String()
	r.pass(refreshLifetime)
	requireOAuth(t, refresh(third), 400, "invalid_grant")
}

// TestRefreshTokenUsedTwice: what becomes of all that came from the sign-on when an
// old refresh token is presented again.
func TestRefreshTokenUsedTwice(t *testing.T) {
	for name, row := range map[string]struct {
		sent     map[string]any
		after    time.Duration
		accepted bool // the second use
		survives bool // the tokens that the first use gave
	}{
		"by default":             {nil, 0, false, false},
		"protected":              {map[string]any{"additionalRefreshTokenReplayProtectionEnabled": true}, 0, false, false},
		"not protected":          {map[string]any{"additionalRefreshTokenReplayProtectionEnabled": false}, 0, false, true},
		"in the grace period":    {map[string]any{"refreshTokenRollingGracePeriodDuration": json.Number("60")}, 59 * time.Second, true, true},
		"after the grace period": {map[string]any{"refreshTokenRollingGracePeriodDuration": json.Number("60")}, 60 * time.Second, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.app.Sent, r.app.GrantTypes = row.sent, append(r.app.GrantTypes, "REFRESH_TOKEN")
			refresh := func(token string) *reply { return r.token("grant_type", "refresh_token", "refresh_token", token) }
			first := r.exchange(r.browser().code())
			other := r.exchange(r.browser().code())
			second := refresh(first.json("refresh_token").String())
			r.pass(row.after)
			again := refresh(first.json("refresh_token").String())
			require.Equal(t, row.accepted, again.StatusCode == 200, again.body)
			_, access := r.server.Authenticate(second.json("access_token").String())
			require.Equal(t, row.survives, access, "the access token")
			require.Equal(t, row.survives, refresh(second.json("refresh_token").String()).StatusCode == 200, "the refresh token")
			_, access = r.server.Authenticate(other.json("access_token").String())
			require.True(t, access, "another sign-on is another matter")
		})
	}
}

// A refresh token is good for its own client, in its own environment, while its person may sign on.
func TestForWhomARefreshTokenIsGood(t *testing.T) {
	for name, row := range map[string]struct {
		change func(r *rig)
		good   bool
	}{
		"as it was":                {func(*rig) {}, true},
		"for a person disabled":    {func(r *rig) { r.anna.Enabled = false }, false},
		"for a person who is gone": {func(r *rig) { r.env.RemoveUser(r.anna) }, false},
		"by another client":        {func(r *rig) { r.app = r.addApp("Other"); r.app.GrantTypes = []string{"REFRESH_TOKEN"} }, false},
		"without the grant type":   {func(r *rig) { r.app.GrantTypes = []string{"AUTHORIZATION_CODE"} }, false},
		"after thirty days":        {func(r *rig) { r.pass(30 * 24 * time.Hour) }, false},
		"a moment before that":     {func(r *rig) { r.pass(30*24*time.Hour - time.Second) }, true},
		"in another environment": {func(r *rig) {
			app := r.app
			r.env = r.tenant.AddEnvironment(tenant.EnvironmentSpec{Name: "Other", Type: "SANDBOX", Region: "NA"})
			r.env.Applications[app.ID] = app
			r.env.PutUser(r.anna)
		}, false},
	} {
		r := newRig(t)
		r.app.GrantTypes = append(r.app.GrantTypes, "REFRESH_TOKEN")
		token := r.exchange(r.browser().code()).json("refresh_token").String()
		row.change(r)
		answer := r.token("grant_type", "refresh_token", "refresh_token", token)
		require.Equal(t, row.good, answer.StatusCode == 200, "%s: %s", name, answer.body)
		if !row.good && name != "without the grant type" {
			requireOAuth(t, answer, 400, "invalid_grant")
		}
	}
}

func TestRefreshTokenDurations(t *testing.T) {
	r := newRig(t)
	r.app.GrantTypes = append(r.app.GrantTypes, "REFRESH_TOKEN")
	r.app.Sent = map[string]any{"refreshTokenDuration": json.Number("3600"), "refreshTokenRollingDuration": json.Number("5400")}
	token := r.exchange(r.browser().code()).json("refresh_token").String()
	refresh := func() *reply { return r.token("grant_type", "refresh_token", "refresh_token", token) }
	r.pass(59 * time.Minute)
	next := refresh()
	require.Equal(t, 200, next.StatusCode, next.body)
	token = next.json("refresh_token").String()
	r.pass(31 * time.Minute)
	requireOAuth(t, refresh(), 400, "invalid_grant")
}
