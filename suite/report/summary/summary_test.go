package summary

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/suite/report/results"
)

func failing(n int, name, cause string) *results.Run {
	run := &results.Run{Mode: "live", Answered: "live NA", Features: []results.Feature{{Title: name}}}
	for range n {
		run.Features[0].Scenarios = append(run.Features[0].Scenarios, results.Scenario{Name: name, State: results.Failed, Failure: &results.Failure{Cause: cause}})
	}
	run.Count()
	return run
}

func TestTheSummaryStaysBelowItsLimits(t *testing.T) {
	run := failing(500, strings.Repeat("|<@", 4000), strings.Repeat("é`", 9000))
	for range 200 { // more features than fit
		run.Features = append(run.Features, run.Features[0])
	}
	for name, run := range map[string]*results.Run{
		"many failures": failing(500, strings.Repeat("|<@", 4000), strings.Repeat("é`", 9000)), "many features": run,
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			require.NoError(t, Write(&out, run))
			require.LessOrEqual(t, out.Len(), MaxBytes)
			require.True(t, strings.HasSuffix(out.String(), "\n"))
			require.True(t, strings.Contains(out.String(), "and 490 more") || strings.Contains(out.String(), "the rest is in index.html"))
		})
	}
	var out strings.Builder
	require.NoError(t, Write(&out, failing(500, "name", "cause")))
	require.Less(t, strings.Count(out.String(), "\n"), 40, "a screen")
}

func TestNothingFromOutsideIsMarkup(t *testing.T) {
	for _, text := range []string{"@everybody", "#12", "<img src=x>", "`code`", "a | b", "[x](https://example.com)", "**bold**", "&lt;", "two\nlines", "https://example.com", "\xff"} {
		t.Run(text, func(t *testing.T) {
			var plain, out strings.Builder
			require.NoError(t, Write(&plain, failing(1, "x", "x")))
			require.NoError(t, Write(&out, failing(1, text, text)))
			require.NotContains(t, out.String(), text)
			for _, mark := range "@#<`|[*" {
				if strings.ContainsRune("|#<", mark) {
					require.Equal(t, strings.Count(withoutEntities(plain.String()), string(mark)), strings.Count(withoutEntities(out.String()), string(mark)), fmt.Sprintf("%q", mark))
				} else {
					require.NotContains(t, out.String(), string(mark))
				}
			}
			require.Equal(t, strings.Count(plain.String(), "\n"), strings.Count(out.String(), "\n"))
		})
	}
}

func withoutEntities(text string) string { return strings.ReplaceAll(text, "&#", "") }
