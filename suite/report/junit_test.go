package report

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAFailureIsAFailureInTheJUnitReport(t *testing.T) {
	scenario := func(name string) ID { return ID{Feature: "login_and_mfa", Name: name} }
	var out strings.Builder
	require.NoError(t, WriteJUnit(&out, []Result{
		{Scenario: scenario("passes")},
		{Scenario: scenario("fails & <says> so"), Step: "Then it is so", Err: errors.New("wanted \"1\", got 2")},
		{Scenario: scenario("waits"), Err: ErrNotStarted},
		{Scenario: ID{Feature: "administration", Name: "passes"}},
	}))
	report := out.String()
	require.Contains(t, report, `<testsuite name="login_and_mfa" tests="3" failures="1" skipped="1">`)
	require.Contains(t, report, `<testcase classname="login_and_mfa" name="fails &amp; &lt;says&gt; so" time="0.000">`)
	require.Contains(t, report, `<failure message="Then it is so">wanted &#34;1&#34;, got 2</failure>`)
	require.Contains(t, report, `<testsuite name="administration" tests="1" failures="0" skipped="0">`)
	require.Equal(t, 1, strings.Count(report, "<failure"))
}
