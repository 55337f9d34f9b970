// Package runner runs a specification as a command line asks for it: its flags, which
// are the same for `go test` and for a program, who is asked how many scenarios at a
// time, Ctrl-C, and what is written about the run.
//
// What is run is an argument: features, sentences, recordings and published lists.
package runner
