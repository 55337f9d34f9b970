// Package features is the specification: one .feature file for each use case, and
// the one test that runs them. Nothing but that test and its helpers belongs here.
package features

import "embed"

// Files are the features.
//
//go:embed *.feature
var Files embed.FS
