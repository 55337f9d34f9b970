//go:build !windows

package suite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
)

func TestTheCommandThatRunsAScenarioAgainSaysWhatItNeeds(t *testing.T) {
	folders := []string{"--features", "my features", "--fixtures", "mine"}
	for _, row := range []struct {
		o    Options
		says string
	}{
		{Options{}, `pingone-conformance run --scenario "Anna signs on"`},
		{Options{RerunFlags: folders}, `pingone-conformance run --features "my features" --fixtures "mine" --scenario "Anna signs on"`},
		{Options{Rerun: "make one NAME=", RerunFlags: folders}, `make one ARGS='--features "my features" --fixtures "mine"' NAME="Anna signs on"`},
		{Options{Rerun: "make one NAME=", RerunFlags: []string{"--features", "$x"}}, `make one ARGS='--features '\''$$x'\''' NAME="Anna signs on"`},
		{Options{Rerun: "go test ./x -args -scenario ", RerunFlags: folders}, `go test ./x -args --features "my features" --fixtures "mine" -scenario "Anna signs on"`},
		{Options{Config: config.Config{Mode: config.Live}}, `PINGONE_MODE=live pingone-conformance run --scenario "Anna signs on"`},
		{Options{Config: config.Config{Mode: config.Emulator, Record: true}}, `PINGONE_MODE=emulator PINGONE_RECORD=true pingone-conformance run --scenario "Anna signs on"`},
	} {
		if row.o.Config.Mode == "" {
			row.o.Config.Mode = config.Replay
		}
		require.Equal(t, row.says, (&Scenario{rerun: rerun(row.o)}).rerunOf("Anna signs on"))
	}
}
