package suite_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/suite"
	"pingone-conformance/suite/report/junit"
	"pingone-conformance/suite/report/results"
)

// two scenarios: one of Anna, one of Ben.
const twoPeople = "Feature: F\n  Scenario: Anna's\n    When Anna asks for a token\n    Then Anna holds a token\n" +
	"  Scenario: Ben's\n    When Ben asks for a token\n    Then Ben holds a token\n"

// seldom answers the nth calls with a failure, and the others with a token; the calls are counted from 1.
func seldom(n ...int64) server {
	var calls atomic.Int64
	return func(r *http.Request) (int, string) {
		at := calls.Add(1)
		for _, bad := range n {
			if at == bad {
				return http.StatusInternalServerError, "{}"
			}
		}
		return tokens(r)
	}
}

func TestRounds(t *testing.T) {
	o := suite.Options{Repeat: 10, Seed: 0, Places: seldom(5, 7), Recorder: suite.NewRecorder("test")}
	ended, out, err := play(t, twoPeople, o)
	require.EqualError(t, err, "1 of 2 scenarios failed in at least one of 10 rounds")
	require.Len(t, ended, 2, "one result for each scenario, whose names are unique")
	require.NoError(t, ended[1].Err)
	require.Equal(t, "Anna's", ended[0].Scenario.Name)
	require.Equal(t, "Anna asks for a token", ended[0].Step)
	require.ErrorContains(t, ended[0].Err, "failed 2 times of 10, first in round 3: get a token for Anna: wanted 200, but")
	require.Contains(t, out, "Round 1 of 10\n", "the first round is told")
	require.Contains(t, out, "Round 3 of 10\n", "and those that fail")
	require.Contains(t, out, "Round 4 of 10\n")
	require.Equal(t, 3, strings.Count(out, "Anna's  [some.feature:2]"), out)
	require.Regexp(t, `10 rounds in \S+\n  slow 1  middle \S+, longest \S+: some/`, out)
	require.Contains(t, out, "  flaky   failed 2 times of 10, first in round 3: some/Anna's\n")
	require.NotContains(t, out, "broken")
	require.NotContains(t, out, "flaky   failed 2 times of 10, first in round 3: some/Ben's")

	run := o.Recorder.Results(o, err)
	require.Equal(t, "in the order of the files, 10 rounds", run.Order)
	require.Equal(t, results.Totals{Scenarios: 2, Passed: 1, Failed: 1}, run.Totals)
	anna := run.Features[0].Scenarios[0]
	require.Len(t, anna.Steps[0].Calls, 1, "the report shows one round, the first that failed")
	require.Equal(t, results.Failed, anna.Steps[0].State)
	require.Equal(t, results.Passed, run.Features[0].Scenarios[1].State)
	var written strings.Builder
	require.NoError(t, junit.Write(&written, &run))
	require.Len(t, regexp.MustCompile(`<testcase `).FindAllString(written.String(), -1), 2)
}

func TestWhatFailsInEveryRoundIsNotCalledFlaky(t *testing.T) {
	_, out, err := play(t, twoPeople, suite.Options{Repeat: 3, Places: always(500, "{}")})
	require.EqualError(t, err, "2 of 2 scenarios failed in at least one of 3 rounds")
	require.Contains(t, out, "  broken  failed each of 3 times: some/Anna's\n")
	require.NotContains(t, out, "flaky")
}

func TestRoundsThatAllPass(t *testing.T) {
	for _, concurrency := range []int{0, 1, 2, 5, 64} {
		ended, out, err := play(t, twoPeople, suite.Options{Repeat: 20, Concurrency: concurrency, Seed: 9, Places: server(tokens)})
		require.NoError(t, err)
		require.Len(t, ended, 2)
		require.Equal(t, 1, strings.Count(out, "Anna's  [some.feature:2]"), "only the first round is told")
		require.Contains(t, out, "(order seed 9, 20 rounds)")
	}
}

// Where one round leaves room, others go on beside it: five rounds of a scenario whose call waits for
// four others end.
func TestRoundsGoOnAtTheSameTime(t *testing.T) {
	var together sync.WaitGroup
	together.Add(5)
	places := server(func(r *http.Request) (int, string) {
		together.Done()
		together.Wait()
		return tokens(r)
	})
	_, _, err := play(t, scenario(asks, holds), suite.Options{Repeat: 5, Concurrency: 5, Places: places})
	require.NoError(t, err)
}

func TestThereAreNeverMoreScenariosAtATimeThanAllowed(t *testing.T) {
	for _, concurrency := range []int{1, 3, 5} {
		var now, most atomic.Int64
		places := server(func(r *http.Request) (int, string) {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			defer now.Add(-1)
			return tokens(r)
		})
		_, _, err := play(t, twoPeople, suite.Options{Repeat: 50, Concurrency: concurrency, Places: places})
		require.NoError(t, err)
		require.LessOrEqual(t, most.Load(), int64(concurrency))
	}
}

func TestRoundsEndWithTheRun(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	var calls atomic.Int64
	o := suite.Options{Repeat: 100, Features: featureOf(twoPeople), Sentences: onStage(), Places: server(func(r *http.Request) (int, string) {
		if calls.Add(1) == 5 {
			cancel(errors.New("stopped by hand"))
		}
		return tokens(r)
	})}
	_, err := suite.Run(ctx, o)
	require.ErrorIs(t, err, suite.ErrInterrupted)
	require.ErrorContains(t, err, "stopped by hand) in round 3 of 100")
	require.LessOrEqual(t, calls.Load(), int64(6))
}

func TestRoundsOfNothing(t *testing.T) {
	_, _, err := play(t, twoPeople, suite.Options{Repeat: 3, Tags: "@nothing"})
	require.ErrorIs(t, err, suite.ErrNoScenario)
	var opened atomic.Int64
	broken := opener(func() (*suite.Place, error) { return nil, fmt.Errorf("no place %d", opened.Add(1)) })
	_, _, err = play(t, scenario(asks, holds), suite.Options{Repeat: 3, Places: broken})
	require.Error(t, err)
}

// notYet opens no place: it lets nothing begin.
type notYet struct{}

func (notYet) Open(context.Context, suite.ID) (*suite.Place, error) {
	return nil, fmt.Errorf("%w: the environment is closed", suite.ErrNotStarted)
}

// Rounds in which nothing begins prove nothing, however many there are.
func TestRoundsInWhichNothingBeginsAreNoSuccess(t *testing.T) {
	_, out, err := play(t, twoPeople, suite.Options{Repeat: 3, Places: notYet{}})
	require.Error(t, err)
	require.Equal(t, 1, strings.Count(out, "Round "), "it is not tried again")
}
