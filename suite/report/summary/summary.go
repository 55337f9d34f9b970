// Package summary writes results as Markdown of at most a screen, for a job's summary or a
// comment at a change.
package summary

import (
	"fmt"
	"io"
	"strings"

	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/plain"
	"pingone-conformance/suite/report/page"
	"pingone-conformance/suite/report/results"
)

const (
	// MaxBytes is far below what GitHub takes: 65,536 characters of a comment.
	MaxBytes = 16 << 10
	// MaxFailures are how many failures are listed; the others are counted.
	MaxFailures = 10
	// longest is how many characters of a text from outside are shown.
	longest = 200
)

// Write writes the summary.
func Write(out io.Writer, run *results.Run) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", escaped(page.Verdict(run)))
	if run.Answered != "" {
		fmt.Fprintf(&b, "Answered by %s", escaped(run.Answered))
		if run.Region != "" {
			fmt.Fprintf(&b, " (%s)", escaped(run.Region))
		}
		fmt.Fprintf(&b, ", %s, suite %s. %s\n\n", run.Began.UTC().Format("2 Jan 2006 15:04 UTC"), escaped(run.Suite), results.Means(run.Mode))
	}
	if run.State == results.NotBegun || run.State == results.Interrupted {
		fmt.Fprintf(&b, "> %s\n\n", escaped(run.Why))
	}
	for _, note := range run.Notes {
		fmt.Fprintf(&b, "> %s\n\n", escaped(note))
	}
	table(&b, run)
	failures(&b, run)
	if n := len(run.Observations); n > 0 {
		fmt.Fprintf(&b, "\n%s observed that no page decides: see `index.html`.\n", plain.Count(n, "thing"))
	}
	_, err := io.WriteString(out, limited(b.String()))
	if err != nil {
		return fmt.Errorf("write the summary: %w", err)
	}
	return nil
}

func table(b *strings.Builder, run *results.Run) {
	if len(run.Features) == 0 {
		return
	}
	b.WriteString("| | published steps | scenarios passed | failed | not started |\n| --- | --- | --- | --- | --- |\n")
	for i := range run.Features {
		f := &run.Features[i]
		steps := "–"
		for _, u := range run.UseCases {
			if passed, ran := run.Published(u); u.Name == f.Name && ran {
				steps = fmt.Sprintf("%d of %d", passed, len(u.Calls))
			}
		}
		t := f.Totals()
		fmt.Fprintf(b, "| %s | %s | %d of %d | %d | %d |\n", escaped(f.Title), steps, t.Passed, t.Scenarios, t.Failed, t.NotStarted)
	}
}

func failures(b *strings.Builder, run *results.Run) {
	listed := 0
	for s := range run.Scenarios() {
		if s.Failure == nil {
			continue
		}
		if listed++; listed == 1 {
			b.WriteString("\n| failed | why |\n| --- | --- |\n")
		}
		if listed <= MaxFailures {
			fmt.Fprintf(b, "| %s | %s |\n", escaped(s.Name), escaped(s.Failure.Cause))
		}
	}
	if listed > MaxFailures {
		fmt.Fprintf(b, "\n… and %d more.\n", listed-MaxFailures)
	}
}

// marks are what Markdown, or the place that shows it, would act upon: links, mentions of
// people and of issues, code, HTML, columns.
var marks = lazy.Value[*strings.Replacer]{Make: func() *strings.Replacer {
	var pairs []string
	for _, mark := range "\\`*_[]<>#|~@&$" {
		pairs = append(pairs, string(mark), fmt.Sprintf("&#%d;", mark))
	}
	return strings.NewReplacer(append(pairs, "://", "&#58;//", "www.", "www&#46;")...)
}}

// escaped is a text on one line in which nothing is a mark.
func escaped(text string) string {
	return marks.Get().Replace(plain.Short(strings.Join(strings.Fields(text), " "), longest))
}

// limited ends the text at a whole line below the limit.
func limited(text string) string {
	const cut = "\n… the rest is in index.html\n"
	if len(text) <= MaxBytes {
		return text
	}
	text = text[:MaxBytes-len(cut)]
	return text[:strings.LastIndexByte(text, '\n')] + cut
}
