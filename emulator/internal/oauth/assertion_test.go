package oauth

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/wire"
)

// clientKey is a key that an application publishes, made once for all tests.
var clientKey = func() *rsa.PrivateKey {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return private
}()

func keySet(private *rsa.PrivateKey) string {
	set, _ := json.Marshal(map[string]any{"keys": []any{
		map[string]any{"kty": "new", "kid": "not understood"},
		jose.JSONWebKey{Key: private.Public(), KeyID: "client-1", Algorithm: "RS256", Use: "sig"},
	}})
	return string(set)
}

// signs makes a JWT of claims.
func signs(t *testing.T, algorithm jose.SignatureAlgorithm, key any, claims object) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, nil)
	require.NoError(t, err)
	payload, err := json.Marshal(claims)
	require.NoError(t, err)
	signed, err := signer.Sign(payload)
	require.NoError(t, err)
	token, err := signed.CompactSerialize()
	require.NoError(t, err)
	return token
}

func (r *rig) assertionClaims() object {
	return object{"iss": r.app.ID, "sub": r.app.ID, "aud": origin + r.path("/as/token"), "exp": r.now.Add(time.Minute).Unix(), "jti": r.tenant.NewID()}
}

// asserted exchanges a code for a client that authenticates by an assertion.
func (r *rig) asserted(token string, more ...string) *reply {
	r.t.Helper()
	form := []string{"grant_type", "authorization_code", "code", r.browser().code(), "redirect_uri", redirectURI,
		"client_assertion_type", assertionType, "client_assertion", token}
	values := ""
	for i, name := range append(form, more...) {
		if i%2 == 0 {
			values += "&" + name + "="
			continue
		}
		values += name
	}
	return r.browser().send("POST", r.path("/as/token"), formType, values[1:])
}

func TestClientsAuthenticateByAssertion(t *testing.T) {
	for name, row := range map[string]struct {
		method    string
		algorithm jose.SignatureAlgorithm
		claims    func(*rig, object)
		status    int
	}{
		"the secret":                     {"CLIENT_SECRET_JWT", jose.HS256, nil, 200},
		"the secret, longer":             {"CLIENT_SECRET_JWT", jose.HS512, nil, 200},
		"a key":                          {"PRIVATE_KEY_JWT", jose.RS256, nil, 200},
		"a key, longer":                  {"PRIVATE_KEY_JWT", jose.RS512, nil, 200},
		"for the issuer":                 {"PRIVATE_KEY_JWT", jose.RS256, func(r *rig, c object) { c["aud"] = []string{origin + r.path("/as")} }, 200},
		"a key where the secret is due":  {"CLIENT_SECRET_JWT", jose.RS256, nil, 401},
		"the secret where a key is due":  {"PRIVATE_KEY_JWT", jose.HS256, nil, 401},
		"where Basic is due":             {"CLIENT_SECRET_BASIC", jose.HS256, nil, 401},
		"for somebody else":              {"PRIVATE_KEY_JWT", jose.RS256, func(_ *rig, c object) { c["aud"] = "https://other.example.com" }, 401},
		"about somebody else":            {"PRIVATE_KEY_JWT", jose.RS256, func(r *rig, c object) { c["sub"] = r.anna.ID }, 401},
		"too old":                        {"PRIVATE_KEY_JWT", jose.RS256, func(r *rig, c object) { c["exp"] = r.now.Unix() }, 401},
		"for ever":                       {"PRIVATE_KEY_JWT", jose.RS256, func(_ *rig, c object) { delete(c, "exp") }, 401},
		"by an application that is none": {"PRIVATE_KEY_JWT", jose.RS256, func(_ *rig, c object) { c["iss"] = "x" }, 401},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.app.TokenEndpointAuthMethod, r.app.Sent = row.method, map[string]any{"jwks": keySet(clientKey)}
			claims := r.assertionClaims()
			if row.claims != nil {
				row.claims(r, claims)
			}
			var key any = []byte(r.app.Secret)
			if row.algorithm[0] == 'R' {
				key = clientKey
			}
			answer := r.asserted(signs(t, row.algorithm, key, claims))
			require.Equal(t, row.status, answer.StatusCode, answer.body)
			if row.status != 200 {
				requireOAuth(t, answer, 401, "invalid_client")
			}
		})
	}
}

// An assertion with a jti is good once, for one client and until it expires.
func TestAnAssertionIsGoodOnce(t *testing.T) {
	r := newRig(t)
	r.app.TokenEndpointAuthMethod, r.app.Sent = "PRIVATE_KEY_JWT", map[string]any{"jwks": keySet(clientKey)}
	claims := r.assertionClaims()
	token := signs(t, jose.RS256, clientKey, claims)
	require.Equal(t, 200, r.asserted(token).StatusCode)
	requireOAuth(t, r.asserted(token), 401, "invalid_client")
	claims["exp"] = r.now.Add(50 * time.Second).Unix()
	requireOAuth(t, r.asserted(signs(t, jose.RS256, clientKey, claims)), 401, "invalid_client")
	first := claims["jti"]
	claims["jti"] = "2"
	claims["aud"] = "https://other.example.com"
	requireOAuth(t, r.asserted(signs(t, jose.RS256, clientKey, claims)), 401, "invalid_client")
	claims["aud"] = origin + r.path("/as/token")
	require.Equal(t, 200, r.asserted(signs(t, jose.RS256, clientKey, claims)).StatusCode, "one that was refused is not used up")
	delete(claims, "jti")
	token = signs(t, jose.RS256, clientKey, claims)
	require.Equal(t, 200, r.asserted(token).StatusCode)
	require.Equal(t, 200, r.asserted(token).StatusCode, "nothing tells it from another")
	r.pass(2 * time.Minute)
	claims = r.assertionClaims()
	claims["jti"] = first
	require.Equal(t, 200, r.asserted(signs(t, jose.RS256, clientKey, claims)).StatusCode, "the first has expired")
}

func TestAssertionsThatAreNone(t *testing.T) {
	r := newRig(t)
	r.app.TokenEndpointAuthMethod, r.app.Sent = "PRIVATE_KEY_JWT", map[string]any{"jwks": keySet(clientKey)}
	foreign, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	good := signs(t, jose.RS256, clientKey, r.assertionClaims())
	requireOAuth(t, r.asserted("rubbish"), 401, "invalid_client")
	requireOAuth(t, r.asserted(signs(t, jose.RS256, foreign, r.assertionClaims())), 401, "invalid_client")
	requireOAuth(t, r.asserted(good, "client_secret", r.app.Secret), 401, "invalid_client")
	requireOAuth(t, r.asserted(good, "client_id", r.anna.ID), 401, "invalid_client")
	form := url.Values{"grant_type": {"authorization_code"}, "code": {"x"}, "client_assertion_type": {assertionType}, "client_assertion": {good}}
	requireOAuth(t, r.post(basic(r.app.ID, r.app.Secret), form), 401, "invalid_client")
	form.Set("client_assertion_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
	requireOAuth(t, r.post("", form), 401, "invalid_client")
	form.Del("client_assertion_type")
	requireOAuth(t, r.post("", form), 401, "invalid_client")
	require.Equal(t, 200, r.asserted(good, "client_id", r.app.ID).StatusCode)
}

// Which of a client's keys has signed is for the JWT to say, as far as both have names;
// a key that ought to be secret is none that is published.
func TestWhichKeysCount(t *testing.T) {
	named := func(id string) any { return jose.JSONWebKey{Key: clientKey, KeyID: id} }
	private, err := json.Marshal(map[string]any{"keys": []any{jose.JSONWebKey{Key: clientKey, KeyID: "client-1"}}})
	require.NoError(t, err)
	nameless, err := json.Marshal(map[string]any{"keys": []any{jose.JSONWebKey{Key: clientKey.Public()}}})
	require.NoError(t, err)
	for name, row := range map[string]struct {
		set    string
		key    any
		status int
	}{
		"by its name":                 {keySet(clientKey), named("client-1"), 200},
		"by no name":                  {keySet(clientKey), clientKey, 200},
		"by another name":             {keySet(clientKey), named("client-2"), 401},
		"a name for a key without":    {string(nameless), named("client-2"), 200},
		"a private key published":     {string(private), clientKey, 401},
		"a set that is none":          {`{"keys":"` + "client-1" + `"}`, clientKey, 401},
		"a set that is cut off":       {keySet(clientKey)[:40], clientKey, 401},
		"no keys, and none elsewhere": {"", clientKey, 401},
	} {
		r := newRig(t)
		r.app.TokenEndpointAuthMethod, r.app.Sent = "PRIVATE_KEY_JWT", map[string]any{"jwks": row.set}
		require.Equal(t, row.status, r.asserted(signs(t, jose.RS256, row.key, r.assertionClaims())).StatusCode, name)
	}
}

// What a jwksUrl answers is keys when it says so itself, in time and in a sensible length,
// and nobody is asked who need not be.
func TestAddressesThatGiveNoKeys(t *testing.T) {
	asked, set := 0, keySet(clientKey)
	mux := http.NewServeMux()
	give := func(path string, handle func(w http.ResponseWriter, r *http.Request)) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { asked++; handle(w, r) })
	}
	give("/good", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, set) })
	give("/gone", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = fmt.Fprint(w, set)
	})
	give("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/good", http.StatusFound) })
	give("/long", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, strings.Repeat(" ", maxKeySet)+set) })
	give("/half", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100000")
		_, _ = fmt.Fprint(w, set)
	})
	site := httptest.NewTLSServer(mux)
	defer site.Close()
	r := newRig(t)
	transport := site.Client().Transport
	r.server.http.Transport = transport
	for path, want := range map[string]int{"/good": 1, "/gone": 0, "/moved": 0, "/long": 0, "/half": 0} {
		keys, err := r.server.fetch(site.URL+path, nil)
		require.Len(t, keys, want, path)
		require.Equal(t, want == 0 && path != "/long", err != nil, path)
	}
	site.Close()
	_, err := r.server.fetch(site.URL+"/good", nil)
	require.Error(t, err)
	hungUp := make(chan struct{})
	close(hungUp)
	waiting := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer waiting.Close()
	_, err = r.server.fetch(waiting.URL, hungUp)
	require.ErrorIs(t, err, context.Canceled, "nobody waits for the answer any more")

	asked = 0
	r.app.TokenEndpointAuthMethod, r.app.Sent = "PRIVATE_KEY_JWT", map[string]any{"jwks": set, "jwksUrl": waiting.URL}
	call := &wire.Call{
		URL: &url.URL{Path: r.path("/as/token")}, Header: http.Header{"Content-Type": {formType}},
		Body: []byte(url.Values{"client_assertion": {signs(t, jose.RS256, clientKey, r.assertionClaims())}}.Encode()),
	}
	require.Empty(t, r.server.keysNeeded(call), "it publishes them itself")
	delete(r.app.Sent, "jwks")
	require.Equal(t, waiting.URL, r.server.keysNeeded(call))
	call.URL.Path = "/" + r.tenant.NewID() + "/as/token"
	require.Empty(t, r.server.keysNeeded(call), "no such environment")
	call.URL.Path = r.path("/as/token")
	delete(r.env.Applications, r.app.ID)
	require.Empty(t, r.server.keysNeeded(call), "no such application")
}

// TestKeysAtAnAddress: the keys of a jwksUrl are asked for once, and again when they
// have grown old.
func TestKeysAtAnAddress(t *testing.T) {
	asked, set := 0, keySet(clientKey)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		_, err := fmt.Fprint(w, set)
		assert.NoError(t, err)
	}))
	defer site.Close()
	r := newRig(t)
	router, err := wire.NewRouter(r.server.Routes(), wire.RouterOptions{
		Lock: r.tenant, NewID: r.tenant.NewID, Now: r.tenant.Now, Wrap: []wire.Middleware{r.server.FetchKeys},
	})
	require.NoError(t, err)
	r.router = router
	r.app.TokenEndpointAuthMethod, r.app.Sent = "PRIVATE_KEY_JWT", map[string]any{"jwksUrl": site.URL + "/jwks"}
	for range 2 {
		require.Equal(t, 200, r.asserted(signs(t, jose.RS256, clientKey, r.assertionClaims())).StatusCode)
	}
	require.Equal(t, 1, asked)

	set = `{"keys":[]}`
	r.pass(keysLife)
	requireOAuth(t, r.asserted(signs(t, jose.RS256, clientKey, r.assertionClaims())), 401, "invalid_client")
	require.Equal(t, 2, asked)
	for _, address := range []string{"http://keys.example.com/", "file:///etc/passwd", "::"} {
		_, err := r.server.fetch(address, nil)
		require.ErrorContains(t, err, "https", address)
	}
}

func TestRequestObjectSignedWithAPublishedKey(t *testing.T) {
	r := newRig(t)
	r.app.Sent = map[string]any{"jwks": keySet(clientKey)}
	claims := object{"iss": r.app.ID, "aud": origin + r.path("/as"), "scope": "openid", "state": "signed"}
	state := r.browser().authorize("request", signs(t, jose.RS256, clientKey, claims))
	require.Equal(t, flow.PasswordRequired, state.json("status").String(), state.body)
	claims["iss"] = r.anna.ID
	requireProblem(t, r.browser().authorize("request", signs(t, jose.RS256, clientKey, claims)), 400, "INVALID_DATA", "INVALID_VALUE", "request")
}
