package suite

import (
	"context"
	"fmt"
	"io/fs"

	"pingone-conformance/config"
	"pingone-conformance/internal/proof/trace"
)

// Journeys replays the journey of each use case and returns what its numbered
// lines sent, by the use case's name.
func Journeys(ctx context.Context, features fs.FS, fixtures string) (map[string][]trace.Sent, error) {
	results, err := Run(ctx, Options{
		Config: config.Config{Mode: config.Replay}, Features: features, Fixtures: fixtures, Tags: "@journey", Trace: true,
	})
	if err != nil {
		return nil, fmt.Errorf("replay the journeys: %w", err)
	}
	sent := map[string][]trace.Sent{}
	for _, r := range results {
		if sent[r.Scenario.Feature] != nil {
			return nil, fmt.Errorf("%s has more than one journey", r.Scenario.Feature)
		}
		for _, call := range r.Trace {
			sent[r.Scenario.Feature] = append(sent[r.Scenario.Feature], trace.Sent{
				Step: call.Step, Method: call.Exchange.Request.Method, URL: call.Exchange.Request.URL, Line: call.Line,
			})
		}
	}
	return sent, nil
}
