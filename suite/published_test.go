package suite_test

import (
	"context"
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/fixtures"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

const someID = "00000000-0000-4000-8000-000000000001"

var variable = regexp.MustCompile(`\{\{[^}]*\}\}`)

// exact is a journey that sends just what the list says.
func exact(t *testing.T, u suite.UseCase) []suite.Traced {
	t.Helper()
	var sent []suite.Traced
	for _, c := range u.Calls {
		path := variable.ReplaceAllString(c.Path, someID)
		if strings.HasPrefix(path, "/environments") {
			path = "/v1" + path
		}
		sent = append(sent, traced(t, c.Step, c.Method, path))
	}
	return sent
}

func traced(t *testing.T, step int, method, path string) suite.Traced {
	t.Helper()
	address, err := url.Parse("https://host.example.com" + path)
	require.NoError(t, err)
	return suite.Traced{Step: step, Exchange: &client.Exchange{Request: client.Request{Method: method, URL: address}}}
}

func TestCompareNoticesWhatDiffersFromTheList(t *testing.T) {
	for _, u := range steps.UseCases() {
		require.Empty(t, suite.Compare(u, exact(t, u)), "the list itself")
		first, path := u.Calls[0], func(s suite.Traced) string { return s.Exchange.Request.URL.Path }
		for name, row := range map[string]struct {
			change func([]suite.Traced) []suite.Traced
			says   string
		}{
			"nothing is sent":         {func([]suite.Traced) []suite.Traced { return nil }, "step 1 is missing: " + first.Method + " " + first.Path},
			"a step is missing":       {func(s []suite.Traced) []suite.Traced { return slices.Delete(s, 4, 5) }, "step 5 is missing: "},
			"the first is missing":    {func(s []suite.Traced) []suite.Traced { return s[1:] }, "step 1 is missing: "},
			"the last is missing":     {func(s []suite.Traced) []suite.Traced { return s[:len(s)-1] }, fmt.Sprintf("step %d is missing: ", len(u.Calls))},
			"a step is doubled":       {func(s []suite.Traced) []suite.Traced { return slices.Insert(s, 4, s[4]) }, "is doubled or out of order: step 6 is next"},
			"one more after the last": {func(s []suite.Traced) []suite.Traced { return append(s, traced(t, 99, "GET", path(s[0]))) }, fmt.Sprintf("step 99: GET /environments/{}/applications comes after the last of the %d published calls", len(u.Calls))},
			"two are swapped":         {func(s []suite.Traced) []suite.Traced { s[2], s[3] = s[3], s[2]; return s }, "is doubled or out of order"},
			"two numbers are swapped": {func(s []suite.Traced) []suite.Traced { s[2].Step, s[3].Step = s[3].Step, s[2].Step; return s }, "step 3 is missing"},
			"another method":          {func(s []suite.Traced) []suite.Traced { s[11] = traced(t, 12, "DELETE", path(s[11])); return s }, "the journey sent DELETE "},
			"another path":            {func(s []suite.Traced) []suite.Traced { s[5] = traced(t, 6, "POST", path(s[0])); return s }, ", the journey sent POST /environments/{}/applications"},
		} {
			t.Run(u.Name+": "+name, func(t *testing.T) {
				require.Contains(t, strings.Join(suite.Compare(u, row.change(exact(t, u))), "\n"), row.says)
			})
		}
	}
}

func TestSlipsAreTheCallsThatThePagePrintsOtherwise(t *testing.T) {
	u := suite.UseCase{Calls: []suite.Call{{Step: 1, Method: "PUT", Printed: "POST", Why: "a page"}, {Step: 2, Method: "GET"}}}
	require.Equal(t, u.Calls[:1], u.Slips())
	require.Empty(t, suite.UseCase{}.Slips())
}

// A journey of tokens: two calls, each with a line and a number of its own.
func tokenList() suite.UseCase {
	return suite.UseCase{Name: "some", Calls: []suite.Call{
		{Step: 1, Method: "POST", Path: "/{{envID}}/as/token"},
		{Step: 2, Method: "POST", Path: "/{{envID}}/as/token"},
	}}
}

// numbered are sentences that send what their names say, beside the one call of "asks for a token".
func numbered(r *suite.Registry, s *stage) {
	r.When(`^Anna does nothing(?: \(step \d+\))?$`, func() error { return nil })
	r.When(`^Anna asks for two tokens(?: \(step \d+\))?$`, func(ctx context.Context) error {
		if err := s.asks(ctx, "Anna"); err != nil {
			return err
		}
		return s.asks(ctx, "Anna")
	})
	r.When(`^Anna asks for a token, and for one aside(?: \(step \d+\))?$`, func(ctx context.Context) error {
		if err := s.Aside(func() error { return s.asks(ctx, "Anna") }); err != nil {
			return err
		}
		return s.asks(ctx, "Anna")
	})
	r.When(`^Anna asks for keys(?: \(step \d+\))?$`, func(ctx context.Context) error {
		ex, err := s.Admin().Discovery(ctx, s.Env())
		s.answers["Anna"] = ex
		return err
	})
}

func TestAJourneyIsHeldAgainstItsList(t *testing.T) {
	const list = "the calls are not those of the published list: "
	for name, row := range map[string]struct {
		lines []string
		says  string
	}{
		"as published":               {lines: []string{asks + " (step 1)", asks + " (step 2)", holds}},
		"with calls without number":  {lines: []string{`Given Anna has a token`, asks + " (step 1)", asks, asks + " (step 2)", holds}},
		"with calls aside":           {lines: []string{asks + " (step 1)", `And Anna asks for a token, and for one aside (step 2)`, holds}},
		"without any number":         {lines: []string{asks, holds}},
		"one missing":                {[]string{asks + " (step 1)", holds}, list + "step 2 is missing: POST /{{envID}}/as/token"},
		"the first missing":          {[]string{asks + " (step 2)", holds}, list + "step 1 is missing: POST"},
		"a line that sends nothing":  {[]string{asks, `And Anna does nothing (step 1)`, asks + " (step 2)", holds}, list + "step 1 is missing: POST"},
		"a number doubled":           {[]string{asks + " (step 1)", asks + " (step 1)", asks + " (step 2)", holds}, list + "step 1: POST /{}/as/token is doubled or out of order: step 2 is next"},
		"a line that sends two":      {[]string{`When Anna asks for two tokens (step 1)`, asks + " (step 2)", holds}, list + "step 1: POST /{}/as/token is doubled or out of order: step 2 is next"},
		"out of order":               {[]string{asks + " (step 2)", asks + " (step 1)", holds}, list + "step 1 is missing: POST /{{envID}}/as/token; step 1: POST /{}/as/token comes after the last of the 2 published calls"},
		"a number that is not there": {[]string{asks + " (step 1)", asks + " (step 2)", asks + " (step 3)", holds}, list + "step 3: POST /{}/as/token comes after the last of the 2 published calls"},
		"another call":               {[]string{asks + " (step 1)", `And Anna asks for keys (step 2)`, asks, holds}, list + "step 2: the list has POST /{}/as/token, the journey sent GET /{}/as/.well-known/openid-configuration"},
		"a number of nothing":        {[]string{asks + " (step 0)", holds}, `the line "Anna asks for a token (step 0)" carries no number of a published list: they begin with 1`},
		"nothing beside numbers":     {[]string{asks + " (step 1)", asks + " (step 0)", asks + " (step 2)", holds}, `carries no number of a published list`},
		"a number beyond counting":   {[]string{asks + " (step 99999999999999999999)", holds}, `carries no number of a published list`},
	} {
		t.Run(name, func(t *testing.T) {
			o := suite.Options{Sentences: onStage(numbered), UseCases: []suite.UseCase{{Name: "another"}, tokenList()}, Lenient: true}
			err := ends(t, o, row.lines...)
			if row.says == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, row.says)
		})
	}
}

func TestNumbersNeedAPublishedList(t *testing.T) {
	for name, lists := range map[string][]suite.UseCase{"no list": nil, "another's list": {{Name: "another", Calls: tokenList().Calls}}} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			place := opener(func() (*suite.Place, error) { calls++; return onTransport(server(tokens)), nil })
			err := ends(t, suite.Options{UseCases: lists, Places: place}, asks+" (step 1)", asks+" (step 2)", holds)
			require.ErrorContains(t, err, `its lines carry published step numbers, but no published list is known for "some": add one, or take the numbers away`)
			require.Zero(t, calls, "nothing was begun")
		})
	}
}

func TestAFailedJourneyIsNotBlamedForWhatItDidNotReach(t *testing.T) {
	o := suite.Options{UseCases: []suite.UseCase{tokenList()}}
	err := ends(t, o, asks+" (step 1)", `Then Anna is refused`, asks+" (step 2)", holds)
	require.ErrorContains(t, err, "wanted 401")
	require.NotContains(t, err.Error(), "published list")
	err = ends(t, o, asks+" (step 1)", holds, asks+" (step 1)")
	require.True(t, strings.HasPrefix(err.Error(), "after the scenario: "), "it is not the last step's failure: %v", err)
}

func TestTracedCallsComeWithTheirLines(t *testing.T) {
	for trace, want := range map[bool]int{true: 2, false: 0} {
		results, _, err := play(t, scenario(`Given Ben has a token`, asks+" (step 1)", asks+" (step 2)", holds),
			suite.Options{UseCases: []suite.UseCase{tokenList()}, Trace: trace})
		require.NoError(t, err)
		require.Len(t, results[0].Trace, want)
		for i, sent := range results[0].Trace {
			require.Equal(t, i+1, sent.Step)
			require.Equal(t, fmt.Sprintf("Anna asks for a token (step %d)", i+1), sent.Line)
			require.Equal(t, 200, sent.Exchange.Status)
		}
	}
}

// TestOurJourneysAreHeldAgainstTheirLists replays the journeys with other numbers in their
// lines: the calls are as recorded, so that nothing but the list can object.
func TestOurJourneysAreHeldAgainstTheirLists(t *testing.T) {
	for name, row := range map[string]struct {
		change func(text string) string
		says   string
	}{
		"as they are":         {func(text string) string { return text }, ""},
		"a number is missing": {func(text string) string { return strings.Replace(text, " (step 5)", "", 1) }, "step 5 is missing: "},
		"a number is doubled": {func(text string) string { return strings.Replace(text, "(step 5)", "(step 4)", 1) }, "is doubled or out of order: step 5 is next"},
		"numbers are swapped": {func(text string) string {
			return strings.NewReplacer("(step 3)", "(step 4)", "(step 4)", "(step 3)").Replace(text)
		}, "step 3 is missing: "},
		"a number too high": {func(text string) string { return strings.Replace(text, "(step 16)", "(step 61)", 1) }, "step 16 is missing: "},
	} {
		for _, journey := range journeys() {
			t.Run(journey+": "+name, func(t *testing.T) {
				file := journey + ".feature"
				text, err := fs.ReadFile(features(), file)
				require.NoError(t, err)
				o := suite.Options{
					Config: config.Config{Mode: config.Replay}, Features: fstest.MapFS{file: {Data: []byte(row.change(string(text)))}},
					Fixtures: fixtures.Files, Sentences: steps.All, UseCases: steps.UseCases(), Tags: "@journey",
				}
				results, err := suite.Run(t.Context(), o)
				require.Len(t, results, 1)
				if row.says == "" {
					require.NoError(t, err)
					return
				}
				require.ErrorContains(t, results[0].Err, row.says)
				require.Empty(t, results[0].Step, "every step has passed")
			})
		}
	}
}
