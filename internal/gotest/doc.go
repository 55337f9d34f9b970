// Package gotest fits the features into go test: what a command line selects is known
// before anything runs, and a run of which somebody else is part is never taken from
// go test's cache.
//
// What may not enter: a run, a sentence, a flag of ours; it reads go test's own.
package gotest
