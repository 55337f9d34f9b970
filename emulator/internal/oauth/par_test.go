package oauth

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
)

func (r *rig) push(more ...string) *reply {
	r.t.Helper()
	var form []string
	for name, values := range r.query(more...) {
		form = append(form, name, values[0])
	}
	return r.tokenCall("/as/par", form...)
}

func TestPushedRequests(t *testing.T) {
	r := newRig(t)
	pushed := r.push("state", "s-1", "client_id", "-")
	require.Equal(t, 201, pushed.StatusCode, pushed.body)
	require.Equal(t, int64(60), pushed.json("expires_in").Int())
	uri := pushed.json("request_uri").String()
	require.True(t, strings.HasPrefix(uri, "urn:ietf:params:oauth:request_uri:"), uri)

	b := r.browser()
	only := []string{"response_type", "-", "response_mode", "-", "redirect_uri", "-", "request_uri", uri, "scope", "email"}
	state := b.authorize(only...)
	require.Equal(t, flow.PasswordRequired, state.json("status").String(), state.body)
	b.login(state, "anna", goodPassword)
	answer := b.resume(state).json("authorizeResponse")
	require.Equal(t, "s-1", answer.Get("state").String())
	require.Equal(t, "openid profile", r.exchange(answer.Get("code").String()).json("scope").String(), "what stands beside request_uri does not count")

	again := r.browser().authorize(append(only, "response_mode", "pi.flow")...)
	requireProblem(t, again, 400, "INVALID_DATA", "INVALID_VALUE", "request_uri")
}

func TestPushedRequestsAreRefused(t *testing.T) {
	r := newRig(t)
	requireOAuth(t, r.push("redirect_uri", "https://evil.example.com/"), 400, "invalid_request")
	requireOAuth(t, r.push("scope", "shoe"), 400, "invalid_scope")
	requireOAuth(t, r.push("request_uri", "urn:x"), 400, "invalid_request")
	requireOAuth(t, r.callAs("/as/par", r.app.ID, "wrong", "response_type", "code"), 401, "invalid_client")

	uri := r.push().json("request_uri").String()
	other := r.addApp("Other")
	for name, row := range map[string]struct {
		client, uri string
		wait        time.Duration
	}{
		"by another client": {other.ID, uri, 0},
		"one made up":       {r.app.ID, "urn:ietf:params:oauth:request_uri:x", 0},
		"one too old":       {r.app.ID, uri, time.Minute},
	} {
		r.pass(row.wait)
		answer := r.browser().authorize("client_id", row.client, "request_uri", row.uri)
		requireProblem(t, answer, 400, "INVALID_DATA", "INVALID_VALUE", "request_uri")
		require.Empty(t, answer.Cookies())
		redirected := r.browser().authorize("client_id", row.client, "request_uri", row.uri, "response_mode", "-")
		require.True(t, strings.HasPrefix(redirected.location().Path, r.path("/signon/")), "%s: nothing goes to a redirect URI", name)
	}
}

func TestAPushedRequestBelongsToItsEnvironment(t *testing.T) {
	r := newRig(t)
	r.app.TokenEndpointAuthMethod = "CLIENT_SECRET_POST"
	form := r.query("client_secret", r.app.Secret)
	uri := r.browser().send("POST", r.path("/as/par"), formType, form.Encode()).json("request_uri").String()
	kept, known := r.server.pushed.Get(uri, r.now)
	require.True(t, known)
	require.Equal(t, r.query(), kept.values, "without the secret")
	here := r.env
	r.env = r.tenant.AddEnvironment(tenant.EnvironmentSpec{Name: "Other", Type: "SANDBOX", Region: "NA"})
	r.env.Applications[r.app.ID] = r.app
	requireProblem(t, r.browser().authorize("request_uri", uri), 400, "INVALID_DATA", "INVALID_VALUE", "request_uri")
	r.env = here
	require.Equal(t, flow.PasswordRequired, r.browser().authorize("request_uri", uri).json("status").String())
}

func TestAnApplicationMayRequirePushedRequests(t *testing.T) {
	r := newRig(t)
	r.app.Sent = map[string]any{"parRequirement": "REQUIRED", "parTimeout": 90.0}
	requireProblem(t, r.browser().authorize(), 400, "INVALID_DATA", "REQUIRED_VALUE", "request_uri")
	pushed := r.push()
	require.Equal(t, int64(90), pushed.json("expires_in").Int())
	state := r.browser().authorize("request_uri", pushed.json("request_uri").String())
	require.Equal(t, flow.PasswordRequired, state.json("status").String(), state.body)
}
