package suite

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/internal/replay"
	"pingone-conformance/internal/retry"
)

// management is a management API with things in it, which carries out what it is asked to
// and says about it what a row wants it to say.
type management struct {
	t      *testing.T
	mu     sync.Mutex
	things map[string]string // name by path
	asked  []string
	made   int
	// says makes the answer to a creation from the true one.
	says func(path, truth string) said
	// statuses come before all else, by method and path; each is used once.
	statuses map[string][]int
	deaf     bool // deletions are answered and do nothing
	listless bool // lists answer 403
}

const (
	env   = "/v1/environments/00000000-0000-4000-9000-000000000001"
	alien = "abcdefab-1111-4111-8111-111111111111" // the id of what others have made
)

func (m *management) RoundTrip(r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	path := r.URL.Path
	m.asked = append(m.asked, r.Method+" "+strings.TrimPrefix(path, env))
	if queue := m.statuses[r.Method+" "+strings.TrimPrefix(path, env)]; len(queue) > 0 {
		m.statuses[r.Method+" "+strings.TrimPrefix(path, env)] = queue[1:]
		return answer(queue[0], "{}"), nil
	}
	switch name, known := m.things[path]; {
	case strings.HasSuffix(path, "/as/token"):
		return answer(http.StatusOK, `{"access_token":"a.b.c"}`), nil
	case r.Method == http.MethodPost:
		return m.create(r)
	case r.Method == http.MethodGet && strings.Count(path, "/") == strings.Count(env, "/")+1:
		return m.list(path), nil
	case !known:
		return answer(http.StatusNotFound, `{"code":"NOT_FOUND"}`), nil
	case r.Method == http.MethodDelete:
		if !m.deaf {
			delete(m.things, path)
		}
		return answer(http.StatusNoContent, ""), nil
	default:
		return answer(http.StatusOK, described(path, name)), nil
	}
}

func (m *management) create(r *http.Request) (*http.Response, error) {
	var body map[string]any
	require.NoError(m.t, json.NewDecoder(r.Body).Decode(&body))
	name, _ := body["name"].(string)
	if username, is := body["username"].(string); is {
		name = username
	}
	m.made++
	path := fmt.Sprintf("%s/22222222-2222-4222-8222-%012d", r.URL.Path, m.made)
	m.things[path] = name
	if m.says == nil {
		return answer(http.StatusCreated, described(path, name)), nil
	}
	said := m.says(path, described(path, name))
	if said.status == 0 {
		return nil, errors.New("the line is dead")
	}
	response := answer(said.status, "")
	response.Body = io.NopCloser(said.body)
	return response, nil
}

// said is an answer to a creation; its zero value is none.
type said struct {
	status int
	body   io.Reader
}

// made says that something was created, in these words.
func made(body string) said { return said{http.StatusCreated, strings.NewReader(body)} }

func (m *management) list(path string) *http.Response {
	if m.listless {
		return answer(http.StatusForbidden, "{}")
	}
	var items []string
	for at, name := range m.things {
		if strings.HasPrefix(at, path+"/") && strings.Count(at, "/") == strings.Count(path, "/")+1 {
			items = append(items, described(at, name))
		}
	}
	return answer(http.StatusOK, `{"_embedded":{"things":[`+strings.Join(items, ",")+`]}}`)
}

// described is a thing as it is answered.
func described(path, name string) string {
	return fmt.Sprintf(`{"_links":{"self":{"href":"https://api.pingone.com%s"}},"id":"%s","name":%q,"username":%q}`, path, path[strings.LastIndex(path, "/")+1:], name, name)
}

func answer(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}
}

// deletions are the paths that were deleted, without the environment's.
func (m *management) deletions() []string {
	deleted := []string{}
	for _, call := range m.asked {
		if path, is := strings.CutPrefix(call, "DELETE "); is {
			deleted = append(deleted, path)
		}
	}
	return deleted
}

// remaining are the names of what is there.
func (m *management) remaining() []string {
	var names []string
	for _, name := range m.things {
		names = append(names, name)
	}
	return names
}

func newManagement(t *testing.T) *management {
	return &management{t: t, things: map[string]string{
		env + "/applications/" + alien: "Payroll", env + "/users/" + alien: "human@example.com",
	}, statuses: map[string][]int{}}
}

// begun gives a scenario that has been entered, in a place that server answers for.
func begun(t *testing.T, server http.RoundTripper) *Scenario {
	t.Helper()
	return begunIn(t, replay.Direct(server, 1))
}

func begunIn(t *testing.T, session *replay.Session) *Scenario {
	t.Helper()
	s := &Scenario{ID: ID{Feature: "some", Name: "Some scenario"}}
	o := Options{Transcripts: t.TempDir(), Leftovers: &Leftovers{}, Retry: retry.Options{LagInterval: 1}}
	require.NoError(t, s.enter(Replayed(session), o))
	return s
}

// application has the scenario create an application, as a sentence does.
func application(t *testing.T, s *Scenario, label string) (*client.Exchange, error) {
	t.Helper()
	ex, err := s.Admin().CreateApplication(t.Context(), s.Env(), map[string]any{"name": s.Named(label)})
	s.Created("the application "+label, ex)
	return ex, err
}

// leftBehind is what the list of leftovers prints.
func leftBehind(s *Scenario) string {
	var out strings.Builder
	s.leftovers.Print(&out)
	return out.String()
}

// roundTrip is a server that a function is.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
