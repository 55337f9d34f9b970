package junit

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/plain"
	"pingone-conformance/suite/report/results"
)

// run has one feature with these scenarios.
func run(scenarios ...results.Scenario) *results.Run {
	r := &results.Run{Began: time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("x", 3600)), Features: []results.Feature{{Name: "login_and_mfa", File: "features/login_and_mfa.feature", Scenarios: scenarios}}}
	r.Count()
	return r
}

func failing(name, text string) results.Scenario {
	return results.Scenario{Name: name, Line: 3, State: results.Failed, Steps: []results.Step{{Line: 4, Keyword: "Then", Text: name}}, Failure: &results.Failure{Text: text}}
}

func read(t *testing.T, r *results.Run) (document, string) {
	t.Helper()
	var out strings.Builder
	require.NoError(t, Write(&out, r))
	var d document
	require.NoError(t, xml.Unmarshal([]byte(out.String()), &d))
	return d, out.String()
}

func TestAFailureIsAFailure(t *testing.T) {
	d, text := read(t, run(
		results.Scenario{Name: "passes", Line: 1, State: results.Passed, Seconds: 0.5},
		failing("fails", "wanted \"1\", got 2\nmore of it"),
		results.Scenario{Name: "waits", Line: 9, State: results.NotStarted},
	))
	require.Equal(t, [4]int{3, 1, 0, 1}, [4]int{d.Tests, d.Failures, d.Errors, d.Skipped})
	cases := d.Suites[0].Cases
	require.Equal(t, []string{"passes", "fails", "waits"}, []string{cases[0].Name, cases[1].Name, cases[2].Name}, "the order of the file")
	require.Equal(t, `wanted "1", got 2`, cases[1].Failure.Message, "one line")
	require.Contains(t, cases[1].Failure.Text, "features/login_and_mfa.feature:4")
	require.Equal(t, "features/login_and_mfa.feature", cases[1].File)
	require.Equal(t, 3, cases[1].Line)
	require.Contains(t, text, `timestamp="2026-01-02T02:04:05"`)
	require.Contains(t, text, `time="0.500"`)
}

func TestEqualNamesAreToldApart(t *testing.T) {
	d, _ := read(t, run(results.Scenario{Name: "same", Line: 1, State: results.Passed}, results.Scenario{Name: "same", Line: 2, State: results.Passed}))
	require.Equal(t, "same", d.Suites[0].Cases[0].Name)
	require.Equal(t, "same (2)", d.Suites[0].Cases[1].Name)
}

func TestAnyTextCanBeReadBack(t *testing.T) {
	for name, text := range map[string]string{
		"escape": "a\x1b[31mb", "null": "a\x00b", "not a character": "a\uFFFEb", "no UTF-8": "a\xffb", "the end of CDATA": "a]]>b", "markup": "<a & \"b'>", "lines": "a\r\nb",
	} {
		t.Run(name, func(t *testing.T) {
			d, written := read(t, run(failing("fails "+text, text)))
			require.Equal(t, 1, d.Failures)
			require.NotContains(t, written, "\x1b")
			require.NotContains(t, written, "\x00")
			require.NotContains(t, d.Suites[0].Cases[0].Failure.Message, "\n")
		})
	}
}

func TestARunThatDidNotEndWellIsAFailedCase(t *testing.T) {
	for name, r := range map[string]*results.Run{
		"could not begin":              {State: results.NotBegun, Why: "the secret is wrong\nand more"},
		"interrupted":                  {State: results.Interrupted, Why: "stopped"},
		"nothing failed, yet it did":   {State: results.Failed, Why: "no scenario was selected"},
		"interrupted, and some failed": {State: results.Interrupted, Why: "stopped", Features: run(failing("a", "b")).Features},
	} {
		t.Run(name, func(t *testing.T) {
			r.Count()
			d, _ := read(t, r)
			last := d.Suites[len(d.Suites)-1].Cases
			require.Equal(t, plain.Block(r.Why, ""), last[0].Failure.Text)
			require.Equal(t, oneLine(r.Why), last[0].Failure.Message)
		})
	}
}
