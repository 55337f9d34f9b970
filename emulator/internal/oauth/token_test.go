package oauth

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

func (r *rig) addWorker(roles ...string) *tenant.Application {
	worker := r.addApp("Worker")
	worker.Type, worker.GrantTypes, worker.ResponseTypes, worker.RedirectURIs = "WORKER", []string{"CLIENT_CREDENTIALS"}, nil, nil
	worker.Roles = roles
	return worker
}

func basic(id, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
}

// post calls the token endpoint with a form and, unless it is "", an Authorization header.
func (r *rig) post(authorization string, form url.Values) *reply {
	header := []string{}
	if authorization != "" {
		header = append(header, "Authorization", authorization)
	}
	return r.browser().send("POST", r.path("/as/token"), formType, form.Encode(), header...)
}

func TestWorkerToken(t *testing.T) {
	r := newRig(t)
	worker := r.addWorker("Environment Admin")
	answer := r.tokenAs(worker.ID, worker.Secret, "grant_type", "client_credentials")
	require.Equal(t, 200, answer.StatusCode, answer.body)
	require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
	require.Equal(t, "Bearer", answer.json("token_type").String())
	require.Equal(t, int64(3600), answer.json("expires_in").Int())
	for _, absent := range []string{"scope", "id_token", "refresh_token"} {
		require.False(t, answer.json(absent).Exists(), absent)
	}

	token := answer.json("access_token").String()
	c, err := signingKey().verify(token)
	require.NoError(t, err)
	require.Equal(t, worker.ID, c["client_id"])
	require.Equal(t, origin+r.path("/as"), c["iss"])
	require.Equal(t, []any{"https://api.pingone.com"}, c["aud"])
	require.Equal(t, r.env.ID, c["env"])
	for _, absent := range []string{"sub", "sid", "acr", "auth_time", "scope"} {
		require.NotContains(t, c, absent)
	}

	p, ok := r.server.Authenticate(token)
	require.True(t, ok)
	require.Equal(t, Principal{EnvironmentID: r.env.ID, ClientID: worker.ID, Worker: true, Scopes: []string{}, ExpiresAt: r.now.Add(time.Hour)}, p)
	r.pass(time.Hour)
	_, ok = r.server.Authenticate(token)
	require.False(t, ok, "expired")
}

func TestClientCredentialsAreRefused(t *testing.T) {
	r := newRig(t)
	idle := r.addWorker()
	requireOAuth(t, r.tokenAs(idle.ID, idle.Secret, "grant_type", "client_credentials"), 400, "access_denied")
	worker := r.addWorker("Environment Admin")
	requireOAuth(t, r.tokenAs(worker.ID, worker.Secret, "grant_type", "client_credentials", "scope", "openid"), 400, "invalid_scope")

	service := r.addApp("Service")
	service.GrantTypes = []string{"CLIENT_CREDENTIALS"}
	credentials := func(scope string) *reply {
		return r.tokenAs(service.ID, service.Secret, "grant_type", "client_credentials", "scope", scope)
	}
	requireOAuth(t, credentials(""), 400, "invalid_scope")
	r.grant(service, tenant.ResourcePingOne, "p1:read:user")
	requireOAuth(t, credentials("p1:read:user"), 400, "invalid_scope")
	r.env.Resources["stock"] = &tenant.Resource{
		Meta: tenant.Meta{ID: "stock"}, Type: tenant.ResourceCustom, Audience: "https://stock.example.com", AccessTokenValiditySeconds: 300,
		Scopes: map[string]*tenant.Scope{"s": {Meta: tenant.Meta{ID: "s"}, Name: "read:stock"}},
	}
	service.Grants["stock"] = &tenant.Grant{Meta: tenant.Meta{ID: "stock"}, ResourceID: "stock", ScopeIDs: []string{"s"}}
	requireOAuth(t, credentials("p1:read:user read:stock"), 400, "invalid_scope")
	granted := credentials("read:stock")
	require.Equal(t, "read:stock", granted.json("scope").String(), granted.body)
	require.Equal(t, int64(300), granted.json("expires_in").Int())
	c, err := signingKey().verify(granted.json("access_token").String())
	require.NoError(t, err)
	require.Equal(t, []any{"https://stock.example.com"}, c["aud"])
}

func TestTokenRequestsAreRefused(t *testing.T) {
	r := newRig(t)
	requireOAuth(t, r.token(), 400, "invalid_request")
	requireOAuth(t, r.token("grant_type", "password"), 400, "unsupported_grant_type")
	requireOAuth(t, r.token("grant_type", "client_credentials"), 400, "unauthorized_client")
	requireOAuth(t, r.token("grant_type", "refresh_token", "refresh_token", "x"), 400, "unauthorized_client")
	requireOAuth(t, r.token("grant_type", "authorization_code"), 400, "invalid_request")
	requireOAuth(t, r.exchange("unknown"), 400, "invalid_grant")
	twice := url.Values{"grant_type": {"authorization_code", "authorization_code"}}
	requireOAuth(t, r.post(basic(r.app.ID, r.app.Secret), twice), 400, "invalid_request")
	send := func(mediaType, body string) *reply {
		return r.browser().send("POST", r.path("/as/token"), mediaType, body, "Authorization", basic(r.app.ID, r.app.Secret))
	}
	requireOAuth(t, send("application/json", `{"grant_type":"authorization_code"}`), 415, "invalid_request")
	requireOAuth(t, send(formType, "grant_type=%zz"), 400, "invalid_request")
	code := r.browser().code()
	good := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirectURI}}.Encode()
	requireOAuth(t, send(formType, good+"&code="+code), 400, "invalid_request")
	requireOAuth(t, send(formType, good+"&x=%zz"), 400, "invalid_request")
	require.Equal(t, 200, send(formType, good).StatusCode, "a form that cannot be read uses no code up")
	require.Equal(t, 404, r.browser().send("POST", "/"+r.tenant.NewID()+"/as/token", formType, "").StatusCode)
}

func TestAuthorizationCodes(t *testing.T) {
	tests := []struct {
		name string
		use  func(r *rig, code string) *reply
	}{
		{"after a minute", func(r *rig, code string) *reply { r.pass(codeLifetime); return r.exchange(code) }},
		{"by another client", func(r *rig, code string) *reply {
			other := r.addApp("Other")
			return r.tokenAs(other.ID, other.Secret, "grant_type", "authorization_code", "code", code, "redirect_uri", redirectURI)
		}},
		{"with another redirect URI", func(r *rig, code string) *reply {
			r.app.RedirectURIs = append(r.app.RedirectURIs, "https://shop.example.com/other")
			return r.exchange(code, "redirect_uri", "https://shop.example.com/other")
		}},
		{"without the redirect URI", func(r *rig, code string) *reply {
			return r.token("grant_type", "authorization_code", "code", code)
		}},
		{"with a verifier that has no challenge", func(r *rig, code string) *reply {
			return r.exchange(code, "code_verifier", strings.Repeat("v", 43))
		}},
		{"for a person who is disabled", func(r *rig, code string) *reply { r.anna.Enabled = false; return r.exchange(code) }},
		{"for a person who is gone", func(r *rig, code string) *reply {
			r.server.UserDeleted(r.env.ID, r.anna.ID)
			r.env.RemoveUser(r.anna)
			return r.exchange(code)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			code := r.browser().code()
			requireOAuth(t, test.use(r, code), 400, "invalid_grant")
		})
	}
	t.Run("a failed attempt of its own client uses it up", func(t *testing.T) {
		r := newRig(t)
		code := r.browser().code()
		requireOAuth(t, r.exchange(code, "redirect_uri", "https://evil.example.com"), 400, "invalid_grant")
		requireOAuth(t, r.exchange(code), 400, "invalid_grant")
	})
	t.Run("a foreign attempt does not", func(t *testing.T) {
		r := newRig(t)
		other := r.addApp("Other")
		code := r.browser().code()
		requireOAuth(t, r.tokenAs(other.ID, other.Secret, "grant_type", "authorization_code", "code", code), 400, "invalid_grant")
		requireOAuth(t, r.tokenAs(r.app.ID, "wrong", "grant_type", "authorization_code", "code", code), 401, "invalid_client")
		require.Equal(t, 200, r.exchange(code).StatusCode)
	})
	t.Run("the second use takes back what the first gave", func(t *testing.T) {
		r := newRig(t)
		r.app.GrantTypes = append(r.app.GrantTypes, "REFRESH_TOKEN")
		code := r.browser().code()
		tokens := r.exchange(code)
		_, ok := r.server.Authenticate(tokens.json("access_token").String())
		require.True(t, ok)
		requireOAuth(t, r.exchange(code), 400, "invalid_grant")
		_, ok = r.server.Authenticate(tokens.json("access_token").String())
		require.False(t, ok)
		requireOAuth(t, r.token("grant_type", "refresh_token", "refresh_token", tokens.json("refresh_token").String()), 400, "invalid_grant")
	})
	t.Run("without a redirect URI at authorize, none or a registered one will do", func(t *testing.T) {
		r := newRig(t)
		require.Equal(t, 200, r.token("grant_type", "authorization_code", "code", r.browser().code("redirect_uri", "-")).StatusCode)
		require.Equal(t, 200, r.exchange(r.browser().code("redirect_uri", "-")).StatusCode)
		requireOAuth(t, r.exchange(r.browser().code("redirect_uri", "-"), "redirect_uri", "https://evil.example.com"), 400, "invalid_grant")
	})
}

func TestPKCE(t *testing.T) {
	verifier := strings.Repeat("v-_.~0", 8)
	digest := sha256.Sum256([]byte(verifier))
	hashed := base64.RawURLEncoding.EncodeToString(digest[:])
	tests := []struct {
		name, challenge, method, verifier string
		good                              bool
	}{
		{"S256", hashed, "S256", verifier, true},
		{"plain by name", verifier, "plain", verifier, true},
		{"plain by default", verifier, "-", verifier, true},
		{"a wrong verifier", hashed, "S256", verifier + "x", false},
		{"no verifier", hashed, "S256", "", false},
		{"the challenge as verifier", hashed, "S256", hashed, false},
		{"plain taken for S256", verifier, "S256", verifier, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			r.app.TokenEndpointAuthMethod, r.app.PKCEEnforcement = "NONE", "REQUIRED"
			code := r.browser().code("code_challenge", test.challenge, "code_challenge_method", test.method)
			answer := r.post("", url.Values{
				"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirectURI},
				"client_id": {r.app.ID}, "code_verifier": {test.verifier},
			})
			if test.good {
				require.Equal(t, 200, answer.StatusCode, answer.body)
			} else {
				requireOAuth(t, answer, 400, "invalid_grant")
			}
		})
	}
}

func TestTokenClaims(t *testing.T) {
	r := newRig(t)
	r.policy(r.app, "Login", tenant.Action{Type: "LOGIN"})
	r.anna.Profile["mobilePhone"] = "+1.5125550101"
	b := r.browser()
	signedOn := r.now
	done := b.signOn("scope", "openid profile email phone", "nonce", "n-7")
	r.pass(30 * time.Second)
	tokens := r.exchange(b.resume(done).json("authorizeResponse.code").String())
	require.Equal(t, "openid profile email phone", tokens.json("scope").String())

	access, err := signingKey().verify(tokens.json("access_token").String())
	require.NoError(t, err)
	id := r.verifyID(tokens.json("id_token").String())
	for name, want := range map[string]any{
		"sub": r.anna.ID, "acr": "Login", "nonce": "n-7", "env": r.env.ID, "org": r.env.OrganizationID, "p1.region": "NA",
		"preferred_username": "anna", "given_name": "Anna", "family_name": "Example", "email": "anna@example.com",
		"phone_number": "+1.5125550101", "sid": done.json("session.id").String(),
		"iat": float64(r.now.Unix()), "exp": float64(r.now.Unix() + 3600), "auth_time": float64(signedOn.Unix()),
	} {
		require.Equal(t, want, id[name], name)
	}
	require.Equal(t, []any{"pwd"}, id["amr"])
	require.Equal(t, id["sid"], access["sid"])
	require.Equal(t, r.app.ID, access["client_id"])
	for _, name := range []string{"jti", "acr", "auth_time"} {
		require.NotContains(t, access, name, "a recorded access token has none")
	}
	signed, err := jose.ParseSignedCompact(tokens.json("access_token").String(), []jose.SignatureAlgorithm{jose.RS256})
	require.NoError(t, err)
	require.NoError(t, uuid.Validate(signed.Signatures[0].Header.KeyID))
	require.Equal(t, "openid profile email phone", access["scope"])
	digest := sha256.Sum256([]byte(tokens.json("access_token").String()))
	require.Equal(t, base64.RawURLEncoding.EncodeToString(digest[:16]), id["at_hash"])

	t.Run("no openid, no ID token", func(t *testing.T) {
		tokens := r.exchange(r.browser().code("scope", "profile"))
		require.Equal(t, "profile", tokens.json("scope").String())
		require.False(t, tokens.json("id_token").Exists())
	})
	t.Run("scopes that were not granted are left out", func(t *testing.T) {
		require.Equal(t, "openid", r.exchange(r.browser().code("scope", "openid address p1:read:user")).json("scope").String())
	})
	t.Run("openid goes with any OpenID grant, but not unasked", func(t *testing.T) {
		clear(r.app.Grants)
		r.grant(r.app, tenant.ResourceOpenID, "profile")
		require.Equal(t, "openid", r.exchange(r.browser().code("scope", "openid")).json("scope").String())
		require.Equal(t, "profile", r.exchange(r.browser().code("scope", "-")).json("scope").String())
	})
}

// Roles are an application's own: neither a person's token nor that of another application has them.
func TestWhoseTokenIsAWorkers(t *testing.T) {
	r := newRig(t)
	worker := r.addWorker("Environment Admin")
	r.env.Resources["stock"] = &tenant.Resource{
		Meta: tenant.Meta{ID: "stock"}, Type: tenant.ResourceCustom,
		Scopes: map[string]*tenant.Scope{"s": {Meta: tenant.Meta{ID: "s"}, Name: "read:stock"}},
	}
	r.app.Grants["stock"] = &tenant.Grant{Meta: tenant.Meta{ID: "stock"}, ResourceID: "stock", ScopeIDs: []string{"s"}}
	r.app.GrantTypes = append(r.app.GrantTypes, "CLIENT_CREDENTIALS")
	principal := func(answer *reply) Principal {
		p, ok := r.server.Authenticate(answer.json("access_token").String())
		require.True(t, ok, answer.body)
		return p
	}
	own := principal(r.tokenAs(worker.ID, worker.Secret, "grant_type", "client_credentials"))
	require.Equal(t, []any{true, ""}, []any{own.Worker, own.UserID})
	service := principal(r.token("grant_type", "client_credentials", "scope", "read:stock"))
	require.Equal(t, []any{false, ""}, []any{service.Worker, service.UserID})
	code := r.browser().code()
	r.app.Type = "WORKER"
	person := principal(r.exchange(code))
	require.Equal(t, []any{false, r.anna.ID}, []any{person.Worker, person.UserID})
}

func TestAuthenticateRefuses(t *testing.T) {
	r := newRig(t)
	tokens := r.exchange(r.browser().code())
	token := tokens.json("access_token").String()
	foreign, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	c, err := signingKey().verify(token)
	require.NoError(t, err)
	parts := strings.Split(token, ".")
	payload, err := json.Marshal(c)
	require.NoError(t, err)

	tests := map[string]string{
		"nothing":                     "",
		"rubbish":                     "rubbish",
		"an ID token":                 tokens.json("id_token").String(),
		"a foreign key":               signedBy(t, jose.RS256, foreign, c),
		"the same claims unsigned":    unsigned(t, c),
		"the public key as a secret":  signedBy(t, jose.HS256, signingKey().private.N.Bytes(), c),
		"altered claims":              parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(payload), r.anna.ID, r.app.ID, 1))) + "." + parts[2],
		"an environment that is gone": signedBy(t, jose.RS256, signingKey().private, Claims{"env": r.tenant.NewID(), "client_id": r.app.ID, "exp": r.now.Unix() + 60}),
		"no expiry":                   signedBy(t, jose.RS256, signingKey().private, Claims{"env": r.env.ID, "client_id": r.app.ID}),
		"an application that is gone": signedBy(t, jose.RS256, signingKey().private, Claims{"env": r.env.ID, "client_id": "x", "exp": r.now.Unix() + 60}),
	}
	for name, bearer := range tests {
		t.Run(name, func(t *testing.T) {
			_, ok := r.server.Authenticate(bearer)
			require.False(t, ok)
		})
	}
	_, ok := r.server.Authenticate(token)
	require.True(t, ok)
	r.app.Enabled = false
	_, ok = r.server.Authenticate(token)
	require.False(t, ok, "a disabled application")
	r.app.Enabled, r.anna.Enabled = true, false
	_, ok = r.server.Authenticate(token)
	require.False(t, ok, "a disabled person")
}
