package suite

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/internal/replay"
)

// answering is a server that remembers what it was asked and answers by method.
type answering struct {
	asked    []string
	statuses map[string][]int // by method, used up one after the other
}

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	a.asked = append(a.asked, r.Method+" "+r.URL.Path)
	status := http.StatusOK
	if queue := a.statuses[r.Method]; len(queue) > 0 {
		status, a.statuses[r.Method] = queue[0], queue[1:]
	}
	body := "{}"
	if r.Method == http.MethodPost {
		body = `{"access_token":"a.b.c"}`
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(body)),
	}, nil
}

// begun gives a scenario that has been entered, in a place that server answers for.
func begun(t *testing.T, server http.RoundTripper) *Scenario {
	t.Helper()
	s := &Scenario{ID: ID{Feature: "some", Name: "Some scenario"}}
	require.NoError(t, s.enter(Replayed(replay.Direct(server, 1)), Options{Transcripts: t.TempDir(), Leftovers: &Leftovers{}}))
	return s
}

func createdAt(path string) *client.Exchange {
	return &client.Exchange{Status: http.StatusCreated, Body: []byte(`{"_links":{"self":{"href":"https://api.pingone.com/v1` + path + `"}}}`)}
}

// leftBehind is what the list of leftovers prints.
func leftBehind(s *Scenario) string {
	var out strings.Builder
	s.leftovers.Print(&out)
	return out.String()
}

func TestCleanUpDeletesNewestFirst(t *testing.T) {
	server := &answering{statuses: map[string][]int{http.MethodDelete: {204, 404, 204}}}
	s := begun(t, server)
	s.Created("one", createdAt("/one"))
	s.Created("two", createdAt("/two"))
	s.CreatedFirst("zero", createdAt("/zero"))
	s.Created("not created", &client.Exchange{Status: http.StatusBadRequest})
	s.Created("not answered", nil)
	require.NoError(t, s.cleanUp(t.Context()))
	require.Equal(t, []string{"DELETE /v1/two", "DELETE /v1/one", "DELETE /v1/zero"}, server.asked)
	require.Equal(t, "nothing is left behind\n", leftBehind(s))
}

func TestCleanUpNamesWhatIsLeftAndGoesOn(t *testing.T) {
	server := &answering{statuses: map[string][]int{http.MethodDelete: {400, 204}}}
	s := begun(t, server)
	s.Created("the population", createdAt("/one"))
	s.Created("the user Anna", createdAt("/two"))
	err := s.cleanUp(t.Context())
	require.ErrorContains(t, err, "the user Anna is left behind: DELETE /v1/two answered 400")
	require.NotContains(t, err.Error(), "the population")
	require.Len(t, server.asked, 2)
	require.Contains(t, leftBehind(s), "1 things are left behind")
	require.Contains(t, leftBehind(s), "the user Anna  https://api.pingone.com/v1/two\n")
}

func TestCleanUpRenewsATokenThatHasExpired(t *testing.T) {
	server := &answering{statuses: map[string][]int{http.MethodDelete: {401, 204}}}
	s := begun(t, server)
	s.Created("one", createdAt("/one"))
	require.NoError(t, s.cleanUp(t.Context()))
	require.Len(t, server.asked, 3)
	require.Contains(t, server.asked[1], "/as/token")
}

func TestWhatTheScenarioDeletedIsForgotten(t *testing.T) {
	server := &answering{}
	s := begun(t, server)
	s.Created("one", createdAt("/one"))
	s.Forget("https://api.pingone.com/v1/another")
	s.Forget("https://api.pingone.com/v1/one")
	require.NoError(t, s.cleanUp(t.Context()))
	require.Empty(t, server.asked)
	require.Equal(t, "nothing is left behind\n", leftBehind(s))
}

func TestCleanUpIsDoneByTheWorkerWhoMadeThings(t *testing.T) {
	var bearers []string
	s := begun(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		bearers = append(bearers, r.Method+" "+r.Header.Get("Authorization"))
		return (&answering{statuses: map[string][]int{http.MethodDelete: {204}}}).RoundTrip(r)
	}))
	require.NoError(t, s.Authenticate(t.Context()))
	s.Created("one", createdAt("/one"))
	s.Admin().SetToken("somebody-elses")
	require.NoError(t, s.cleanUp(t.Context()))
	require.Equal(t, "DELETE Bearer a.b.c", bearers[len(bearers)-1])
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
