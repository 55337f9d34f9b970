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

// compiled holds what was compiled in this process; nil for what is no expression.
var compiled sync.Map // text → *regexp.Regexp

// Compiled is an expression that is known only when the program runs. Each is compiled once in
// a process, for whoever asks; what is none is nil.
func Compiled(expression string) *regexp.Regexp {
	if known, is := compiled.Load(expression); is {
		return known.(*regexp.Regexp)
	}
	made, err := regexp.Compile(expression)
	if err != nil {
		made = nil
	}
	known, _ := compiled.LoadOrStore(expression, made)
	return known.(*regexp.Regexp)
}
