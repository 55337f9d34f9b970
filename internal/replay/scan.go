package replay

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pingone-conformance/internal/replay/internal/scrub"
)

// finding is something in a recording that may not be there.
type finding struct {
	File string
	// Exchange is counted from 1; 0 means the file as a whole.
	Exchange int
	// Where it stands, such as "response, body member access_token".
	Where string
	// What is wrong. A secret itself is not in it.
	What string
}

// String tells the finding in one line.
func (f finding) String() string {
	if f.Exchange == 0 {
		return fmt.Sprintf("%s: %s", f.File, f.What)
	}
	return fmt.Sprintf("%s: exchange %d, %s: %s", f.File, f.Exchange, f.Where, f.What)
}

// scan looks through one recording, whose text is given. The findings come in the order of the recording.
func (r *Recording) scan(text []byte, values map[string]string) []finding {
	var findings []finding
	var needles []scrub.Needle
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if values[name] == "" {
			continue
		}
		needle := scrub.NewNeedle(name, values[name])
		needles = append(needles, needle)
		if needle.In(string(text)) {
			findings = append(findings, finding{File: r.File, What: name + " occurs in it"})
		}
	}
	inspector := scrub.NewInspector(scrub.SecretsIn(string(text)), needles)
	for i, one := range r.exchanges {
		request, answer := one.messages()
		for _, half := range []struct {
			name string
			scrub.Message
		}{{"request", request}, {"response", answer}} {
			for _, fault := range inspector.Inspect(half.Message) {
				findings = append(findings, finding{File: r.File, Exchange: i + 1, Where: half.name + ", " + conceal(fault.Where, values), What: conceal(fault.What, values)})
			}
		}
	}
	return findings
}

// conceal keeps the values out of a finding: one may be the name of a member. The longest
// goes first, since another may be a part of it.
func conceal(text string, values map[string]string) string {
	longestFirst := slices.SortedFunc(maps.Values(values), func(a, b string) int { return len(b) - len(a) })
	for _, value := range longestFirst {
		if value != "" {
			text = strings.ReplaceAll(text, value, "…")
		}
	}
	return text
}

func (e *Exchange) messages() (request, answer scrub.Message) {
	return scrub.Message{Request: true, URL: e.Request.URL, Header: e.Request.Header, Body: e.Request.Body},
		scrub.Message{URL: e.Request.URL, Header: e.Response.Header, Body: e.Response.Body}
}
