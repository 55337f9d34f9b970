package suite_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cucumber/godog"
	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/internal/retry"
	"pingone-conformance/suite"
)

func TestASentenceWhoseFunctionCannotCarryItOutPanics(t *testing.T) {
	deed := func() error { return nil }
	sight := func() (suite.Evidence, error) { return nil, nil }
	about := func(string) (suite.Evidence, error) { return nil, nil }
	for name, row := range map[string]struct {
		register func(*suite.Registry)
		says     string
	}{
		"without ^":             {func(r *suite.Registry) { r.Given(`it is so$`, deed) }, "the sentence Given it is so$: it has to begin with ^ and end with $"},
		"without $":             {func(r *suite.Registry) { r.When(`^it is so`, deed) }, "the sentence When ^it is so: it has to begin with ^ and end with $"},
		"with a choice of ends": {func(r *suite.Registry) { r.When(`^it is so|it is not$`, deed) }, "it has to begin with ^ and end with $"},
		"with $ as a character": {func(r *suite.Registry) { r.When(`^it costs 3\$`, deed) }, "it has to begin with ^ and end with $"},
		"a group too much":      {func(r *suite.Registry) { r.When(`^(it) is so$`, deed) }, "the sentence When ^(it) is so$: it has 1 groups, but its function takes 0 texts"},
		"a group too few":       {func(r *suite.Registry) { r.Then(`^(?:it) is so$`, about) }, "it has 0 groups, but its function takes 1 texts"},
		"Then without evidence": {func(r *suite.Registry) { r.Then(`^it is so$`, deed) }, "the sentence Then ^it is so$: its function has to return [suite.Evidence error], not func() error"},
		"Given with evidence":   {func(r *suite.Registry) { r.Given(`^it is so$`, sight) }, "its function has to return [error], not func() (suite.Evidence, error)"},
		"When with evidence":    {func(r *suite.Registry) { r.When(`^it is so$`, sight) }, "its function has to return [error]"},
		"another second result": {func(r *suite.Registry) {
			r.Then(`^it is so$`, func() (suite.Evidence, bool) { return nil, true })
		}, "its function has to return [suite.Evidence error], not func() (suite.Evidence, bool)"},
		"no result":         {func(r *suite.Registry) { r.Given(`^it is so$`, func() {}) }, "its function has to return [error], not func()"},
		"no function":       {func(r *suite.Registry) { r.Given(`^it is so$`, "it is so") }, "its function has to return [error], not string"},
		"nothing":           {func(r *suite.Registry) { r.Given(`^it is so$`, nil) }, "its function has to return [error], not <nil>"},
		"an unknown type":   {func(r *suite.Registry) { r.Given(`^(it) is so$`, func(person) error { return nil }) }, ""},
		"a type not solved": {func(r *suite.Registry) { r.Given(`^(it) is so$`, func(*stage) error { return nil }) }, "nothing resolves a parameter of type *suite_test.stage"},
		"a late context":    {func(r *suite.Registry) { r.Given(`^(it) is so$`, func(string, context.Context) error { return nil }) }, "nothing resolves a parameter of type context.Context"},
		"many texts":        {func(r *suite.Registry) { r.Given(`^(it) is so$`, func(...string) error { return nil }) }, "nothing resolves a parameter of type []string"},
		"no expression":     {func(r *suite.Registry) { r.Given(`^(it is so$`, deed) }, "missing closing )"},
		"a resolver of no text": {func(r *suite.Registry) {
			r.Resolve(func() (person, error) { return "", nil })
		}, "Resolve takes a func(string) (T, error), not func() (suite_test.person, error)"},
		"a resolver that never fails": {func(r *suite.Registry) { r.Resolve(func(string) person { return "" }) }, "Resolve takes a func(string) (T, error), not func(string) suite_test.person"},
		"a resolver that is none":     {func(r *suite.Registry) { r.Resolve(nil) }, "Resolve takes a func(string) (T, error), not <nil>"},
	} {
		t.Run(name, func(t *testing.T) {
			register := func() { suite.Sentences(row.register) }
			if row.says == "" { // a text of another name is a text
				require.NotPanics(t, register)
				return
			}
			require.Contains(t, panicOf(register), row.says)
			// A run says so before its first scenario, however often the expressions were seen before.
			require.Contains(t, panicOf(func() { _, _, _ = play(t, scenario(asks, holds), suite.Options{Sentences: row.register}) }), row.says)
		})
	}
}

// panicOf is the text with which a function panics, "" when it does not.
func panicOf(f func()) (text string) {
	defer func() {
		if cause := recover(); cause != nil {
			text = fmt.Sprint(cause)
		}
	}()
	f()
	return ""
}

func TestTheSameExpressionWithAnotherFunctionIsCheckedAgain(t *testing.T) {
	good := func(r *suite.Registry) { r.Given(`^it is checked again$`, func() error { return nil }) }
	bad := func(r *suite.Registry) { r.Given(`^it is checked again$`, func() {}) }
	_, _, err := play(t, scenario(`Given it is checked again`), suite.Options{Sentences: good})
	require.Error(t, err, "there is no Then")
	require.NotEmpty(t, panicOf(func() { _, _, _ = play(t, scenario(`Given it is checked again`), suite.Options{Sentences: bad}) }))
}

func TestSentencesAreListedInTheirOrder(t *testing.T) {
	all := suite.Sentences(onStage())
	for i := range all {
		require.Equal(t, "suite/play_test.go", all[i].File)
		require.Greater(t, all[i].Line, 1)
		all[i].File, all[i].Line = "", 0
	}
	require.Equal(t, []suite.Sentence{
		{Role: "Given", Expression: `^([A-Z][a-z]+) has a token$`},
		{Role: "When", Expression: `^([A-Z][a-z]+) asks for a token(?: \(step \d+\))?$`},
		{Role: "When", Expression: `^([A-Z][a-z]+) tries a wrong secret$`},
		{Role: "Then", Expression: `^([A-Z][a-z]+) holds a token$`},
		{Role: "Then", Expression: `^([A-Z][a-z]+) is refused$`},
	}, all)
	require.Empty(t, suite.Sentences(func(*suite.Registry) {}))
}

func TestTextsArriveAsWhatTheFunctionTakes(t *testing.T) {
	type word string
	type count int
	var got []any
	keep := func(values ...any) error { got = values; return nil }
	more := func(r *suite.Registry, _ *stage) {
		r.When(`^one takes "([^"]*)"$`, func(text string) error { return keep(text) })
		r.When(`^one takes the word (\S+)$`, func(text word) error { return keep(text) })
		r.When(`^one takes (\d+) or so( at once)?$`, func(n int, how string) error { return keep(n, how) })
		r.When(`^one takes some(?: (\d+) times)?$`, func(_ context.Context, n count) error { return keep(n) })
		r.When(`^one takes the number (\S+)$`, func(n int) error { return keep(n) })
		r.When(`^one takes ([A-Z][a-z]+) and ([A-Z][a-z]+)$`, func(ctx context.Context, a, b person) error { return keep(ctx != nil, a, b) })
	}
	for line, want := range map[string][]any{
		`one takes ""`:                         {""},
		`one takes "a \(step 3\) é"`:           {`a \(step 3\) é`},
		`one takes the word x-1`:               {word("x-1")},
		`one takes 3 or so`:                    {3, ""},
		`one takes 3 or so at once`:            {3, " at once"},
		`one takes some`:                       {count(0)},
		`one takes some 5 times`:               {count(5)},
		`one takes the number -7`:              {-7},
		`one takes Anna and Ben`:               {true, person("Anna"), person("Ben")},
		`one takes the number many`:            nil,
		`one takes the number 1e3`:             nil,
		`one takes 99999999999999999999 or so`: nil,
		`one takes Anna and Nobody`:            nil,
	} {
		t.Run(line, func(t *testing.T) {
			got = nil
			err := ends(t, suite.Options{Sentences: onStage(more)}, asks, "And "+line, holds)
			require.Equal(t, want, got)
			require.Equal(t, want == nil, err != nil, "%v", err)
			if err != nil {
				require.Regexp(t, `is no whole number that can be counted with|nobody is called Nobody`, err.Error())
			}
		})
	}
}

func TestASentenceIsReadInItsRoleOnly(t *testing.T) {
	for name, lines := range map[string][]string{
		"a When as a Given": {`Given Anna asks for a token`, holds},
		"a Given as a When": {`When Anna has a token`, asks, holds},
		"a Given as a Then": {asks, holds, `And Anna has a token`},
		"a Then as a When":  {asks, `And Anna holds a token`, holds},
		"a Then as a Given": {`Given Anna has a token`, `And Anna holds a token`, holds},
	} {
		t.Run(name, func(t *testing.T) { require.ErrorIs(t, ends(t, suite.Options{}, lines...), godog.ErrUndefined) })
	}
	require.NoError(t, ends(t, suite.Options{}, `Given Anna has a token`, asks, holds, `But Anna holds a token`))
}

func TestAStepThatTwoSentencesReadFails(t *testing.T) {
	again := func(r *suite.Registry, s *stage) {
		r.When(`^(\S+) asks for (?:a|the) token$`, s.asks)
	}
	err := ends(t, suite.Options{Sentences: onStage(again)}, asks, holds)
	require.ErrorIs(t, err, godog.ErrAmbiguous)
	require.ErrorContains(t, err, `^(\S+) asks for (?:a|the) token$`)
	twice := func(r *suite.Registry, s *stage) {
		r.Then(`^([A-Z][a-z]+) holds a token$`, func(person) (suite.Evidence, error) { return nil, nil })
	}
	require.ErrorIs(t, ends(t, suite.Options{Sentences: onStage(twice)}, asks, holds), godog.ErrAmbiguous)
}

// A sentence that skips, or says that it is not ready, is no success wherever it stands.
func TestASentenceThatDoesNothingFails(t *testing.T) {
	for name, answer := range map[string]error{"skipped": godog.ErrSkip, "pending": godog.ErrPending, "undefined": godog.ErrUndefined, "wrapped": fmt.Errorf("later: %w", godog.ErrSkip)} {
		idle := func(r *suite.Registry, _ *stage) {
			r.Given(`^somebody idles$`, func() error { return answer })
			r.Then(`^somebody looks away$`, func() (suite.Evidence, error) { return nil, answer })
			r.When(`^somebody stops the test$`, func(ctx context.Context) error { godog.T(ctx).SkipNow(); return nil })
			r.When(`^somebody fails the test$`, func(ctx context.Context) error { godog.T(ctx).FailNow(); return nil })
		}
		for where, lines := range map[string][]string{
			"first":           {`Given somebody idles`, asks, holds},
			"after all":       {asks, holds, `Given somebody idles`},
			"in the middle":   {asks, holds, `Given somebody idles`, `Then Anna is refused`},
			"as the only":     {`Given somebody idles`},
			"for a Then":      {asks, `Then somebody looks away`},
			"after a Then":    {asks, holds, `And somebody looks away`},
			"by godog's test": {asks, holds, `When somebody stops the test`, `Then Anna is refused`},
			"by its failure":  {asks, holds, `When somebody fails the test`},
		} {
			t.Run(name+" "+where, func(t *testing.T) {
				results, out, err := play(t, scenario(lines...), suite.Options{Sentences: onStage(idle)})
				require.EqualError(t, err, "1 of 1 scenario failed", out)
				require.Error(t, results[0].Err)
				require.Contains(t, out, "0 passed, 1 failed")
			})
		}
	}
}

// Given and When wait for what was created just before to show; who tries expects a
// refusal, and what is tried is sent once.
func TestWhoTriesIsAnsweredAtOnce(t *testing.T) {
	more := func(r *suite.Registry, s *stage) {
		look := func(ctx context.Context) error {
			ex, err := s.Admin().ReadUser(ctx, &client.Exchange{Body: []byte(`{"id":"1","environment":{"id":"1"}}`)})
			s.answers["Priya"] = ex
			return err
		}
		r.Given(`^Priya has looked$`, look)
		r.When(`^Priya looks$`, look)
		r.When(`^Priya tries to look$`, look)
		r.Then(`^Priya sees nothing$`, func(ctx context.Context) (suite.Evidence, error) {
			err := look(ctx)
			return suite.Read(s.answers["Priya"]), err
		})
		r.Then(`^nothing was seen$`, func() (suite.Evidence, error) { return suite.Read(s.answers["Priya"]), nil })
	}
	for line, calls := range map[string]int{
		"Given Priya has looked":   3,
		"When Priya looks":         3,
		"When Priya tries to look": 1,
		"Then Priya sees nothing":  1,
	} {
		t.Run(line, func(t *testing.T) {
			asked := 0
			late := server(func(*http.Request) (int, string) {
				if asked++; asked < 3 {
					return http.StatusNotFound, `{}`
				}
				return http.StatusOK, `{}`
			})
			place := opener(func() (*suite.Place, error) {
				return onTransport(retry.New(late, retry.Options{LagLimit: time.Minute, LagInterval: time.Millisecond})), nil
			})
			err := ends(t, suite.Options{Sentences: onStage(more), Places: place, Lenient: true}, line, "Then nothing was seen")
			require.NoError(t, err)
			require.Equal(t, calls, asked)
		})
	}
}

func TestAFunctionMayPanicWithoutTellingASecret(t *testing.T) {
	for name, cause := range map[string]func(secret string) any{
		"a text":   func(secret string) any { return "it broke at " + secret },
		"an error": func(secret string) any { return fmt.Errorf("it broke: %w", errors.New("at "+secret)) },
	} {
		more := func(r *suite.Registry, s *stage) {
			r.When(`^it breaks(?: \(step \d+\))?$`, func() error {
				panic(cause(s.Secret("password", func() string { return "Quite-Secret-1!" })))
			})
		}
		t.Run(name, func(t *testing.T) {
			lists := []suite.UseCase{{Name: "some", Calls: []suite.Call{{Step: 1, Method: "GET", Path: "/"}}}}
			results, out, err := play(t, scenario(asks, `And it breaks (step 1)`, holds), suite.Options{Sentences: onStage(more), UseCases: lists})
			require.Error(t, err)
			require.True(t, strings.HasPrefix(results[0].Err.Error(), "step 1: the sentence's function panicked: it broke"), results[0].Err.Error())
			require.NotContains(t, results[0].Err.Error()+out, "Quite-Secret-1!")
		})
	}
}
