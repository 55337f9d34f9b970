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
	sentences := &sentencesOfAStream{texts: map[string]string{}}
	for line := range strings.Lines(stream) {
		var value any
		require.NoError(t, json.Unmarshal([]byte(line), &value))
		require.NoError(t, schema.Validate(value), line[:min(len(line), 300)])
		var e cucumber.Envelope
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		require.JSONEq(t, encoded(t, &e), line, "what is written by hand is as the structs have it")
		sentences.hear(t, &e)
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

func encoded(t *testing.T, e *cucumber.Envelope) string {
	t.Helper()
	text, err := json.Marshal(e)
	require.NoError(t, err)
	return string(text)
}

// sentencesOfAStream holds step definitions against the files that they name, and what a step
// gave to its groups against its text.
type sentencesOfAStream struct {
	texts     map[string]string // of pickle steps
	arguments int
}

func (s *sentencesOfAStream) hear(t *testing.T, e *cucumber.Envelope) {
	t.Helper()
	switch {
	case e.StepDefinition != nil:
		at := e.StepDefinition.SourceReference
		text, err := os.ReadFile("../../../" + at.Uri)
		require.NoError(t, err, "from the root of the repository")
		require.NotContains(t, at.Uri, `\`)
		line := strings.Split(string(text), "\n")[at.Location.Line-1]
		require.Contains(t, line, "`"+e.StepDefinition.Pattern.Source+"`", "%s:%d", at.Uri, at.Location.Line)
	case e.Pickle != nil:
		for _, step := range e.Pickle.Steps {
			s.texts[step.Id] = step.Text
		}
	case e.TestCase != nil:
		for _, step := range e.TestCase.TestSteps {
			for _, list := range step.StepMatchArgumentsLists {
				for _, argument := range list.StepMatchArguments {
					text := []rune(s.texts[step.PickleStepId])
					require.Equal(t, argument.Group.Value, string(text[argument.Group.Start:][:len([]rune(argument.Group.Value))]))
					s.arguments++
				}
			}
		}
	case e.TestRunFinished != nil && e.TestRunFinished.Success:
		require.Greater(t, s.arguments, 500)
	}
}
