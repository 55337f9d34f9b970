package oauth

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
)

func TestUserInfo(t *testing.T) {
	r := newRig(t)
	r.grant(r.app, tenant.ResourcePingOne, "p1:read:user")
	r.anna.Profile["address"] = map[string]any{"postalCode": "78701", "countryCode": "US"}
	call := func(method, token string) *reply {
		return r.browser().send(method, r.path("/as/userinfo"), "", "", "Authorization", "Bearer "+token)
	}
	token := r.exchange(r.browser().code("scope", "openid profile email")).json("access_token").String()
	for _, method := range []string{"GET", "POST"} {
		info := call(method, token)
		require.Equal(t, 200, info.StatusCode, info.body)
		require.Equal(t, r.anna.ID, info.json("sub").String())
		require.Equal(t, "anna", info.json("preferred_username").String())
		require.Equal(t, "anna@example.com", info.json("email").String())
		require.False(t, info.json("address").Exists())
	}
	clear(r.app.Grants)
	r.grant(r.app, tenant.ResourceOpenID, "openid", "address")
	addressed := call("GET", r.exchange(r.browser().code("scope", "openid address")).json("access_token").String())
	require.Equal(t, "78701", addressed.json("address.postal_code").String())
	require.False(t, addressed.json("email").Exists())

	requireOAuthStatus := func(answer *reply, status int, code string) {
		t.Helper()
		require.Equal(t, status, answer.StatusCode, answer.body)
		require.Equal(t, code, answer.json("error").String())
		require.Contains(t, answer.Header.Get("WWW-Authenticate"), code)
	}
	requireOAuthStatus(call("GET", "rubbish"), 401, "invalid_token")
	worker := r.addWorker("Environment Admin")
	own := r.tokenAs(worker.ID, worker.Secret, "grant_type", "client_credentials").json("access_token").String()
	requireOAuthStatus(call("GET", own), 403, "insufficient_scope")
}

func TestIntrospectAndRevoke(t *testing.T) {
	r := newRig(t)
	token := r.exchange(r.browser().code()).json("access_token").String()
	send := func(endpoint, authorization, token string) *reply {
		return r.browser().send("POST", r.path("/as/"+endpoint), formType, url.Values{"token": {token}}.Encode(), "Authorization", authorization)
	}
	own := basic(r.app.ID, r.app.Secret)
	other := r.addApp("Other")
	active := send("introspect", own, token)
	require.True(t, active.json("active").Bool(), active.body)
	require.Equal(t, "anna", active.json("username").String())
	require.Equal(t, r.app.ID, active.json("client_id").String())
	require.JSONEq(t, `{"active":false}`, send("introspect", own, "rubbish").body)
	requireOAuth(t, send("introspect", basic(r.app.ID, "wrong"), token), 401, "invalid_client")
	requireOAuth(t, send("introspect", own, ""), 400, "invalid_request")

	require.Equal(t, 200, send("revoke", basic(other.ID, other.Secret), token).StatusCode)
	require.True(t, send("introspect", own, token).json("active").Bool(), "only its own client revokes a token")
	require.Equal(t, 200, send("revoke", own, token).StatusCode)
	require.False(t, send("introspect", own, token).json("active").Bool())
	requireOAuth(t, send("revoke", own, ""), 400, "invalid_request")

	r.app.GrantTypes = append(r.app.GrantTypes, "REFRESH_TOKEN")
	refresh := r.exchange(r.browser().code()).json("refresh_token").String()
	require.NotEmpty(t, refresh)
	require.Equal(t, 200, send("revoke", basic(other.ID, other.Secret), refresh).StatusCode, "nobody is told whether it was there")
	refresh = r.token("grant_type", "refresh_token", "refresh_token", refresh).json("refresh_token").String()
	require.NotEmpty(t, refresh, "another's client revokes nothing")
	require.Equal(t, 200, send("revoke", own, refresh).StatusCode)
	requireOAuth(t, r.token("grant_type", "refresh_token", "refresh_token", refresh), 400, "invalid_grant")

	elsewhere := r.tenant.AddEnvironment(tenant.EnvironmentSpec{Name: "Other", Type: "SANDBOX", Region: "NA"})
	elsewhere.Applications[r.app.ID] = r.app
	token = r.exchange(r.browser().code()).json("access_token").String()
	r.env = elsewhere
	require.False(t, send("introspect", own, token).json("active").Bool(), "a token of another environment")
}

func TestSignoff(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	state := b.signOn()
	id := r.exchange(b.resume(state).json("authorizeResponse.code").String()).json("id_token").String()
	signoff := func(query url.Values) *reply {
		return b.send("GET", r.path("/as/signoff?"+query.Encode()), "", "")
	}
	const bye = "https://shop.example.com/bye"
	requireProblem(t, signoff(url.Values{"id_token_hint": {"rubbish"}}), 400, "INVALID_DATA", "INVALID_VALUE", "id_token_hint")
	requireProblem(t, signoff(url.Values{"post_logout_redirect_uri": {bye}}), 400, "INVALID_DATA", "INVALID_VALUE", "post_logout_redirect_uri")
	requireProblem(t, signoff(url.Values{"id_token_hint": {id}, "post_logout_redirect_uri": {"https://evil.example.com"}}), 400, "INVALID_DATA", "INVALID_VALUE", "post_logout_redirect_uri")
	require.Equal(t, flow.Completed, b.authorize().json("status").String(), "a refused signoff ends nothing")

	done := signoff(url.Values{"id_token_hint": {id}, "post_logout_redirect_uri": {bye}, "state": {"s"}})
	require.Equal(t, http.StatusFound, done.StatusCode)
	require.Equal(t, bye+"?state=s", done.Header.Get("Location"))
	require.Empty(t, b.cookies)
	r.pass(time.Hour)
	requireProblem(t, signoff(url.Values{"id_token_hint": {id}}), 400, "INVALID_DATA", "INVALID_VALUE", "id_token_hint")
	require.Equal(t, r.path("/signon/"), signoff(nil).location().Path)
}

// TestSignoffEndsTheTokensOfTheSession, unless the application says otherwise.
func TestSignoffEndsTheTokensOfTheSession(t *testing.T) {
	for name, row := range map[string]struct {
		skips, byHint, survives bool
	}{
		"by cookie":                         {false, false, false},
		"by hint":                           {false, true, false},
		"not validated":                     {true, false, true},
		"not validated, signed off by hint": {true, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.app.Sent, r.app.GrantTypes = map[string]any{"skipTokenSessionValidation": row.skips}, append(r.app.GrantTypes, "REFRESH_TOKEN")
			b, other := r.browser(), r.browser()
			tokens, others := r.exchange(b.code()), r.exchange(other.code())
			who, query := b, ""
			if row.byHint {
				who, query = r.browser(), "?id_token_hint="+tokens.json("id_token").String()
			}
			require.Equal(t, 302, who.send("GET", r.path("/as/signoff"+query), "", "").StatusCode)
			userinfo := func(tokens *reply) int {
				return b.send("GET", r.path("/as/userinfo"), "", "", "Authorization", "Bearer "+tokens.json("access_token").String()).StatusCode
			}
			require.Equal(t, row.survives, userinfo(tokens) == 200)
			introspected := r.tokenCall("/as/introspect", "token", tokens.json("access_token").String())
			require.Equal(t, row.survives, introspected.json("active").Bool(), introspected.body)
			refreshed := r.token("grant_type", "refresh_token", "refresh_token", tokens.json("refresh_token").String())
			require.Equal(t, row.survives, refreshed.StatusCode == 200, refreshed.body)
			require.Equal(t, 200, userinfo(others), "another session is another matter")
		})
	}
}

func TestDiscovery(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	document := b.send("GET", r.path("/as/.well-known/openid-configuration"), "", "")
	require.Equal(t, origin+r.path("/as"), document.json("issuer").String())
	require.Equal(t, origin+r.path("/as/token"), document.json("token_endpoint").String())
	require.Equal(t, "pi.flow", document.json("response_modes_supported.0").String())
	jwks := b.send("GET", r.path("/as/jwks"), "", "")
	require.Equal(t, "RSA", jwks.json("keys.0.kty").String())
	require.Equal(t, "sig", jwks.json("keys.0.use").String())
	require.NotEmpty(t, jwks.json("keys.0.kid").String())
	require.False(t, jwks.json("keys.0.d").Exists(), "the private half stays here")
	require.Equal(t, 404, b.send("GET", "/"+r.tenant.NewID()+"/as/jwks", "", "").StatusCode)
}
