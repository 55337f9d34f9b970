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
		Sentences: steps.All, UseCases: steps.UseCases(), Transcripts: "reports", Rerun: rerun(),
	}
}

// rerun is the command for one scenario: make's in a checkout, "" for the program's own elsewhere.
func rerun() string {
	if _, err := os.Stat("Makefile"); err == nil && checkedOut("cmd/pingone-conformance") != "" {
		return "make one NAME="
	}
	return ""
}

// checkedOut is the folder when the working folder has it, "" otherwise.
func checkedOut(folder string) string {
	if info, err := os.Stat(folder); err == nil && info.IsDir() {
		return folder
	}
	return ""
}
