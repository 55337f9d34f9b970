package mutants

import (
	"context"
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// by is this project's sentences with the features and recordings of a test.
func by(features, fixtures fs.FS) suite.Options {
	return suite.Options{Features: features, Fixtures: fixtures, Sentences: steps.All, UseCases: steps.UseCases()}
}

const feature = `@administration
Feature: Administration

  Scenario: A worker application with a wrong secret gets no token
    When Priya tries to get an access token with a wrong secret
    Then the token endpoint refuses with "invalid_client"

  Scenario Outline: A scenario with <rows>
    When <rows>

    Examples:
      | rows |
      | one  |
      | two  |
`

// byHand is a folder with the first scenario's recording, and features with that scenario alone.
func byHand(t *testing.T) Options {
	t.Helper()
	basic := base64.StdEncoding.EncodeToString([]byte("00000000-0000-4000-9000-000000000002:wrong"))
	recording := fmt.Sprintf(`format: 1
recorded-from: a hand
recorded: 2026-01-15T09:00:00.000Z
seed: 7
secret client-secret: wrong

-- 01.request --
POST /00000000-0000-4000-9000-000000000001/as/token HTTP/1.1
Host: auth.pingone.com
Accept: */*
Authorization: Basic %s
Content-Type: application/x-www-form-urlencoded

grant_type=client_credentials
-- 01.response --
HTTP/1.1 401 Unauthorized
Content-Type: application/json

{
  "error": "invalid_client",
  "error_description": "in words"
}
`, basic)
	dir := t.TempDir()
	file := filepath.Join(dir, "administration", "a-worker-application-with-a-wrong-secret-gets-no-token.txtar")
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(recording), 0o600))
	only, _, _ := strings.Cut(feature, "  Scenario Outline")
	return Options{Suite: by(fstest.MapFS{"administration.feature": {Data: []byte(only)}}, os.DirFS(dir)), Workers: 2}
}

func TestAHandMadeRecordingIsExamined(t *testing.T) {
	tally, err := Examine(t.Context(), byHand(t))
	require.NoError(t, err)
	outcomes := map[string]Outcome{}
	for _, v := range tally.Verdicts {
		require.Equal(t, "Get Token", v.Operation)
		outcomes[v.Where+" "+string(v.Kind)] = v.Outcome
	}
	require.Equal(t, map[string]Outcome{
		"status changed within its class": ByCheck,
		"status changed to another class": ByCheck,
		"header Content-Type dropped":     ByCheck,
		"header Content-Type changed":     ByCheck,
		"/error dropped":                  ByCheck,
		"/error retyped":                  ByCheck,
		"/error changed":                  ByCheck,
		"/error_description dropped":      Survived,
		"/error_description retyped":      ByCheck,
		"/error_description changed":      Survived,
	}, outcomes)
	require.Len(t, tally.Survivors, 2)
	require.Equal(t, "Get Token 401  /error_description  changed  (named)", tally.Survivors[0].line())
}

func TestOnlyAPartIsExamined(t *testing.T) {
	o := byHand(t)
	o.Only = "/error  "
	tally, err := Examine(t.Context(), o)
	require.NoError(t, err)
	require.Equal(t, 3, tally.Total.All)
	o.Only = "nothing of that name"
	_, err = Examine(t.Context(), o)
	require.ErrorContains(t, err, "there is no mutant")
}

func TestAMissingRecordingIsAnError(t *testing.T) {
	o := byHand(t)
	o.Suite.Fixtures = os.DirFS(t.TempDir())
	_, err := Examine(t.Context(), o)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "plan the mutants")
}

func TestAnInterruptedRunIsNoVerdict(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Examine(ctx, byHand(t))
	require.ErrorIs(t, err, context.Canceled)
}

// TestWhatOnlyTheNextCallShows changes a secret, which nothing but a later signature or header could show.
func TestWhatOnlyTheNextCallShows(t *testing.T) {
	tally, err := Examine(t.Context(), Options{
		Suite: by(os.DirFS("../../../features"), os.DirFS("../../../fixtures")), Workers: 2, Only: "Read Application Secret 200  /secret  changed",
	})
	require.NoError(t, err)
	require.Positive(t, tally.Total.All)
	require.Equal(t, Count{All: tally.Total.All, ByReplay: tally.Total.All}, tally.Total)
}

func TestEveryRowIsAScenarioByItself(t *testing.T) {
	scenarios, err := scenariosOf(by(fstest.MapFS{"administration.feature": {Data: []byte(feature)}}, nil))
	require.NoError(t, err)
	names := make([]string, 0, len(scenarios))
	for _, s := range scenarios {
		names = append(names, s.Slug())
		require.Equal(t, "administration", s.Feature)
		require.Equal(t, []string{"@administration"}, s.Tags)
		again, err := scenariosOf(s.alone)
		require.NoError(t, err)
		require.Len(t, again, 1, s.Name)
		require.Equal(t, s.Name, again[0].Name)
	}
	require.Equal(t, []string{"a-worker-application-with-a-wrong-secret-gets-no-token", "a-scenario-with-one", "a-scenario-with-two"}, names)
	_, err = scenariosOf(by(fstest.MapFS{"broken.feature": {Data: []byte("this is no feature at all")}}, nil))
	require.ErrorContains(t, err, "broken.feature is no feature")
}
