package gherkin

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

const shop = `# a comment
@shop
Feature: Shop
  What a shop does.

  Background:
    Given a shop

  # about buying
  @buy
  Scenario: Anna buys a book
    Given a book
    And money
    When she pays
    Then the book is hers
    But the money is not

  @outline
  Scenario Outline: Ben buys <what>
    When he asks for
      """
      <what>

        Scenario: not one
      """
    Then <what> is his

    Examples: small
      | what  |
      | a pen |
      | a cap |

    @dear
    Examples: dear
      | what  |
      | a car |

  @rule
  Rule: Late

    Background:
      Given it is late

    Scenario: Carla is late
      When she comes
      * the door is shut

    @last
    Scenario: Dora is late
      Then the shop is empty
      | a | table |
`

func features(text string) fs.FS {
	return fstest.MapFS{
		"b.feature":       {Data: []byte(text)},
		"a/first.feature": {Data: []byte("Feature: First\n\n  Scenario: One\n    Then one\n")},
		"empty.feature":   {Data: []byte("# nothing yet\n")},
		"notes.txt":       {Data: []byte("Scenario: none")},
	}
}

func read(t *testing.T, text string) []Scenario {
	t.Helper()
	all, err := Read(features(text))
	require.NoError(t, err)
	return all
}

// summary is a scenario in one line.
func summary(s Scenario) string {
	var steps []string
	for _, step := range s.Steps {
		steps = append(steps, fmt.Sprintf("%d %s %s", step.Line, step.Role, step.Text))
	}
	return fmt.Sprintf("%s:%d %s: %s (%s) [%s] %s", s.File, s.Line, s.Feature(), s.Name, strings.Join(s.Tags, " "), s.Path(), strings.Join(steps, "; "))
}

func TestEveryScenarioAndEveryRowIsListed(t *testing.T) {
	for ending, text := range map[string]string{"LF": shop, "CRLF": strings.ReplaceAll(shop, "\n", "\r\n")} {
		t.Run(ending, func(t *testing.T) {
			var all []string
			for _, s := range read(t, text) {
				all = append(all, summary(s))
			}
			require.Equal(t, []string{
				"a/first.feature:3 first: One () [a/first.feature:3] 4 Then one",
				"b.feature:11 b: Anna buys a book (@shop @buy) [b.feature:11] 7 Given a shop; 12 Given a book; 13 Given money; 14 When she pays; 15 Then the book is hers; 16 Then the money is not",
				"b.feature:30 b: Ben buys a pen (@shop @outline) [b.feature:19] 7 Given a shop; 20 When he asks for; 26 Then a pen is his",
				"b.feature:31 b: Ben buys a cap (@shop @outline) [b.feature:19] 7 Given a shop; 20 When he asks for; 26 Then a cap is his",
				"b.feature:36 b: Ben buys a car (@shop @outline @dear) [b.feature:19] 7 Given a shop; 20 When he asks for; 26 Then a car is his",
				"b.feature:44 b: Carla is late (@shop @rule) [b.feature:44] 7 Given a shop; 42 Given it is late; 45 When she comes; 46  the door is shut",
				"b.feature:49 b: Dora is late (@shop @rule @last) [b.feature:49] 7 Given a shop; 42 Given it is late; 50 Then the shop is empty",
			}, all)
		})
	}
}

func TestAScenarioAloneIsWhatItWas(t *testing.T) {
	for ending, text := range map[string]string{"LF": shop, "CRLF": strings.ReplaceAll(shop, "\n", "\r\n")} {
		for _, s := range read(t, text) {
			t.Run(ending+" "+s.Name, func(t *testing.T) {
				again, err := Read(s.Alone())
				require.NoError(t, err)
				require.Len(t, again, 1)
				require.Equal(t, summary(s), summary(again[0]))
			})
		}
	}
}

func TestTheFeaturesOfThisRepositoryCanBeTakenApart(t *testing.T) {
	all, err := Read(os.DirFS("../../features"))
	require.NoError(t, err)
	require.Greater(t, len(all), 100)
	for _, s := range all {
		again, err := Read(s.Alone())
		require.NoError(t, err, s.Name)
		require.Len(t, again, 1, s.Name)
		require.Equal(t, summary(s), summary(again[0]))
	}
}

func TestScenariosAreSelectedByPartOfTheirName(t *testing.T) {
	for _, row := range []struct{ text, names, says string }{
		{"anna", "Anna buys a book", ""},
		{"A Cap", "Ben buys a cap", ""},
		{"is late", "Carla is late, Dora is late", ""},
		{"", "One, Anna buys a book, Ben buys a pen, Ben buys a cap, Ben buys a car, Carla is late, Dora is late", ""},
		{"<what>", "", `no scenario's name contains "<what>"; there are:`},
		{"nobody", "", "\n  Ben buys a pen\n  Ben buys a cap\n"},
	} {
		t.Run(row.text, func(t *testing.T) {
			some, err := Select(read(t, shop), row.text)
			if row.says != "" {
				require.ErrorContains(t, err, row.says)
				return
			}
			require.NoError(t, err)
			var names []string
			for _, s := range some {
				names = append(names, s.Name)
			}
			require.Equal(t, row.names, strings.Join(names, ", "))
		})
	}
	none, err := Select(nil, "")
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestWhatCannotBeReadIsNamed(t *testing.T) {
	for name, row := range map[string]struct {
		features fs.FS
		says     string
	}{
		"no feature": {features("this is no feature at all\n"), "b.feature is no feature: Parser errors:\n(1:1)"},
		"no folder":  {os.DirFS("nowhere"), "read the features: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(row.features)
			require.ErrorContains(t, err, row.says)
		})
	}
}
