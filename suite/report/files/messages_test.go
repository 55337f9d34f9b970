package files_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	cucumber "github.com/cucumber/messages/go/v34"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
)

// streamed holds every line against the published bundle, and the ids against each other.
func streamed(t *testing.T, stream string, failures bool) {
	t.Helper()
	text, err := os.ReadFile("../messages/testdata/messages.schema.json")
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("https://cucumber.io/schema/Envelope.schema.json", doc))
	schema, err := compiler.Compile("https://cucumber.io/schema/Envelope.schema.json")
	require.NoError(t, err)
	known, failed, cleaned := map[string]bool{}, false, false
	for line := range strings.Lines(stream) {
		var value any
		require.NoError(t, json.Unmarshal([]byte(line), &value))
		require.NoError(t, schema.Validate(value), line[:min(len(line), 300)])
		var e cucumber.Envelope
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		switch {
		case e.Pickle != nil:
			known[e.Pickle.Id] = true
		case e.TestCase != nil:
			require.True(t, known[e.TestCase.PickleId], "a test case before its pickle")
			known[e.TestCase.Id] = true
		case e.TestCaseStarted != nil:
			require.True(t, known[e.TestCaseStarted.TestCaseId])
			known[e.TestCaseStarted.Id] = true
		case e.Attachment != nil:
			require.True(t, known[e.Attachment.TestCaseStartedId])
			require.NotEmpty(t, e.Attachment.TestStepId)
		case e.Hook != nil:
			cleaned = e.Hook.Type == cucumber.HookType_AFTER_TEST_CASE
		case e.TestStepFinished != nil:
			failed = failed || e.TestStepFinished.TestStepResult.Status == cucumber.TestStepResultStatus_FAILED
		case e.TestRunFinished != nil:
			require.Equal(t, !failures, e.TestRunFinished.Success)
		}
	}
	require.Equal(t, failures, failed, "whoever reads cases only sees it")
	require.True(t, cleaned)
}
