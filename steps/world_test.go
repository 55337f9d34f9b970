package steps

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
		body = workerToken
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(body)),
	}, nil
}

// inWorld gives a World in a place that server answers for.
func inWorld(t *testing.T, server http.RoundTripper) *World {
	t.Helper()
	in := replay.Replayed()
	w := &World{}
	require.NoError(t, w.enter(&Place{
		Session: replay.Direct(server, 1), APIURL: in.APIURL, AuthURL: in.AuthURL,
		EnvironmentID: in.EnvironmentID, WorkerEnvironmentID: in.WorkerEnvironmentID,
		ClientID: in.ClientID, ClientSecret: in.ClientSecret,
	}, Scenario{Feature: "some", Name: "Some scenario"}, Options{Transcripts: t.TempDir()}))
	return w
}

func createdAt(path string) *client.Exchange {
	return &client.Exchange{Status: http.StatusCreated, Body: []byte(`{"_links":{"self":{"href":"https://api.pingone.com/v1` + path + `"}}}`)}
}

func TestCleanUpDeletesNewestFirst(t *testing.T) {
	server := &answering{statuses: map[string][]int{http.MethodDelete: {204, 404, 204}}}
	w := inWorld(t, server)
	w.created("one", createdAt("/one"))
	w.created("two", createdAt("/two"))
	w.createdFirst("zero", createdAt("/zero"))
	w.created("not created", &client.Exchange{Status: http.StatusBadRequest})
	require.NoError(t, w.cleanUp(t.Context()))
	require.Equal(t, []string{"DELETE /v1/two", "DELETE /v1/one", "DELETE /v1/zero"}, server.asked)
}

func TestCleanUpNamesWhatIsLeftAndGoesOn(t *testing.T) {
	server := &answering{statuses: map[string][]int{http.MethodDelete: {400, 204}}}
	w := inWorld(t, server)
	w.created("the population", createdAt("/one"))
	w.created("the user Anna", createdAt("/two"))
	err := w.cleanUp(t.Context())
	require.ErrorContains(t, err, "the user Anna is left behind: DELETE /v1/two answered 400")
	require.NotContains(t, err.Error(), "the population")
	require.Len(t, server.asked, 2)
}

func TestCleanUpRenewsATokenThatHasExpired(t *testing.T) {
	server := &answering{statuses: map[string][]int{http.MethodDelete: {401, 204}}}
	w := inWorld(t, server)
	w.created("one", createdAt("/one"))
	require.NoError(t, w.cleanUp(t.Context()))
	require.Len(t, server.asked, 3)
	require.Contains(t, server.asked[1], "/as/token")
}

func TestWhatTheScenarioDeletedIsForgotten(t *testing.T) {
	server := &answering{}
	w := inWorld(t, server)
	w.created("one", createdAt("/one"))
	w.forget("https://api.pingone.com/v1/one")
	require.NoError(t, w.cleanUp(t.Context()))
	require.Empty(t, server.asked)
}

func TestAToldErrorNamesItsStepAndHidesSecrets(t *testing.T) {
	w := inWorld(t, &answering{})
	secret := w.place.Session.Secret("password", func() string { return "Quite-Secret-1!" })
	w.step = 15
	cause := w.unlike("the password", "another", secret)
	told := w.told(cause)
	require.ErrorIs(t, told, cause)
	require.True(t, strings.HasPrefix(told.Error(), "step 15: the password: wanted another"), told.Error())
	require.NotContains(t, told.Error(), secret)
}

func TestNamesCarryPrefixAndRun(t *testing.T) {
	w := inWorld(t, &answering{})
	require.Equal(t, "pingone-conformance 0000000000000001 Example Shop", w.named("Example Shop"))
	p := w.newPerson("Anna")
	require.Equal(t, "pingone-conformance-0000000000000001-anna", p.username)
	require.True(t, strings.HasSuffix(p.email, "@example.com"))
	require.NotEqual(t, newPassword(), newPassword())
}

func TestAnEarlierSentenceIsAskedFor(t *testing.T) {
	w := inWorld(t, &answering{})
	for name, forgotten := range map[string]error{
		"no application": w.secretIsNotInTheAnswer("Example Shop"),
		"no person":      w.hasNoPhone("Anna"),
		"no policy":      w.addsLogin(t.Context()),
		"no population":  w.createsUser(t.Context(), "Anna", "People"),
		"no flow":        w.flowHasNotGoneOn(t.Context()),
		"no tokens":      w.saysHow("Anna", ""),
	} {
		require.ErrorContains(t, forgotten, "an earlier sentence has to", name)
	}
}

func TestScenarioSlugIsAFileName(t *testing.T) {
	require.Equal(t, "anna-s-first-sign-on-1-5-é", Scenario{Name: `Anna's first "sign-on", 1.5 – É`}.Slug())
}
