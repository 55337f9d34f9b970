package seed

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"pingone-conformance/emulator/internal/management"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// api calls the management API of a tenant without a network, as a worker that may do
// everything.
type api struct {
	router http.Handler
	close  func()
}

// unlocked is for whoever holds the tenant's lock already.
type unlocked struct{ sync.Locker }

// Lock implements sync.Locker.
func (unlocked) Lock() {}

// Unlock implements sync.Locker.
func (unlocked) Unlock() {}

// open makes an api; until it is closed, the tenant has one environment more.
func open(t *tenant.Tenant, o Options) (*api, error) {
	home := t.AddEnvironment(tenant.EnvironmentSpec{Name: "seed " + t.NewID(), Type: "SANDBOX", Region: "NA"})
	worker := &tenant.Application{Meta: t.NewMeta(t.Now()), Type: "WORKER", Roles: management.AllRoles()}
	home.Applications.Add(worker)
	decide := management.Documented()
	decide.HoldsRole = func(*tenant.Application, *tenant.Environment, []string) bool { return true }
	manage := management.New(t, management.Options{
		Authenticate: func(string) (management.Principal, bool) {
			return management.Principal{EnvironmentID: home.ID, ClientID: worker.ID, Worker: true}, true
		},
		Decisions: &decide, MaxUsers: o.MaxUsers, MaxPolicies: o.MaxPolicies,
	})
	router, err := wire.NewRouter(manage.Routes(), wire.RouterOptions{Lock: unlocked{}, NewID: func() string { return "" }, Now: t.Now})
	if err != nil {
		return nil, fmt.Errorf("open the management API: %w", err)
	}
	return &api{router: router, close: func() { delete(t.Data().Environments, home.ID) }}, nil
}

// refusal is the API's answer to a call that it does not carry out.
type refusal struct {
	Message string `json:"message"`
	Details []struct {
		Target     string         `json:"target"`
		Message    string         `json:"message"`
		InnerError map[string]any `json:"innerError"`
	} `json:"details"`
}

// call sends a body to a path below an environment and decodes the answer.
func (a *api) call(method, envID, path, media string, body any) (map[string]any, *refusal) {
	encoded, _ := json.Marshal(body) // plain values always encode
	request, err := http.NewRequestWithContext(context.Background(), method, "http://seed/v1/environments/"+envID+path, bytes.NewReader(encoded))
	if err != nil {
		return nil, &refusal{Message: err.Error()}
	}
	if media != "" {
		request.Header.Set("Content-Type", media)
	}
	answer := &kept{header: http.Header{}}
	a.router.ServeHTTP(answer, request)
	if answer.status >= http.StatusBadRequest {
		var refused refusal
		_ = json.Unmarshal(answer.body.Bytes(), &refused) // the API refuses in JSON
		return nil, &refused
	}
	decoded := map[string]any{}
	decoder := json.NewDecoder(&answer.body)
	decoder.UseNumber()
	_ = decoder.Decode(&decoded) // the API answers in JSON, or nothing
	return decoded, nil
}

// kept is an answer in memory.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (k *kept) Header() http.Header { return k.header }

// WriteHeader implements http.ResponseWriter.
func (k *kept) WriteHeader(status int) { k.status = status }

func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }

// list are all things of a path, page by page.
func (a *api) list(envID, path, plural string) []map[string]any {
	var all []map[string]any
	for cursor := path; cursor != ""; {
		page, _ := a.call(http.MethodGet, envID, cursor, "", nil) // who may do everything is not refused
		embedded, _ := page["_embedded"].(map[string]any)
		items, _ := embedded[plural].([]any)
		for _, item := range items {
			if one, is := item.(map[string]any); is {
				all = append(all, one)
			}
		}
		cursor = nextOf(page, envID)
	}
	return all
}
