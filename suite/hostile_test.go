package suite_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/contract"
	"pingone-conformance/internal/live/preflight"
	"pingone-conformance/internal/live/sweep"
	"pingone-conformance/internal/proof/drift"
	"pingone-conformance/internal/retry"
	"pingone-conformance/suite"
	"pingone-conformance/suite/report/har"
	"pingone-conformance/suite/report/junit"
	"pingone-conformance/suite/report/messages"
	"pingone-conformance/suite/report/page"
	"pingone-conformance/suite/report/results"
	"pingone-conformance/suite/report/summary"
	"pingone-conformance/suite/runner"
)

// hostile is what a server says: it clears the screen, names the window, goes up a line,
// turns the direction of writing, and claims that something else was seen.
const hostile = "no\x1b[2J\x1b[1A\x1b]0;owned\a\r\u009b2J\u202e\u2066\u2028\u2029\x00\ufffe\ufeff" +
	"\n    ok     Then sign-on is complete\n-> 204 in 1ms\n99. Delete\n]]><failure/>\n1 scenario: 1 passed, 0 failed"

// aHostileRun is a scenario that asks a server which says hostile things wherever it can.
func aHostileRun(t *testing.T) (ended []suite.Result, story, transcript string) {
	t.Helper()
	said, err := json.Marshal(map[string]any{
		"code": hostile, "message": hostile, "id": hostile, hostile: hostile,
		"details": []any{map[string]any{"code": hostile, "target": hostile, "message": hostile}},
		"_links":  map[string]any{"self": map[string]any{"href": "https://api.pingone.com/v1/" + hostile}},
	})
	require.NoError(t, err)
	place := roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusBadRequest, Request: r, Body: io.NopCloser(bytes.NewReader(said)),
			Header: http.Header{"Content-Type": {"application/json"}, "Location": {hostile}, "Correlation-Id": {hostile}},
		}, nil
	})
	dir := t.TempDir()
	creates := func(r *suite.Registry, s *stage) {
		r.When(`^Priya creates a population$`, func(ctx context.Context) error {
			ex, err := s.Admin().CreatePopulation(ctx, s.Env(), map[string]any{"name": hostile})
			if err := suite.Must("create "+hostile, ex, err, http.StatusCreated); err != nil {
				return errors.Join(err, suite.Unlike(ex, "the code", "none", ex.Get("code").String()), errors.New(hostile))
			}
			return nil
		})
	}
	feature := strings.Replace(scenario(`When Priya creates a population`, `Then Priya holds a token`), "Scenario: S", "Scenario: S\x1b[2J\u202e", 1)
	ended, story, err = play(t, feature, suite.Options{
		Places: opener(func() (*suite.Place, error) { return onTransport(place), nil }), Sentences: onStage(creates), Transcripts: dir,
	})
	require.Error(t, err)
	written, err := os.ReadFile(filepath.Join(dir, "some", "s-2j.txt"))
	require.NoError(t, err, "a file's name is made of letters and digits")
	return ended, story, string(written)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// printed is what each printer makes of it.
func printed(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	print := func(name string, to func(io.Writer) error) {
		var out strings.Builder
		require.NoError(t, to(&out), name)
		texts[name] = out.String()
	}
	ended, story, transcript := aHostileRun(t)
	texts["story"], texts["transcript"], texts["error of a sentence"] = story, transcript, ended[0].Err.Error()
	texts["broken contract"] = contract.Report{Call: hostile, Violations: []contract.Finding{{Where: hostile, Want: hostile, Got: hostile}, {Where: "/a" + hostile}}}.Err().Error()
	said, err := json.Marshal(map[string]string{"error": hostile, "error_description": hostile})
	require.NoError(t, err)
	ex := &client.Exchange{Status: http.StatusBadRequest, Body: said, Request: client.Request{Method: "GET", URL: &url.URL{Path: "/" + hostile}}}
	texts["error of a status"] = suite.Must(hostile, ex, nil, http.StatusOK).Error()
	texts["error of a value"] = errors.Join(suite.Unlike(ex, hostile, hostile, hostile), suite.Expect(ex, hostile, "none", hostile)).Error()
	run := hostileRun()
	print("JUnit", func(w io.Writer) error { return junit.Write(w, run) })
	print("page", func(w io.Writer) error { return page.Write(w, run) })
	print("summary", func(w io.Writer) error { return summary.Write(w, run) })
	print("messages", func(w io.Writer) error { return messages.Write(w, run) })
	print("conformance.json", func(w io.Writer) error { return results.Write(w, run) })
	texts["HAR"] = string(run.Features[0].Scenarios[0].Archive)
	texts["exchange of the page"] = saidBy(t, &run.Features[0].Scenarios[0].Packed)
	texts["epilogue"] = runner.Epilogue(run)
	print("preflight", func(w io.Writer) error {
		return preflight.Print(w, []preflight.Finding{{What: hostile, Missing: hostile, Do: hostile, Fatal: true}})
	})
	print("sweep", func(w io.Writer) error {
		return sweep.Print(w, []sweep.Leftover{{Kind: sweep.User, Name: hostile, ID: hostile, Keep: hostile}})
	})
	print("drift", func(w io.Writer) error {
		difference := drift.Difference{Kind: "member added", At: hostile, Seen: hostile, Recorded: hostile}
		return drift.Report{Answered: "x", Scenarios: []drift.Scenario{{
			Feature: "f", Name: "n", Failure: hostile, Uncompared: hostile, FailedAt: hostile,
			Calls: []drift.Call{{Outcome: drift.Drifted, Operation: "Get", Path: hostile, Differences: []drift.Difference{difference}}},
		}}}.Print(w)
	})
	print("progress", func(w io.Writer) error {
		suite.Again(w)(retry.Event{Method: "GET", Path: hostile, Why: hostile, Try: 1})
		return nil
	})
	print("observations", func(w io.Writer) error {
		o := contract.NewObservations()
		o.Outcome(hostile, hostile)
		o.Print(w)
		return nil
	})
	return texts
}

// hostileRun is a run whose texts are hostile, but for the descriptions of whoever wrote the
// feature, as a folder that is not ours may have them.
func hostileRun() *results.Run {
	failed := hostile + "\xff"
	call := results.Call{Operation: hostile, Method: hostile, Path: hostile, Status: 400, Correlation: hostile, Broken: []results.Finding{{Where: hostile, Rule: hostile, Want: hostile, Got: hostile}}}
	pair := []har.Pair{{Name: hostile, Value: hostile}, {Name: "Location", Value: hostile}, {Name: "Set-Cookie", Value: "a=b; Path=" + hostile}}
	source := "Feature: F\n  Scenario: one " + strings.NewReplacer("\n", " ", "\r", " ").Replace(hostile) + "\n    Then " + strings.ReplaceAll(hostile, "\n", " ") + "\n"
	run := &results.Run{
		Suite: hostile, Mode: "live", Answered: hostile, Region: hostile, State: results.Interrupted, Why: hostile, Order: hostile,
		Observations: []results.Observation{{Times: 1, What: hostile, Seen: []string{hostile}, Expected: []string{hostile}, Sources: []string{hostile}}},
		Features: []results.Feature{{Name: hostile, Title: hostile, File: "f.feature", Source: source, Scenarios: []results.Scenario{
			{
				ID: hostile, Name: hostile, Line: 2, State: results.Failed, Tags: []string{hostile},
				Steps:   []results.Step{{Keyword: "Then", Text: hostile, State: results.Failed, Error: failed, Sentence: "^a$", Calls: []results.Call{call}, Evidence: []results.Evidence{{Of: []string{hostile}}}}},
				Failure: &results.Failure{Text: failed, Cause: hostile, Want: hostile, Got: hostile, Words: hostile, Rule: hostile, Page: hostile, Rerun: hostile},
				Packed:  har.Pack(hostile, hostile, []har.Exchange{{Operation: hostile, Step: hostile, Method: "GET", URL: "https://example.com/" + hostile, Sent: hostile, Body: hostile, RequestHeaders: pair, ResponseHeaders: pair}}),
			},
		}}},
	}
	run.Count()
	return run
}

// saidBy is what the page makes of an exchange: its messages, with bodies, which are text as
// it came, behind bars.
func saidBy(t *testing.T, p *har.Packed) string {
	t.Helper()
	var said string
	require.NoError(t, json.Unmarshal([]byte(`"`+string(p.AppendRequest(nil, 0))+`"`), &said))
	head, body, found := strings.Cut(said, "\n\n")
	require.True(t, found)
	require.Contains(t, body, `\x1b[2J`)
	return head
}

var (
	forgedStep = regexp.MustCompile(`(?m)^\s*(ok|FAIL|-)\s+(Given|When|Then|and)\b`)
	forgedCall = regexp.MustCompile(`(?m)^(-> \d|\d+\. )`)
	forgedEnd  = regexp.MustCompile(`(?m)^\d+ scenarios?: `)
)

// tags are what a browser without style does not show.
var tags = regexp.MustCompile(`<[^>]*>`)

func TestOneHostileMessageThroughEveryPrinter(t *testing.T) {
	for name, text := range printed(t) {
		t.Run(name, func(t *testing.T) {
			for _, r := range text {
				require.True(t, r == '\n' || unicode.IsPrint(r), "%U in %q", r, text)
			}
			shown := html.UnescapeString(text)
			if slices.Contains([]string{"HAR", "messages", "conformance.json"}, name) {
				shown = strings.ReplaceAll(text, `\\`, `\`)
			}
			require.Contains(t, shown, `\x1b[2J`, "it is shown, not hidden")
			require.Contains(t, shown, `\u202e`)
			if name == "error of a sentence" { // whose lines are its own; whoever prints it puts bars before them
				return
			}
			steps, calls, ends := 0, 0, 0
			switch name {
			case "story":
				steps, ends = 2, 1
			case "transcript":
				calls = 2
			case "page":
				text = tags.ReplaceAllString(text, "")
			}
			require.Len(t, forgedStep.FindAllString(text, -1), steps, text)
			require.Len(t, forgedCall.FindAllString(text, -1), calls, text)
			require.Len(t, forgedEnd.FindAllString(text, -1), ends, text)
		})
	}
}

func TestAHostileJUnitReportIsReadBack(t *testing.T) {
	var suites struct {
		Suites []struct {
			Tests, Failures, Skipped int `xml:",attr"`
			Cases                    []struct {
				Failure *struct {
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	require.NoError(t, xml.Unmarshal([]byte(printed(t)["JUnit"]), &suites))
	require.Len(t, suites.Suites, 2)
	require.Len(t, suites.Suites[0].Cases, 1)
	require.Contains(t, suites.Suites[0].Cases[0].Failure.Text, `]]><failure/>`)
	require.Contains(t, suites.Suites[0].Cases[0].Failure.Text, `\xff`)
	require.NotContains(t, suites.Suites[0].Cases[0].Failure.Message, "\n")
}

// What PingOne says of a refusal stays on its line, wherever it is quoted.
func TestTheVendorsWordsStayOnTheirLine(t *testing.T) {
	body, err := json.Marshal(map[string]any{"error": hostile, "error_description": hostile})
	require.NoError(t, err)
	for _, text := range []string{
		suite.VendorWords(&client.Exchange{Body: body}),
		suite.VendorWords(&client.Exchange{Body: []byte(`{"error":` + string(body) + `}`)}),
		suite.VendorWords(&client.Exchange{Body: []byte(`{"code":"` + strings.Repeat("x", 5000) + `"}`)}),
	} {
		require.NotContains(t, text, "\n")
		require.Less(t, len(text), 2500)
	}
}
