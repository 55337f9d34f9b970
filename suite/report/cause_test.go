package report

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFailuresAreGroupedByCause(t *testing.T) {
	id := func(name string) ID { return ID{Feature: "login_and_mfa", Name: name} }
	fails := func(name, text string) Result { return Result{Scenario: id(name), Err: errors.New(text)} }
	const documented = " (want a value, got none) [documented: https://example.com]"
	causes := Causes([]Result{
		{Scenario: id("passes")},
		{Scenario: id("waits"), Err: ErrNotStarted},
		fails("wants", `the flow of Ben: wanted "A", got "B"; GET /11111111-1111-4111-8111-111111111111/flows/x answered 200`),
		fails("one", "step 7: the answer breaks its contract: POST /v1/environments/e/users answered 201: /createdAt lies in the past"+documented),
		fails("two", "the answer breaks its contract: GET /v1/environments/e/users/u answered 200: /createdAt lies in the past"+documented+"\nand more"),
		fails("three", "the answer breaks its contract: GET /v1/environments/e/users answered 200: /_embedded/users/0/id is missing [documented: x]"),
		fails("four", "the answer breaks its contract: GET /v1/environments/e/users answered 200: /_embedded/users/3/id is missing [documented: x]"),
		fails("five", "the answer breaks its contract: GET /v1/environments/e/users/u answered 200: /createdAt lies in the past"+documented),
		fails("wants again", `the flow of Ben: wanted "A", got "B"; GET /22222222-1111-4111-8111-111111111111/flows/x answered 404`),
	})
	var found []string
	for _, c := range causes {
		names := ""
		for _, s := range c.Scenarios {
			names += s.Name + ", "
		}
		found = append(found, c.What+" | "+names)
	}
	require.Equal(t, []string{
		"/createdAt lies in the past | one, two, five, ",
		`the flow of Ben: wanted "A", got "B" | wants, wants again, `,
		"/_embedded/users/*/id is missing | three, four, ",
	}, found)
	require.Contains(t, causes[0].Message, "POST /v1", "the first message is kept whole")
	text := PrintCauses(causes)
	require.Contains(t, text, "  /createdAt lies in the past\n    broke 3 scenarios:\n      login_and_mfa: one\n")
	require.Empty(t, PrintCauses(causes[:0]))
	require.Empty(t, PrintCauses([]Cause{{What: "x", Scenarios: []ID{id("alone")}}}), "the story has said it")
}
