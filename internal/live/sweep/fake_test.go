package sweep_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/internal/live/sweep"
	"pingone-conformance/internal/names"
)

const (
	envID    = "00000000-0000-4000-8000-000000000001"
	workerID = "00000000-0000-4000-8000-000000000003"
)

var now = time.Date(2026, time.January, 15, 9, 0, 0, 0, time.UTC)

// run is the id of a run that began three hours ago.
var run = names.Run(names.LiveSeed(now.Add(-3*time.Hour), 0xbeef))

// thing is one thing of the tenant.
type thing map[string]any

// tenant is an environment whose lists have two things a page, and which deletes
// what it is asked to, but for a population that has users.
type tenant struct {
	mu       sync.Mutex
	kind     string // of the environment
	lists    map[string][]thing
	says     map[string]int  // status of a path's last segment, before all else
	once     map[string]int  // the same, for one call
	silent   map[string]bool // "METHOD last segment" at which it hangs up
	refuses  map[string]int  // status of "METHOD last segment", before all else
	unfilter bool
	circle   bool
	astray   bool      // the next page lies on another host
	deaf     bool      // deletions are answered and do nothing
	unread   int       // status of the reading of one thing; 0 is the true one
	dateless bool      // answers have no Date
	clock    time.Time // what Date says
	calls    []string
	deleted  []string
	at       *httptest.Server
}

func newTenant(t *testing.T) *tenant {
	t.Helper()
	s := &tenant{kind: "SANDBOX", lists: map[string][]thing{}, says: map[string]int{}, once: map[string]int{}, clock: now}
	s.at = httptest.NewServer(s)
	t.Cleanup(s.at.Close)
	return s
}

// keys tells whose an id is, so that a test can speak of names.
var keys sync.Map

// idOf is the id of a thing by its collection and its name.
func idOf(key string) string {
	id := uuid.NewSHA1(uuid.Nil, []byte(key)).String()
	keys.Store(id, key)
	return id
}

// keyOf is what idOf was told; any other text is itself.
func keyOf(id string) string {
	if key, known := keys.Load(id); known {
		return key.(string)
	}
	return id
}

// add puts a thing into a collection, made so long ago; its id is made from its name with
// the collection before it, unless it brings one.
func (s *tenant) add(collection, name string, age time.Duration, more thing) {
	member := "name"
	if collection == "users" {
		member = "username"
	}
	t := thing{"id": idOf(collection + ":" + name), member: name, "createdAt": now.Add(-age).Format("2006-01-02T15:04:05.000Z")}
	for key, value := range more {
		if t[key] = value; value == nil {
			delete(t, key)
		}
	}
	s.lists[collection] = append(s.lists[collection], t)
}

// asked lists what was asked, also while a call that was given up may still come in.
func (s *tenant) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// forget makes asked begin anew.
func (s *tenant) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}

func (s *tenant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, r.Method+" "+r.URL.RequestURI())
	segments := strings.Split(r.URL.Path, "/")
	last := keyOf(segments[len(segments)-1])
	status, body := http.StatusOK, any(thing{})
	switch {
	case s.silent[r.Method+" "+last]:
		panic(http.ErrAbortHandler)
	case s.refuses[r.Method+" "+last] != 0:
		status = s.refuses[r.Method+" "+last]
	case s.once[last] != 0:
		status = s.once[last]
		delete(s.once, last)
	case s.says[last] != 0:
		status = s.says[last]
	case last == "token":
		body = thing{"access_token": "worker-token"}
	case last == envID:
		body = thing{"id": envID, "type": s.kind, "status": "ACTIVE"}
	case r.Method == http.MethodDelete:
		status = s.delete(segments[len(segments)-2], last)
	case len(segments) > 5: // /v1/environments/{id}/{collection}/{id}
		status = s.read(segments[len(segments)-2], last)
	default:
		body = s.page(r, last)
	}
	w.Header().Set("Date", s.clock.UTC().Format(http.TimeFormat))
	if s.dateless {
		w.Header()["Date"] = nil
	}
	if status >= 400 {
		body = thing{"code": "REFUSED", "details": []thing{{"code": "CONSTRAINT_VIOLATION"}}}
	}
	w.WriteHeader(status)
	if status != http.StatusNoContent {
		_ = json.NewEncoder(w).Encode(body)
	}
}

var populationFilter = regexp.MustCompile(`^population\.id eq "(.*)"$`)

func (s *tenant) page(r *http.Request, collection string) thing {
	items := s.lists[collection]
	if only := populationFilter.FindStringSubmatch(r.URL.Query().Get("filter")); only != nil && !s.unfilter {
		items = nil
		for _, user := range s.lists[collection] {
			if user["population"].(thing)["id"] == only[1] {
				items = append(items, user)
			}
		}
	}
	at := 0
	_, _ = fmt.Sscan(r.URL.Query().Get("cursor"), &at)
	page := thing{"_embedded": thing{collection: items[at:min(at+2, len(items))]}, "_links": thing{}}
	if at+2 < len(items) || s.circle {
		query := r.URL.Query()
		query.Set("cursor", fmt.Sprint(at+2))
		if s.circle {
			query.Set("cursor", "0")
		}
		host := s.at.URL
		if s.astray {
			host = "https://elsewhere.example.com"
		}
		page["_links"] = thing{"next": thing{"href": host + r.URL.Path + "?" + query.Encode()}}
	}
	return page
}

func (s *tenant) read(collection, key string) int {
	if s.unread != 0 {
		return s.unread
	}
	for _, t := range s.lists[collection] {
		if keyOf(t["id"].(string)) == key {
			return http.StatusOK
		}
	}
	return http.StatusNotFound
}

func (s *tenant) delete(collection, key string) int {
	if s.deaf {
		return http.StatusNoContent
	}
	if collection == "populations" {
		for _, user := range s.lists["users"] {
			if keyOf(user["population"].(thing)["id"].(string)) == key {
				return http.StatusBadRequest
			}
		}
	}
	for i, t := range s.lists[collection] {
		if keyOf(t["id"].(string)) == key {
			s.lists[collection] = append(s.lists[collection][:i:i], s.lists[collection][i+1:]...)
			s.deleted = append(s.deleted, key)
			return http.StatusNoContent
		}
	}
	return http.StatusNotFound
}

// left lists the names of what is still there, each with its collection before it.
func (s *tenant) left() []string {
	ids := []string{}
	for _, list := range s.lists {
		for _, t := range list {
			ids = append(ids, keyOf(t["id"].(string)))
		}
	}
	return ids
}

func (s *tenant) config() config.Config {
	return config.Config{
		Mode: config.Live, APIURL: s.at.URL, AuthURL: s.at.URL, EnvironmentID: envID, TargetEnvironmentID: envID,
		ClientID: workerID, ClientSecret: "worker-secret", Limits: config.Limits{Lag: 600 * time.Millisecond},
	}
}

func (s *tenant) client(t *testing.T) *client.Client {
	t.Helper()
	c, err := client.New(client.Options{APIURL: s.at.URL, AuthURL: s.at.URL, Now: func() time.Time { return now }})
	require.NoError(t, err)
	return c
}

// find looks for what is older than an hour.
func (s *tenant) find(t *testing.T) []sweep.Leftover {
	t.Helper()
	found, _, err := sweep.Find(t.Context(), s.client(t), s.config(), hour)
	require.NoError(t, err)
	return found
}

var hour = sweep.Options{OlderThan: time.Hour}

// sweeps finds and deletes, and returns what is stuck.
func (s *tenant) sweeps(t *testing.T) []sweep.Stuck {
	t.Helper()
	found := s.find(t)
	c := s.client(t)
	c.SetToken("worker-token")
	return sweep.Delete(t.Context(), c, s.config(), found, func(sweep.Leftover) {})
}
