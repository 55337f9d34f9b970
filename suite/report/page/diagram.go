package page

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"pingone-conformance/internal/plain"
	"pingone-conformance/suite/report/results"
)

// lanes are the parties of a diagram, from left to right, with the middle of their column.
var lanes = []struct {
	name, label string
	x           int
}{
	{"administrator", "Administrator", 90},
	{"application", "Application", 270},
	{"browser", "Person’s browser", 450},
	{"", "PingOne", 800},
}

const (
	top = 46
	row = 40
)

// diagram draws who called PingOne for each published step, with what came back. It uses
// presentation attributes only, which no policy blocks.
func (w *writer) diagram(s *results.Scenario) {
	type drawn struct {
		step int
		call *results.Call
	}
	var calls []drawn
	for i := range s.Steps {
		for k := range s.Steps[i].Calls {
			calls = append(calls, drawn{i, &s.Steps[i].Calls[k]})
		}
	}
	if len(calls) == 0 {
		return
	}
	height := strconv.Itoa(top + row*len(calls) + 16)
	w.put(`<details class="dia"><summary>Sequence diagram: %s</summary>`, plain.Count(len(calls), "call"))
	w.put(`<div class="svg" tabindex="0" role="region" aria-label="Sequence diagram of %s"><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 880 `+height+`" width="880" font-family="system-ui,sans-serif" font-size="12" fill="currentColor">`, s.Name)
	for _, lane := range lanes {
		x := strconv.Itoa(lane.x)
		w.put(`<text x="`+x+`" y="20" text-anchor="middle" font-weight="700" font-size="13">%s</text><line x1="`+x+`" x2="`+x+`" y1="30" y2="`+height+`" stroke="currentColor" stroke-opacity="0.35"/>`, lane.label)
	}
	lines := map[string]*strings.Builder{}
	for i, d := range calls {
		w.arrow(s, d.step, d.call, top+row*i, lines)
	}
	for _, look := range slices.Sorted(maps.Keys(lines)) {
		w.put(`<path fill="none" ` + look + ` d="` + lines[look].String() + `"/>`)
	}
	w.put("</svg></div></details>\n")
}

// arrow writes the words of one call and its answer, and adds their lines to those that look
// the same: a browser makes one element of each look.
func (w *writer) arrow(s *results.Scenario, step int, c *results.Call, y int, lines map[string]*strings.Builder) {
	from, to := lanes[0].x, lanes[len(lanes)-1].x
	for _, lane := range lanes {
		if lane.name == c.By {
			from = lane.x
		}
	}
	label := c.Method + " " + c.Path
	if n := s.Steps[step].Published; n > 0 {
		label = strconv.Itoa(n) + ". " + label
	}
	if runes := []rune(label); len(runes) > 62 {
		label = string(runes[:24]) + "…" + string(runes[len(runes)-36:])
	}
	w.put(`<a href="%s"><text x="`+strconv.Itoa(to-10)+`" y="`+strconv.Itoa(y+10)+`" text-anchor="end">%s</text></a>`, fragment(stepID(s, step)), label)
	w.put(`<text x="`+strconv.Itoa(from+12)+`" y="`+strconv.Itoa(y+24)+`" font-size="11">%s</text>`, strconv.Itoa(c.Status))
	colour := "#1a7f37"
	switch {
	case c.Status >= 400 || len(c.Broken) > 0:
		colour = "#cf222e"
	case c.Status >= 300:
		colour = "#9a6700"
	}
	draw := func(look, format string, points ...any) {
		if lines[look] == nil {
			lines[look] = &strings.Builder{}
		}
		_, _ = fmt.Fprintf(lines[look], format, points...)
	}
	const head = "M%d %dL%d %dL%d %d"
	draw(`stroke="currentColor"`, "M%d %dH%d"+head, from, y+14, to, to-7, y+10, to, y+14, to-7, y+18)
	draw(`stroke="`+colour+`" stroke-dasharray="4 3"`, "M%d %dH%d", to, y+26, from)
	draw(`stroke="`+colour+`"`, head, from+7, y+22, from, y+26, from+7, y+30)
}
