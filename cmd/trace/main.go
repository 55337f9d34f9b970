// Command trace prints, for each published list of calls, which line of which
// feature sends which call, and fails when a journey and its list differ.
//
// It replays the recorded journeys, so it needs neither network nor tenant.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"pingone-conformance/internal/proof/trace"
	"pingone-conformance/suite"
)

func main() { os.Exit(run(context.Background(), os.Stdout, os.Stderr)) }

// run returns the exit status: 0 when every journey follows its list, 1 otherwise.
func run(ctx context.Context, stdout, stderr io.Writer) int {
	sent, err := suite.Journeys(ctx, os.DirFS("features"), "fixtures")
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "trace:", err)
		return 1
	}
	status := 0
	for _, u := range trace.UseCases() {
		if err := trace.Print(stdout, u, sent[u.Name]); err != nil {
			_, _ = fmt.Fprintln(stderr, "trace:", err)
			return 1
		}
		for _, fault := range trace.Compare(u, sent[u.Name]) {
			_, _ = fmt.Fprintf(stderr, "trace: %s: %s\n", u.Name, fault)
			status = 1
		}
	}
	return status
}
