package page

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pingone-conformance/internal/plain"
	"pingone-conformance/suite/report/results"
)

// writer writes features and their scenarios. It escapes by hand: a template takes five times
// as long for the thousands of lines and calls, and all texts stand between tags or in quoted
// attributes. What it writes to keeps its first error.
type writer struct {
	run   *results.Run
	known map[results.Rule]bool
	rules []results.Rule
	b     *bufio.Writer
	// packed is what stands in those scenarios that a large run packs, by their ids; nil in
	// any other run. Each is written aside.
	packed map[string][]byte
	aside  bytes.Buffer
	toSide *bufio.Writer
}

// large is how many scenarios a page holds with all their calls. A browser makes some eighty
// elements of each, and people open few: of a larger run, those that passed have their lines
// only, until somebody opens them.
const large = 50

// packs tells whether what stands in a scenario is packed: those that did not pass, and the
// journeys, are what people come for.
func (w *writer) packs(s *results.Scenario) bool {
	return w.packed != nil && s.State == results.Passed && !s.Journey()
}

// put writes pieces that are ours as they are, and each %s of a text escaped.
func (w *writer) put(format string, texts ...string) {
	for _, text := range texts {
		before, after, _ := strings.Cut(format, "%s")
		_, _ = w.b.WriteString(before)
		escape(w.b, text)
		format = after
	}
	_, _ = w.b.WriteString(format)
}

func escape(b *bufio.Writer, text string) {
	from := 0
	for i := 0; i < len(text); i++ {
		var to string
		switch text[i] {
		case '&':
			to = "&amp;"
		case '<':
			to = "&lt;"
		case '>':
			to = "&gt;"
		case '"':
			to = "&#34;"
		case '\'':
			to = "&#39;"
		default:
			continue
		}
		_, _ = b.WriteString(text[from:i])
		_, _ = b.WriteString(to)
		from = i + 1
	}
	_, _ = b.WriteString(text[from:])
}

// fragment is an address on this page.
func fragment(id string) string { return "#" + (&url.URL{Path: id}).EscapedPath() }

// group is a part of a feature's scenarios.
type group struct {
	title     string
	scenarios []*results.Scenario
}

// groups puts the journey first, then the others by the published step that they are about.
func groups(f *results.Feature) []group {
	journeys, rest := group{title: "The published list"}, group{title: "Further"}
	steps := map[int]*group{}
	for i := range f.Scenarios {
		s := &f.Scenarios[i]
		n := stepTag(s)
		switch {
		case s.Journey():
			journeys.scenarios = append(journeys.scenarios, s)
		case n > 0:
			if steps[n] == nil {
				steps[n] = &group{title: fmt.Sprintf("Refusals, options and limits of step %d", n)}
			}
			steps[n].scenarios = append(steps[n].scenarios, s)
		default:
			rest.scenarios = append(rest.scenarios, s)
		}
	}
	all := []group{journeys}
	for _, n := range slices.Sorted(maps.Keys(steps)) {
		all = append(all, *steps[n])
	}
	if len(journeys.scenarios) == 0 && len(all) == 1 {
		rest.title = "Scenarios"
	}
	return slices.DeleteFunc(append(all, rest), func(g group) bool { return len(g.scenarios) == 0 })
}

// feature writes one feature with all its scenarios.
func (w *writer) feature(f *results.Feature) {
	w.put(`<section data-group aria-labelledby="%s"><h2 id="%s">%s</h2>`, f.Name, f.Name, f.Title)
	if f.Description != "" {
		w.put(`<p class="desc">%s</p>`, f.Description)
	}
	if page := pageOf(w.run, f.Name); page != "" {
		w.put("<p>Published by Ping Identity: " + string(link(page)) + "</p>")
	}
	for _, g := range groups(f) {
		w.put("\n<div data-group><h3>%s</h3>\n", g.title)
		for _, s := range g.scenarios {
			w.scenario(s)
		}
		w.put("</div>")
	}
	w.put("</section>\n")
}

func stepTag(s *results.Scenario) int {
	for _, tag := range s.Tags {
		if text, is := strings.CutPrefix(tag, "@step-"); is {
			if n, err := strconv.Atoi(text); err == nil && n > 0 && n < 1000 {
				return n
			}
		}
	}
	return 0
}

func (w *writer) scenario(s *results.Scenario) {
	open := ""
	if s.State == results.Failed {
		open = " open"
	}
	w.put(`<details class="sc %s" id="%s" data-id="%s" data-state="%s" data-tags="%s"`+open+`><summary><span class="state">%s</span> <h4>%s</h4> `,
		slug(s.State), s.ID, s.ID, s.State, strings.Join(s.Tags, " "), s.State, s.Name)
	if s.Tagged(results.Undocumented) {
		w.put(`<span class="tag">undocumented</span> `)
	}
	w.put(`<span class="time">%s</span></summary>`, long(s.Seconds))
	if !w.packs(s) {
		w.put(`<div class="in">`)
		w.inside(s)
		w.put("</div></details>\n")
		return
	}
	w.put(`<div class="in" data-packed><pre class="lines">`)
	for i := range s.Steps {
		step := &s.Steps[i]
		w.put("%s  %s %s\n", step.State, step.Keyword, step.Text)
	}
	w.put(`</pre><p class="mute">What each line sent, got and looked at is unpacked when this is opened; without script it is in conformance.json`)
	if s.HAR != "" {
		w.put(` and <a href="./%s">its HAR</a>`, (&url.URL{Path: s.HAR}).EscapedPath())
	}
	w.put("</p></div></details>\n")
	if w.toSide == nil {
		w.toSide = bufio.NewWriter(&w.aside)
	}
	page := w.b
	w.b = w.toSide
	w.aside.Reset()
	w.inside(s)
	_ = w.b.Flush() // a buffer takes everything
	w.b, w.packed[s.ID] = page, bytes.Clone(w.aside.Bytes())
}

// inside writes what a scenario shows when it is open.
func (w *writer) inside(s *results.Scenario) {
	if s.Description != "" {
		w.put(`<p class="desc">%s</p>`, s.Description)
	}
	w.put(`<p class="time"><a href="%s">link</a> · line %s`, fragment(s.ID), strconv.Itoa(s.Line))
	if s.HAR != "" {
		w.put(` · <a href="./%s">its exchanges as HAR</a>`, (&url.URL{Path: s.HAR}).EscapedPath())
	}
	w.put("</p>\n")
	if s.Journey() {
		w.diagram(s)
	}
	w.put(`<ol class="steps">`)
	for i := range s.Steps {
		w.step(s, i)
	}
	w.put("</ol>\n")
	w.tearDown(s)
}

func stepID(s *results.Scenario, i int) string {
	if n := s.Steps[i].Published; n > 0 {
		return fmt.Sprintf("%s/step-%d", s.ID, n)
	}
	return fmt.Sprintf("%s/line-%d", s.ID, i+1)
}

func (w *writer) step(s *results.Scenario, i int) {
	step := &s.Steps[i]
	number, opens := "", ""
	if step.Published > 0 {
		number = strconv.Itoa(step.Published)
	}
	if step.State == results.Failed {
		opens = " open"
	}
	w.put(`<li class="st" id="%s">`, stepID(s, i))
	more := len(step.Calls) > 0 || len(step.Evidence) > 0 || step.Error != ""
	if more {
		w.put(`<details class="%s"`+opens+`><summary>`, step.State)
	} else {
		w.put(`<div class="plain %s">`, step.State)
	}
	w.put(`<span class="state">%s</span> `, step.State)
	if s.Journey() {
		w.put(`<span class="no">%s</span> `, number)
	}
	text := step.Text
	if number != "" {
		text = strings.TrimSuffix(text, " (step "+number+")")
	}
	w.put(`<span class="say"><span class="kw">%s</span> %s</span> `, step.Keyword, text)
	if step.State != results.Skipped {
		w.put(`<span class="time">%s</span>`, long(step.Seconds))
	}
	if !more {
		w.put("</div></li>\n")
		return
	}
	w.put("</summary>")
	if step.Error != "" {
		w.put(`<pre class="err">%s</pre>`, barred(step.Error))
	}
	for _, e := range step.Evidence {
		w.evidence(s, e)
	}
	for i := range step.Calls {
		w.call(&step.Calls[i], step.State == results.Failed)
	}
	w.put("</details></li>\n")
}

func (w *writer) evidence(s *results.Scenario, e results.Evidence) {
	of := ""
	if len(e.Of) > 0 {
		of = " of " + strings.Join(e.Of, " and ")
	}
	w.put(`<p class="saw">Looked at%s: `, of)
	for i := range s.Steps {
		for _, c := range s.Steps[i].Calls {
			if c.Exchange == e.Exchange {
				w.put(`the answer to <a href="%s">%s</a>: <code>%s %s</code> → %s</p>`, fragment(stepID(s, i)), c.Operation, c.Method, c.Path, strconv.Itoa(c.Status))
				return
			}
		}
	}
	w.put("an answer</p>")
}

// call writes one call, as few elements as say it: a browser has thousands of them to make.
// Its Correlation-Id is in the exchange; of one that failed it is said here as well.
func (w *writer) call(c *results.Call, failed bool) {
	status := strconv.Itoa(c.Status)
	if c.Status >= 400 {
		status = `<b class="st` + status[:1] + `">` + status + `</b>`
	}
	w.put(`<div class="call" data-n="`+strconv.Itoa(c.Exchange)+`">%s: %s %s → `+status+` in %s`, c.By, c.Method, c.Path, long(c.Seconds))
	if failed && c.Correlation != "" {
		w.put(`, Correlation-Id %s`, c.Correlation)
	}
	w.findings("broken", c.Broken)
	w.findings("observed", c.Observed)
	w.held(c.Rules)
	w.put("</div>")
}

func (w *writer) findings(word string, all []results.Finding) {
	for _, f := range all {
		w.put(`<br><b>`+word+`</b>: %s %s; want %s, got %s`, f.Where, f.Rule, f.Want, f.Got)
	}
}

// held lists what an answer was held against, as one text: links in each of thousands of
// calls would take a browser longer than all else. The table of rules has the pages.
func (w *writer) held(rules []results.Rule) {
	for i, rule := range rules {
		w.rule(rule)
		switch {
		case i > 0 && rules[i-1].Name == rule.Name:
			w.put(" and %s", rule.Grade)
		case i > 0:
			w.put("), %s (%s", rule.Name, rule.Grade)
		default:
			w.put("\nheld against %s (%s", rule.Name, rule.Grade)
		}
	}
	if len(rules) > 0 {
		w.put(")")
	}
}

// rule puts a rule into the table of all.
func (w *writer) rule(r results.Rule) {
	if !w.known[r] {
		w.known[r] = true
		w.rules = append(w.rules, r)
	}
}

// tearDown lists the calls after the last step. Nothing is said of what they were held against
// unless it was broken: they are two of five calls, and weigh on a browser as much as others.
func (w *writer) tearDown(s *results.Scenario) {
	if len(s.TearDown) == 0 {
		return
	}
	w.put(`<div class="st" id="%s/clean-up"><details><summary><span class="say">Clean-up: %s</span></summary>`, s.ID, plain.Count(len(s.TearDown), "call"))
	var numbers, lines []string
	for i := range s.TearDown {
		c := &s.TearDown[i]
		if len(c.Broken) > 0 {
			w.call(c, true)
			continue
		}
		numbers = append(numbers, strconv.Itoa(c.Exchange))
		lines = append(lines, fmt.Sprintf("%s %s → %d", c.Method, c.Path, c.Status))
	}
	if len(lines) > 0 {
		w.put(`<div class="call" data-n="%s"><pre>%s</pre></div>`, strings.Join(numbers, " "), strings.Join(lines, "\n"))
	}
	w.put("</details></div>\n")
}
