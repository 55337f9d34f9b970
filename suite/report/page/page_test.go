package page

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/suite/report/har"
	"pingone-conformance/suite/report/results"
)

const nasty = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>&\x00"

// hostile is a run in which whatever can come from outside is markup.
func hostile() *results.Run {
	call := results.Call{
		By: nasty, Operation: nasty, Method: nasty, Path: nasty, Status: 200, Correlation: nasty,
		Rules: []results.Rule{{Name: nasty, Grade: nasty, Source: "javascript:alert(3)"}}, Broken: []results.Finding{{Where: nasty, Rule: nasty, Want: nasty, Got: nasty}},
	}
	run := &results.Run{
		Suite: nasty, Mode: "live", Answered: nasty, Region: nasty, Began: time.Unix(1, 0), Why: nasty,
		UseCases:     []results.UseCase{{Name: "f", Page: "javascript:alert(4)", Calls: []results.PublishedCall{{Step: 1}}}},
		Observations: []results.Observation{{Times: 1, What: nasty, Seen: []string{nasty}, Expected: []string{nasty}, Sources: []string{"javascript:alert(5)"}}},
		Features: []results.Feature{{Name: "f", Title: nasty, Description: nasty, Scenarios: []results.Scenario{{
			ID: "f/" + nasty, Name: nasty, Description: nasty, Tags: []string{nasty}, State: results.Failed, HAR: "javascript:alert(6)", Packed: har.Pack("1", nasty, []har.Exchange{{Method: nasty, URL: nasty, Body: nasty}}),
			Steps:   []results.Step{{Text: nasty, Keyword: nasty, Published: 1, State: results.Failed, Error: nasty, Calls: []results.Call{call}, Evidence: []results.Evidence{{Of: []string{nasty}}}}},
			Failure: &results.Failure{Cause: nasty, Text: nasty, Want: nasty, Got: nasty, Words: nasty, Rule: nasty, Page: "javascript:alert(7)", Rerun: nasty},
		}}}},
	}
	run.Count()
	return run
}

func made(t *testing.T, run *results.Run) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, Write(&out, run))
	return out.String()
}

func TestNothingFromOutsideIsMarkup(t *testing.T) {
	page := made(t, hostile())
	lacks(t, page, "<img", "<script>alert", "\x00", `href="javascript`)
	require.Equal(t, 1, strings.Count(page, "<script>"), "ours")
	require.Equal(t, 1, strings.Count(page, `<script type="application/octet-stream"`))
}

// The policy lets in the page's own style and script, and the browser finds them by their hash.
func TestThePolicyNamesWhatIsInThePage(t *testing.T) {
	page := made(t, hostile())
	for _, kind := range []string{"style", "script"} {
		inner := regexp.MustCompile(`(?s)<` + kind + `>(.*?)</` + kind + `>`).FindStringSubmatch(page)
		require.NotNil(t, inner)
		sum := sha256.Sum256([]byte(inner[1]))
		hash := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		require.True(t, strings.Contains(html.UnescapeString(page), kind+"-src "+hash), kind)
	}
	policy := regexp.MustCompile(`<meta http-equiv="?Content-Security-Policy"? content="([^"]*)"`).FindStringSubmatch(page)
	require.NotNil(t, policy)
	require.Regexp(t, `^default-src 'none'; style-src 'sha256-[^;]+'; script-src 'sha256-[^;]+'; base-uri 'none'; form-action 'none'$`, html.UnescapeString(policy[1]), "and nothing else")
	lacks(t, page, `<[a-z]+[^>]* style=`, `<[a-z]+[^>]* on[a-z]+="`, `(src|@import|url\()[ =(]*["']?https?:`)
}

// lacks holds that nothing in the page is like one of the expressions.
func lacks(t *testing.T, page string, expressions ...string) {
	t.Helper()
	for _, expression := range expressions {
		require.Empty(t, regexp.MustCompile(expression).FindString(page))
	}
}

func TestThePageReadsWithoutStyleAndScript(t *testing.T) {
	page := made(t, hostile())
	require.Contains(t, page, `<span class="state">failed</span>`, "states are words")
	require.Contains(t, page, "<h1>")
	require.Contains(t, page, `role="search" aria-label="Scenarios" hidden`, "what needs the script is not there without")
}

// A run that was stopped says of each use case how far it came, also where that is nowhere.
func TestTheCardsOfUseCasesComeFirstWhateverRan(t *testing.T) {
	scenario := func(published int) results.Scenario {
		return results.Scenario{Name: "s", State: results.NotStarted, Steps: []results.Step{{Published: published, State: results.Skipped}}}
	}
	run := &results.Run{
		State: results.Interrupted, UseCases: []results.UseCase{{Name: "z", Page: "https://example.com/z", Calls: make([]results.PublishedCall, 19)}},
		Features: []results.Feature{{Name: "a", Scenarios: []results.Scenario{scenario(0)}}, {Name: "z", Scenarios: []results.Scenario{scenario(1), scenario(0)}}},
	}
	run.Count()
	cards := viewOf(run).Cards
	require.Equal(t, []card{
		{Name: "z", State: results.NotStarted, Class: "not-started", Refused: "0 of 1 refusals, options and limits passed", Steps: 19},
		{Name: "a", State: results.NotStarted, Class: "not-started", Refused: "0 of 1 refusals, options and limits passed"},
	}, cards)
	run.Features[1].Scenarios = run.Features[1].Scenarios[1:]
	require.Zero(t, viewOf(run).Cards[0].Steps, "where the journey was not selected, its steps are not missed")
}

// A browser works while it reads the exchanges, which come last.
func TestTheScriptComesBeforeTheExchanges(t *testing.T) {
	page := made(t, hostile())
	require.Less(t, strings.Index(page, "<script>"), strings.Index(page, `<script type="application/octet-stream"`))
	require.Less(t, strings.LastIndex(page, "<details"), strings.Index(page, "<script>"), "and after all that it works on")
}

// A browser takes as long for a page as that has elements: a call is one, unless it was refused.
func TestACallIsOneElement(t *testing.T) {
	var out strings.Builder
	w := &writer{b: bufio.NewWriter(&out), known: map[results.Rule]bool{}}
	w.call(&results.Call{By: "browser", Method: "GET", Path: "/{id}", Status: 200, Seconds: 1, Rules: []results.Rule{{Name: "Read", Grade: "documented"}, {Name: "Read", Grade: "inferred"}}}, false)
	w.call(&results.Call{By: "browser", Method: "GET", Path: "/{id}", Status: 404, Seconds: 1}, false)
	require.NoError(t, w.b.Flush())
	require.Equal(t, `<div class="call" data-n="0">browser: GET /{id} → 200 in 1.0 s`+"\n"+`held against Read (documented and inferred)</div>`+
		`<div class="call" data-n="0">browser: GET /{id} → <b class="st4">404</b> in 1.0 s</div>`, out.String())
}

func TestTheDiagramLinksEachCallToItsStep(t *testing.T) {
	run := many(1)
	s := &run.Features[0].Scenarios[0]
	s.Steps[0].Calls = append(s.Steps[0].Calls, results.Call{By: "application", Method: "POST", Path: "/token", Status: 400}, results.Call{By: "browser", Method: "GET", Path: "/authorize", Status: 302})
	page := made(t, run)
	svg := regexp.MustCompile(`(?s)<svg .*?</svg>`).FindString(page)
	require.Equal(t, 3, strings.Count(svg, `<a href="#f/scenario-0/step-1">`))
	require.Contains(t, page, `id="f/scenario-0/step-1"`)
	require.Equal(t, 7, strings.Count(svg, "<path "), "one for the requests, and two for answers of each colour: dashes and heads")
	for _, text := range []string{"1. GET /v1/{id}", "1. POST /token", ">400<", ">302<"} {
		require.Contains(t, svg, text)
	}
}

func TestTheCleanUpIsListedInShort(t *testing.T) {
	run := hostile()
	s := &run.Features[0].Scenarios[0]
	for i := range 3 {
		s.TearDown = append(s.TearDown, results.Call{Exchange: i + 4, Method: "DELETE", Path: "/v1/{id}", Status: 204})
	}
	s.TearDown[1].Broken = []results.Finding{{Rule: "status", Want: "204", Got: "200"}}
	run.Count()
	page := made(t, run)
	require.Contains(t, page, "Clean-up: 3 calls")
	require.Contains(t, page, `<div class="call" data-n="4 6"><pre>DELETE /v1/{id} → 204`)
	require.Contains(t, page, `<b>broken</b>:  status; want 204, got 200`)
}

func TestTheVerdictAnswersTheQuestion(t *testing.T) {
	for name, row := range map[string]struct {
		run  results.Run
		says string
	}{
		"live, passed":   {results.Run{Mode: "live", State: results.Passed, Totals: results.Totals{Passed: 3}}, "Yes: all 3 scenarios passed"},
		"replay, passed": {results.Run{Mode: "replay", State: results.Passed, Totals: results.Totals{Passed: 3}}, "As recorded: all 3 scenarios passed"},
		"emulator":       {results.Run{Mode: "emulator", State: results.Passed, Totals: results.Totals{Passed: 3}}, "The emulator does: all 3 scenarios passed"},
		"failed":         {results.Run{Mode: "live", State: results.Failed, Totals: results.Totals{Scenarios: 3, Failed: 1}}, "No: 1 of 3 scenarios failed"},
		"passed, alone":  {results.Run{Mode: "replay", State: results.Passed, Totals: results.Totals{Scenarios: 1, Passed: 1}}, "As recorded: the only scenario passed"},
		"failed, alone":  {results.Run{Mode: "live", State: results.Failed, Totals: results.Totals{Scenarios: 1, Failed: 1}}, "No: the only scenario failed"},
		"interrupted":    {results.Run{Mode: "live", State: results.Interrupted, Totals: results.Totals{Scenarios: 3, Passed: 1}}, "Not known: the run was interrupted after 1 of 3 scenarios, 0 of which failed or were stopped"},
		"not begun":      {results.Run{State: results.NotBegun}, "Not known: the run could not begin"},
	} {
		t.Run(name, func(t *testing.T) { require.Contains(t, Verdict(&row.run), row.says) })
	}
}
