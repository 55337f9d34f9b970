package trace

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"pingone-conformance/config"
	"pingone-conformance/suite"
)

// Journeys replays the journey of each use case, which the run itself holds against its
// published list, and returns what its numbered lines sent, by the use case's name. o
// brings features, recordings, sentences and published lists.
func Journeys(ctx context.Context, o suite.Options) (map[string][]suite.Traced, error) {
	o.Config, o.Tags, o.Trace = config.Config{Mode: config.Replay}, "@journey", true
	results, err := suite.Run(ctx, o)
	sent := map[string][]suite.Traced{}
	for _, r := range results {
		if r.Err != nil {
			return nil, fmt.Errorf("replay %q: %w", r.Scenario.Name, r.Err)
		}
		if sent[r.Scenario.Feature] != nil {
			return nil, fmt.Errorf("%s has more than one journey", r.Scenario.Feature)
		}
		sent[r.Scenario.Feature] = r.Trace
	}
	if err != nil {
		return nil, fmt.Errorf("replay the journeys: %w", err)
	}
	return sent, nil
}

// Print writes the table of a use case: number, what is sent, the published
// method where the page slips, and the line of the feature.
func Print(out io.Writer, u suite.UseCase, sent []suite.Traced) error {
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
