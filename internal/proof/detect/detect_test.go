package detect

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/internal/gherkin"
	"pingone-conformance/internal/passcode"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// by is this project's sentences with features of a test.
func by(features fs.FS) suite.Options {
	return suite.Options{Features: features, Sentences: steps.All, UseCases: steps.UseCases()}
}

// few is a feature with two scenarios, so that trying a deviation is quick.
func few(t *testing.T, then string) fs.FS {
	t.Helper()
	text := `Feature: Few

  Scenario: A wrong secret gets no token
    When Priya tries to get an access token with a wrong secret
    Then ` + then + `

  Scenario Outline: Nothing is created with <token>
    Given Priya has an access token of the worker application
    When Priya tries to create an application with <token>
    Then PingOne refuses the call as unauthorized

    Examples:
      | token           |
      | no access token |
`
	return fstest.MapFS{"few.feature": {Data: []byte(text)}}
}

func TestTheScenarioThatIsAboutADeviationNoticesIt(t *testing.T) {
	const wrongSecret = `the token endpoint refuses with "invalid_client"`
	outcomes, err := Run(t.Context(), Options{Suite: by(few(t, wrongSecret)), All: true, Only: []string{
		"bearer-not-required", "client-secret-not-checked", "code-reusable",
	}}, func(Outcome) {})
	require.NoError(t, err)
	require.Len(t, outcomes, 3)

	require.Equal(t, "bearer-not-required", outcomes[0].Deviation.Name)
	require.Equal(t, 2, outcomes[0].Ran)
	require.Len(t, outcomes[0].Caught, 1)
	require.Equal(t, "few.feature:9", outcomes[0].Caught[0].At())
	require.Equal(t, "Nothing is created with no access token", outcomes[0].Caught[0].Scenario)

	require.Equal(t, "few.feature:5", outcomes[1].Caught[0].At())
	require.Contains(t, outcomes[1].Caught[0].Message, "the token endpoint: wanted a refusal, but POST ")
	require.False(t, outcomes[2].Noticed(), "nothing here is about codes")
	require.Equal(t, outcomes[2:], Survivors(outcomes))
}

func TestAFailureIsEnough(t *testing.T) {
	const rows = 60
	many := `Feature: Many

  Scenario Outline: Nothing is created with <token>, in row <row>
    Given Priya has an access token of the worker application
    When Priya tries to create an application with <token>
    Then PingOne refuses the call as unauthorized

    Examples:
      | token           | row |
`
	for i := range rows {
		many += fmt.Sprintf("      | no access token | %d |\n", i)
	}
	o := Options{Suite: by(fstest.MapFS{"many.feature": {Data: []byte(many)}}), Only: []string{"bearer-not-required"}}
	first, err := Run(t.Context(), o, func(Outcome) {})
	require.NoError(t, err)
	require.True(t, first[0].Noticed())
	require.False(t, first[0].Complete)
	require.Less(t, first[0].Ran, rows)
	for _, c := range first[0].Caught {
		require.Contains(t, c.Message, "no bearer token", "no scenario fails because another one did")
	}
	o.All = true
	every, err := Run(t.Context(), o, func(Outcome) {})
	require.NoError(t, err)
	require.True(t, every[0].Complete)
	require.Len(t, every[0].Caught, rows)
}

func TestWithoutAPassingControlNothingIsSaid(t *testing.T) {
	_, err := Run(t.Context(), Options{Suite: by(few(t, `the token endpoint refuses with "invalid_grant"`))}, func(Outcome) {})
	require.ErrorIs(t, err, ErrControl)
	require.ErrorContains(t, err, "few.feature:5 A wrong secret gets no token:")
}

func TestWhatCannotRun(t *testing.T) {
	features := few(t, `the token endpoint refuses with "invalid_client"`)
	_, err := Run(t.Context(), Options{Suite: by(features), Only: []string{"pasword-not-checked"}}, func(Outcome) {})
	require.ErrorContains(t, err, "the nearest are password-not-checked")
	_, err = Run(t.Context(), Options{Suite: by(fstest.MapFS{}), Only: []string{"code-reusable"}}, func(Outcome) {})
	require.Error(t, err, "no scenario proves nothing")
	ended, end := context.WithCancel(t.Context())
	end()
	_, err = Run(ended, Options{Suite: by(features), Only: []string{"code-reusable"}}, func(Outcome) {})
	require.ErrorContains(t, err, "interrupted")
}

func TestEachOutcomeIsReportedAsItComes(t *testing.T) {
	var reported []string
	_, err := Run(t.Context(), Options{
		Suite: by(few(t, `the token endpoint refuses with "invalid_client"`)), Only: []string{"state-dropped", "code-reusable"}, Parallel: 2,
	}, func(o Outcome) { reported = append(reported, o.Deviation.Name) })
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"state-dropped", "code-reusable"}, reported)
}

func TestTheTable(t *testing.T) {
	const wrongSecret = `the token endpoint refuses with "invalid_client"`
	outcomes, err := Run(t.Context(), Options{Suite: by(few(t, wrongSecret)), All: true, Only: []string{
		"client-secret-not-checked", "code-reusable", "policy-order-ignored",
	}}, func(Outcome) {})
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, Print(&b, outcomes))
	table := b.String()
	require.Contains(t, table, "\nsecurity\n  client-secret-not-checked      few.feature:5  A wrong secret gets no token (1 of 2)\n")
	require.Contains(t, table, "caught by the sentence\n")
	require.Contains(t, table, "the token endpoint: wanted a refusal, but POST /")
	require.NotRegexp(t, `[0-9a-f]{8}-[0-9a-f]{4}-`, table, "ids are cut short")
	require.Contains(t, table, "\nsemantics\n  policy-order-ignored           NOT NOTICED by any of 2 scenarios\n")
	require.Regexp(t, `all\s+3\s+1\n`, table)
	require.Contains(t, table, "Nothing noticed when\n  - an authorization code works more than once (code-reusable), though an authorization code is good once: https://")
	b.Reset()
	require.NoError(t, Detail(&b, outcomes[0]))
	require.Contains(t, b.String(), "rule: wrong credentials are invalid_client")
	require.Regexp(t, `[0-9a-f]{8}-[0-9a-f]{4}-`, b.String(), "the whole message")
	b.Reset()
	require.NoError(t, Detail(&b, outcomes[1]))
	require.Contains(t, b.String(), "NOT NOTICED")
}

func TestAFailureIsFoundInItsFile(t *testing.T) {
	scenarios, err := gherkin.Read(few(t, "this is refused"))
	require.NoError(t, err)
	for _, row := range []struct {
		scenario, step string
		line           int
	}{
		{"A wrong secret gets no token", "this is refused", 5},
		{"Nothing is created with no access token", "Priya tries to create an application with no access token", 9},
		{"Nothing is created with no access token", "", 14},
		{"A wrong secret gets no token", "a step that is not there", 3},
		{"A scenario that is not there", "this is refused", 0},
	} {
		r := suite.Result{Scenario: suite.ID{File: "few.feature", Name: row.scenario}, Step: row.step}
		require.Equal(t, row.line, lineOf(scenarios, r), row)
	}
}

func TestARowSaysWhatCaughtIt(t *testing.T) {
	broken := Catch{Message: "step 3: the answer breaks its contract: POST /v1/x answered 201: /createdAt lies in the past (want about now, got 1970) [documented: https://example.com]"}
	require.Equal(t, "the rule that /createdAt lies in the past", broken.By())
	require.Equal(t, "the sentence", Catch{Message: "wanted a refusal, but GET /v1/x answered 200"}.By())
}

func TestADeviationIsNoticedOnTopOfAllVariations(t *testing.T) {
	outcomes, err := Run(t.Context(), Options{
		Suite: by(few(t, `the token endpoint refuses with "invalid_client"`)), Only: []string{"client-secret-not-checked"}, Varied: true,
	}, func(Outcome) {})
	require.NoError(t, err)
	require.True(t, outcomes[0].Noticed())
}

func TestADeviationThatAVariationHidesIsTriedWithoutIt(t *testing.T) {
	features := fstest.MapFS{"few.feature": {Data: []byte(`Feature: Few

  Scenario: The built-in resources are there
    Given Priya has an access token of the worker application
    When Priya lists the resources of the environment
    Then exactly one resource is "openid" and exactly one is "PingOne API"
`)}}
	o := Options{Suite: by(features), Only: []string{"list-count-wrong"}, Varied: true}
	outcomes, err := Run(t.Context(), o, func(Outcome) {})
	require.NoError(t, err)
	require.True(t, outcomes[0].Noticed())
	var b strings.Builder
	require.NoError(t, Print(&b, outcomes))
	require.Contains(t, b.String(), "tried without list-without-count, list-one-policy-a-page, list-ends-in-an-empty-page: there is no count")
	outcomes[0].Varied = false
	b.Reset()
	require.NoError(t, Print(&b, outcomes))
	require.NotContains(t, b.String(), "tried without")
}

func TestWhatHidesADeviationExists(t *testing.T) {
	seen := map[string]bool{}
	for _, h := range hidings() {
		require.NoError(t, emulator.CheckVariations(h.variations))
		require.NoError(t, emulator.CheckDeviations(h.deviations))
		require.NotEmpty(t, h.because)
		for _, deviation := range h.deviations {
			require.False(t, seen[deviation], "%s twice", deviation)
			seen[deviation] = true
			require.Len(t, varied(deviation), len(emulator.Variations())-len(h.variations))
		}
	}
	require.Equal(t, []string{"all"}, varied("code-reusable"))
}

func TestARowSaysWhetherTheDeviationsOwnPlaceIsNamed(t *testing.T) {
	d := emulator.DeviationInfo{Name: "population-not-deleted", Breaks: "the deletion of a population answers 204 and deletes nothing"}
	near := Catch{Step: "it is gone", Message: "the population People is left behind"}
	require.Equal(t, []string{"popul"}, near.SpeaksOf(d))
	far := Catch{Step: "sign-on is complete", Message: "resumeUrl: wanted an address, got none"}
	require.Empty(t, far.SpeaksOf(d))
	outcomes := []Outcome{{Deviation: d, Caught: []Catch{near}}, {Deviation: d, Caught: []Catch{far}}, {Deviation: d}}
	require.Len(t, Led(outcomes), 1)
	var b strings.Builder
	require.NoError(t, Print(&b, outcomes))
	require.Equal(t, 1, strings.Count(b.String(), "ELSEWHERE: "))
	require.Contains(t, b.String(), "of 2 that were noticed, 1 by a sentence or message that names the deviation's own place")
}

func TestTheScenarioThatNoticedBeforeIsTriedFirst(t *testing.T) {
	const deviation, right = "bearer-not-required", "Nothing is created with no access token"
	o := Options{Suite: by(few(t, `the token endpoint refuses with "invalid_client"`)), Only: []string{deviation}}
	for _, row := range []struct {
		first  string
		all    bool
		ran    int
		atOnce bool
	}{
		{right, false, 1, true},
		{right, true, 2, false},
		{"A wrong secret gets no token", false, 2, false},
		{"A scenario that is gone", false, 2, false},
	} {
		o.First, o.All = First{deviation: {"few.feature", row.first}}, row.all
		outcomes, err := Run(t.Context(), o, func(Outcome) {})
		require.NoError(t, err)
		require.Len(t, outcomes[0].Caught, 1, row)
		require.Equal(t, "few.feature:9", outcomes[0].Caught[0].At(), row)
		require.LessOrEqual(t, outcomes[0].Ran, row.ran, row)
		require.Equal(t, row.atOnce, outcomes[0].AtOnce, row)
		require.Equal(t, deviation, outcomes[0].Deviation.Name)
		require.Equal(t, right, o.First.Learn(outcomes)[deviation].Scenario, "the table mends itself")
	}
}

func TestWhatIsLearnedIsWrittenAndRead(t *testing.T) {
	d := emulator.DeviationInfo{Name: "population-not-deleted", Breaks: "the deletion of a population answers 204 and deletes nothing"}
	far := Catch{File: "a.feature", Scenario: "Ben: signs on", Message: "resumeUrl: wanted an address, got none"}
	near := Catch{File: "b.feature", Scenario: "Chloe: is deleted", Message: "the population People is left behind"}
	before := First{"state-dropped": {"a.feature", "Old"}, "code-reusable": {"a.feature", "Kept"}}
	after := before.Learn([]Outcome{{Deviation: d, Caught: []Catch{far, near}}, {Deviation: emulator.DeviationInfo{Name: "state-dropped"}}})
	require.Equal(t, First{"population-not-deleted": {"b.feature", "Chloe: is deleted"}, "code-reusable": {"a.feature", "Kept"}}, after)
	var b strings.Builder
	require.NoError(t, after.Write(&b))
	require.Equal(t, after, read(b.String()))
	require.Contains(t, before, "state-dropped", "the table before is left alone")
}

func TestNobodyWaitsForAPasscodeThatWasNotSent(t *testing.T) {
	looks, sent := 0, `[]`
	outbox := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		looks++
		_, _ = io.WriteString(w, sent)
	}))
	defer outbox.Close()
	real, err := passcode.NewOutbox(outbox.URL, time.Hour)
	require.NoError(t, err)
	source, since := sentAlready{real}, time.Now()
	_, err = source.Passcode(t.Context(), passcode.Device{ID: "d", Type: "SMS"}, nil, since)
	require.ErrorContains(t, err, "no passcode was sent to the text-message device")
	require.Equal(t, 1, looks)
	sent = `[{"deviceId":"d","otp":"123456","sentAt":"` + since.Add(time.Second).Format(time.RFC3339Nano) + `"}]`
	code, err := source.Passcode(t.Context(), passcode.Device{ID: "d", Type: "SMS"}, nil, since)
	require.NoError(t, err)
	require.Equal(t, "123456", code)
}
