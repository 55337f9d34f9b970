package trace

import (
	"fmt"
	"io"
	"net/url"
	"regexp"
	"text/tabwriter"
)

// Sent is one call that a journey sent while a line with a number ran.
type Sent struct {
	Step   int
	Method string
	URL    *url.URL
	// Line is the sentence of the feature, with its number.
	Line string
}

var (
	variable = regexp.MustCompile(`\{\{[^}]*\}\}`)
	id       = regexp.MustCompile(`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	version  = regexp.MustCompile(`^/v1/`)
)

// template writes a sent URL as the published lists do, every id being {}. Only
// the flow's id is kept of a query: it is the only one in the lists.
func template(u *url.URL) string {
	path := id.ReplaceAllString(version.ReplaceAllString(u.Path, "/"), "{}")
	if flow := u.Query().Get("flowId"); flow != "" {
		path += "?flowId=" + id.ReplaceAllString(flow, "{}")
	}
	return path
}

// Compare holds what was sent against the published list. Every step has to send
// its one call, in order; each difference is one entry of the answer.
func Compare(u UseCase, sent []Sent) []string {
	var faults []string
	next := 0
	for _, s := range sent {
		if next >= len(u.Calls) {
			faults = append(faults, fmt.Sprintf("step %d: %s %s comes after the last of the %d published calls", s.Step, s.Method, template(s.URL), len(u.Calls)))
			continue
		}
		want := u.Calls[next]
		switch {
		case s.Step == want.Step:
			next++
			faults = append(faults, differences(want, s)...)
		case s.Step < want.Step:
			faults = append(faults, fmt.Sprintf("step %d: %s %s is doubled or out of order: step %d is next", s.Step, s.Method, template(s.URL), want.Step))
		default:
			for ; next < len(u.Calls) && u.Calls[next].Step < s.Step; next++ {
				faults = append(faults, fmt.Sprintf("step %d is missing: %s %s", u.Calls[next].Step, u.Calls[next].Method, u.Calls[next].Path))
			}
			if next < len(u.Calls) {
				faults = append(faults, differences(u.Calls[next], s)...)
				next++
			}
		}
	}
	for ; next < len(u.Calls); next++ {
		faults = append(faults, fmt.Sprintf("step %d is missing: %s %s", u.Calls[next].Step, u.Calls[next].Method, u.Calls[next].Path))
	}
	return faults
}

func differences(want Call, got Sent) []string {
	path := variable.ReplaceAllString(want.Path, "{}")
	if got.Method == want.Method && template(got.URL) == path {
		return nil
	}
	return []string{fmt.Sprintf("step %d: the list has %s %s, the journey sent %s %s", want.Step, want.Method, path, got.Method, template(got.URL))}
}

// Print writes the table of a use case: number, what is sent, the published
// method where the page slips, and the line of the feature.
func Print(out io.Writer, u UseCase, sent []Sent) error {
	lines := map[int]string{}
	for _, s := range sent {
		lines[s.Step] = s.Line
	}
	if _, err := fmt.Fprintf(out, "\n%s: %d calls\n%s\n", u.Name, len(u.Calls), u.Page); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "step\tsent\tpath\tprinted\tline")
	for _, c := range u.Calls {
		_, _ = fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\n", c.Step, c.Method, c.Path, c.Printed, lines[c.Step])
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	return nil
}

// Slips are the calls whose published text prints another method than is sent.
func (u UseCase) Slips() []Call {
	var slips []Call
	for _, c := range u.Calls {
		if c.Printed != "" {
			slips = append(slips, c)
		}
	}
	return slips
}
