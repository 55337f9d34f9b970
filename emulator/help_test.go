package emulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/emulator"
)

// caller is a program that knows PingOne's pages and nothing of the emulator.
type caller struct {
	t     require.TestingT
	http  *http.Client
	url   string
	env   string
	token string
	ids   map[string]string // that benchmarks ask for once
}

func start(t *testing.T, o emulator.Options) *emulator.Server {
	t.Helper()
	server, err := emulator.Start(context.Background(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return server
}

func newCaller(t testing.TB, server *emulator.Server) *caller {
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	return &caller{t: t, http: &http.Client{Transport: transport}, url: server.URL(), env: server.Credentials().EnvironmentID}
}

// authorized has the token of the emulator's worker application.
func authorized(t testing.TB, server *emulator.Server) *caller {
	c := newCaller(t, server)
	c.token = c.workerToken(server.Credentials().EnvironmentID, server.Credentials().ClientID, server.Credentials().ClientSecret)
	return c
}

func (c *caller) workerToken(env, id, secret string) string {
	request, err := http.NewRequest(http.MethodPost, c.url+"/"+env+"/as/token", strings.NewReader("grant_type=client_credentials"))
	require.NoError(c.t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
	status, body := c.do(request)
	require.Equal(c.t, 200, status, body.Raw)
	return body.Get("access_token").String()
}

func (c *caller) do(request *http.Request) (int, gjson.Result) {
	response, err := c.http.Do(request)
	require.NoError(c.t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(c.t, err)
	return response.StatusCode, gjson.ParseBytes(body)
}

// call sends JSON to a path below the environment, or to a whole URL.
func (c *caller) call(method, path, media string, body any) (int, gjson.Result) {
	var reader io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		require.NoError(c.t, err)
		reader = bytes.NewReader(encoded)
	}
	if strings.HasPrefix(path, "/") {
		path = c.url + "/v1/environments/" + c.env + path
	}
	request, err := http.NewRequest(method, path, reader)
	require.NoError(c.t, err)
	if media != "" {
		request.Header.Set("Content-Type", media)
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	return c.do(request)
}

func (c *caller) create(path string, body any) gjson.Result {
	status, answer := c.call(http.MethodPost, path, "application/json", body)
	require.Equal(c.t, 201, status, answer.Raw)
	return answer
}

func (c *caller) get(path string) gjson.Result {
	status, answer := c.call(http.MethodGet, path, "", nil)
	require.Equal(c.t, 200, status, answer.Raw)
	return answer
}

// text reads a page that is no JSON.
func (c *caller) text(address string) string {
	response, err := c.http.Get(address)
	require.NoError(c.t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(c.t, err)
	return string(body)
}

func (c *caller) remove(href string) {
	status, answer := c.call(http.MethodDelete, href, "", nil)
	require.Equal(c.t, 204, status, answer.Raw)
}

type object = map[string]any

// set is what a tenant holds for one shop: the addresses of what was created,
// oldest first.
func (c *caller) set(name string) (created []string) {
	made := func(answer gjson.Result) gjson.Result {
		created = append(created, answer.Get("_links.self.href").String())
		return answer
	}
	app := made(c.create("/applications", object{
		"name": name, "enabled": true, "type": "WEB_APP", "protocol": "OPENID_CONNECT", "grantTypes": []string{"AUTHORIZATION_CODE"},
		"responseTypes": []string{"CODE"}, "tokenEndpointAuthMethod": "CLIENT_SECRET_BASIC", "redirectUris": []string{"https://shop.example.com/back"},
	}))
	require.NotEmpty(c.t, c.get(app.Get("_links.secret.href").String()).Get("secret").String())
	resource := c.get("/resources").Get(`_embedded.resources.#(name=="PingOne API").id`).String()
	scope := c.get("/resources/" + resource + "/scopes").Get(`_embedded.scopes.#(name=="p1:read:user").id`).String()
	c.create("/applications/"+app.Get("id").String()+"/grants", object{"resource": object{"id": resource}, "scopes": []object{{"id": scope}}})
	policy := made(c.create("/signOnPolicies", object{"name": name, "default": "false"}))
	c.create("/signOnPolicies/"+policy.Get("id").String()+"/actions", object{"type": "LOGIN", "priority": 1})
	c.create("/signOnPolicies/"+policy.Get("id").String()+"/actions", object{
		"type": "PROGRESSIVE_PROFILING", "priority": 50, "promptText": "Please", "promptIntervalSeconds": 3600, "preventMultiplePromptsPerFlow": false,
		"attributes": []object{{"name": "mobilePhone", "required": false}},
	})
	made(c.create("/applications/"+app.Get("id").String()+"/signOnPolicyAssignments", object{"priority": 10, "signOnPolicy": object{"id": policy.Get("id").String()}}))
	population := made(c.create("/populations", object{"name": name}))
	user := made(c.create("/users", object{"username": name, "email": name + "@example.com", "population": object{"id": population.Get("id").String()}}))
	status, answer := c.call(http.MethodPut, user.Get(`_links.password\.set.href`).String(), "application/vnd.pingidentity.password.set+json", object{"value": "2Fish&Chips"})
	require.Equal(c.t, 200, status, answer.Raw)
	made(c.create("/users/"+user.Get("id").String()+"/devices", object{"type": "EMAIL", "email": name + "@example.com"}))
	return created
}

// clear deletes newest first; the assignment, which comes after its policy and
// application, goes before them.
func (c *caller) clear(created []string) {
	for i := len(created) - 1; i >= 0; i-- {
		c.remove(created[i])
	}
}

func shopName(i int) string { return fmt.Sprintf("shop%d", i) }
