package difference

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"pingone-conformance/emulator/internal/wire"
)

// Tour is what is otherwise in each exchange, in the order in which they take place.
type Tour []Stop

// Stop is what is otherwise in one exchange; nothing is without lines.
type Stop struct {
	Name  string
	Lines []string
}

// Options is what a tour looks at.
type Options struct {
	// Sorted writes bodies as encoding/json does, so that one that was only read and
	// written is not otherwise.
	Sorted bool
	// Asked adds lines while a call is at the emulator, for the n-th time in its exchange; nil adds none.
	Asked func(n int) []string
	// Ended adds lines at the end of an exchange, given those that there are; nil adds none.
	Ended func(lines []string) []string
}

// Along sends every exchange through what stands around the emulator.
func Along(around wire.Middleware, o Options) Tour {
	var tour Tour
	var now Exchange
	var lines []string
	asked := 0
	handle := around(func(call *wire.Call) *wire.Answer {
		asked++
		came, what := calls(now.call(), call), "asks"
		if asked > 1 {
			what = "asks again"
			lines = append(lines, what)
		}
		for _, line := range came {
			lines = append(lines, what+": "+line)
		}
		if o.Asked != nil {
			lines = append(lines, o.Asked(asked)...)
		}
		return now.answer(o.Sorted)
	})
	for _, now = range Exchanges() {
		lines, asked = nil, 0
		answer := handle(now.call())
		if asked == 0 {
			lines = append(lines, "does not ask")
		}
		lines = append(lines, answers(now.answer(o.Sorted), answer)...)
		if o.Ended != nil {
			lines = append(lines, o.Ended(lines)...)
		}
		for i := range lines {
			lines[i] = strings.ReplaceAll(lines[i], now.call().ID, "its id")
		}
		tour = append(tour, Stop{now.Name, lines})
	}
	return tour
}

// Changed says whether anything is otherwise.
func (t Tour) Changed() bool {
	return slices.ContainsFunc(t, func(s Stop) bool { return len(s.Lines) > 0 })
}

// String is a line for each difference, behind the exchanges that have it.
func (t Tour) String() string {
	var order []string
	where := map[string][]string{}
	for _, stop := range t {
		for _, line := range stop.Lines {
			if where[line] == nil {
				order = append(order, line)
			}
			where[line] = append(where[line], stop.Name)
		}
	}
	var text strings.Builder
	for _, line := range order {
		fmt.Fprintf(&text, "  %s | %s\n", t.names(where[line]), line)
	}
	return text.String()
}

// names are those of some exchanges, or of all but the rest when they are most.
func (t Tour) names(some []string) string {
	var rest []string
	for _, stop := range t {
		if !slices.Contains(some, stop.Name) {
			rest = append(rest, stop.Name)
		}
	}
	switch {
	case len(rest) == 0:
		return "all"
	case len(rest) < len(some):
		return "all but " + t.short(rest)
	}
	return t.short(some)
}

// short names an operation once when all of its exchanges are among some.
func (t Tour) short(some []string) string {
	of := func(names []string, operation string) (found []string) {
		for _, name := range names {
			if begin, _, _ := strings.Cut(name, " ("); begin == operation {
				found = append(found, name)
			}
		}
		return found
	}
	var all, short []string
	for _, stop := range t {
		all = append(all, stop.Name)
	}
	for _, name := range some {
		operation, _, _ := strings.Cut(name, " (")
		if there := of(all, operation); len(there) > 1 && len(there) == len(of(some, operation)) {
			name = "every " + operation
		}
		if !slices.Contains(short, name) {
			short = append(short, name)
		}
	}
	return strings.Join(short, ", ")
}

// calls is what is otherwise in a call.
func calls(sent, came *wire.Call) []string {
	var lines []string
	lines = appendText(lines, "operation", sent.Operation, came.Operation)
	lines = appendText(lines, "method", sent.Method, came.Method)
	lines = appendText(lines, "address", sent.URL.String(), came.URL.String())
	lines = append(lines, values("", anyOf(sent.Path), anyOf(came.Path))...)
	lines = append(lines, headers(sent.Header, came.Header)...)
	return append(lines, bodies(sent.Body, came.Body)...)
}

// answers is what is otherwise in an answer.
func answers(was, is *wire.Answer) []string {
	var lines []string
	if was.Status != is.Status {
		lines = append(lines, fmt.Sprintf("status %d -> %d", was.Status, is.Status))
	}
	if was.Delivery != is.Delivery {
		lines = append(lines, fmt.Sprintf("takes %s to arrive", is.Delivery.Over))
	}
	lines = append(lines, headers(was.Header, is.Header)...)
	return append(lines, bodies(was.Body, is.Body)...)
}

func appendText(lines []string, what, was, is string) []string {
	if was == is {
		return lines
	}
	return append(lines, what+" "+change(was, is))
}

func headers(was, is map[string][]string) []string {
	var lines []string
	for _, name := range union(was, is) {
		before, there := was[name]
		after, stays := is[name]
		switch {
		case !there:
			lines = append(lines, fmt.Sprintf("+ header %s: %s", name, strings.Join(after, " & ")))
		case !stays:
			lines = append(lines, "- header "+name)
		default:
			lines = appendText(lines, "header "+name, strings.Join(before, " & "), strings.Join(after, " & "))
		}
	}
	return lines
}

func bodies(was, is []byte) []string {
	if bytes.Equal(was, is) {
		return nil
	}
	before, after := decoded(was), decoded(is)
	if before == nil || reflect.TypeOf(before) != reflect.TypeOf(after) || doubled(is) {
		return []string{"body is " + shown(string(is))}
	}
	if nothingLeft(before, after) {
		return []string{"body is " + inJSON(after)}
	}
	lines := values("", before, after)
	if lines == nil {
		return []string{"written otherwise"}
	}
	return lines
}

// nothingLeft says whether an object is another one altogether.
func nothingLeft(was, is any) bool {
	before, _ := was.(object)
	after, isObject := is.(object)
	for name, value := range before {
		if reflect.DeepEqual(value, after[name]) {
			return false
		}
	}
	return isObject && len(union(before, after)) > len(after)
}

// Keep holds a table of blocks, which an empty line parts, against the one that is kept in a
// file, and writes it there before when it is to be anew. An error shows the first block that differs.
func Keep(file, table string, anew bool) error {
	if anew {
		if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
			return fmt.Errorf("write the table: %w", err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the table: %w", err)
	}
	kept, now := strings.Split(string(text), "\n\n"), strings.Split(table, "\n\n")
	for i, block := range now {
		if i >= len(kept) || kept[i] != block {
			return fmt.Errorf("%s says\n%s\nand it is\n%s\ngo test with -update writes it anew", file, strings.Join(kept[min(i, len(kept)):min(i+1, len(kept))], ""), block)
		}
	}
	if len(kept) > len(now) {
		return fmt.Errorf("%s says\n%s\nwhich is nowhere; go test with -update writes it anew", file, kept[len(now)])
	}
	return nil
}
