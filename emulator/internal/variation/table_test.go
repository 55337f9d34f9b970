package variation

import (
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/difference"
	"pingone-conformance/emulator/internal/wire"
)

var update = flag.Bool("update", false, "write the table of variations anew")

// table says of each variation what it makes of one sign-on: behind the exchanges it
// means stands what is otherwise in their calls and answers.
const table = "testdata/variations.txt"

func TestTheTableSaysWhatEachVariationDoes(t *testing.T) {
	var text strings.Builder
	for _, v := range slices.SortedFunc(slices.Values(All()), func(a, b Variation) int { return strings.Compare(a.Name, b.Name) }) {
		tour := toured(Set{on: []Variation{v}})
		require.True(t, tour.Changed(), "%s changes nothing", v.Name)
		fmt.Fprintf(&text, "%s: %s\n%s\n", v.Name, v.Does, drawn.ReplaceAllStringFunc(tour.String(), func(found string) string {
			if strings.Contains(found, "xQxQ") {
				return found // that one is made up
			}
			return drawn.ReplaceAllString(found, `$1"…"`)
		}))
	}
	require.NoError(t, difference.Keep(table, text.String(), *update))
}

// drawn finds what is drawn by chance: the keys that sign and what follows from them.
var drawn = regexp.MustCompile(`("(?:n|x|y)":|at_hash "as_it_was" -> )"[\w-]{22,}"`)

// toured is what is otherwise in each exchange, and whether it was counted: what is, and what counts, go together.
func toured(on Set) difference.Tour {
	counted := false
	work := on.Start(ours, func(string) { counted = true })
	return difference.Along(func(next wire.Handler) wire.Handler {
		return work.Wrap(func(call *wire.Call) *wire.Answer { return next(call) })
	}, difference.Options{Ended: func(lines []string) []string {
		was := counted
		counted = false
		switch {
		case was && len(lines) == 0:
			return []string{"counted, and nothing is seen"}
		case !was && len(lines) > 0:
			return []string{"not counted"}
		}
		return nil
	}})
}
