package page

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/suite/report/results"
)

func earlier(state string, passed, of int) results.Past {
	return results.Past{Began: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC), Mode: "live", State: state, Totals: results.Totals{Scenarios: of, Passed: passed}}
}

func TestEarlierRunsAreAStripAndAList(t *testing.T) {
	run := many(1)
	run.History = []results.Past{earlier(results.Passed, 4, 4), earlier(results.Failed, 2, 4), earlier(results.NotBegun, 0, 0), earlier(results.Interrupted, 1, 4), earlier(results.Passed, 4, 4), earlier("<b>", 9, 4)}
	run.Count()
	page := made(t, run)
	const inWords = "6 runs, oldest first: 1 &lt;b&gt;, 1 failed, 1 interrupted, 1 not begun, 2 passed"
	require.Contains(t, page, "<p>"+inWords+"</p>")
	require.Contains(t, page, `role="img" aria-label="`+inWords+`"`)
	for _, row := range []struct {
		title, colour, mark string
		tall                int
	}{
		{"passed, 4 of 4", "#1a7f37", "✓", 30},
		{"failed, 2 of 4", "#cf222e", "✗", 16},
		{"not begun", "#cf222e", "0", 2},
		{"interrupted, 1 of 4", "#9a6700", "–", 9},
		{"&lt;b&gt;, 9 of 4", "currentColor", "", 30},
	} {
		require.Regexp(t, fmt.Sprintf(`<title>2 Jan 2026 03:04 UTC live: %s</title><rect x="\d+" y="%d" width="12" height="%d" fill="%s"/><text [^>]*>%s</text>`, row.title, 30-row.tall, row.tall, row.colour, row.mark), page)
		require.Contains(t, page, "live: "+row.title+"</li>", "the list says the same")
	}
	require.Equal(t, 6, strings.Count(page, "<rect "))
	run.History = nil
	run.Count()
	lacks(t, made(t, run), "The runs before this one", "<rect ")
}

func TestDriftIsATableOfItsScenarios(t *testing.T) {
	call := results.DriftedCall{Outcome: "drifted", Step: 3, Operation: nasty, Method: "GET", Path: "/" + nasty}
	call.Differences = append(call.Differences, struct {
		Kind string `json:"kind"`
		At   string `json:"at"`
	}{"member added", "/" + nasty})
	run := many(1)
	run.Drift = &results.Drift{Answered: "live NA"}
	require.Contains(t, made(t, run), "<p>No call drifted, was missing or came besides.</p>")
	for name, calls := range map[string][]results.DriftedCall{"one": {call, {Outcome: "extra", Operation: "Read Flow"}}, "none": nil, "two": {{Outcome: "missing"}}} {
		run.Drift.Scenarios = append(run.Drift.Scenarios, struct {
			Name  string                `json:"name"`
			Calls []results.DriftedCall `json:"calls"`
		}{name, calls})
	}
	page := made(t, run)
	lacks(t, page, "<img", "No call drifted", `scope="rowgroup">none`)
	require.Equal(t, 2, strings.Count(page, `<tbody><tr><th colspan="2" scope="rowgroup">`))
	require.Regexp(t, `<td>step 3: .*<br><code>GET /.*</code></td><td>drifted<br>member added <code>/&lt;/script&gt;`, page)
	require.Contains(t, page, "<td>Read Flow<br><code> </code></td><td>extra</td>")
}
