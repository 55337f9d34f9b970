package suite_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/internal/replay"
	"pingone-conformance/suite"
)

// server is a place for every scenario, where a function of the test answers each call
// with a status and a body.
type server func(*http.Request) (int, string)

func (s server) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := s(r)
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(body)),
	}, nil
}

func (s server) Open(context.Context, suite.ID) (*suite.Place, error) {
	return onTransport(s), nil
}

// opener is a function that opens the place of each scenario.
type opener func() (*suite.Place, error)

func (o opener) Open(context.Context, suite.ID) (*suite.Place, error) { return o() }

// onTransport is a place whose calls go out by a transport.
func onTransport(rt http.RoundTripper) *suite.Place { return suite.Replayed(replay.Direct(rt, 1)) }

// always is a server that answers every call in the same way.
func always(status int, body string) server {
	return func(*http.Request) (int, string) { return status, body }
}

// workerToken is an answer of the token endpoint that its contract takes.
var workerToken = fmt.Sprintf(`{"access_token":"%s.%s.c2ln","token_type":"Bearer","expires_in":3600}`,
	base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","kid":"one"}`)),
	base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"client_id":"%s","iss":"%s/%s/as","iat":1768467600,"exp":1768471200,"aud":["https://api.pingone.com"]}`,
		replay.Replayed().ClientID, replay.Replayed().AuthURL, replay.Replayed().EnvironmentID)))

const refusal = `{"error":"invalid_client","error_description":"no"}`

// tokens is a server of nothing but tokens, for whoever knows the secret.
func tokens(r *http.Request) (int, string) {
	if _, secret, _ := r.BasicAuth(); secret != replay.Replayed().ClientSecret {
		return http.StatusUnauthorized, refusal
	}
	return http.StatusOK, workerToken
}

// person is a subject of these tests.
type person string

func (p person) Label() string { return string(p) }

// stage is what the sentences of these tests share: people ask for tokens.
type stage struct {
	*suite.Scenario
	answers map[person]*client.Exchange // the newest of each
}

// onStage registers the sentences of these tests, and those of more.
func onStage(more ...func(*suite.Registry, *stage)) func(*suite.Registry) {
	return func(r *suite.Registry) {
		s := &stage{Scenario: r.Scenario(), answers: map[person]*client.Exchange{}}
		r.Resolve(func(name string) (person, error) {
			if name == "Nobody" {
				return "", fmt.Errorf("nobody is called %s", name)
			}
			return person(name), nil
		})
		r.Given(`^([A-Z][a-z]+) has a token$`, s.asks)
		r.When(`^([A-Z][a-z]+) asks for a token(?: \(step \d+\))?$`, s.asks)
		r.When(`^([A-Z][a-z]+) tries a wrong secret$`, s.tries)
		r.Then(`^([A-Z][a-z]+) holds a token$`, func(p person) (suite.Evidence, error) { return s.answered(p, http.StatusOK) })
		r.Then(`^([A-Z][a-z]+) is refused$`, func(p person) (suite.Evidence, error) { return s.answered(p, http.StatusUnauthorized) })
		for _, register := range more {
			register(r, s)
		}
	}
}

func (s *stage) ask(ctx context.Context, p person, secret string) (*client.Exchange, error) {
	place := s.Place()
	ex, err := s.Admin().WorkerToken(ctx, place.WorkerEnvironmentID, place.ClientID, secret, client.ClientSecretBasic)
	s.answers[p] = ex
	return ex, err
}

func (s *stage) asks(ctx context.Context, p person) error {
	ex, err := s.ask(ctx, p, s.Place().ClientSecret)
	return suite.Must("get a token for "+p.Label(), ex, err, http.StatusOK)
}

func (s *stage) tries(ctx context.Context, p person) error {
	_, err := s.ask(ctx, p, "wrong")
	return err
}

func (s *stage) answered(p person, status int) (suite.Evidence, error) {
	ex := s.answers[p]
	if ex == nil {
		return nil, fmt.Errorf("%s has asked for nothing: an earlier sentence has to", p)
	}
	return suite.Read(ex, p), suite.Must("the answer to "+p.Label(), ex, nil, status)
}

// scenario is a feature with one scenario of these lines.
func scenario(lines ...string) string {
	return "Feature: F\n  Scenario: S\n    " + strings.Join(lines, "\n    ") + "\n"
}

// play runs one feature's text, by the sentences of these tests and in a place that gives
// tokens unless the options say otherwise, and returns the story beside the results.
func play(t *testing.T, feature string, o suite.Options) ([]suite.Result, string, error) {
	t.Helper()
	var out strings.Builder
	o.Features = fstest.MapFS{"some.feature": {Data: []byte(feature)}}
	o.Output = &out
	if o.Sentences == nil {
		o.Sentences = onStage()
	}
	if o.Places == nil {
		o.Places = server(tokens)
	}
	results, err := suite.Run(t.Context(), o)
	return results, out.String(), err
}

// ends runs one scenario and returns its error, nil when it passed.
func ends(t *testing.T, o suite.Options, lines ...string) error {
	t.Helper()
	results, out, err := play(t, scenario(lines...), o)
	require.Len(t, results, 1, out)
	require.Equal(t, results[0].Err != nil, err != nil, "a run fails when its scenario does, and only then: %v", err)
	return results[0].Err
}

// featureOf is a folder with one feature.
func featureOf(text string) fstest.MapFS { return fstest.MapFS{"some.feature": {Data: []byte(text)}} }
