package faults_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/features"
	"pingone-conformance/internal/proof/faults"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

func specification() suite.Options {
	return suite.Options{Features: features.Files, Sentences: steps.All, UseCases: steps.UseCases()}
}

// TestFaultMatrix runs the three journeys against each fault.
func TestFaultMatrix(t *testing.T) {
	rows := faults.Run(t.Context(), specification(), faults.Trials(), func(faults.Row) {})
	require.Len(t, rows, len(faults.Trials()))
	for _, row := range rows {
		t.Run(strings.ReplaceAll(row.Name(), " ", "_"), func(t *testing.T) { require.NoError(t, row.Err) })
	}
}

func TestARowThatIsNotAsItShouldBeSaysWhy(t *testing.T) {
	for says, trial := range map[string]faults.Trial{
		`login_and_mfa: it should fail and say "nonsense", but: it passes`: {Says: "nonsense"},
		`login_and_mfa: it should pass, but: step 11`:                      {Fault: "failed:user.password.set:1"},
		`it should say "nonsense" before it begins`:                        {Notes: "nonsense"},
		`it should wait 1h0m0s`:                                            {Least: 3600e9},
		`it has left`:                                                      {Fault: "failed:*.delete", Says: "is left behind: DELETE"},
		`there is no fault "gremlin"`:                                      {Fault: "gremlin"},
	} {
		t.Run(says, func(t *testing.T) {
			rows := faults.Run(t.Context(), specification(), []faults.Trial{trial}, func(faults.Row) {})
			require.ErrorContains(t, rows[0].Err, says)
			var out strings.Builder
			require.NoError(t, faults.Print(&out, steps.UseCases(), rows))
			require.Contains(t, out.String(), "NOT AS IT SHOULD BE")
		})
	}
}

func TestAStoppedMatrixIsNotAsItShouldBe(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("stopped by hand"))
	heard := 0
	rows := faults.Run(ctx, specification(), faults.Trials(), func(faults.Row) { heard++ })
	require.Equal(t, len(faults.Trials()), heard)
	for _, row := range rows {
		require.ErrorContains(t, row.Err, "stopped by hand")
		require.ErrorContains(t, row.Outcomes[0].Err, "stopped by hand")
		require.False(t, row.Left)
	}
}
