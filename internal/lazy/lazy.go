// Package lazy holds what is made when it is first used: regular expressions, templates, keys. Most of them belong to what
// a run does not do, and its start should not wait for them. The compiler lays such variables out: nothing runs for them before main.
package lazy

import (
	"regexp"
	"sync"
)

// Value is what Make makes when it is first asked for.
type Value[T any] struct {
	Make func() T
	once sync.Once
	made T
}

// Get returns the value, the same to all.
func (v *Value[T]) Get() T {
	v.once.Do(func() { v.made = v.Make() })
	return v.made
}

// Expression is a regular expression that is compiled when it is first asked for.
type Expression struct {
	text     string
	once     sync.Once
	compiled *regexp.Regexp
}

// Regexp is a regular expression.
func Regexp(text string) *Expression { return &Expression{text: text} }

// Get returns the compiled expression, and panics when it is none.
func (e *Expression) Get() *regexp.Regexp {
	e.once.Do(func() { e.compiled = regexp.MustCompile(e.text) })
	return e.compiled
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
