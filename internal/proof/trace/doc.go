// Package trace holds the published lists of calls and compares them with what a
// journey really sends. It makes no call and knows no answer.
package trace
