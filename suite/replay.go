package suite

import (
	"context"
	"path/filepath"

	"pingone-conformance/fixtures"
	"pingone-conformance/steps"
)

// replayPlaces answers each scenario from its recording.
type replayPlaces struct{ dir string }

func (r replayPlaces) Open(_ context.Context, s steps.Scenario) (*steps.Place, error) {
	session, err := fixtures.Replay(fixtureFile(r.dir, s))
	if err != nil {
		return nil, err
	}
	return replayed(session), nil
}

// fixtureFile is where a scenario's recording lies: fixtures/<feature>/<scenario>.txtar.
func fixtureFile(dir string, s steps.Scenario) string {
	return filepath.Join(dir, s.Feature, s.Slug()+".txtar")
}

// replayed is the place of a session that is answered by a recording.
func replayed(session *fixtures.Session) *steps.Place {
	in := fixtures.Replayed()
	return &steps.Place{
		Session: session, APIURL: in.APIURL, AuthURL: in.AuthURL,
		EnvironmentID: in.EnvironmentID, WorkerEnvironmentID: in.WorkerEnvironmentID,
		ClientID: in.ClientID, ClientSecret: in.ClientSecret, Phone: in.Phone, Email: in.Email,
	}
}
