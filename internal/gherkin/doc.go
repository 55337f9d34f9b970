// Package gherkin reads feature files: which scenarios they hold, where those and
// their steps stand, and one scenario by itself. It uses the parser that godog
// uses, so that it finds what godog runs.
//
// What may not enter: running anything, and what a step means.
package gherkin
