package preflight_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/config"
)

const (
	envID    = "00000000-0000-4000-8000-000000000001"
	otherID  = "00000000-0000-4000-8000-000000000002"
	workerID = "00000000-0000-4000-8000-000000000003"
)

// tenant is an environment that lacks nothing; a row changes what it answers to
// the last segment of a path, as "status body".
type tenant struct {
	mu    sync.Mutex
	says  map[string]string
	calls []string
	// queries are the calls with their queries.
	queries []string
	at      *httptest.Server
	// together, if there is one, has every reading wait for as many as it counts.
	together *sync.WaitGroup
	hangs    string        // the last segment of what is answered to nobody
	drops    string        // the last segment at which it hangs up
	ahead    time.Duration // of its clock
	undated  bool          // its answers have no Date
}

func newTenant(t *testing.T, changes map[string]string) *tenant {
	t.Helper()
	says := map[string]string{
		"token":                        `200 {"access_token":"worker-token","token_type":"Bearer"}`,
		envID:                          `200 {"id":"` + envID + `","type":"SANDBOX","status":"ACTIVE"}`,
		"billOfMaterials":              `200 {"products":[{"type":"PING_ONE_BASE"},{"type":"PING_ONE_MFA"}]}`,
		"applications":                 `200 {"_embedded":{"applications":[]}}`,
		"resources":                    `200 {"_embedded":{"resources":[]}}`,
		"signOnPolicies":               `200 {"_embedded":{"signOnPolicies":[]}}`,
		"populations":                  `200 {"_embedded":{"populations":[]}}`,
		"users":                        `200 {"_embedded":{"users":[]}}`,
		"deviceAuthenticationPolicies": policies(true, true, true),
	}
	for name, answer := range changes {
		says[name] = answer
	}
	s := &tenant{says: says}
	s.at = httptest.NewServer(s)
	t.Cleanup(s.at.Close)
	return s
}

// policies is a list in which the default policy stands second.
func policies(email, sms, totp bool) string {
	return fmt.Sprintf(`200 {"_embedded":{"deviceAuthenticationPolicies":[{"name":"Other","default":false},`+
		`{"name":"Default MFA Policy","default":true,"email":{"enabled":%t},"sms":{"enabled":%t},"totp":{"enabled":%t}}]}}`, email, sms, totp)
}

const refused = `403 {"code":"ACCESS_FAILED","message":"no","details":[{"code":"INSUFFICIENT_PERMISSIONS"}]}`

func (s *tenant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.together != nil && r.Method == http.MethodGet {
		s.together.Done()
		s.together.Wait()
	}
	if s.hangs != "" && strings.HasSuffix(r.URL.Path, "/"+s.hangs) {
		<-r.Context().Done()
		return
	}
	if s.drops != "" && strings.HasSuffix(r.URL.Path, "/"+s.drops) {
		panic(http.ErrAbortHandler)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queries = append(s.queries, r.Method+" "+r.URL.Path+" "+r.URL.RawQuery)
	s.calls = append(s.calls, r.Method+" "+r.URL.Path)
	segments := strings.Split(r.URL.Path, "/")
	last := segments[len(segments)-1]
	if last != "token" && r.Header.Get("Authorization") != "Bearer worker-token" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	status, body, _ := strings.Cut(s.says[last], " ")
	code := http.StatusNotFound
	_, _ = fmt.Sscan(status, &code)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Date", time.Now().Add(s.ahead).UTC().Format(http.TimeFormat))
	if s.undated {
		w.Header()["Date"] = nil
	}
	w.WriteHeader(code)
	_, _ = fmt.Fprint(w, strings.ReplaceAll(body, "{here}", s.at.URL))
}

// asked are the calls so far, without and with their queries; one that nobody waits for may still come in.
func (s *tenant) asked() (calls, queries []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls), slices.Clone(s.queries)
}

func (s *tenant) config() config.Config {
	return config.Config{
		Mode: config.Live, APIURL: s.at.URL, AuthURL: s.at.URL, EnvironmentID: otherID, TargetEnvironmentID: envID,
		ClientID: workerID, ClientSecret: "worker-secret", Passcode: config.PasscodeConfig{Source: config.TestDevice},
	}
}

func (s *tenant) client(t *testing.T) *client.Client {
	t.Helper()
	c, err := client.New(client.Options{APIURL: s.at.URL, AuthURL: s.at.URL})
	require.NoError(t, err)
	return c
}
