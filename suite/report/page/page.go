// Package page makes the page that people look at: one HTML file that needs no network, holds
// all exchanges compressed, and reads well with neither style nor script.
package page

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/plain"
	"pingone-conformance/suite/report/results"
)

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	style string
	//go:embed page.js
	script string
)

var tmpl = lazy.Value[*template.Template]{Make: func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"slug": slug, "stamp": stamp, "date": date, "long": long, "link": link, "strip": strip, "inShort": inShort, "ended": ended, "barred": barred, "count": plain.Count, "join": func(texts []string) string { return strings.Join(texts, "; ") },
	}).Parse(strings.ReplaceAll(pageHTML, "\n\n", "\n")))
}}

// hash is how a policy names an inline style or script.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// policy lets nothing in but this style and this script.
func policy() string {
	return "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script) + "; base-uri 'none'; form-action 'none'"
}

type view struct {
	Run      *results.Run
	Policy   string
	Style    template.CSS
	Script   template.JS
	Verdict  string
	Means    string
	Cards    []card
	States   []string
	Tags     []string
	Causes   []cause
	Features []*results.Feature
	Rules    []results.Rule
}

type card struct {
	Name, Title, State, Class, Refused string
	Steps, Passed                      int
}

type cause struct {
	Cause     string
	Scenarios []failed
}

type failed struct {
	*results.Scenario
	Sentence string
}

// Write writes the page of a run that was counted.
func Write(out io.Writer, run *results.Run) error {
	v := viewOf(run)
	w := &writer{run: run, known: map[results.Rule]bool{}, b: bufio.NewWriterSize(out, 1<<16)}
	if run.Totals.Scenarios > large {
		w.packed = map[string][]byte{}
	}
	if err := tmpl.Get().ExecuteTemplate(w.b, "top", v); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	for _, f := range v.Features {
		w.feature(f)
	}
	v.Rules = w.rules
	slices.SortFunc(v.Rules, func(a, b results.Rule) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Grade, b.Grade)) })
	if err := tmpl.Get().ExecuteTemplate(w.b, "bottom", v); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	if err := w.archives(); err != nil {
		return err
	}
	if err := cmp.Or(tmpl.Get().ExecuteTemplate(w.b, "end", v), w.b.Flush()); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

func viewOf(run *results.Run) view {
	v := view{
		Run: run, Policy: policy(), Style: template.CSS(style), Script: template.JS(script), //nolint:gosec // both are embedded
		Verdict: Verdict(run), Means: results.Means(run.Mode), Causes: causes(run),
	}
	states, tags := map[string]bool{}, map[string]bool{}
	for s := range run.Scenarios() {
		states[s.State] = true
		for _, tag := range s.Tags {
			tags[tag] = true
		}
	}
	v.States, v.Tags = slices.Sorted(maps.Keys(states)), slices.Sorted(maps.Keys(tags))
	for i := range run.Features {
		f := &run.Features[i]
		v.Cards, v.Features = append(v.Cards, cardOf(run, f)), append(v.Features, f)
	}
	// The published use cases first, what they all need after them.
	published := func(name string) int { return min(1, len(pageOf(run, name))) }
	slices.SortStableFunc(v.Cards, func(a, b card) int { return cmp.Compare(published(b.Name), published(a.Name)) })
	slices.SortStableFunc(v.Features, func(a, b *results.Feature) int { return cmp.Compare(published(b.Name), published(a.Name)) })
	return v
}

// Verdict answers the question at the top in one line.
func Verdict(run *results.Run) string {
	t := run.Totals
	switch run.State {
	case results.Passed:
		if run.Shard.Empty() {
			return fmt.Sprintf("Nothing to do: none of the %s falls to shard %s", plain.Count(run.Shard.Selected, "scenario"), run.Shard)
		}
		if t.Passed == 1 {
			return yes(run.Mode) + ": the only scenario passed"
		}
		return fmt.Sprintf("%s: all %d scenarios passed", yes(run.Mode), t.Passed)
	case results.Interrupted:
		return fmt.Sprintf("Not known: the run was interrupted after %d of %s, %d of which failed or were stopped", t.Passed+t.Failed, plain.Count(t.Scenarios, "scenario"), t.Failed)
	case results.NotBegun:
		return "Not known: the run could not begin"
	}
	if t.Failed == 0 {
		return "Not known: " + run.Why
	}
	if t.Scenarios == 1 {
		return "No: the only scenario failed"
	}
	return fmt.Sprintf("No: %d of %d scenarios failed", t.Failed, t.Scenarios)
}

// yes is what a run without a failure answers: only a live environment says what PingOne does.
func yes(mode string) string {
	switch mode {
	case "replay":
		return "As recorded"
	case "emulator":
		return "The emulator does"
	}
	return "Yes"
}

func cardOf(run *results.Run, f *results.Feature) card {
	c := card{Name: f.Name, Title: f.Title, State: results.Passed}
	passed, all, failed := 0, 0, 0
	follows := false // the published list, whether it came to that or not
	for i := range f.Scenarios {
		s := &f.Scenarios[i]
		if s.State == results.Failed {
			failed++
		}
		if s.State == results.NotStarted && c.State == results.Passed {
			c.State = results.NotStarted
		}
		if s.Journey() {
			follows = true
			continue
		}
		all++
		if s.State == results.Passed {
			passed++
		}
	}
	if failed > 0 {
		c.State = results.Failed
	}
	for _, u := range run.UseCases {
		if u.Name == f.Name && follows {
			c.Steps = len(u.Calls)
			c.Passed, _ = run.Published(u)
		}
	}
	if c.Class = slug(c.State); all > 0 {
		c.Refused = fmt.Sprintf("%d of %d refusals, options and limits passed", passed, all)
	}
	return c
}

func pageOf(run *results.Run, name string) string {
	for _, u := range run.UseCases {
		if u.Name == name {
			return u.Page
		}
	}
	return ""
}

// causes groups the failures, those of most scenarios first.
func causes(run *results.Run) []cause {
	var list []cause
	for s := range run.Scenarios() {
		if s.Failure == nil {
			continue
		}
		one := failed{Scenario: s, Sentence: "after the scenario"}
		if s.Failure.Step >= 0 && s.Failure.Step < len(s.Steps) {
			one.Sentence = s.Steps[s.Failure.Step].Keyword + " " + s.Steps[s.Failure.Step].Text
		}
		at := slices.IndexFunc(list, func(c cause) bool { return c.Cause == s.Failure.Cause })
		if at < 0 {
			at, list = len(list), append(list, cause{Cause: s.Failure.Cause})
		}
		list[at].Scenarios = append(list[at].Scenarios, one)
	}
	slices.SortStableFunc(list, func(a, b cause) int { return len(b.Scenarios) - len(a.Scenarios) })
	return list
}

func slug(state string) string { return strings.ReplaceAll(state, " ", "-") }

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func date(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04 UTC") }

func long(seconds float64) string {
	switch {
	case seconds < 0.001:
		return "under 1 ms"
	case seconds < 1:
		return fmt.Sprintf("%.0f ms", seconds*1000)
	case seconds < 90:
		return fmt.Sprintf("%.1f s", seconds)
	}
	return time.Duration(seconds * float64(time.Second)).Round(time.Second).String()
}

// barred is a text of several lines of which none can be taken for one of the page.
func barred(text string) string { return plain.Block(text, "") }

// link is a page's address as a link, and anything else as text.
func link(address string) template.HTML {
	text := template.HTMLEscapeString(address)
	if !strings.HasPrefix(address, "https://") {
		return template.HTML(text) //nolint:gosec // escaped
	}
	short := strings.TrimPrefix(text, "https://")
	if at := strings.LastIndexByte(short, '/'); at >= 0 && len(short) > 60 {
		short = short[:strings.IndexByte(short, '/')] + "/…" + short[at:]
	}
	return template.HTML(`<a href="` + text + `" rel="noreferrer">` + short + `</a>`) //nolint:gosec // escaped
}
