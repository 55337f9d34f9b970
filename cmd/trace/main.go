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

	"pingone-conformance/cmd/internal/spec"
	"pingone-conformance/internal/proof/trace"
)

func main() { os.Exit(run(context.Background(), os.Stdout, os.Stderr)) }

// run returns the exit status: 0 when every journey follows its list, 1 otherwise.
func run(ctx context.Context, stdout, stderr io.Writer) int {
	o := spec.Options()
	sent, err := trace.Journeys(ctx, o)
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "trace:", err)
		return 1
	}
	for _, u := range o.UseCases {
		if err := trace.Print(stdout, u, sent[u.Name]); err != nil {
			_, _ = fmt.Fprintln(stderr, "trace:", err)
			return 1
		}
	}
	return 0
}
