// Package lazyregexp holds regular expressions that are compiled when they are first used. Most
// of the program's some eighty belong to what a run does not do, and its start should not wait for them.
package lazyregexp

import (
	"regexp"
	"sync"
)

// New returns what compiles an expression once, and panics when it is none.
func New(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
