package oauth

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
)

var profiling = tenant.Action{
	Type: "PROGRESSIVE_PROFILING", PromptText: "Please provide the following information.", PromptIntervalSeconds: 3600,
	Attributes: []tenant.ProfileAttribute{{Name: "mobilePhone"}},
}

func TestProgressiveProfilingJourneyInRedirectMode(t *testing.T) {
	r := newRig(t)
	shop := r.addApp("Profiling Shop")
	r.grant(shop, tenant.ResourcePingOne, "p1:read:user")
	r.policy(shop, "Profiling", tenant.Action{Type: "LOGIN"}, profiling)
	r.app = shop
	b := r.browser()

	started := b.authorize("response_mode", "-", "scope", "-", "state", "a b&c")
	require.Equal(t, http.StatusFound, started.StatusCode)
	require.Equal(t, r.path("/signon/"), started.location().Path)
	id := started.location().Query().Get("flowId")
	require.NotEmpty(t, b.cookies["ST"])
	require.Equal(t, b.cookies["ST"], b.cookies["ST-NO-SS"])

	state := b.send("GET", r.path("/flows/"+id), "", "")
	require.Equal(t, 200, state.StatusCode, state.body)
	require.Equal(t, id, state.json("id").String())
	require.Equal(t, flow.PasswordRequired, state.json("status").String())
	require.Equal(t, origin+r.path("/flows/"+id), state.json(`_links.usernamePassword\.check.href`).String())
	require.Equal(t, origin+r.path("/as/resume?flowId="+id), state.json("resumeUrl").String())
	require.Equal(t, "2026-01-15T09:15:00.000Z", state.json("expiresAt").String())
	require.False(t, state.json("_embedded.user").Exists())
	require.False(t, state.json(`_links.password\.forgot`).Exists())

	before := b.cookies["ST"]
	r.pass(time.Minute)
	asked := b.login(state, "anna", goodPassword)
	require.Equal(t, flow.ProfileRequired, asked.json("status").String(), asked.body)
	require.NotEqual(t, before, b.cookies["ST"], "the session's token is renewed at login")
	require.Equal(t, "2026-01-15T09:16:00.000Z", asked.json("expiresAt").String())
	require.Equal(t, profiling.PromptText, asked.json("_embedded.promptText").String())
	require.JSONEq(t, `[{"name":"mobilePhone","schemaPropertyName":"mobilePhone","displayName":"Mobile Phone","required":false}]`,
		asked.json("_embedded.attributes").Raw)
	require.Equal(t, r.anna.ID, asked.json("_embedded.user.id").String())
	require.NotEmpty(t, asked.json("session.id").String())
	require.NotContains(t, asked.body, b.cookies["ST"])

	waiting := b.resume(state)
	require.Equal(t, http.StatusFound, waiting.StatusCode)
	require.Equal(t, id, waiting.location().Query().Get("flowId"))

	done := b.act(asked, flow.UpdateUser, object{"mobilePhone": "+1.5125550111"})
	require.Equal(t, flow.Completed, done.json("status").String(), done.body)
	require.False(t, done.json(`_links.user\.update`).Exists())
	require.Equal(t, "+1.5125550111", r.anna.Profile["mobilePhone"])
	require.Equal(t, r.now, r.anna.LastSignOnAt)

	back := b.resume(state).location()
	require.Equal(t, "shop.example.com", back.Host)
	require.Equal(t, "a b&c", back.Query().Get("state"))
	tokens := r.exchange(back.Query().Get("code"))
	require.Equal(t, 200, tokens.StatusCode, tokens.body)
	require.Equal(t, "p1:read:user", tokens.json("scope").String())
	require.False(t, tokens.json("id_token").Exists())
	p, ok := r.server.Authenticate(tokens.json("access_token").String())
	require.True(t, ok)
	require.Equal(t, r.anna.ID, p.UserID)
	require.False(t, p.Worker)

	again := b.authorize("scope", "-")
	require.Equal(t, flow.Completed, again.json("status").String(), "a live session needs no second login")
	require.NotEmpty(t, again.json("authorizeResponse.code").String())
}
