package suite

import (
	"context"
	"io/fs"

	"pingone-conformance/internal/replay"
)

// replayPlaces answers each scenario from its recording.
type replayPlaces struct{ recordings fs.FS }

// Open gives the scenario its recording.
func (r replayPlaces) Open(_ context.Context, s ID) (*Place, error) {
	session, err := replay.Replay(r.recordings, s.Recording())
	if err != nil {
		return nil, err
	}
	return Replayed(session), nil
}
