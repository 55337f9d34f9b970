// Package spec is this project's own specification, ready for the engine.
package spec

import (
	"pingone-conformance/features"
	"pingone-conformance/fixtures"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// Options are the features, recordings, sentences and published lists of this project;
// the mode and the selection are the caller's.
func Options() suite.Options {
	return suite.Options{
		Features: features.Files, Fixtures: fixtures.Files, Sentences: steps.All, UseCases: steps.UseCases(),
	}
}
