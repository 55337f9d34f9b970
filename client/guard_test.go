package client_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// twoServers are an API and an authorization server on loopback, on two ports
// of one host, so that only the client keeps their cookies and tokens apart.
type twoServers struct {
	api, auth *httptest.Server
	seen      []*http.Request
}

func serve(t *testing.T, handler http.HandlerFunc) (*client.Client, *twoServers) {
	t.Helper()
	s := &twoServers{}
	keep := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.seen = append(s.seen, r)
		handler(w, r)
	})
	s.api, s.auth = httptest.NewServer(keep), httptest.NewServer(keep)
	t.Cleanup(s.api.Close)
	t.Cleanup(s.auth.Close)
	c, err := client.New(client.Options{APIURL: s.api.URL, AuthURL: s.auth.URL})
	require.NoError(t, err)
	return c, s
}

func (s *twoServers) last() *http.Request { return s.seen[len(s.seen)-1] }

func TestRedirectsAreAnswersAndNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		c, s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/env/elsewhere", status)
		})
		exchange, err := c.Authorize(context.Background(), "env", nil)
		require.NoError(t, err)
		require.Equal(t, status, exchange.Status)
		require.Equal(t, "/env/elsewhere", exchange.Header.Get("Location"))
		require.Len(t, s.seen, 1)
	}
}

func TestCookiesGoBackToTheAuthorizationServerOnly(t *testing.T) {
	ctx := context.Background()
	c, s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "ST", Value: "one", Path: "/"})
	})
	cookies := func() string { return s.last().Header.Get("Cookie") }

	_, err := c.ReadEnvironment(ctx, "env")
	require.NoError(t, err)
	_, err = c.WorkerToken(ctx, "env", "id", "pw", client.ClientSecretBasic)
	require.NoError(t, err)
	_, err = c.Authorize(ctx, "env", nil)
	require.NoError(t, err)
	require.Empty(t, cookies(), "neither the API nor the token endpoint fills a browser's jar")

	exchange, err := c.ReadFlow(ctx, c.FlowURL("env", "flo"))
	require.NoError(t, err)
	require.Equal(t, "ST=one", cookies())
	require.Equal(t, "ST=one", exchange.Request.Header.Get("Cookie"))

	for name, call := range map[string]func() (*client.Exchange, error){
		"the API":            func() (*client.Exchange, error) { return c.ReadEnvironment(ctx, "env") },
		"the token endpoint": func() (*client.Exchange, error) { return c.Token(ctx, "env", nil, "id", "pw", "NONE") },
		"the discovery":      func() (*client.Exchange, error) { return c.Discovery(ctx, "env") },
		"the user info":      func() (*client.Exchange, error) { return c.UserInfo(ctx, "env", "token") },
		"the keys":           func() (*client.Exchange, error) { return c.JWKS(ctx, "env", nil) },
		"another browser":    func() (*client.Exchange, error) { return c.WithFreshJar().Authorize(ctx, "env", nil) },
	} {
		_, err = call()
		require.NoError(t, err)
		require.Empty(t, cookies(), name)
	}
	_, err = c.WithToken("other").Authorize(ctx, "env", nil)
	require.NoError(t, err)
	require.Equal(t, "ST=one", cookies(), "another token is the same browser")
}

func TestOneOriginForBothKeepsTheirSecretsApart(t *testing.T) {
	ctx := context.Background()
	w := &wire{header: http.Header{"Set-Cookie": {"ST=one; Path=/"}}}
	c, err := client.New(client.Options{APIURL: "http://127.0.0.1:8080", AuthURL: "http://127.0.0.1:8080", Transport: w})
	require.NoError(t, err)
	c.SetToken("worker-token")

	_, err = c.Authorize(ctx, "env", nil)
	require.NoError(t, err)
	require.Empty(t, w.last().Header.Get("Authorization"))
	_, err = c.ReadEnvironment(ctx, "env")
	require.NoError(t, err)
	require.Empty(t, w.last().Header.Get("Cookie"))
	require.Equal(t, "Bearer worker-token", w.last().Header.Get("Authorization"))

	calls := len(w.sent)
	_, err = c.WorkerToken(ctx, "v1", "id", "pw", client.ClientSecretBasic)
	require.ErrorContains(t, err, "refused to send credentials to http://127.0.0.1:8080/v1/as/token, which is not the authorization server")
	require.Len(t, w.sent, calls, "an id that reads like the API's path sends no secret there")
}

func TestTheWorkersTokenGoesToTheAPIOnly(t *testing.T) {
	c, w := overWire(t)
	c.SetToken("worker-token")
	_, err := c.Get(context.Background(), naAuth+"/v1/environments/env")
	require.NoError(t, err)
	require.Empty(t, w.last().Header.Get("Authorization"))
}

// A link to the same host and port by the other scheme is another origin.
func TestTheSchemeBelongsToTheOrigin(t *testing.T) {
	w := &wire{}
	c, err := client.New(client.Options{APIURL: "https://127.0.0.1:8080", AuthURL: naAuth, Transport: w})
	require.NoError(t, err)
	_, err = c.Get(context.Background(), "http://127.0.0.1:8080/v1/environments/env")
	require.ErrorContains(t, err, "belongs neither")
	require.Empty(t, w.sent)
}

func TestOnlyPingOnesOwnPagesAreOpened(t *testing.T) {
	ctx, w := context.Background(), &wire{}
	c, err := client.New(client.Options{APIURL: naAPI, AuthURL: naAuth, AppsURL: "https://apps.pingone.com", Transport: w})
	require.NoError(t, err)
	c.SetToken("worker-token")
	for _, own := range []string{"https://apps.pingone.com/env/signon/?flowId=1", naAuth + "/env/signon/"} {
		_, err := c.OpenPage(ctx, own)
		require.NoError(t, err)
		require.Equal(t, own, w.last().URL.String())
		require.Empty(t, w.last().Header.Get("Authorization"))
	}
	calls := len(w.sent)
	for _, other := range []string{naAPI + "/environments", "https://evil.example.com/env/signon/", "http://127.0.0.1/env/signon/"} {
		_, err := c.OpenPage(ctx, other)
		var elsewhere *client.ElsewhereError
		require.ErrorAs(t, err, &elsewhere, other)
		require.ErrorContains(t, err, "is no page of PingOne's (https://apps.pingone.com, "+naAuth+")")
	}
	_, err = c.OpenPage(ctx, "http://apps.pingone.com/env/signon/")
	require.ErrorContains(t, err, "is plain http")
	require.Len(t, w.sent, calls)

	_, err = c.Get(ctx, "https://apps.pingone.com/env/signon/")
	require.ErrorContains(t, err, "belongs neither", "and nothing else goes to the pages' host")
}

func TestTokensOfOneScenario(t *testing.T) {
	ctx := context.Background()
	c, w := overWire(t)
	bearer := func(c *client.Client) string {
		_, err := c.ReadEnvironment(ctx, "env")
		require.NoError(t, err)
		return w.last().Header.Get("Authorization")
	}
	other := c.WithFreshJar()
	require.Empty(t, bearer(c))
	c.SetToken("worker")
	require.Equal(t, "Bearer worker", bearer(c))
	require.Equal(t, "Bearer worker", bearer(other), "another browser has the same worker")
	require.Equal(t, "Bearer anna", bearer(c.WithToken("anna")))
	require.Empty(t, bearer(c.WithToken("")))
	require.Equal(t, "Bearer worker", bearer(c))
}

// Addresses that must never be called, and the reason that is given.
var forbidden = map[string]string{
	"https://evil.example.com/v1/environments/env":     "belongs neither to the configured API nor to the configured authorization server",
	"https://api.pingone.com.evil.example.com/v1":      "belongs neither",
	"https://api.pingone.eu/v1/environments/env":       "belongs neither",
	"https://api.pingone.com:8443/v1/environments/env": "belongs neither",
	"http://127.0.0.1/v1/environments/env":             "belongs neither",
	"//evil.example.com/v1":                            "does not begin with https:// or http://",
	"http://api.pingone.com/v1/environments/env":       "is plain http",
	"https://user:pw@api.pingone.com/v1/environments":  "has user information",
	"https://api.pingone.com@evil.example.com/v1":      "has user information",
	"file:///etc/passwd":                               "does not begin with https:// or http://",
	"environments/env":                                 "does not begin with https:// or http://",
	"https:///v1":                                      "names no host",
	"":                                                 "does not begin with https:// or http://",
	"https://%zz":                                      "is not a URL",
}

func TestNoForeignAddressIsEverCalled(t *testing.T) {
	ctx := context.Background()
	for href, why := range forbidden {
		t.Run(href, func(t *testing.T) {
			c, w := overWire(t)
			c.SetToken("worker-token")

			_, err := c.Get(ctx, href)
			require.ErrorContains(t, err, why)
			require.ErrorContains(t, err, "Get: refused to call GET ")
			require.NotContains(t, err.Error(), "pw@")
			if href != "" {
				_, err = c.ReadApplicationSecret(ctx, answered(t, links(map[string]string{"secret": href})))
				require.ErrorContains(t, err, why)
				_, err = c.CheckOTP(ctx, answered(t, links(map[string]string{"otp.check": href})), "123456")
				require.ErrorContains(t, err, why)
				_, err = c.Resume(ctx, answered(t, map[string]string{"resumeUrl": href}))
				require.ErrorContains(t, err, why)
				_, err = c.JWKS(ctx, "env", answered(t, map[string]string{"jwks_uri": href}))
				require.ErrorContains(t, err, why)
			}
			require.Empty(t, w.sent, "refused before anything is sent")
		})
	}
}

func TestTheSameOriginIsRecognisedHoweverItIsWritten(t *testing.T) {
	for _, href := range []string{"https://API.PingOne.com/v1/x", "HTTPS://api.pingone.com:443/v1/x", "https://api.pingone.com/v1/x#part"} {
		c, w := overWire(t)
		c.SetToken("worker-token")
		_, err := c.Get(context.Background(), href)
		require.NoError(t, err, href)
		require.Equal(t, "Bearer worker-token", w.last().Header.Get("Authorization"))
		require.Empty(t, w.last().URL.Fragment)
	}
}

func TestURLsThatNoClientIsMadeFor(t *testing.T) {
	rows := map[string]struct{ api, auth, fault string }{
		"plain http":              {"http://api.pingone.com", naAuth, "the API's URL is plain http, which is allowed on loopback only"},
		"another path":            {naAPI + "/environments", naAuth, `the API's URL has the path "/v1/environments"`},
		"a path on the auth host": {naAPI, naAuth + "/v1", `the authorization server's URL has the path "/v1"`},
		"user information":        {"https://user:pw@api.pingone.com", naAuth, "the API's URL has user information"},
		"a query":                 {naAPI + "?x=1", naAuth, "the API's URL has a query or a fragment"},
		"a fragment":              {naAPI + "#x", naAuth, "the API's URL has a query or a fragment"},
		"no URL":                  {naAPI, "", "the authorization server's URL does not begin with https:// or http://"},
		"not quite loopback":      {"http://127.0.0.1.example.com", naAuth, "is plain http"},
		"a machine by its number": {"http://10.0.0.1", naAuth, "the API's URL is plain http, which is allowed on loopback only"},
		"the same, as the other":  {naAPI, "http://192.168.1.7:8080", "the authorization server's URL is plain http"},
		"a number of the new age": {"http://[fd00::1]:8080", naAuth, "is plain http"},
		"every machine's number":  {"http://0.0.0.0:8080", naAuth, "is plain http"},
		"just before loopback":    {"http://126.255.255.255", naAuth, "is plain http"},
		"just after loopback":     {"http://128.0.0.1", naAuth, "is plain http"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			_, err := client.New(client.Options{APIURL: row.api, AuthURL: row.auth})
			require.ErrorContains(t, err, row.fault)
		})
	}
	_, err := client.New(client.Options{APIURL: naAPI, AuthURL: naAuth, AppsURL: "http://apps.pingone.com"})
	require.ErrorContains(t, err, "the pages' URL is plain http, which is allowed on loopback only")
	for _, check := range []func(string) error{client.CheckAPIURL, client.CheckAuthURL, client.CheckURL} {
		require.ErrorContains(t, check("http://10.0.0.1"), "is plain http")
		require.NoError(t, check("https://api.pingone.com"))
	}
	for _, loopback := range []string{"HTTP://127.0.0.1:1", "http://LOCALHOST:1", "http://127.0.0.1:1", "http://127.9.9.9", "http://[::1]:1/v1", "http://localhost:1"} {
		_, err := client.New(client.Options{APIURL: loopback, AuthURL: strings.TrimSuffix(loopback, "/v1")})
		require.NoError(t, err, loopback)
	}
}

func TestBodiesAndTheirMediaTypes(t *testing.T) {
	rows := map[string]struct {
		body                  any
		given, sent, received string
	}{
		"nothing":                {nil, "", "", ""},
		"nothing, but a type":    {nil, "text/plain", "", "text/plain"},
		"a value":                {map[string]string{"otp": "<1&2>"}, "", `{"otp":"<1&2>"}`, client.JSON},
		"bytes as they are":      {[]byte(`{"broken`), "", `{"broken`, client.JSON},
		"no bytes":               {[]byte{}, client.JSON, "", client.JSON},
		"raw JSON as it is":      {[]byte(`{ "a" : 1 }`), "application/x+json", `{ "a" : 1 }`, "application/x+json"},
		"a form":                 {url.Values{"a": {"b c"}}, "", "a=b+c", "application/x-www-form-urlencoded"},
		"a form, said to be not": {url.Values{"a": {"b"}}, client.JSON, "a=b", client.JSON},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			c, w := overWire(t)
			_, err := c.Do(context.Background(), "Try", http.MethodPost, "/x", row.given, row.body)
			require.NoError(t, err)
			require.Equal(t, row.sent, w.bodies[0])
			require.Equal(t, row.received, w.last().Header.Get("Content-Type"))
			require.EqualValues(t, len(row.sent), w.last().ContentLength)
		})
	}
	c, w := overWire(t)
	_, err := c.Do(context.Background(), "Try", http.MethodPost, "/x", "", func() {})
	require.ErrorContains(t, err, "Try: the body cannot be written as JSON")
	_, err = c.Do(context.Background(), "Try", "BAD METHOD", "/x?secret=1", "", nil)
	require.ErrorContains(t, err, "Try: BAD METHOD /x cannot be sent")
	require.Empty(t, w.sent)
}
