package suite

import (
	"context"

	"pingone-conformance/internal/replay"
	"pingone-conformance/steps"
)

// replayPlaces answers each scenario from its recording.
type replayPlaces struct{ dir string }

// Open gives the scenario its recording.
func (r replayPlaces) Open(_ context.Context, s steps.Scenario) (*steps.Place, error) {
	session, err := replay.Replay(s.Recording(r.dir))
	if err != nil {
		return nil, err
	}
	return steps.Replayed(session), nil
}
