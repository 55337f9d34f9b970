package oauth

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/emulator/internal/browser"
	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
)

func TestAuthorizeRefusesParameters(t *testing.T) {
	tests := []struct {
		name           string
		prepare        func(r *rig)
		change         []string
		detail, target string
	}{
		{"a response mode that does not exist", nil, []string{"response_mode", "postcard"}, "", ""},
		{"no response type", nil, []string{"response_type", "-"}, "REQUIRED_VALUE", "response_type"},
		{"a prompt that does not exist", nil, []string{"prompt", "dance"}, "INVALID_VALUE", "prompt"},
		{"a maximum age that is no number", nil, []string{"max_age", "old"}, "INVALID_VALUE", "max_age"},
		{"a negative maximum age", nil, []string{"max_age", "-1"}, "INVALID_VALUE", "max_age"},
		{"a policy that is not assigned", nil, []string{"acr_values", "Single_Factor"}, "INVALID_VALUE", "acr_values"},
		{"no challenge where one is enforced", func(r *rig) { r.app.PKCEEnforcement = "REQUIRED" }, nil, "REQUIRED_VALUE", "code_challenge"},
		{"a method without a challenge", nil, []string{"code_challenge_method", "S256"}, "REQUIRED_VALUE", "code_challenge"},
		{"a plain challenge where S256 is enforced", func(r *rig) { r.app.PKCEEnforcement = "S256_REQUIRED" },
			[]string{"code_challenge", strings.Repeat("a", 43)}, "INVALID_VALUE", "code_challenge_method"},
		{"a challenge method that does not exist", nil,
			[]string{"code_challenge", strings.Repeat("a", 43), "code_challenge_method", "S1"}, "INVALID_VALUE", "code_challenge_method"},
		{"a challenge that is too short", nil, []string{"code_challenge", strings.Repeat("a", 42)}, "INVALID_VALUE", "code_challenge"},
		{"a challenge that is too long", nil, []string{"code_challenge", strings.Repeat("a", 129)}, "INVALID_VALUE", "code_challenge"},
		{"a challenge with a space in it", nil, []string{"code_challenge", strings.Repeat("a", 30) + " " + strings.Repeat("a", 30)}, "INVALID_VALUE", "code_challenge"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			r.policy(r.app, "Login", tenant.Action{Type: "LOGIN"})
			if test.prepare != nil {
				test.prepare(r)
			}
			b := r.browser()
			if test.detail != "" {
				requireProblem(t, b.authorize(test.change...), 400, "INVALID_DATA", test.detail, test.target)
			}
			back := b.authorize(append([]string{"response_mode", "-", "state", "s"}, test.change...)...)
			require.Equal(t, http.StatusFound, back.StatusCode, back.body)
			require.Equal(t, "shop.example.com", back.location().Host)
			require.Equal(t, "invalid_request", back.location().Query().Get("error"))
			require.Equal(t, "s", back.location().Query().Get("state"))
			require.Zero(t, held(r.server.signOns))
		})
	}
}

func TestAuthorizeRefusesInOAuthsWords(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(r *rig)
		change  []string
		code    string
	}{
		{"a response type that the client does not have", func(r *rig) { r.app.ResponseTypes = nil }, nil, "unsupported_response_type"},
		{"a client without the grant", func(r *rig) { r.app.GrantTypes = nil }, nil, "unauthorized_client"},
		{"no scope that was granted", nil, []string{"scope", "p1:read:user"}, "invalid_scope"},
		{"no scope and nothing granted", func(r *rig) { clear(r.app.Grants) }, []string{"scope", "-"}, "invalid_scope"},
		{"scopes of two resources", func(r *rig) {
			r.grant(r.app, tenant.ResourcePingOne, "p1:read:user")
			r.env.Resources["custom"] = &tenant.Resource{Meta: tenant.Meta{ID: "custom"}, Type: tenant.ResourceCustom, Scopes: map[string]*tenant.Scope{"s": {Meta: tenant.Meta{ID: "s"}, Name: "read:stock"}}}
			r.app.Grants["custom"] = &tenant.Grant{Meta: tenant.Meta{ID: "custom"}, ResourceID: "custom", ScopeIDs: []string{"s"}}
		}, []string{"scope", "p1:read:user read:stock"}, "invalid_scope"},
		{"prompt none without a session", nil, []string{"prompt", "none"}, "login_required"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			if test.prepare != nil {
				test.prepare(r)
			}
			b := r.browser()
			requireOAuth(t, b.authorize(test.change...), 400, test.code)
			back := b.authorize(append([]string{"response_mode", "-"}, test.change...)...).location()
			require.Equal(t, "shop.example.com", back.Host)
			require.Equal(t, test.code, back.Query().Get("error"))
			require.Zero(t, held(r.server.signOns))
		})
	}
}

func TestOpenIDNeedsNoGrant(t *testing.T) {
	r := newRig(t)
	r.policy(r.app, "Login", tenant.Action{Type: "LOGIN"})
	clear(r.app.Grants)
	flow := r.browser().authorize("scope", "openid p1:read:user")
	require.Equal(t, http.StatusOK, flow.StatusCode, flow.body)
}

func TestAuthorizeNeverTrustsAnUnknownClientOrRedirectURI(t *testing.T) {
	tests := []struct {
		name           string
		prepare        func(r *rig)
		change         []string
		detail, target string
	}{
		{"no client", nil, []string{"client_id", "-"}, "REQUIRED_VALUE", "client_id"},
		{"an unknown client", nil, []string{"client_id", "00000000-0000-4000-8000-000000000000"}, "INVALID_VALUE", "client_id"},
		{"a disabled client", func(r *rig) { r.app.Enabled = false }, nil, "INVALID_VALUE", "client_id"},
		{"an unregistered redirect URI", nil, []string{"redirect_uri", "https://evil.example.com"}, "INVALID_VALUE", "redirect_uri"},
		{"a redirect URI with something added", nil, []string{"redirect_uri", redirectURI + "/"}, "INVALID_VALUE", "redirect_uri"},
		{"a redirect URI with other case", nil, []string{"redirect_uri", strings.ToUpper(redirectURI)}, "INVALID_VALUE", "redirect_uri"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			if test.prepare != nil {
				test.prepare(r)
			}
			b := r.browser()
			requireProblem(t, b.authorize(test.change...), 400, "INVALID_DATA", test.detail, test.target)
			shown := b.authorize(append([]string{"response_mode", "-"}, test.change...)...)
			require.Equal(t, http.StatusFound, shown.StatusCode)
			require.Equal(t, r.path("/signon/"), shown.location().Path)
			problem := shown.location().Query().Get("error")
			require.Equal(t, test.target, gjson.Get(problem, "details.0.target").String())
			require.Empty(t, b.cookies)
		})
	}
	t.Run("redirect mode needs a redirect URI, pi.flow does not", func(t *testing.T) {
		b := newRig(t).browser()
		shown := b.authorize("redirect_uri", "-", "response_mode", "-").location()
		require.Equal(t, "redirect_uri", gjson.Get(shown.Query().Get("error"), "details.0.target").String())
		require.Equal(t, 200, b.authorize("redirect_uri", "-").StatusCode)
		require.Equal(t, 200, b.authorize("redirect_uri", redirectless).StatusCode)
	})
}

func TestAuthorizeRefusesRepeatedParameters(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	repeat := func(name, value string) *reply {
		query := r.query("state", "1")
		query.Add(name, value)
		return b.send("GET", r.path("/as/authorize?"+query.Encode()), "", "")
	}
	requireProblem(t, repeat("state", "2"), 400, "INVALID_DATA", "INVALID_VALUE", "state")
	requireProblem(t, repeat("client_id", r.app.ID), 400, "INVALID_DATA", "INVALID_VALUE", "client_id")
	requireProblem(t, repeat("redirect_uri", redirectURI), 400, "INVALID_DATA", "INVALID_VALUE", "redirect_uri")
}

func TestAuthorizeByPost(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	state := b.send("POST", r.path("/as/authorize"), formType, r.query().Encode())
	require.Equal(t, flow.PasswordRequired, state.json("status").String(), state.body)
	refused := b.send("POST", r.path("/as/authorize"), "application/json", `{}`)
	require.Equal(t, http.StatusUnsupportedMediaType, refused.StatusCode)
	require.Equal(t, "INVALID_REQUEST", refused.json("code").String())
	long := b.send("POST", r.path("/as/authorize"), formType, r.query("state", strings.Repeat("a", maxForm)).Encode())
	require.Equal(t, r.path("/signon/"), long.location().Path, "a flow remembers its request")
	broken := b.send("POST", r.path("/as/authorize"), formType, "client_id=%zz")
	require.Equal(t, r.path("/signon/"), broken.location().Path)
	require.Equal(t, 404, b.send("GET", "/"+r.tenant.NewID()+"/as/authorize", "", "").StatusCode)
	require.Equal(t, 405, b.send("PUT", r.path("/as/authorize"), "", "").StatusCode)
}

func TestSignOnGoesToTheApplicationsOwnPage(t *testing.T) {
	r := newRig(t)
	r.app.LoginPageURL = "https://login.example.com/start?brand=shop"
	page := r.browser().authorize("response_mode", "-").location()
	require.Equal(t, "login.example.com", page.Host)
	require.Equal(t, "shop", page.Query().Get("brand"))
	require.Equal(t, r.env.ID, page.Query().Get("environmentId"))
	require.NotEmpty(t, page.Query().Get("flowId"))
}

func TestPoliciesAreChosenByAssignment(t *testing.T) {
	r := newRig(t)
	require.Equal(t, flow.PasswordRequired, r.browser().authorize().json("status").String(), "the default policy without an assignment")
	r.policy(r.app, "Second", tenant.Action{Type: "MULTI_FACTOR_AUTHENTICATION"})
	first := r.policy(r.app, "First", tenant.Action{Type: "LOGIN"})
	for _, a := range r.app.Assignments {
		if a.PolicyID == first.ID {
			a.Priority = 1
		}
	}
	require.Equal(t, flow.PasswordRequired, r.browser().authorize().json("status").String())
	require.Equal(t, flow.SignOnRequired, r.browser().authorize("acr_values", "Second First").json("status").String())
	b := r.browser()
	done := b.signOn("acr_values", "First")
	id := r.verifyID(r.exchange(b.resume(done).json("authorizeResponse.code").String()).json("id_token").String())
	require.Equal(t, "First", id["acr"])
}

func TestActionsThatCannotRunFailTheFlow(t *testing.T) {
	tests := map[string]tenant.Action{
		"profiling before anybody has signed on": profiling,
		"a type that is not supported":           {Type: "AGREEMENT"},
	}
	for name, action := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.policy(r.app, "Odd", action)
			failed := r.browser().authorize()
			require.Equal(t, flow.Failed, failed.json("status").String(), failed.body)
			require.NotEmpty(t, failed.json("error.message").String())
			require.Equal(t, "access_denied", r.browser().authorize("response_mode", "-").location().Query().Get("error"))
		})
	}
	t.Run("a policy without actions", func(t *testing.T) {
		r := newRig(t)
		r.policy(r.app, "Empty")
		require.Equal(t, flow.Failed, r.browser().authorize().json("status").String())
	})
	t.Run("no policy at all", func(t *testing.T) {
		r := newRig(t)
		clear(r.env.Policies)
		require.Equal(t, flow.Failed, r.browser().authorize().json("status").String())
		requireOAuth(t, r.browser().authorize("prompt", "none"), 400, "access_denied")
	})
}

func TestResponseModes(t *testing.T) {
	r := newRig(t)
	signedOn := func(mode string) *reply {
		b := r.browser()
		started := b.authorize("response_mode", mode, "state", `"><script>`)
		id := started.location().Query().Get("flowId")
		state := b.send("GET", r.path("/flows/"+id), "", "")
		b.login(state, "anna", goodPassword)
		return b.resume(state)
	}
	t.Run("query", func(t *testing.T) {
		r.app.RedirectURIs[0] = redirectURI + "?shop=1"
		defer func() { r.app.RedirectURIs[0] = redirectURI }()
		b := r.browser()
		b.signOn("redirect_uri", r.app.RedirectURIs[0])
		back := b.authorize("response_mode", "query", "redirect_uri", r.app.RedirectURIs[0]).location()
		require.Equal(t, "1", back.Query().Get("shop"))
		require.NotEmpty(t, back.Query().Get("code"))
	})
	t.Run("fragment", func(t *testing.T) {
		fragment, err := url.ParseQuery(signedOn("fragment").location().EscapedFragment())
		require.NoError(t, err)
		require.NotEmpty(t, fragment.Get("code"))
	})
	t.Run("form_post", func(t *testing.T) {
		page := signedOn("form_post")
		require.Equal(t, 200, page.StatusCode)
		require.Contains(t, page.Header.Get("Content-Type"), "text/html")
		require.Contains(t, page.body, `action="`+redirectURI+`"`)
		require.Contains(t, page.body, `name="code"`)
		require.NotContains(t, page.body, "<script>")
	})
}

func TestSessions(t *testing.T) {
	t.Run("a live one completes at once", func(t *testing.T) {
		r := newRig(t)
		b := r.browser()
		first := b.signOn()
		again := b.authorize("state", "s2")
		require.Equal(t, flow.Completed, again.json("status").String(), again.body)
		require.Equal(t, first.json("session.id").String(), again.json("session.id").String())
		require.Equal(t, "s2", again.json("authorizeResponse.state").String())
		require.Equal(t, 200, r.exchange(again.json("authorizeResponse.code").String()).StatusCode)
		require.NotEmpty(t, b.authorize("response_mode", "-").location().Query().Get("code"))
		require.NotEmpty(t, b.authorize("prompt", "none").json("authorizeResponse.code").String())
	})
	t.Run("prompt login asks again", func(t *testing.T) {
		b := newRig(t).browser()
		b.signOn()
		require.Equal(t, flow.PasswordRequired, b.authorize("prompt", "login").json("status").String())
	})
	t.Run("maximum age asks again once it is over", func(t *testing.T) {
		b := newRig(t).browser()
		b.signOn()
		b.pass(time.Minute)
		require.Equal(t, flow.Completed, b.authorize("max_age", "60").json("status").String())
		require.NotContains(t, b.authorize("max_age", "59").body+b.authorize("max_age", "0").body, flow.Completed)
	})
	t.Run("a factor it does not hold is asked for, and prompt none says so", func(t *testing.T) {
		r := newRig(t)
		b := r.browser()
		b.signOn()
		r.policy(r.app, "LoginMFA", loginAndMFA()...)
		r.addDevice(r.anna, "SMS", "+1.5125550101")
		requireOAuth(t, b.authorize("prompt", "none"), 400, "interaction_required")
		require.Empty(t, r.tenant.Outbox())
		state := b.authorize()
		require.Equal(t, flow.PasscodeRequired, state.json("status").String())
		r.pass(time.Minute)
		reset := b.act(state, flow.ResetSession, nil)
		require.Equal(t, flow.PasswordRequired, reset.json("status").String(), reset.body)
		require.Equal(t, state.json("id").String(), reset.json("id").String())
		require.Equal(t, state.json("createdAt").String(), reset.json("createdAt").String())
		require.Equal(t, flow.PasswordRequired, b.authorize().json("status").String(), "the browser is signed off")
	})
	t.Run("somebody else at the same browser gets a session of their own", func(t *testing.T) {
		r := newRig(t)
		r.addUser("ben")
		b := r.browser()
		first := b.signOn()
		second := b.login(b.authorize("prompt", "login"), "ben", goodPassword)
		require.Equal(t, flow.Completed, second.json("status").String())
		require.NotEqual(t, first.json("session.id").String(), second.json("session.id").String())
		now := b.authorize()
		require.Equal(t, "ben", now.json("_embedded.user.username").String())
		require.Equal(t, second.json("session.id").String(), now.json("session.id").String())
	})
	t.Run("a hint at somebody else asks again", func(t *testing.T) {
		r := newRig(t)
		r.addUser("ben")
		b := r.browser()
		b.signOn()
		require.Equal(t, flow.PasswordRequired, b.authorize("login_hint", "ben").json("status").String())
		require.Equal(t, flow.Completed, b.authorize("login_hint", "anna").json("status").String())
	})
	t.Run("it ends with the person, with signoff, and after thirty days", func(t *testing.T) {
		r := newRig(t)
		for name, end := range map[string]func(b *userAgent){
			"disabled": func(*userAgent) { r.anna.Enabled = false },
			"signoff":  func(b *userAgent) { b.send("GET", r.path("/as/signoff"), "", "") },
			"deleted":  func(*userAgent) { r.server.UserDeleted(r.env.ID, r.anna.ID) },
			"old":      func(b *userAgent) { b.pass(browser.Lifetime) },
		} {
			r.anna.Enabled = true
			b := r.browser()
			b.signOn()
			end(b)
			require.Equal(t, flow.PasswordRequired, b.authorize().json("status").String(), name)
		}
	})
	t.Run("one of another environment is none here", func(t *testing.T) {
		r := newRig(t)
		b := r.browser()
		b.signOn()
		other := r.tenant.AddEnvironment(tenant.EnvironmentSpec{Name: "Other", Type: "SANDBOX", Region: "NA"})
		other.Applications[r.app.ID], other.Users[r.anna.ID] = r.app, r.anna
		clear(r.app.Grants)
		r.env = other
		r.grant(r.app, tenant.ResourceOpenID, "openid")
		require.Equal(t, flow.PasswordRequired, b.authorize().json("status").String())
	})
}
