package simplelogin

import (
	"os"
	"testing"

	"pingone-conformance/contract"
	"pingone-conformance/suite"
	"pingone-conformance/suite/suitetest"
)

func TestFeatures(t *testing.T) {
	rules, err := contract.With(Rules())
	if err != nil {
		t.Fatal(err)
	}
	suitetest.Run(t, suite.Options{
		Features: os.DirFS("features"), Fixtures: os.DirFS("fixtures"), RecordTo: "fixtures", Transcripts: "reports",
		Sentences: Sentences, UseCases: []suite.UseCase{Published()}, Contract: rules,
	})
}
