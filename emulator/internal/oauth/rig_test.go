package oauth

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/emulator/internal/expiring"
	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

const (
	origin       = "http://127.0.0.1:9000"
	redirectURI  = "https://shop.example.com/back"
	goodPassword = "Quiet-Harbour-52"
)

// rig is an emulator's authorization server over one environment, with a clock
// that stands still until it is moved.
type rig struct {
	t      *testing.T
	now    time.Time
	tenant *tenant.Tenant
	server *Server
	router http.Handler
	env    *tenant.Environment
	app    *tenant.Application
	anna   *tenant.User
}

func newRig(t *testing.T, o ...Options) *rig {
	t.Helper()
	r := &rig{t: t, now: time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)}
	r.tenant = tenant.New(tenant.Options{
		Now:    func() time.Time { return r.now },
		Random: rand.NewChaCha8([32]byte{1}),
	})
	r.server = New(r.tenant, append(o, Options{})[0])
	router, err := wire.NewRouter(r.server.Routes(), wire.RouterOptions{
		Lock: r.tenant, Reading: r.tenant.Reading(), NewID: r.tenant.NewID, Now: r.tenant.Now, Wrap: []wire.Middleware{r.server.VerifyTokens},
	})
	require.NoError(t, err)
	r.router = router
	r.env = r.tenant.AddEnvironment(tenant.EnvironmentSpec{Name: "Test", Type: "SANDBOX", Region: "NA", Methods: []string{"sms", "email", "totp"}})
	r.app = r.addApp("Example Shop")
	r.grant(r.app, tenant.ResourceOpenID, "openid", "profile", "email", "phone")
	r.anna = r.addUser("anna")
	return r
}

func (r *rig) addApp(name string) *tenant.Application {
	app := &tenant.Application{
		Meta: r.tenant.NewMeta(r.tenant.Now()), Name: name, Enabled: true, Type: "WEB_APP", Protocol: "OPENID_CONNECT",
		GrantTypes: []string{"AUTHORIZATION_CODE"}, ResponseTypes: []string{"CODE"}, RedirectURIs: []string{redirectURI},
		PostLogoutRedirectURIs:  []string{"https://shop.example.com/bye"},
		TokenEndpointAuthMethod: "CLIENT_SECRET_BASIC", PKCEEnforcement: "OPTIONAL", Secret: r.tenant.NewSecret(64),
		Grants: map[string]*tenant.Grant{}, Assignments: map[string]*tenant.Assignment{},
	}
	r.env.Applications[app.ID] = app
	return app
}

func (r *rig) grant(app *tenant.Application, resourceType string, names ...string) {
	resource := r.env.ResourceOfType(resourceType)
	g := &tenant.Grant{Meta: r.tenant.NewMeta(r.tenant.Now()), ResourceID: resource.ID}
	for _, scope := range resource.Scopes.Sorted() {
		for _, name := range names {
			if scope.Name == name {
				g.ScopeIDs = append(g.ScopeIDs, scope.ID)
			}
		}
	}
	require.Len(r.t, g.ScopeIDs, len(names))
	app.Grants[g.ID] = g
}

func (r *rig) addUser(name string) *tenant.User {
	u := &tenant.User{
		Meta: r.tenant.NewMeta(r.tenant.Now()), Enabled: true, Devices: map[string]*tenant.Device{},
		Profile: map[string]any{
			"username": name, "email": name + "@example.com",
			"name": map[string]any{"given": strings.ToUpper(name[:1]) + name[1:], "family": "Example"},
		},
	}
	r.tenant.SetPassword(u, goodPassword, false)
	r.env.PutUser(u)
	return u
}

func (r *rig) addDevice(u *tenant.User, kind, address string) *tenant.Device {
	d := &tenant.Device{Meta: r.tenant.NewMeta(r.tenant.Now()), Type: kind, Status: "ACTIVE"}
	switch kind {
	case "EMAIL":
		d.Email = address
	case "TOTP":
		d.Secret = address
	default:
		d.Phone = address
	}
	u.MFAEnabled = true
	u.Devices[d.ID] = d
	return d
}

// policy assigns a policy of these actions, by ascending priority, to the app.
func (r *rig) policy(app *tenant.Application, name string, actions ...tenant.Action) *tenant.SignOnPolicy {
	p := &tenant.SignOnPolicy{Meta: r.tenant.NewMeta(r.tenant.Now()), Name: name, Actions: map[string]*tenant.Action{}}
	for i, action := range actions {
		action.Meta, action.Priority = r.tenant.NewMeta(r.tenant.Now()), 10*(i+1)
		p.Actions[action.ID] = &action
	}
	r.env.Policies[p.ID] = p
	a := &tenant.Assignment{Meta: r.tenant.NewMeta(r.tenant.Now()), PolicyID: p.ID, Priority: 10 * (len(app.Assignments) + 1)}
	app.Assignments[a.ID] = a
	return p
}

func (r *rig) pass(d time.Duration) { r.now = r.now.Add(d) }

// userAgent has a cookie jar, as a person's browser has.
type userAgent struct {
	*rig
	cookies map[string]string
}

func (r *rig) browser() *userAgent { return &userAgent{rig: r, cookies: map[string]string{}} }

// reply is an answer with its body as text.
type reply struct {
	*http.Response
	body string
}

func (a *reply) json(path string) gjson.Result { return gjson.Get(a.body, path) }

func (a *reply) location() *url.URL {
	u, err := url.Parse(a.Header.Get("Location"))
	if err != nil {
		return &url.URL{}
	}
	return u
}

func (b *userAgent) send(method, target, mediaType, body string, header ...string) *reply {
	b.t.Helper()
	request := httptest.NewRequest(method, target, strings.NewReader(body))
	request.Host = strings.TrimPrefix(origin, "http://")
	if mediaType != "" {
		request.Header.Set("Content-Type", mediaType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	for name, value := range b.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	recorder := httptest.NewRecorder()
	b.router.ServeHTTP(recorder, request)
	answer := &reply{recorder.Result(), recorder.Body.String()}
	for _, cookie := range answer.Cookies() {
		if cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
			continue
		}
		b.cookies[cookie.Name] = cookie.Value
	}
	return answer
}

func (r *rig) path(suffix string) string { return "/" + r.env.ID + suffix }

// authorize sends an authorization request in pi.flow mode; more changes it, and
// a parameter given as "-" is left out.
func (b *userAgent) authorize(more ...string) *reply {
	b.t.Helper()
	return b.send("GET", b.path("/as/authorize?"+b.query(more...).Encode()), "", "")
}

func (r *rig) query(more ...string) url.Values {
	query := url.Values{
		"client_id": {r.app.ID}, "response_type": {"code"}, "response_mode": {"pi.flow"},
		"redirect_uri": {redirectURI}, "scope": {"openid profile"},
	}
	for i := 0; i+1 < len(more); i += 2 {
		query.Set(more[i], more[i+1])
		if more[i+1] == "-" {
			query.Del(more[i])
		}
	}
	return query
}

// act posts a flow action to the flow's own link of that name, or to the flow
// itself when it has none.
func (b *userAgent) act(state *reply, rel string, body any) *reply {
	b.t.Helper()
	encoded, err := json.Marshal(body)
	require.NoError(b.t, err)
	return b.send("POST", b.path("/flows/"+state.json("id").String()), mediaTypeOf(rel), string(encoded))
}

func (b *userAgent) read(state *reply) *reply {
	return b.send("GET", b.path("/flows/"+state.json("id").String()), "", "")
}

func (b *userAgent) resume(state *reply) *reply {
	return b.send("GET", b.path("/as/resume?flowId="+state.json("id").String()), "", "")
}

func (b *userAgent) login(state *reply, name, password string) *reply {
	b.t.Helper()
	return b.act(state, flow.CheckPassword, object{"username": name, "password": password})
}

// signOn takes anna through a policy that wants nothing but her password.
func (b *userAgent) signOn(more ...string) *reply {
	b.t.Helper()
	state := b.authorize(more...)
	require.Equal(b.t, flow.PasswordRequired, state.json("status").String(), state.body)
	done := b.login(state, "anna", goodPassword)
	require.Equal(b.t, flow.Completed, done.json("status").String(), done.body)
	return done
}

// code takes anna through such a policy to her authorization code.
func (b *userAgent) code(more ...string) string {
	b.t.Helper()
	code := b.resume(b.signOn(more...)).json("authorizeResponse.code").String()
	require.NotEmpty(b.t, code)
	return code
}

// token calls the token endpoint with the app's credentials as Basic.
func (r *rig) token(more ...string) *reply {
	return r.tokenAs(r.app.ID, r.app.Secret, more...)
}

func (r *rig) tokenAs(id, secret string, more ...string) *reply {
	return r.callAs("/as/token", id, secret, more...)
}

// tokenCall calls another endpoint of the kind with the app's credentials as Basic.
func (r *rig) tokenCall(path string, more ...string) *reply {
	return r.callAs(path, r.app.ID, r.app.Secret, more...)
}

func (r *rig) callAs(path, id, secret string, more ...string) *reply {
	request := httptest.NewRequest("POST", "/", nil)
	request.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
	form := url.Values{}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return r.browser().send("POST", r.path(path), formType, form.Encode(), "Authorization", request.Header.Get("Authorization"))
}

func (r *rig) exchange(code string, more ...string) *reply {
	return r.token(append([]string{"grant_type", "authorization_code", "code", code, "redirect_uri", redirectURI}, more...)...)
}

// requireProblem holds a refusal of a flow or of authorize against PingOne's error body.
func requireProblem(t *testing.T, answer *reply, status int, code, detail, target string) {
	t.Helper()
	require.Equal(t, status, answer.StatusCode, answer.body)
	require.Equal(t, code, answer.json("code").String(), answer.body)
	require.Equal(t, detail, answer.json("details.0.code").String(), answer.body)
	require.Equal(t, target, answer.json("details.0.target").String(), answer.body)
	require.NotEmpty(t, answer.json("id").String())
}

// requireOAuth holds a refusal against OAuth's error body.
func requireOAuth(t *testing.T, answer *reply, status int, code string) {
	t.Helper()
	require.Equal(t, status, answer.StatusCode, answer.body)
	require.Equal(t, code, answer.json("error").String(), answer.body)
	require.Contains(t, answer.json("error_description").String(), "Correlation ID")
}

// verifyID verifies an ID token as a relying party does, with what jwks and
// discovery say.
func (r *rig) verifyID(token string) Claims {
	r.t.Helper()
	b := r.browser()
	issuer := b.send("GET", r.path("/as/.well-known/openid-configuration"), "", "").json("issuer").String()
	var keys jose.JSONWebKeySet
	require.NoError(r.t, json.Unmarshal([]byte(b.send("GET", r.path("/as/jwks"), "", "").body), &keys))
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
	require.NoError(r.t, err)
	found := keys.Key(signed.Signatures[0].Header.KeyID)
	require.Len(r.t, found, 1)
	payload, err := signed.Verify(found[0])
	require.NoError(r.t, err)
	c, err := decodeClaims(payload)
	require.NoError(r.t, err)
	require.Equal(r.t, issuer, c["iss"])
	require.Equal(r.t, r.app.ID, c["aud"])
	require.True(r.t, c.alive(r.now))
	return c
}

// held is how many values a map holds.
func held[T any](m *expiring.Map[T]) int {
	count := 0
	m.DropIf(func(T) bool { count++; return false })
	return count
}
