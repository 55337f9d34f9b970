package page

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"pingone-conformance/internal/plain"
	"pingone-conformance/suite/report/results"
)

// looks are how an earlier run is drawn: a colour, and a mark that says the same without it.
func looks(state string) (colour, sign string) {
	switch state {
	case results.Passed:
		return "#1a7f37", "✓"
	case results.Failed:
		return "#cf222e", "✗"
	case results.NotBegun:
		return "#cf222e", "0"
	case results.Interrupted:
		return "#9a6700", "–"
	}
	return "currentColor", ""
}

// inShort counts earlier runs by how they ended.
func inShort(past []results.Past) string {
	times := map[string]int{}
	var states []string
	for _, p := range past {
		if times[p.State]++; times[p.State] == 1 {
			states = append(states, p.State)
		}
	}
	slices.Sort(states)
	for i, state := range states {
		states[i] = fmt.Sprintf("%d %s", times[state], state)
	}
	return plain.Count(len(past), "run") + ", oldest first: " + strings.Join(states, ", ")
}

// strip draws earlier runs as bars, as high as the part of the scenarios that passed, with
// presentation attributes only.
func strip(past []results.Past) template.HTML {
	const width, gap, high, mark = 12, 3, 30, 12
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" role="img" aria-label="%s" font-family="system-ui,sans-serif" font-size="10" fill="currentColor" text-anchor="middle">`,
		len(past)*(width+gap), high+mark+2, template.HTMLEscapeString(inShort(past)))
	for i, p := range past {
		tall := 2
		if p.Totals.Scenarios > 0 {
			tall += (high - 2) * min(max(p.Totals.Passed, 0), p.Totals.Scenarios) / p.Totals.Scenarios
		}
		colour, sign := looks(p.State)
		x := i * (width + gap)
		fmt.Fprintf(&b, `<g><title>%s</title><rect x="%d" y="%d" width="%d" height="%d" fill="%s"/><text x="%d" y="%d">%s</text></g>`,
			template.HTMLEscapeString(date(p.Began)+" "+p.Mode+": "+ended(p)), x, high-tall, width, tall, colour, x+width/2, high+mark, sign)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) //nolint:gosec // escaped
}

// ended is how an earlier run ended.
func ended(p results.Past) string {
	if p.Totals.Scenarios == 0 {
		return p.State
	}
	return p.State + ", " + strconv.Itoa(p.Totals.Passed) + " of " + strconv.Itoa(p.Totals.Scenarios)
}
