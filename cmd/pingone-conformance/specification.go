package main

import (
	"os"

	"pingone-conformance/features"
	"pingone-conformance/fixtures"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// specification is this project's own: its features, recordings, sentences and published
// lists. The mode and the selection are the subcommand's.
func specification() suite.Options {
	return suite.Options{
		Features: features.Files, Fixtures: fixtures.Files, RecordTo: checkedOut("fixtures"),
		Sentences: steps.All, UseCases: steps.UseCases(), Transcripts: "reports",
	}
}

// checkedOut is the folder when the working folder has it, "" otherwise.
func checkedOut(folder string) string {
	if info, err := os.Stat(folder); err == nil && info.IsDir() {
		return folder
	}
	return ""
}
