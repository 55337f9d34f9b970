package files_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/contract"
	"pingone-conformance/emulator"
	"pingone-conformance/features"
	"pingone-conformance/fixtures"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
	"pingone-conformance/suite/report/files"
	"pingone-conformance/suite/report/results"
)

// specification is this project's own, with what a run needs for its reports.
func specification(c config.Config) suite.Options {
	return suite.Options{
		Config: c, Features: features.Files, Fixtures: fixtures.Files, Sentences: steps.All, UseCases: steps.UseCases(),
		Recorder: suite.NewRecorder("test"), Observations: contract.NewObservations(), Concurrency: 4, Seed: 7,
	}
}

// replayed is a replay of everything, done once for all tests.
var replayed = sync.OnceValue(func() results.Run {
	o := specification(config.Config{Mode: config.Replay})
	_, err := suite.Run(context.Background(), o)
	return o.Recorder.Results(o, err)
})

// deviating is a run against an emulator that breaks its contract in some way.
func deviating(t *testing.T, deviation string) results.Run {
	t.Helper()
	o := specification(config.Config{Mode: config.Emulator, Passcode: config.PasscodeConfig{Source: config.Outbox}})
	o.Emulator = emulator.Options{Deviations: []string{deviation}}
	o.Paths, o.Seed = []string{"progressive_profiling.feature"}, 0
	_, err := suite.Run(t.Context(), o)
	require.Error(t, err)
	return o.Recorder.Results(o, err)
}

// interrupted is a run that somebody stopped before its first scenario.
func interrupted(t *testing.T) results.Run {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o := specification(config.Config{Mode: config.Replay})
	_, err := suite.Run(ctx, o)
	require.Error(t, err)
	return o.Recorder.Results(o, err)
}

// unbegun is a run whose configuration is wrong.
func unbegun(why error) results.Run {
	o := specification(config.Config{})
	return o.Recorder.Results(o, why)
}

// written writes the reports of a run into a folder.
func written(t *testing.T, run results.Run) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "reports")
	page, err := files.Write(folder, &run)
	require.NoError(t, err)
	require.Equal(t, filepath.Join(folder, "index.html"), page)
	return folder
}

func read(t *testing.T, folder, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	require.NoError(t, err)
	return string(text)
}

// valid holds a text of JSON against a schema.
func valid(t *testing.T, schema, text string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("schema.json", doc))
	compiled, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	var value any
	require.NoError(t, json.Unmarshal([]byte(text), &value))
	require.NoError(t, compiled.Validate(value))
}
