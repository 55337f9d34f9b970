package suite_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay"
	"pingone-conformance/suite"
	"pingone-conformance/suite/report/junit"
	"pingone-conformance/suite/report/results"
)

const (
	asks  = `When Anna asks for a token`
	holds = `Then Anna holds a token`
)

// proofless are scenarios that prove nothing, each with what is said about it.
func proofless() map[string]struct {
	feature string
	server  server
	says    string
} {
	type row = struct {
		feature string
		server  server
		says    string
	}
	return map[string]row{
		"an undefined step":           {feature: scenario(asks, `Then the moon is made of cheese`), says: "no step definition reads this sentence as a Then"},
		"an undefined step at first":  {feature: scenario(`Given the moon is made of cheese`, asks, holds), says: "no step definition reads this sentence as a Given"},
		"a sentence in another role":  {feature: scenario(asks, holds, `Then Anna has a token`), says: "no step definition reads this sentence as a Then"},
		"a doc string nobody reads":   {feature: scenario(asks, `"""`, `{}`, `"""`, holds), says: "carries a doc string or table that no sentence reads"},
		"a table nobody reads":        {feature: scenario(asks, `| a | b |`, holds), says: "carries a doc string or table that no sentence reads"},
		"no Then at all":              {feature: scenario(asks), says: "no Then was run"},
		"a refusal that nobody sees":  {feature: scenario(asks, `And Ben tries a wrong secret`, holds), says: "without a word about a refusal"},
		"a Then that does not hold":   {feature: scenario(asks, `Then Anna is refused`), says: "wanted 401, but POST"},
		"a sentence that comes early": {feature: scenario(asks, `Then Ben holds a token`), says: "Ben has asked for nothing: an earlier sentence has to"},
		"a name that nobody bears":    {feature: scenario(`When Nobody asks for a token`, holds), says: "nobody is called Nobody"},
		"a scenario without steps":    {feature: "Feature: F\n  Scenario: S\n", says: "1 failed"},
		"an answer that is wrong":     {feature: scenario(asks, holds), server: always(500, `{}`), says: "wanted 200, but POST"},
		"an answer against its contract": {
			feature: scenario(asks, holds), server: always(200, `{"access_token":"a","token_type":"Bearer"}`), says: "the answer breaks its contract",
		},
	}
}

func TestARunThatProvesNothingFails(t *testing.T) {
	for name, row := range proofless() {
		t.Run(name, func(t *testing.T) {
			o := suite.Options{}
			if row.server != nil {
				o.Places = row.server
			}
			o.Recorder = suite.NewRecorder("test")
			_, out, err := play(t, row.feature, o)
			require.Error(t, err)
			require.Contains(t, out, row.says)
			run := o.Recorder.Results(o, err)
			require.Equal(t, results.Failed, run.State)
			var written strings.Builder
			require.NoError(t, junit.Write(&written, &run))
			require.Equal(t, 1, strings.Count(written.String(), "<failure"), written.String())
		})
	}
}

func TestASelectionOfNothingFails(t *testing.T) {
	for name, o := range map[string]suite.Options{
		"a tag that nothing carries":    {Tags: "@nothing"},
		"a tag expression with a word":  {Tags: "not @nothing and @other"},
		"a path that does not exist":    {Paths: []string{"other.feature"}},
		"a line where nothing stands":   {Paths: []string{"some.feature:99"}},
		"a feature that cannot be read": {Paths: []string{"some.feature", "nowhere"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := play(t, scenario(asks, holds), o)
			require.Error(t, err)
		})
	}
}

func TestAPlainScenarioPasses(t *testing.T) {
	results, out, err := play(t, scenario(asks, holds), suite.Options{Concurrency: 4, Seed: 7})
	require.NoError(t, err, out)
	require.Len(t, results, 1)
	require.Empty(t, results[0].Step)
	require.Contains(t, out, "1 scenario: 1 passed, 0 failed (order seed 7)")
}

func TestAResultNamesItsScenarioAndTheStepThatFailed(t *testing.T) {
	text := "@a\nFeature: F\n  @b\n  Scenario: Anna's way\n    " + asks + "\n    Then Anna is refused\n    And Anna holds a token\n"
	results, _, err := play(t, text, suite.Options{})
	require.EqualError(t, err, "1 of 1 scenario failed")
	require.Equal(t, suite.ID{Feature: "some", Name: "Anna's way", Tags: []string{"@a", "@b"}, File: "some.feature"}, results[0].Scenario)
	require.Equal(t, "Anna is refused", results[0].Step)
	require.Equal(t, "some/anna-s-way.txtar", results[0].Scenario.Recording())
}

func TestABrokenContractIsBlamedOnItsStep(t *testing.T) {
	broken := always(200, `{"access_token":"a","token_type":"Bearer"}`)
	results, _, err := play(t, scenario(asks, holds), suite.Options{Places: broken})
	require.Error(t, err)
	require.Equal(t, "Anna asks for a token", results[0].Step)
	require.NoError(t, ends(t, suite.Options{Places: broken, Lenient: true}, asks, holds), "unless somebody wants to see all answers")
}

func TestEveryScenarioHasAStateOfItsOwn(t *testing.T) {
	text := scenario(asks, holds) + "  Scenario: T\n    When Ben asks for a token\n    " + holds + "\n"
	results, _, err := play(t, text, suite.Options{})
	require.EqualError(t, err, "1 of 2 scenarios failed")
	require.NoError(t, results[0].Err)
	require.ErrorContains(t, results[1].Err, "Anna has asked for nothing", "she did so in another scenario")
}

func TestAnInterruptedRunFailsAndStartsNothingMore(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("stopped by interrupt"))
	var out strings.Builder
	results, err := suite.Run(ctx, suite.Options{
		Features:  fstest.MapFS{"some.feature": {Data: []byte(scenario(asks, holds))}},
		Sentences: onStage(), Output: &out, Places: server(tokens),
	})
	require.ErrorContains(t, err, "stopped by interrupt")
	require.ErrorContains(t, err, "1 not started")
	require.ErrorIs(t, results[0].Err, suite.ErrNotStarted)
	require.Contains(t, out.String(), "1 not started")
}

// creating are sentences that create something and panic.
func creating(r *suite.Registry, s *stage) {
	r.When(`^Priya creates a population$`, func(ctx context.Context) error {
		ex, err := s.Admin().CreatePopulation(ctx, s.Env(), map[string]any{"name": s.Named("People")})
		s.Created("the population", ex)
		return err
	})
	r.When(`^Priya breaks the thing$`, func() error { panic("the transport is broken") })
}

func TestWhatAPanickingScenarioCreatedIsDeleted(t *testing.T) {
	const one = "/populations/22222222-2222-4222-8222-000000000001"
	var asked []string
	place := server(func(r *http.Request) (int, string) {
		asked = append(asked, r.Method+" "+r.URL.Path)
		switch {
		case r.Method == http.MethodDelete:
			return http.StatusNoContent, ""
		case strings.HasSuffix(r.URL.Path, "/populations"):
			return http.StatusCreated, `{"id":"22222222-2222-4222-8222-000000000001"}`
		case strings.HasSuffix(r.URL.Path, one):
			return http.StatusNotFound, "{}"
		}
		return tokens(r)
	})
	left := &suite.Leftovers{}
	err := ends(t, suite.Options{Places: place, Sentences: onStage(creating), Lenient: true, Leftovers: left},
		`Given Priya has a token`, `When Priya creates a population`, `And Priya breaks the thing`)
	require.ErrorContains(t, err, "the transport is broken")
	require.Contains(t, asked, "DELETE /v1/environments/"+replay.Replayed().EnvironmentID+one)
	var out strings.Builder
	left.Print(&out)
	require.Equal(t, "nothing is left behind\n", out.String())
}

func TestAScenarioIsHandedOverOnlyWhenItIsOver(t *testing.T) {
	var heard []suite.Result
	text := scenario(asks, holds) + "  Scenario: T\n    " + asks + "\n"
	results, _, err := play(t, text, suite.Options{Done: func(r suite.Result) { heard = append(heard, r) }})
	require.Error(t, err)
	require.Equal(t, results, heard)
}

func TestTheStoryIsInTheOrderOfTheFiles(t *testing.T) {
	features := fstest.MapFS{}
	for _, name := range []string{"a", "b", "c"} {
		features[name+".feature"] = &fstest.MapFile{Data: []byte("Feature: About " + name + "\n  Scenario: First of " + name + "\n    " + asks + "\n    " + holds +
			"\n  Scenario: Second of " + name + "\n    " + asks + "\n    " + holds + "\n")}
	}
	for seed := range int64(5) {
		var out strings.Builder
		_, err := suite.Run(t.Context(), suite.Options{Features: features, Sentences: onStage(), Places: server(tokens), Output: &out, Concurrency: 3, Seed: seed})
		require.NoError(t, err)
		require.Regexp(t, `(?s)About a\n.*First of a  \[a.feature:2\]\n.*Second of a.*About b\n.*First of b.*Second of b.*About c\n.*First of c.*Second of c.*6 scenarios: 6 passed, 0 failed`, out.String())
	}
}

func TestAnAnswerCannotSteerTheTerminal(t *testing.T) {
	_, out, err := play(t, scenario(asks, holds), suite.Options{Places: always(500, `{"code":"\u001b[2J","message":"gone"}`), Lenient: true})
	require.Error(t, err)
	require.Contains(t, out, `PingOne says \x1b[2J: gone`)
	require.NotContains(t, out, "\x1b")
}

// godog keeps every sentence that was carried out until the end of the run; what a scenario
// has created, asked and got must not hang on it.
func TestAScenarioThatHasEndedIsLetGoOf(t *testing.T) {
	var gone atomic.Bool
	sentences := onStage(func(r *suite.Registry, s *stage) {
		r.When(`^Anna is watched$`, func() error {
			runtime.AddCleanup(s.Scenario, func(struct{}) { gone.Store(true) }, struct{}{})
			return nil
		})
		r.Then(`^Anna is forgotten$`, func() (suite.Evidence, error) {
			for until := time.Now().Add(time.Minute); !gone.Load(); runtime.GC() {
				if time.Now().After(until) {
					return nil, errors.New("the first scenario is still held")
				}
			}
			return s.answered("Ben", http.StatusOK)
		})
	})
	_, out, err := play(t, "Feature: F\n  Scenario: first\n    When Anna is watched\n    And Anna asks for a token\n    Then Anna holds a token\n"+
		"  Scenario: second\n    When Ben asks for a token\n    Then Anna is forgotten\n",
		suite.Options{Sentences: sentences, Places: server(tokens)})
	require.NoError(t, err, out)
}

func TestAStepThatNoSentenceReadsIsToldWhatIsNearest(t *testing.T) {
	for step, says := range map[string]string{
		`Then Anna hold a token`:              `; the nearest sentence is Then ([A-Z][a-z]+) holds a token`,
		`Then Anna holds the token`:           `; the nearest sentence is Then ([A-Z][a-z]+) holds a token`,
		`Then Anna has a token`:               `; it is known as a Given`,
		`When Anna asks for token`:            `; the nearest sentence is When ([A-Z][a-z]+) asks for a token`,
		`Then "Anna" is said to be refused`:   `; the nearest sentence is Then ([A-Z][a-z]+) is refused`,
		`Then the moon is made of cheese`:     ``,
		`Then anna knows "Anna asks for one"`: ``,
	} {
		_, text, _ := strings.Cut(step, " ")
		results, _, err := play(t, scenario(asks, holds, step), suite.Options{Places: server(tokens)})
		require.Error(t, err)
		require.EqualError(t, results[0].Err, "step is undefined: "+text+says)
	}
}

func TestAScenarioWithoutStepsIsToldSo(t *testing.T) {
	for name, below := range map[string]string{"nothing": "", "a doc string in the wrong place": "    \"\"\"\n    lost\n    \"\"\"\n"} {
		t.Run(name, func(t *testing.T) {
			_, out, err := play(t, "Feature: F\n  Scenario: empty\n"+below, suite.Options{Places: server(tokens)})
			require.ErrorContains(t, err, "a scenario has no step")
			require.Contains(t, out, "empty  [some.feature:2]\n         | it has no step: a sentence begins with Given, When, Then, And or But\n")
		})
	}
}
