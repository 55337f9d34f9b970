package emulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
	"golang.org/x/oauth2"

	"pingone-conformance/emulator"
)

const (
	backTo    = "https://shop.example.com/back"
	byeTo     = "https://shop.example.com/bye"
	annasOwn  = "2Fish&Chips"
	flowMedia = "application/vnd.pingidentity.usernamePassword.check+json"
)

// party is a relying party that knows golang.org/x/oauth2, go-oidc and the discovery document, and nothing of PingOne.
type party struct {
	t        *testing.T
	admin    *caller
	provider *oidc.Provider
	config   oauth2.Config
	app      gjson.Result
	ctx      context.Context
}

// newParty registers an application, with these settings besides, and Anna, who signs on to it with a password.
func newParty(t *testing.T, settings object) *party {
	t.Helper()
	server := start(t, emulator.Options{})
	admin := authorized(t, server)
	body := object{
		"name": "Shop", "enabled": true, "type": "WEB_APP", "protocol": "OPENID_CONNECT", "grantTypes": []string{"AUTHORIZATION_CODE", "REFRESH_TOKEN"},
		"responseTypes": []string{"CODE"}, "tokenEndpointAuthMethod": "CLIENT_SECRET_BASIC", "redirectUris": []string{backTo}, "postLogoutRedirectUris": []string{byeTo},
	}
	for name, value := range settings {
		body[name] = value
	}
	p := &party{t: t, admin: admin, app: admin.create("/applications", body), ctx: oidc.ClientContext(t.Context(), admin.http)}
	policy := admin.create("/signOnPolicies", object{"name": "Password"}).Get("id").String()
	admin.create("/signOnPolicies/"+policy+"/actions", object{"type": "LOGIN", "priority": 1})
	admin.create("/applications/"+p.id()+"/signOnPolicyAssignments", object{"priority": 1, "signOnPolicy": object{"id": policy}})
	population := admin.create("/populations", object{"name": "Shoppers"}).Get("id").String()
	user := admin.create("/users", object{"username": "anna", "email": "anna@example.com", "population": object{"id": population}})
	status, answer := admin.call(http.MethodPut, user.Get(`_links.password\.set.href`).String(), "application/vnd.pingidentity.password.set+json", object{"value": annasOwn})
	require.Equal(t, http.StatusOK, status, answer.Raw)

	var err error
	p.provider, err = oidc.NewProvider(p.ctx, server.URL()+"/"+admin.env+"/as")
	require.NoError(t, err)
	p.config = oauth2.Config{ClientID: p.id(), ClientSecret: p.secret(), Endpoint: p.provider.Endpoint(), RedirectURL: backTo, Scopes: []string{oidc.ScopeOpenID}}
	p.config.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	return p
}

func (p *party) id() string { return p.app.Get("id").String() }

func (p *party) secret() string {
	return p.admin.get("/applications/" + p.id() + "/secret").Get("secret").String()
}

// endpoint is an address of the discovery document.
func (p *party) endpoint(name string) string {
	var all map[string]any
	require.NoError(p.t, p.provider.Claims(&all))
	address, _ := all[name].(string)
	require.NotEmpty(p.t, address, name)
	return address
}

// browser is Anna's, which follows no redirect by itself.
func (p *party) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	require.NoError(p.t, err)
	return &http.Client{Jar: jar, Transport: p.admin.http.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// visited is where a browser is sent by an address, and what it is shown.
type visited struct {
	status int
	to     *url.URL
	page   string
}

func (p *party) visit(browser *http.Client, request *http.Request) visited {
	response, err := browser.Do(request)
	require.NoError(p.t, err)
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	require.NoError(p.t, err)
	to, err := url.Parse(response.Header.Get("Location"))
	require.NoError(p.t, err)
	return visited{response.StatusCode, to, string(page)}
}

func (p *party) open(browser *http.Client, address string) visited {
	request, err := http.NewRequest(http.MethodGet, address, nil)
	require.NoError(p.t, err)
	return p.visit(browser, request)
}

// signOn is where Anna's browser ends after she has given her password where an address asks for it.
func (p *party) signOn(browser *http.Client, address string) visited {
	begun := p.open(browser, address)
	flow := begun.to.Query().Get("flowId")
	require.NotEmpty(p.t, flow, "%d %s %s", begun.status, begun.to, begun.page)
	base, _, _ := strings.Cut(p.config.Endpoint.AuthURL, "/as/")
	credentials, err := json.Marshal(object{"username": "anna", "password": annasOwn})
	require.NoError(p.t, err)
	request, err := http.NewRequest(http.MethodPost, base+"/flows/"+flow, strings.NewReader(string(credentials)))
	require.NoError(p.t, err)
	request.Header.Set("Content-Type", flowMedia)
	done := p.visit(browser, request)
	require.Equal(p.t, "COMPLETED", gjson.Get(done.page, "status").String(), done.page)
	return p.open(browser, gjson.Get(done.page, "resumeUrl").String())
}

// tokens are those of a sign-on in a browser.
func (p *party) tokens(browser *http.Client) *oauth2.Token {
	back := p.signOn(browser, p.config.AuthCodeURL("a state"))
	require.Equal(p.t, "a state", back.to.Query().Get("state"), back.page)
	tokens, err := p.config.Exchange(p.ctx, back.to.Query().Get("code"))
	require.NoError(p.t, err)
	return tokens
}

// refreshed are the tokens that a refresh token gives.
func (p *party) refreshed(token string) (*oauth2.Token, error) {
	return p.config.TokenSource(p.ctx, &oauth2.Token{RefreshToken: token}).Token()
}

// refusedBy wants OAuth's error of the token endpoint.
func refusedBy(t *testing.T, err error, status int, code string) {
	t.Helper()
	var refusal *oauth2.RetrieveError
	require.True(t, errors.As(err, &refusal), "%v", err)
	require.Equal(t, code, refusal.ErrorCode)
	require.Equal(t, status, refusal.Response.StatusCode)
}

// alive says whether userinfo and introspection take an access token.
func (p *party) alive(token *oauth2.Token) (userinfo, introspection bool) {
	_, err := p.provider.UserInfo(p.ctx, oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token.AccessToken}))
	status, answer := p.post(p.endpoint("introspection_endpoint"), url.Values{"token": {token.AccessToken}})
	require.Equal(p.t, http.StatusOK, status, answer.Raw)
	return err == nil, answer.Get("active").Bool()
}

// post sends a form as the application.
func (p *party) post(address string, form url.Values) (int, gjson.Result) {
	request, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	require.NoError(p.t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if p.config.ClientSecret != "" {
		request.SetBasicAuth(url.QueryEscape(p.config.ClientID), url.QueryEscape(p.config.ClientSecret))
	}
	return p.admin.do(request)
}
