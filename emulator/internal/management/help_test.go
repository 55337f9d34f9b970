package management

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// api is a management API with one environment and a worker that has all roles
// in it, called without a socket.
type api struct {
	t       *testing.T
	tenant  *tenant.Tenant
	env     *tenant.Environment
	worker  *tenant.Application
	router  http.Handler
	now     time.Time
	callers map[string]Principal // by bearer token
	bearer  string
	deleted []string // people whose deletion sign-on has heard of
}

const workerToken = "worker-token"

func newAPI(t *testing.T, o ...Options) *api {
	a := &api{t: t, now: time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC), callers: map[string]Principal{}, bearer: workerToken}
	a.tenant = tenant.New(tenant.Options{Now: func() time.Time { return a.now }, Random: rand.NewChaCha8([32]byte{1})})
	a.env = a.tenant.AddEnvironment(tenant.EnvironmentSpec{
		Name: "Example Shop", Type: "SANDBOX", Region: "NA", Products: []string{"PING_ONE_BASE", productMFA},
		Methods: []string{"email", "sms", "totp"},
	})
	a.worker = a.addWorker(a.env, workerToken, AllRoles()...)
	options := append(o, Options{})[0]
	options.Authenticate = func(bearer string) (Principal, bool) { p, known := a.callers[bearer]; return p, known }
	options.UserDeleted = func(_, userID string) { a.deleted = append(a.deleted, userID) }
	server := New(a.tenant, options)
	router, err := wire.NewRouter(server.Routes(), wire.RouterOptions{Lock: a.tenant, NewID: a.tenant.NewID, Now: a.tenant.Now})
	require.NoError(t, err)
	a.router = router
	return a
}

// addWorker makes a worker application whose token is the given word.
func (a *api) addWorker(env *tenant.Environment, token string, roles ...string) *tenant.Application {
	worker := &tenant.Application{
		Meta: a.tenant.NewMeta(a.now), Name: "worker of " + token, Type: "WORKER", Protocol: protocolOIDC, Enabled: true,
		Roles: roles, RoleEnvironments: []string{env.ID}, Grants: map[string]*tenant.Grant{}, Assignments: map[string]*tenant.Assignment{},
	}
	env.Applications[worker.ID] = worker
	a.callers[token] = Principal{EnvironmentID: env.ID, ClientID: worker.ID, Worker: true}
	return worker
}

// reply is one answer.
type reply struct {
	status int
	header http.Header
	body   gjson.Result
	raw    string
}

func (r reply) String() string { return fmt.Sprintf("%d %s", r.status, r.raw) }

// faults lists what an error body reports, as "target CODE", sorted.
func (r reply) faults() []string {
	found := []string{}
	for _, detail := range r.body.Get("details").Array() {
		found = append(found, strings.TrimSpace(detail.Get("target").String()+" "+detail.Get("code").String()))
	}
	sort.Strings(found)
	return found
}

func (r reply) id() string { return r.body.Get("id").String() }

// send calls with whatever media type; "" sends none.
func (a *api) send(method, path, media, body string) reply {
	a.t.Helper()
	path = strings.Replace(path, "{env}", "/v1/environments/"+a.env.ID, 1)
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	if media != "" {
		request.Header.Set("Content-Type", media)
	}
	if a.bearer != "" {
		request.Header.Set("Authorization", "Bearer "+a.bearer)
	}
	recorder := httptest.NewRecorder()
	a.router.ServeHTTP(recorder, request)
	raw := recorder.Body.String()
	if raw != "" {
		require.True(a.t, gjson.Valid(raw), "no JSON: %s", raw)
	}
	return reply{status: recorder.Code, header: recorder.Header(), body: gjson.Parse(raw), raw: raw}
}

func (a *api) get(path string) reply    { a.t.Helper(); return a.send(http.MethodGet, path, "", "") }
func (a *api) delete(path string) reply { a.t.Helper(); return a.send(http.MethodDelete, path, "", "") }
func (a *api) post(path, body string) reply {
	a.t.Helper()
	return a.send(http.MethodPost, path, mediaJSON, body)
}
func (a *api) put(path, body string) reply {
	a.t.Helper()
	return a.send(http.MethodPut, path, mediaJSON, body)
}

// made creates something that has to succeed, and returns it.
func (a *api) made(path, body string) reply {
	a.t.Helper()
	r := a.post(path, body)
	require.Equal(a.t, http.StatusCreated, r.status, "%s", r)
	require.Equal(a.t, r.body.Get("_links.self.href").String(), r.header.Get("Location"))
	return r
}

// refused holds a refusal against status, class and all its details.
func refused(t *testing.T, r reply, status int, code string, details ...string) {
	t.Helper()
	require.Equal(t, status, r.status, "%s", r)
	require.Equal(t, code, r.body.Get("code").String(), "%s", r)
	if code == "NOT_FOUND" && details == nil {
		details = []string{"NOT_FOUND"}
	}
	if details == nil {
		details = []string{}
	}
	require.Equal(t, details, r.faults(), "%s", r)
	require.NotEmpty(t, r.body.Get("message").String())
	require.Equal(t, r.header.Get("Correlation-Id"), r.id())
}

// twice deletes something, and finds that the second time it is gone.
func (a *api) twice(path string) {
	a.t.Helper()
	require.Equal(a.t, http.StatusNoContent, a.delete(path).status)
	refused(a.t, a.delete(path), http.StatusNotFound, "NOT_FOUND")
	refused(a.t, a.get(path), http.StatusNotFound, "NOT_FOUND")
}

const webApp = `{"name":"Example Shop","enabled":true,"type":"WEB_APP","protocol":"OPENID_CONNECT","grantTypes":["AUTHORIZATION_CODE"],
	"responseTypes":["CODE"],"tokenEndpointAuthMethod":"CLIENT_SECRET_BASIC","redirectUris":["https://shop.example.com/back"]}`

func (a *api) application() string { a.t.Helper(); return a.made("{env}/applications", webApp).id() }

func (a *api) user(name string) string {
	a.t.Helper()
	return a.made("{env}/users", `{"username":"`+name+`","email":"`+name+`@example.com"}`).id()
}

// policyWithLogin makes a sign-on policy with a LOGIN action and returns its path.
func (a *api) policyWithLogin(name string) (id string) {
	a.t.Helper()
	id = a.made("{env}/signOnPolicies", `{"name":"`+name+`"}`).id()
	a.made("{env}/signOnPolicies/"+id+"/actions", `{"type":"LOGIN","priority":1}`)
	return id
}
