package steps

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay"
)

// nowhere is a place whose every call is answered by the same status and body.
type nowhere struct {
	status int
	body   string
}

func (n nowhere) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: n.status, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(n.body)),
	}, nil
}

func (n nowhere) Open(context.Context, Scenario) (*Place, error) {
	in := replay.Replayed()
	return &Place{
		Session: replay.Direct(n, 1), APIURL: in.APIURL, AuthURL: in.AuthURL,
		EnvironmentID: in.EnvironmentID, WorkerEnvironmentID: in.WorkerEnvironmentID,
		ClientID: in.ClientID, ClientSecret: in.ClientSecret, Phone: in.Phone, Email: in.Email,
	}, nil
}

// workerToken is an answer of the token endpoint that its contract takes.
var workerToken = fmt.Sprintf(`{"access_token":"%s.%s.c2ln","token_type":"Bearer","expires_in":3600}`,
	base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","kid":"one"}`)),
	base64.RawURLEncoding.EncodeToString([]byte(fmt.Sprintf(`{"client_id":"%s","iss":"%s/%s/as","iat":1768467600,"exp":1768471200,"aud":["https://api.pingone.com"]}`,
		replay.Replayed().ClientID, replay.Replayed().AuthURL, replay.Replayed().EnvironmentID))))

// play runs one feature's text against a server that answers every call in the same way.
func play(t *testing.T, feature string, o Options, server nowhere) ([]Result, string, error) {
	t.Helper()
	var out strings.Builder
	o.Features = fstest.MapFS{"some.feature": {Data: []byte(feature)}}
	o.Output, o.Places = &out, server
	results, err := Run(t.Context(), o)
	return results, out.String(), err
}

func feature(lines ...string) string {
	return "Feature: F\n  Scenario: S\n    " + strings.Join(lines, "\n    ") + "\n"
}

const given = `Given Priya has an access token of the worker application`

func TestARunThatProvesNothingFails(t *testing.T) {
	refusal := `{"error":"invalid_client","error_description":"no"}`
	for name, c := range map[string]struct {
		feature string
		options Options
		server  nowhere
		says    string
	}{
		"an undefined step":          {feature: feature(given, `Then the moon is made of cheese`), says: "no step definition reads this sentence as a Then"},
		"a sentence in another role": {feature: feature(`Then Priya has an access token of the worker application`), says: "no step definition reads this sentence as a Then"},
		"a doc string nobody reads":  {feature: feature(given, `"""`, `{}`, `"""`), says: "carries a doc string or table that no sentence reads"},
		"a table nobody reads":       {feature: feature(given, `| a | b |`), says: "carries a doc string or table that no sentence reads"},
		"no Then at all":             {feature: feature(given), says: "no Then was run"},
		"an unspoken refusal": {
			feature: feature(`When Priya tries to get an access token with a wrong secret`, `Then no secret is in the answer`),
			server:  nowhere{401, refusal}, says: "without a word about a refusal",
		},
		"a step that comes too early": {feature: feature(given, `When Priya reads the user Anna`), says: "Anna has not been created"},
		"a scenario without steps":    {feature: "Feature: F\n  Scenario: S\n", says: "1 failed"},
		"an answer that is wrong":     {feature: feature(given), server: nowhere{500, `{}`}, says: "wanted 200, but POST"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.server.status == 0 {
				c.server = nowhere{200, workerToken}
			}
			_, out, err := play(t, c.feature, c.options, c.server)
			require.Error(t, err)
			require.Contains(t, out, c.says)
		})
	}
}

func TestASelectionOfNothingFails(t *testing.T) {
	good := feature(given, `Then no secret is in the answer`)
	for name, o := range map[string]Options{
		"a tag that nothing carries":    {Tags: "@nothing"},
		"a tag expression with a word":  {Tags: "not @nothing and @other"},
		"a path that does not exist":    {Paths: []string{"other.feature"}},
		"a line where nothing stands":   {Paths: []string{"some.feature:99"}},
		"a feature that cannot be read": {Paths: []string{"some.feature", "nowhere"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := play(t, good, o, nowhere{200, workerToken})
			require.Error(t, err)
		})
	}
}

func TestAPlainScenarioPasses(t *testing.T) {
	results, out, err := play(t, feature(given, `Then no secret is in the answer`), Options{Concurrency: 4, Seed: 7}, nowhere{200, workerToken})
	require.NoError(t, err, out)
	require.Len(t, results, 1)
	require.Contains(t, out, "1 scenario: 1 passed, 0 failed (order seed 7)")
}

func TestTwoSentencesThatReadTheSameStepAreAmbiguous(t *testing.T) {
	require.Empty(t, overlapping(allSentences(t)), "no sentence of the suite is read by two definitions")
	require.NotEmpty(t, overlapping([]string{`^a$`, `^[a-z]$`}))
}

// overlapping returns the patterns that match a plain example of another one.
func overlapping(patterns []string) []string {
	var found, examples []string
	for _, pattern := range patterns {
		examples = append(examples, example(pattern))
	}
	for i, pattern := range patterns {
		reads := regexp.MustCompile(pattern)
		for j, text := range examples {
			if i != j && reads.MatchString(text) {
				found = append(found, pattern+" reads "+text)
			}
		}
	}
	return found
}

func TestAnInterruptedRunFailsAndStartsNothingMore(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("stopped by interrupt"))
	var out strings.Builder
	_, err := Run(ctx, Options{
		Features: fstest.MapFS{"some.feature": {Data: []byte(feature(given))}}, Output: &out, Places: nowhere{200, workerToken},
	})
	require.ErrorContains(t, err, "stopped by interrupt")
	require.ErrorContains(t, err, "1 were not started")
	require.Contains(t, out.String(), "1 not started")
}

func TestSelectListsAllNamesWhenNoneMatches(t *testing.T) {
	dir := fstest.MapFS{"some.feature": {Data: []byte("Feature: F\n  Scenario: One\n    Given a\n  Scenario: Two\n    Given a\n")}}
	paths, err := Select(dir, "two")
	require.NoError(t, err)
	require.Equal(t, []string{"some.feature:4"}, paths)
	_, err = Select(dir, "three")
	require.ErrorContains(t, err, "One\n  Two")
}

// panicking answers creations and deletions, and panics at a list.
type panicking struct{ asked *[]string }

func (p panicking) RoundTrip(r *http.Request) (*http.Response, error) {
	*p.asked = append(*p.asked, r.Method+" "+r.URL.Path)
	answer := nowhere{200, workerToken}
	switch {
	case r.Method == http.MethodGet:
		panic("the transport is broken")
	case r.Method == http.MethodDelete:
		answer = nowhere{204, ""}
	case strings.HasSuffix(r.URL.Path, "/populations"):
		answer = nowhere{201, `{"id":"1","_links":{"self":{"href":"` + replay.Replayed().APIURL + `/populations/1"}}}`}
	}
	return answer.RoundTrip(r)
}

func (p panicking) Open(ctx context.Context, s Scenario) (*Place, error) {
	place, err := nowhere{}.Open(ctx, s)
	place.Session = replay.Direct(p, 1)
	return place, err
}

func TestWhatAPanickingScenarioCreatedIsDeleted(t *testing.T) {
	var asked []string
	text := feature(given, `When Priya creates the population "People"`, `And Priya lists the resources of the environment`)
	results, err := Run(t.Context(), Options{
		Features: fstest.MapFS{"some.feature": {Data: []byte(text)}}, Places: panicking{&asked}, Lenient: true,
	})
	require.Error(t, err)
	require.ErrorContains(t, results[0].Err, "the transport is broken")
	require.Equal(t, "DELETE /v1/populations/1", asked[len(asked)-1])
}
