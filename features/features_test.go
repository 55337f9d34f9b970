package features

import (
	"path/filepath"
	"testing"

	"pingone-conformance/fixtures"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
	"pingone-conformance/suite/suitetest"
)

// TestFeatures runs the specification in the mode that PINGONE_MODE names.
func TestFeatures(t *testing.T) {
	suitetest.Run(t, suite.Options{
		Features: Files, Fixtures: fixtures.Files, RecordTo: filepath.Join("..", "fixtures"),
		Sentences: steps.All, UseCases: steps.UseCases(), Transcripts: filepath.Join("..", "reports"),
	})
}
