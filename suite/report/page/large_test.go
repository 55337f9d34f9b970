package page

import (
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/suite/report/har"
	"pingone-conformance/suite/report/results"
)

// many is a run of so many scenarios, the first of which is a journey and the second failed.
func many(n int) *results.Run {
	run := &results.Run{Mode: "live", Features: []results.Feature{{Name: "f", Title: "Feature"}}}
	for i := range n {
		call := results.Call{Method: "GET", Path: "/v1/{id}", Status: 200, Rules: []results.Rule{{Name: fmt.Sprintf("rules-%d", i), Grade: "documented"}}}
		s := results.Scenario{
			ID: fmt.Sprintf("f/scenario-%d", i), Name: fmt.Sprintf("Scenario %d", i), Tags: []string{"@refusal"}, State: results.Passed, HAR: fmt.Sprintf("f/%d.har", i),
			Steps:  []results.Step{{Keyword: "When", Text: fmt.Sprintf("sentence-%d <b>", i), State: results.Passed, Calls: []results.Call{call}}},
			Packed: har.Pack("1", "x", []har.Exchange{{Method: "GET", URL: fmt.Sprintf("https://api.example.com/%d", i), Status: 200, Body: "{}"}}),
		}
		switch i {
		case 0:
			s.Steps[0].Published = 1
		case 1:
			s.State, s.Steps[0].State = results.Failed, results.Failed
		}
		run.Features[0].Scenarios = append(run.Features[0].Scenarios, s)
	}
	run.Count()
	return run
}

// block is what lies packed for a scenario.
func block(t *testing.T, page, id string) string {
	t.Helper()
	found := regexp.MustCompile(`id="` + id + `">([^<]*)</script>`).FindStringSubmatch(page)
	require.NotNil(t, found, id)
	unpacked, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(found[1])))
	require.NoError(t, err)
	text, err := io.ReadAll(unpacked)
	require.NoError(t, err)
	return string(text)
}

func TestALargeRunPacksWhatPassed(t *testing.T) {
	page := made(t, many(large+1))
	for i, id := range []string{"f/scenario-0/step-1", "f/scenario-1/line-1"} {
		require.Contains(t, page, `<li class="st" id="`+id+`">`, "a journey, and what failed, stand there")
		require.NotContains(t, block(t, page, fmt.Sprintf("har:f/scenario-%d", i)), "\n")
	}
	lacks(t, page, `id="f/scenario-2/line-1"`, "GET /v1/[^ ]* → 200 in [^<]*\n?held against rules-2 ")
	packed, inside, found := strings.Cut(block(t, page, "har:f/scenario-2"), "\n")
	require.True(t, found)
	require.JSONEq(t, `[["GET https://api.example.com/2\n\n", "200 OK\n\n{}"]]`, packed)
	require.Contains(t, inside, `<li class="st" id="f/scenario-2/line-1">`)
	require.Contains(t, inside, "sentence-2 &lt;b&gt;")
	shown := page[strings.Index(page, `id="f/scenario-2"`):]
	shown, _, _ = strings.Cut(shown, "</details>")
	for _, part := range []string{`data-state="passed"`, `data-tags="@refusal"`, `<span class="state">passed</span> <h4>Scenario 2</h4>`, "passed  When sentence-2 &lt;b&gt;\n</pre>", "without script it is in conformance.json", `href="./f/2.har"`} {
		require.Contains(t, shown, part, "what is read and filtered without the block")
	}
	require.Regexp(t, `(?m)^f/scenario-2\t.*sentence-2 <b> .*GET /v1/\{id\}`, block(t, page, "words"), "what is searched")
	require.Contains(t, page, "<td>rules-2</td>", "the table of rules is of all")
}

func TestASmallerRunPacksNothing(t *testing.T) {
	page := made(t, many(large))
	require.Contains(t, page, "sentence-2 &lt;b&gt;")
	require.NotContains(t, page, `<div class="in" data-packed`)
	require.NotContains(t, block(t, page, "har:f/scenario-2"), "\n")
}

func TestWhatIsSearchedIsTheTextOfElements(t *testing.T) {
	for elements, text := range map[string]string{
		"": "", "<p></p>": "", "a": "a ", "<p>a</p>\n<p id=\"&gt;\">b  c</p>": "a b  c ", "a<br>b": "a b ", "x &lt;b&gt; &#39;y&#39; &amp;amp;": "x <b> 'y' &amp; ", "ä → 200\n": "ä → 200 ",
		"<b>once</b> <i>once</i> once again\nonce": "once once again ",
	} {
		require.Equal(t, "id\t"+text, string(appendTexts([]byte("id\t"), []byte(elements), map[string]bool{})))
	}
}

// A browser that is sent to a step of a packed scenario shows it with its exchange.
func TestABrowserUnpacksWhatALinkNames(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here: install Debian's package chromium to see a browser unpack a scenario")
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "index.html")
	require.NoError(t, os.WriteFile(file, []byte(made(t, many(large+1))), 0o600))
	for id, shows := range map[string]string{"f/scenario-2": "scenario-2", "f/scenario-5/line-1": "https://api.example.com/5"} {
		address := url.URL{Scheme: "file", Path: file, Fragment: id}
		text := html.UnescapeString(shownBy(t, chromium, address.String()))
		scenario := strings.Join(strings.Split(id, "/")[:2], "/")
		require.Contains(t, text, `<li class="st" id="`+scenario+`/line-1">`)
		require.Contains(t, text, shows)
		require.NotContains(t, text, `<li class="st" id="f/scenario-7/line-1">`, "the others stay packed")
	}
}

// shownBy is what a browser makes of a page. One that crashes, as it does where memory is
// short, says nothing of the page, and is started again.
func shownBy(t *testing.T, chromium, address string) string {
	t.Helper()
	for try := 1; ; try++ {
		dom, err := exec.CommandContext(t.Context(), chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
			"--user-data-dir="+t.TempDir(), "--virtual-time-budget=5000", "--dump-dom", address).Output()
		var ended *exec.ExitError
		if errors.As(err, &ended) && !ended.Exited() && try < 5 {
			continue
		}
		require.NoError(t, err)
		return string(dom)
	}
}
