package suite_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

// TestAThenNeedsEvidenceOfWhomItNames plays one Then after Anna and Ben have asked for tokens.
func TestAThenNeedsEvidenceOfWhomItNames(t *testing.T) {
	type then func(s *stage) suite.Evidence
	const nobody, both, one = "it is shown", "it is shown of Anna and Ben", "it is shown of Anna"
	for name, row := range map[string]struct {
		line string
		then then
		says string // "" for a Then that passes
	}{
		"an answer":               {nobody, func(s *stage) suite.Evidence { return suite.Read(s.answers["Anna"]) }, ""},
		"nothing at all":          {nobody, func(*stage) suite.Evidence { return nil }, "nothing was seen that could show this: an earlier sentence has to bring it about"},
		"an empty list":           {nobody, func(*stage) suite.Evidence { return suite.Evidence{} }, "nothing was seen that could show this"},
		"only a nil answer":       {nobody, func(*stage) suite.Evidence { return suite.Read(nil) }, "nothing was seen that could show this"},
		"a nil answer of Anna's":  {one, func(*stage) suite.Evidence { return suite.Read(nil, person("Anna")) }, "nothing was seen that could show this"},
		"an answer and a nil one": {nobody, func(s *stage) suite.Evidence { return suite.Read(nil).And(suite.Read(s.answers["Anna"])) }, ""},
		"an answer made up":       {nobody, func(*stage) suite.Evidence { return suite.Read(&client.Exchange{Status: 200}) }, "what this sentence looked at is no answer of this scenario"},
		"a copy of an answer": {nobody, func(s *stage) suite.Evidence {
			again := *s.answers["Anna"]
			return suite.Read(&again)
		}, "what this sentence looked at is no answer of this scenario"},
		"one answer made up of two": {nobody, func(s *stage) suite.Evidence {
			return suite.Read(s.answers["Anna"]).And(suite.Read(&client.Exchange{}))
		}, "what this sentence looked at is no answer of this scenario"},

		"Anna's for Anna":     {one, func(s *stage) suite.Evidence { return suite.Read(s.answers["Anna"], person("Anna")) }, ""},
		"nobody's for Anna":   {one, func(s *stage) suite.Evidence { return suite.Read(s.answers["Anna"]) }, "the sentence speaks of Anna, but nothing of Anna was looked at: an earlier sentence has to bring about something of Anna"},
		"Ben's for Anna":      {one, func(s *stage) suite.Evidence { return suite.Read(s.answers["Ben"], person("Ben")) }, "the sentence speaks of Anna, but nothing of Anna was looked at, only of Ben: an earlier sentence has to bring about something of Anna"},
		"by another type":     {one, func(s *stage) suite.Evidence { return suite.Read(s.answers["Anna"], label("Anna")) }, ""},
		"one answer for both": {both, func(s *stage) suite.Evidence { return suite.Read(s.answers["Anna"], person("Anna"), person("Ben")) }, ""},
		"an answer for each": {both, func(s *stage) suite.Evidence {
			return suite.Read(s.answers["Anna"], person("Anna")).And(suite.Read(s.answers["Ben"], person("Ben")))
		}, ""},
		"Anna's for both": {both, func(s *stage) suite.Evidence { return suite.Read(s.answers["Anna"], person("Anna")) }, "the sentence speaks of Ben, but nothing of Ben was looked at, only of Anna"},
		"somebody else's": {both, func(s *stage) suite.Evidence {
			return suite.Read(s.answers["Anna"], person("Chloe"), person("Dora"), person("Chloe"))
		}, "the sentence speaks of Anna, but nothing of Anna was looked at, only of Chloe and Dora"},
		"a nil answer for Ben": {both, func(s *stage) suite.Evidence {
			return suite.Read(s.answers["Anna"], person("Anna")).And(suite.Read(nil, person("Ben")))
		}, "the sentence speaks of Ben, but nothing of Ben was looked at"},
	} {
		t.Run(name, func(t *testing.T) {
			more := func(r *suite.Registry, s *stage) {
				r.Then(`^it is shown$`, func() (suite.Evidence, error) { return row.then(s), nil })
				r.Then(`^it is shown of ([A-Z][a-z]+)$`, func(person) (suite.Evidence, error) { return row.then(s), nil })
				r.Then(`^it is shown of ([A-Z][a-z]+) and ([A-Z][a-z]+)$`, func(_, _ person) (suite.Evidence, error) { return row.then(s), nil })
			}
			results, _, err := play(t, scenario(asks, `And Ben asks for a token`, `Then `+row.line), suite.Options{Sentences: onStage(more)})
			if row.says == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, results[0].Err, row.says)
			require.Equal(t, row.line, results[0].Step)
		})
	}
}

// label is a subject of another type than person.
type label string

func (l label) Label() string { return string(l) }

// An error of a Then's is its own: what it has looked at does not matter then.
func TestAThenThatFailsSaysWhy(t *testing.T) {
	more := func(r *suite.Registry, _ *stage) {
		r.Then(`^it fails of ([A-Z][a-z]+)$`, func(person) (suite.Evidence, error) { return nil, errors.New("it does not hold") })
	}
	require.EqualError(t, ends(t, suite.Options{Sentences: onStage(more)}, asks, `Then it fails of Anna`), "it does not hold")
}

func TestAnAnswerOfAnotherScenarioIsNoEvidence(t *testing.T) {
	var before *client.Exchange
	more := func(r *suite.Registry, s *stage) {
		r.Then(`^it was so in another scenario$`, func() (suite.Evidence, error) { return suite.Read(before), nil })
		r.When(`^Anna leaves it to the next$`, func() error {
			before = s.answers["Anna"]
			return nil
		})
	}
	text := scenario(asks, `And Anna leaves it to the next`, holds) + "  Scenario: T\n    " + asks + "\n    Then it was so in another scenario\n"
	results, _, err := play(t, text, suite.Options{Sentences: onStage(more)})
	require.EqualError(t, err, "1 of 2 scenarios failed")
	require.NoError(t, results[0].Err)
	require.NotNil(t, before)
	require.ErrorContains(t, results[1].Err, "what this sentence looked at is no answer of this scenario")
}

func TestWhatAThenAsksForItselfCounts(t *testing.T) {
	more := func(r *suite.Registry, s *stage) {
		r.Then(`^([A-Z][a-z]+) gets a token now$`, func(ctx context.Context, p person) (suite.Evidence, error) {
			err := s.asks(ctx, p)
			return suite.Read(s.answers[p], p), err
		})
		r.Then(`^a wrong secret gets ([A-Z][a-z]+) no token$`, func(ctx context.Context, p person) (suite.Evidence, error) {
			if err := s.tries(ctx, p); err != nil {
				return nil, err
			}
			return s.answered(p, http.StatusUnauthorized)
		})
		r.Then(`^a wrong secret is tried beside ([A-Z][a-z]+)$`, func(ctx context.Context, p person) (suite.Evidence, error) {
			return suite.Read(s.answers[p], p), s.tries(ctx, "Chloe")
		})
	}
	o := suite.Options{Sentences: onStage(more)}
	require.NoError(t, ends(t, o, `Then Anna gets a token now`))
	require.NoError(t, ends(t, o, `Then a wrong secret gets Anna no token`))
	require.ErrorContains(t, ends(t, o, asks, `Then a wrong secret is tried beside Anna`), "without a word about a refusal",
		"a refusal that a Then has met but not looked at")
}

func TestARefusalNeedsAWord(t *testing.T) {
	more := func(r *suite.Registry, s *stage) {
		r.When(`^Anna tries to find the keys$`, func(ctx context.Context) error {
			ex, err := s.Admin().Discovery(ctx, s.Env())
			s.answers["Keys"] = ex
			return err
		})
		r.Then(`^no keys are found$`, func() (suite.Evidence, error) { return s.answered("Keys", http.StatusUnauthorized) })
		r.When(`^([A-Z][a-z]+) and ([A-Z][a-z]+) try a wrong secret$`, func(ctx context.Context, one, other person) error {
			err := s.tries(ctx, one)
			s.answers[other] = s.answers[one]
			return err
		})
	}
	const tries, refused = `When Anna tries a wrong secret`, `Then Anna is refused`
	const token, keys = ` of (Anna|Ben): POST \S+/as/token answered 401; PingOne says invalid_client: no`, `: GET \S+/openid-configuration answered 401; PingOne says invalid_client: no`
	const pair = ` of Anna and Ben: POST`
	for name, row := range map[string]struct {
		lines []string
		about string // the refusal about which nothing was said, "" when there is none
	}{
		"looked at":                   {lines: []string{tries, refused}},
		"looked at later":             {lines: []string{tries, `And Ben asks for a token`, `Then Ben holds a token`, `And Anna is refused`}},
		"looked at twice":             {lines: []string{tries, refused, `And Anna is refused`}},
		"looked at though it went on": {lines: []string{tries, refused, asks, holds}},
		"the last of many looked at":  {lines: []string{tries, `And Anna tries a wrong secret`, `And Anna tries a wrong secret`, refused}},
		"two of them looked at":       {lines: []string{tries, `And Anna tries to find the keys`, `Then no keys are found`, `And Anna is refused`}},
		"never looked at":             {[]string{asks, holds, tries}, token},
		"only one before looked at":   {[]string{tries, refused, `When Ben tries a wrong secret`}, token},
		"a good answer looked at":     {[]string{tries, `And Ben asks for a token`, `Then Ben holds a token`}, token},
		"replaced by a better answer": {[]string{tries, asks, holds}, token},
		"a later one of another kind": {[]string{tries, `And Anna tries to find the keys`, `Then no keys are found`}, token},
		"an earlier one unlike it":    {[]string{`When Anna tries to find the keys`, tries, refused}, keys},
		"another person's looked at":  {[]string{tries, `And Ben tries a wrong secret`, `Then Ben is refused`}, token},
		"each person's looked at":     {lines: []string{tries, `And Ben tries a wrong secret`, `Then Ben is refused`, `And Anna is refused`}},
		"a pair's with one of them":   {[]string{`When Anna and Ben try a wrong secret`, `And Ben tries a wrong secret`, `Then Ben is refused`}, pair},
		"the same pair's, once more":  {lines: []string{`When Anna and Ben try a wrong secret`, `And Ben and Anna try a wrong secret`, refused}},
	} {
		t.Run(name, func(t *testing.T) {
			results, _, err := play(t, scenario(row.lines...), suite.Options{Sentences: onStage(more), Lenient: true})
			if row.about == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, "1 of 1 scenario failed")
			require.Regexp(t, "^after the scenario: the scenario ends without a word about a refusal"+row.about, results[0].Err.Error())
			require.Empty(t, results[0].Step, "every step has passed")
		})
	}
}

func TestEvidenceGrowsWithoutTouchingWhatItGrewFrom(t *testing.T) {
	one, two, three := &client.Exchange{Status: 1}, &client.Exchange{Status: 2}, &client.Exchange{Status: 3}
	first := suite.Read(one)
	left, right := first.And(suite.Read(two)), first.And(suite.Read(three))
	require.Equal(t, suite.Evidence{{Answer: one}, {Answer: two}}, left)
	require.Equal(t, suite.Evidence{{Answer: one}, {Answer: three}}, right)
	require.Equal(t, suite.Evidence{{Answer: one}}, first)
	require.Equal(t, left, suite.Evidence(nil).And(left))
	roomy := append(make(suite.Evidence, 0, 8), first...)
	left, right = roomy.And(suite.Read(two)), roomy.And(suite.Read(three))
	require.NotEqual(t, left, right)
}
