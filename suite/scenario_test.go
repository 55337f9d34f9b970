package suite

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/contract"
)

func TestAnExplainedErrorNamesItsStepAndHidesSecrets(t *testing.T) {
	s := begun(t, newManagement(t))
	secret := s.Secret("password", func() string { return "Quite-Secret-1!" })
	user := &client.Exchange{Body: []byte(`{"_links":{"password.set":{"href":"https://api.pingone.com/v1/password"}}}`)}
	ex, err := s.Admin().SetPassword(t.Context(), user, map[string]any{"value": secret})
	require.NoError(t, err)
	s.breaches = nil
	s.step = 15
	cause := Unlike(ex, "the password", "another", secret)
	explained := s.explain(cause)
	require.ErrorIs(t, explained, cause)
	require.True(t, strings.HasPrefix(explained.Error(), "step 15: the password: wanted another"), explained.Error())
	require.NotContains(t, explained.Error(), secret)
	require.Same(t, explained, s.explain(explained), "once is enough")

	file := filepath.Join(s.transcripts, "some", "some-scenario.txt")
	require.Contains(t, explained.Error(), "\nthe calls are in "+file)
	transcript, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(transcript), "PUT https://api.pingone.com/v1/password\n")
	require.Contains(t, string(transcript), `"value": "`)
	require.NotContains(t, string(transcript), secret)
}

func TestABrokenContractIsExplainedWithTheFailureBesides(t *testing.T) {
	s := begun(t, newManagement(t))
	_, err := s.Admin().WorkerToken(t.Context(), s.Env(), "worker", "client-secret", client.ClientSecretBasic)
	require.NoError(t, err)
	text := s.explain(errors.New("something else")).Error()
	require.True(t, strings.HasPrefix(text, "the answer breaks its contract: "), "it came first: %s", text)
	require.Contains(t, text, "\nbesides, something else")
	require.NoError(t, s.takeBreaches(), "it is said once")

	ex, err := s.Admin().WorkerToken(t.Context(), s.Env(), "worker", "client-secret", client.ClientSecretBasic)
	require.NoError(t, err)
	text = s.explain(Unlike(ex, "the token", "another", "this one")).Error()
	require.True(t, strings.HasPrefix(text, "the token: wanted another, got this one"), "it is about the same answer: %s", text)
	require.Contains(t, text, "\nbesides, the answer breaks its contract: ")
}

func TestBeforeItHasAPlaceAScenarioExplainsNothing(t *testing.T) {
	cause := errors.New("no place")
	require.Same(t, cause, (&Scenario{}).explain(cause))
}

func TestNamesCarryPrefixAndRun(t *testing.T) {
	s := begun(t, newManagement(t))
	require.Equal(t, "pingone-conformance 0000000000000001 Example Shop", s.Named("Example Shop"))
	s.place.Run = "6a280f00abcdef12"
	require.Equal(t, "pingone-conformance 6a280f00abcdef12 Example Shop", s.Named("Example Shop"))
}

func TestWordsComeFromTheSeed(t *testing.T) {
	one, two := begun(t, newManagement(t)), begun(t, newManagement(t))
	word := one.Word(16)
	require.Regexp(t, "^[0-9a-f]{16}$", word)
	require.Equal(t, word, two.Word(16))
	require.NotEqual(t, word, one.Word(16))
}

func TestCallsAsideAreNotTakenForTheirStep(t *testing.T) {
	s := begun(t, newManagement(t))
	s.step, s.line = 3, "a line (step 3)"
	call := func() error {
		_, err := s.Admin().WorkerToken(t.Context(), s.Env(), "worker", "secret", client.ClientSecretBasic)
		return err
	}
	stop := errors.New("stop")
	require.ErrorIs(t, s.Aside(func() error { return errors.Join(call(), stop) }), stop)
	require.Empty(t, s.trace)
	require.NoError(t, call())
	require.Len(t, s.trace, 1)
	require.Equal(t, Traced{Step: 3, Line: "a line (step 3)", Exchange: s.calls[1]}, s.trace[0])
}

func TestAnOutcomeIsKeptWhereSomebodyCollectsThem(t *testing.T) {
	s := begun(t, newManagement(t))
	s.Outcome("a thing", "done")
	s.seen = contract.NewObservations()
	s.Outcome("a thing", "done")
	var out strings.Builder
	s.seen.Print(&out)
	require.Contains(t, out.String(), "a thing")
}

func TestATokenThatIsNoneFails(t *testing.T) {
	for status, says := range map[int]string{
		200: "access_token: wanted a token, got none",
		403: "get the worker application's access token: wanted 200, but POST",
	} {
		s := begun(t, &withoutToken{status})
		require.ErrorContains(t, s.Authenticate(t.Context()), says)
	}
}

// withoutToken answers every call with an empty object.
type withoutToken struct{ status int }

func (w *withoutToken) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: w.status, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}
