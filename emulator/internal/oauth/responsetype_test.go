package oauth

import (
	"net/url"
	"slices"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
)

// everyResponse lets the app have every response type.
func (r *rig) everyResponse() {
	r.app.ResponseTypes = []string{"CODE", "TOKEN", "ID_TOKEN"}
	r.app.GrantTypes = []string{"AUTHORIZATION_CODE", "IMPLICIT"}
}

// inFragment signs anna on in redirect mode, and returns what the redirect URI gets.
func (b *userAgent) inFragment(more ...string) url.Values {
	b.t.Helper()
	b.signOn()
	answer := b.authorize(append([]string{"response_mode", "-"}, more...)...)
	require.Equal(b.t, 302, answer.StatusCode, answer.body)
	require.Empty(b.t, answer.location().RawQuery)
	values, err := url.ParseQuery(answer.location().EscapedFragment())
	require.NoError(b.t, err)
	return values
}

func TestResponseTypes(t *testing.T) {
	for responseType, row := range map[string]struct {
		names   []string // of what the fragment holds, beside state
		hashes  []string // that its ID token has
		useCode bool
	}{
		"id_token":            {[]string{"id_token"}, nil, false},
		"token":               {[]string{"access_token", "expires_in", "scope", "token_type"}, nil, false},
		"token id_token":      {[]string{"access_token", "expires_in", "id_token", "scope", "token_type"}, []string{"at_hash"}, false},
		"id_token token":      {[]string{"access_token", "expires_in", "id_token", "scope", "token_type"}, []string{"at_hash"}, false},
		"code id_token":       {[]string{"code", "id_token"}, []string{"c_hash"}, true},
		"code token":          {[]string{"access_token", "code", "expires_in", "scope", "token_type"}, nil, true},
		"code token id_token": {[]string{"access_token", "code", "expires_in", "id_token", "scope", "token_type"}, []string{"at_hash", "c_hash"}, true},
	} {
		t.Run(responseType, func(t *testing.T) {
			r := newRig(t)
			r.everyResponse()
			front := r.browser().inFragment("response_type", responseType, "nonce", "n-1", "state", "s-1")
			require.Equal(t, "s-1", front.Get("state"))
			front.Del("state")
			names := []string{}
			for name := range front {
				names = append(names, name)
			}
			slices.Sort(names)
			require.Equal(t, row.names, names)
			if token := front.Get("id_token"); token != "" {
				claims := r.verifyID(token)
				require.Equal(t, "n-1", claims["nonce"])
				require.Equal(t, r.anna.ID, claims["sub"])
				for hash, of := range map[string]string{"at_hash": "access_token", "c_hash": "code"} {
					require.Equal(t, slices.Contains(row.hashes, hash), claims[hash] == halfHash(front.Get(of)), hash)
				}
			}
			if token := front.Get("access_token"); token != "" {
				p, good := r.server.Authenticate(token)
				require.True(t, good)
				require.Equal(t, r.anna.ID, p.UserID)
				require.Equal(t, []string{"3600", "Bearer"}, []string{front.Get("expires_in"), front.Get("token_type")})
			}
			if row.useCode {
				require.Equal(t, 200, r.exchange(front.Get("code")).StatusCode)
				requireOAuth(t, r.exchange(front.Get("code")), 400, "invalid_grant")
				_, good := r.server.Authenticate(front.Get("access_token"))
				require.False(t, good, "a code used twice takes back what came with it")
			}
		})
	}
}

func TestResponseTypesByFormAndInAFlow(t *testing.T) {
	r := newRig(t)
	r.everyResponse()
	b := r.browser()
	b.signOn()
	page := b.authorize("response_type", "id_token", "response_mode", "form_post", "nonce", "n")
	require.Contains(t, page.body, `name="id_token"`)
	answered := b.authorize("response_type", "code token", "nonce", "n").json("authorizeResponse")
	require.NotEmpty(t, answered.Get("code").String())
	require.NotEmpty(t, answered.Get("access_token").String())

	waiting := r.browser()
	state := waiting.authorize("response_type", "token")
	waiting.login(state, "anna", goodPassword)
	first := waiting.resume(state).json("authorizeResponse.access_token").String()
	require.NotEmpty(t, first)
	require.Equal(t, first, waiting.resume(state).json("authorizeResponse.access_token").String(), "a second resume shows the same")
}

// TestResponseTypesAreRefused: what is refused, and that the refusal stands where
// the tokens would have stood.
func TestResponseTypesAreRefused(t *testing.T) {
	for name, row := range map[string]struct {
		app   func(*rig)
		more  []string
		oauth string
	}{
		"not the application's":     {func(r *rig) { r.app.ResponseTypes = []string{"CODE"} }, []string{"response_type", "token"}, "unsupported_response_type"},
		"one twice":                 {nil, []string{"response_type", "token token"}, "unsupported_response_type"},
		"one that there is not":     {nil, []string{"response_type", "token shoe"}, "unsupported_response_type"},
		"without the implicit one":  {func(r *rig) { r.app.GrantTypes = []string{"AUTHORIZATION_CODE"} }, []string{"response_type", "token"}, "unauthorized_client"},
		"hybrid without code grant": {func(r *rig) { r.app.GrantTypes = []string{"IMPLICIT"} }, []string{"response_type", "code token"}, "unauthorized_client"},
		"tokens in a query":         {nil, []string{"response_type", "token", "response_mode", "query"}, "invalid_request"},
		"an unknown mode":           {nil, []string{"response_type", "token", "response_mode", "shout"}, "invalid_request"},
		"an ID token without nonce": {nil, []string{"response_type", "id_token"}, "invalid_request"},
		"an ID token alone":         {nil, []string{"response_type", "id_token", "nonce", "n", "scope", "profile"}, "invalid_scope"},
		"a bad request object":      {nil, []string{"response_type", "token", "request", "rubbish"}, "invalid_request"},
		"nobody signed on":          {nil, []string{"response_type", "token", "prompt", "none"}, "login_required"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.everyResponse()
			if row.app != nil {
				row.app(r)
			}
			back := r.browser().authorize(append([]string{"response_mode", "-", "state", "s-2"}, row.more...)...).location()
			require.Empty(t, back.RawQuery)
			values, err := url.ParseQuery(back.EscapedFragment())
			require.NoError(t, err)
			require.Equal(t, row.oauth, values.Get("error"), back)
			require.Equal(t, "s-2", values.Get("state"))
		})
	}
}

func TestWhatDiscoveryNamesIsThere(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	document := b.send("GET", r.path("/as/.well-known/openid-configuration"), "", "")
	for name, method := range map[string]string{
		"authorization_endpoint": "GET", "token_endpoint": "POST", "userinfo_endpoint": "GET", "jwks_uri": "GET", "end_session_endpoint": "GET",
		"introspection_endpoint": "POST", "revocation_endpoint": "POST", "pushed_authorization_request_endpoint": "POST",
		"device_authorization_endpoint": "POST", "check_session_iframe": "GET",
	} {
		u, err := url.Parse(document.json(name).String())
		require.NoError(t, err)
		answer := b.send(method, u.Path, formType, "")
		require.NotContains(t, []int{404, 405}, answer.StatusCode, name)
	}
	device := b.send("POST", r.path("/as/device_authorization"), formType, "client_id="+r.app.ID)
	requireOAuth(t, device, 400, "unsupported_grant_type")
	require.Contains(t, device.json("error_description").String(), "The emulator has no device authorization grant")
	requireOAuth(t, b.send("GET", r.path("/as/checksession"), "", ""), 400, "invalid_request")
	same := r.token("grant_type", "urn:ietf:params:oauth:grant-type:device_code", "device_code", "x")
	require.Contains(t, same.json("error_description").String(), "The emulator has no device authorization grant")
	var signs []jose.SignatureAlgorithm
	for _, one := range document.json("token_endpoint_auth_signing_alg_values_supported").Array() {
		signs = append(signs, jose.SignatureAlgorithm(one.String()))
	}
	require.ElementsMatch(t, append(rsaAlgorithms(), hmacAlgorithms()...), signs)
}
