package client_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/client"
)

// Links that lead elsewhere than the documented paths, to show that they are
// followed and not rebuilt.
func TestLinksAreFollowedAsTheyAre(t *testing.T) {
	linked := func(rel, href string) any { return links(map[string]string{rel: href}) }
	rows := map[string]struct {
		earlier any
		call    func(given) called
		want    string
	}{
		"secret": {linked("secret", naAPI+"/elsewhere/secret"), func(g given) called {
			return got(g.ReadApplicationSecret(g.ctx, g.it))
		}, naAPI + "/elsewhere/secret"},
		"grants": {linked("grants", naAPI+"/elsewhere/grants"), func(g given) called {
			return got(g.CreateGrant(g.ctx, g.it, body))
		}, naAPI + "/elsewhere/grants"},
		"actions": {linked("actions", naAPI+"/elsewhere/actions"), func(g given) called {
			return got(g.CreateSignOnPolicyAction(g.ctx, g.it, body))
		}, naAPI + "/elsewhere/actions"},
		"password.set": {linked("password.set", naAPI+"/elsewhere/password"), func(g given) called {
			return got(g.SetPassword(g.ctx, g.it, body))
		}, naAPI + "/elsewhere/password"},
		"scopes of a resource, with a query added": {nil, func(g given) called {
			return got(g.ListScopes(g.ctx, "env", gjson.Parse(`{"id":"res","_links":{"scopes":{"href":"`+naAPI+`/elsewhere/scopes?expand=x"}}}`), limit))
		}, naAPI + "/elsewhere/scopes?expand=x&limit=10"},
		"usernamePassword.check": {linked("usernamePassword.check", naAuth+"/elsewhere/flow"), func(g given) called {
			return got(g.CheckUsernamePassword(g.ctx, g.it, "anna", "pass"))
		}, naAuth + "/elsewhere/flow"},
		"an action the flow does not offer": {linked("self", naAuth+"/elsewhere/self"), func(g given) called {
			return got(g.CheckOTP(g.ctx, g.it, "123456"))
		}, naAuth + "/elsewhere/self"},
		"resumeUrl": {map[string]string{"resumeUrl": naAuth + "/elsewhere/resume?x=1"}, func(g given) called {
			return got(g.Resume(g.ctx, g.it))
		}, naAuth + "/elsewhere/resume?x=1"},
		"jwks_uri": {map[string]string{"jwks_uri": naAuth + "/elsewhere/keys"}, func(g given) called {
			return got(g.JWKS(g.ctx, "env", g.it))
		}, naAuth + "/elsewhere/keys"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			c, w := overWire(t)
			done := row.call(given{c, context.Background(), answered(t, row.earlier)})
			require.NoError(t, done.err)
			require.Equal(t, row.want, w.last().URL.String())
		})
	}
}

func TestAnAnswerWithoutLinkOrIdCannotBeFollowed(t *testing.T) {
	c, w := overWire(t)
	refusal := answered(t, map[string]string{"code": "NOT_FOUND"})
	refusal.Operation, refusal.Status = "Create Application", http.StatusNotFound
	for _, row := range calls {
		if row.earlier == nil {
			continue
		}
		err := row.call(given{c, context.Background(), refusal}).err
		require.ErrorContains(t, err, `the answer of "Create Application" (404) holds neither the link nor the ids`, row.method)
		err = row.call(given{c, context.Background(), nil}).err
		require.ErrorContains(t, err, "there is no earlier answer to follow", row.method)
	}
	for _, half := range []map[string]any{{"id": "flo"}, {"environment": map[string]string{"id": "env"}}} {
		_, err := c.Resume(context.Background(), answered(t, half))
		require.ErrorContains(t, err, "holds neither the link nor the ids", half)
	}
	require.Empty(t, w.sent)
}

func TestAPathOfTheAPIGetsV1Once(t *testing.T) {
	for _, base := range []string{"https://api.pingone.com", "https://api.pingone.com/", naAPI, naAPI + "/"} {
		for _, path := range []string{"/environments/env", "/v1/environments/env", naAPI + "/environments/env"} {
			w := &wire{}
			c, err := client.New(client.Options{APIURL: base, AuthURL: naAuth, Transport: w})
			require.NoError(t, err)
			_, err = c.Get(context.Background(), path)
			require.NoError(t, err)
			require.Equal(t, naAPI+"/environments/env", w.last().URL.String(), "%s and %s", base, path)
			require.Equal(t, naAPI+"/environments/env", c.APIURL("environments", "env"))
		}
	}
}

func TestIdsAreEscapedInPaths(t *testing.T) {
	c, _ := overWire(t)
	require.Equal(t, naAPI+"/environments/a%2Fb%3Fc", c.APIURL("environments", "a/b?c"))
	require.Equal(t, naAuth+"/env/flows/x%20y", c.FlowURL("env", "x y"))
}

func TestFlowID(t *testing.T) {
	rows := map[string]struct{ location, id, fault string }{
		"sign-on page":       {"https://apps.pingone.com/env/signon/?flowId=flo", "flo", ""},
		"error in its stead": {"https://shop.example.com/?error=invalid_scope&error_description=none+granted", "", "the Location has no flowId but the error invalid_scope: none granted"},
		"neither":            {"https://shop.example.com/", "", "the Location has no flowId"},
		"no Location":        {"", "", "there is no Location"},
		"no URL":             {"https://%zz", "", "the Location is not a URL"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			id, err := client.FlowID(row.location)
			require.Equal(t, row.id, id)
			requireFault(t, row.fault, err)
		})
	}
}

func TestCode(t *testing.T) {
	redirect := func(location string) *client.Exchange {
		return &client.Exchange{Operation: "Resume", Status: http.StatusFound, Header: http.Header{"Location": {location}}}
	}
	rows := map[string]struct {
		answer      *client.Exchange
		code, fault string
	}{
		"in the query":        {redirect("https://shop.example.com?code=abc&state=s"), "abc", ""},
		"in the fragment":     {redirect("https://shop.example.com/#code=abc"), "abc", ""},
		"in the flow":         {answered(t, map[string]any{"authorizeResponse": map[string]string{"code": "abc"}}), "abc", ""},
		"denied":              {redirect("https://shop.example.com?error=access_denied"), "", "the Location has no code but the error access_denied"},
		"a flow not complete": {answered(t, flow), "", `the answer of "Earlier Call" (200) holds no authorization code`},
		"no answer":           {nil, "", "there is no earlier answer to follow"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			code, err := client.Code(row.answer)
			require.Equal(t, row.code, code)
			requireFault(t, row.fault, err)
		})
	}
}

func TestRegions(t *testing.T) {
	for code, domain := range map[string]string{"NA": "com", "EU": "eu", "AP": "asia", "CA": "ca", "AU": "com.au", "SG": "sg"} {
		api, auth, err := client.Region(code)
		require.NoError(t, err)
		require.Equal(t, "https://api.pingone."+domain+"/v1", api)
		require.Equal(t, "https://auth.pingone."+domain, auth)
		require.Contains(t, client.Regions(), code)
	}
	require.Len(t, client.Regions(), 6)
	for _, code := range []string{"", "na", "US"} {
		_, _, err := client.Region(code)
		require.EqualError(t, err, `"`+code+`" is no region of PingOne; use one of NA, EU, AP, CA, AU, SG`)
	}
}

func TestTokenAuthenticatesAsTheMethodSays(t *testing.T) {
	rows := map[string]struct {
		form                        url.Values
		method, body, authorization string
	}{
		"Basic":               {url.Values{"code": {"x"}}, client.ClientSecretBasic, "code=x", "Basic aWQ6cHc="},
		"Post":                {url.Values{"code": {"x"}}, client.ClientSecretPost, "client_id=id&client_secret=pw&code=x", ""},
		"None":                {url.Values{"code": {"x"}}, client.NoAuthentication, "client_id=id&code=x", ""},
		"what is there stays": {url.Values{"client_secret": {"wrong"}}, client.ClientSecretPost, "client_id=id&client_secret=wrong", ""},
		"no form":             {nil, client.NoAuthentication, "client_id=id", ""},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			c, w := overWire(t)
			before := row.form.Encode()
			_, err := c.Token(context.Background(), "env", row.form, "id", "pw", row.method)
			require.NoError(t, err)
			require.Equal(t, row.body, w.bodies[0])
			require.Equal(t, row.authorization, w.last().Header.Get("Authorization"))
			require.Equal(t, before, row.form.Encode(), "the caller's form is not touched")
		})
	}
	c, w := overWire(t)
	_, err := c.Token(context.Background(), "env", nil, "id", "pw", "BASIC")
	require.EqualError(t, err, `Get Token: "BASIC" is no way to authenticate; use CLIENT_SECRET_BASIC, CLIENT_SECRET_POST or NONE`)
	require.Empty(t, w.sent)
}

func TestBasicKeepsAwkwardSecretsWhole(t *testing.T) {
	sent := func(id, secret string) (string, string) {
		c, w := overWire(t)
		_, err := c.Token(context.Background(), "env", nil, id, secret, client.ClientSecretBasic)
		require.NoError(t, err)
		user, password, ok := w.last().BasicAuth()
		require.True(t, ok)
		return user, password
	}
	for _, secret := range []string{"plain~._-", "+", "%", "a:b", "é", "with space", "100%+:é x", ""} {
		// As RFC 6749 section 2.3.1 has the server read it.
		id, password := sent("the:id", secret)
		id, err := url.QueryUnescape(id)
		require.NoError(t, err)
		password, err = url.QueryUnescape(password)
		require.NoError(t, err)
		require.Equal(t, []string{"the:id", secret}, []string{id, password})
	}
	_, password := sent("id", "Az09~._-")
	require.Equal(t, "Az09~._-", password, "what PingOne's secrets consist of is not encoded")
}

// requireFault wants no error for "", else one with this text in it.
func requireFault(t *testing.T, want string, err error) {
	t.Helper()
	if want == "" {
		require.NoError(t, err)
		return
	}
	require.ErrorContains(t, err, want)
}
