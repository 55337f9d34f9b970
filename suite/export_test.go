package suite

import (
	"io"

	"github.com/cucumber/godog"

	"pingone-conformance/internal/retry"
)

// Again prints repetitions as a run does.
func Again(out io.Writer) func(retry.Event) { return again(out) }

// Readers are the expressions that the index of these sentences finds for a step's text.
func Readers(register func(*Registry), text string) map[string]bool {
	return indexOf(register).of(&godog.Scenario{Steps: []*godog.Step{{Text: text}}})
}

// Scan is what the index knows of an expression without compiling it.
func Scan(expression string) (literal string, groups int, whole bool) {
	found := scan(expression)
	return found.literal, found.groups, found.whole
}

// ScanPlain and ScanParsed are the two ways to it.
func ScanPlain(expression string) (any, bool) { return scanPlain(expression) }
func ScanParsed(expression string) any        { return scanParsed(expression) }
