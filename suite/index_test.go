package suite_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/gherkin"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

func TestWhatAnExpressionSaysUncompiled(t *testing.T) {
	for expression, want := range map[string]struct {
		literal string
		groups  int
		whole   bool
	}{
		`^Priya reads the user ([A-Z][a-z]+)$`:                 {"Priya reads the user ", 1, true},
		`^([A-Z][a-z]+) is registered$`:                        {" is registered", 1, true},
		`^the device is new(?: yet)?$`:                         {"the device is new", 0, true},
		`^(.+) tries (?:his|her) own passcode( at once)?$`:     {" own passcode", 2, true},
		`^asks for an? (optional|required) number$`:            {"asks for a", 1, true},
		`^(?:(?:a|the) )?(?P<what>pen|cap)(?: \(step \d+\))?$`: {"", 1, true},
		`^a price of (\d+)\.50 or mor[e]$`:                     {"a price of ", 1, true},
		`^(one)|the other$`:                                    {"", 1, false},
		`^(?:one|the other)$`:                                  {"", 0, true},
		`^caf\S+ or thé?$`:                                     {" or th", 0, true},
		`^é?$`:                                                 {"", 0, true},
		`^a [(] or [)] (b)$`:                                   {"a ( or ) ", 1, true},
		`^a[0-9]b[xyz]c{2}[a-z]*$`:                             {"a", 0, true},
		`^(?i)priya$`:                                          {"", 0, true},
		`^\x41\pL+ or more$`:                                   {" or more", 0, true},
		`^words{0,3} and \Qa|b\E$`:                             {" and a|b", 0, true},
		`it is so$`:                                            {"it is so", 0, false},
		`^it is so`:                                            {"it is so", 0, false},
		`^it costs 3\$`:                                        {"it costs 3$", 0, false},
		`it`:                                                   {"", 0, false},
	} {
		literal, groups, whole := suite.Scan(expression)
		require.Equal(t, want.literal, literal, expression)
		require.Equal(t, want.whole, whole, expression)
		require.Equal(t, want.groups, groups, expression)
		require.Equal(t, regexp.MustCompile(expression).NumSubexp(), groups, expression)
	}
}

func TestAPlainScanSaysWhatTheParserSays(t *testing.T) {
	plain := 0
	all := suite.Sentences(steps.All)
	for _, sentence := range all {
		if quick, can := suite.ScanPlain(sentence.Expression); can {
			require.Equal(t, suite.ScanParsed(sentence.Expression), quick, sentence.Expression)
			plain++
		}
	}
	require.Greater(t, plain, 9*len(all)/10)
	for _, expression := range []string{
		`^a(b$`, `^a)b$`, `^a?$`, `^(a)*$`, `^([A-Z][a-z]+)?$`, `^a|b$`, `^(a|b)|c$`, `^a.b$`, `^((?:a)) b$`, `^(?i:a)$`, `^a$b$`, `^a^b$`, `a$`, `^a`, `^a\$`, `^(a){2}$`, `^(a-b)$`,
	} {
		_, can := suite.ScanPlain(expression)
		require.False(t, can, expression)
	}
}

// TestNoSentenceIsLeftOutThatReadsAStep holds the index against the expressions themselves.
func TestNoSentenceIsLeftOutThatReadsAStep(t *testing.T) {
	all := map[string]*regexp.Regexp{}
	for _, sentence := range suite.Sentences(steps.All) {
		all[sentence.Expression] = regexp.MustCompile(sentence.Expression)
	}
	require.NotEmpty(t, all)
	scenarios, err := gherkin.Read(features())
	require.NoError(t, err)
	require.NotEmpty(t, scenarios)
	for _, s := range scenarios {
		for _, step := range s.Steps {
			want := map[string]bool{}
			for expression, reads := range all {
				if reads.MatchString(step.Text) {
					want[expression] = true
				}
			}
			require.NotEmpty(t, want, step.Text)
			for range 2 { // the second time from memory
				require.Equal(t, want, suite.Readers(steps.All, step.Text), step.Text)
			}
		}
	}
	require.Empty(t, suite.Readers(steps.All, "the moon is made of cheese"))
}

func TestEachListOfSentencesHasAnIndexOfItsOwn(t *testing.T) {
	require.Len(t, suite.Readers(onStage(), "Anna has a token"), 1)
	require.Empty(t, suite.Readers(steps.All, "Anna has a token"))
	more := func(r *suite.Registry, s *stage) { r.Given(`^(\S+) has a token$`, s.asks) }
	require.Len(t, suite.Readers(onStage(more), "Anna has a token"), 2)
}

func TestWhatHasNoPlainWordsIsFoundAllTheSame(t *testing.T) {
	odd := func(r *suite.Registry) {
		for _, expression := range []string{`^(?:one|the other)$`, `^(?i)THE OTHER$`, `^t[h]e o[t]her$`, `^the (?:very )?other$`, `^\x74he \Qother\E$`} {
			r.Given(expression, func() error { return nil })
		}
	}
	require.Len(t, suite.Readers(odd, "the other"), 5)
	require.Len(t, suite.Readers(odd, "one"), 1)
}
