package files_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/suite/report/files"
	"pingone-conformance/suite/report/har"
	"pingone-conformance/suite/report/results"
)

// Whatever the outcome of a run, its reports are there, and each says it.
func TestEveryOutcomeLeavesItsReports(t *testing.T) {
	rows := map[string]struct {
		run      results.Run
		state    string
		failures bool
		says     string
	}{
		"all passed":      {replayed(), results.Passed, false, "As recorded: all"},
		"a deviation":     {deviating(t, "code-reusable"), results.Failed, true, "No: "},
		"interrupted":     {interrupted(t), results.Interrupted, true, "the run was interrupted"},
		"could not begin": {unbegun(errors.New("PINGONE_CLIENT_SECRET: is wrong")), results.NotBegun, true, "PINGONE_CLIENT_SECRET: is wrong"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			folder := written(t, row.run)
			require.Equal(t, row.state, row.run.State)
			valid(t, read(t, folder, files.SchemaName), read(t, folder, results.FileName))
			var suites struct {
				Tests    int `xml:"tests,attr"`
				Failures int `xml:"failures,attr"`
			}
			require.NoError(t, xml.Unmarshal([]byte(read(t, folder, files.JUnit)), &suites))
			require.Equal(t, row.failures, suites.Failures > 0)
			require.Positive(t, suites.Tests)
			require.Contains(t, read(t, folder, files.Page), row.says)
			require.NotEmpty(t, read(t, folder, files.Summary))
			streamed(t, read(t, folder, files.Messages), row.failures)
		})
	}
}

func TestConformanceJSONHoldsWhatWasDone(t *testing.T) {
	var run results.Run
	require.NoError(t, json.Unmarshal([]byte(read(t, written(t, replayed()), results.FileName)), &run))
	require.Equal(t, run.Totals.Scenarios, run.Totals.Passed)
	require.Positive(t, run.Totals.Undocumented)
	evidence, cleaned, rules, ids := 0, 0, map[string]bool{}, map[string]bool{}
	for s := range run.Scenarios() {
		require.False(t, ids[s.ID], "%s twice", s.ID)
		ids[s.ID] = true
		for _, step := range s.Steps {
			require.Equal(t, results.Passed, step.State, step.Text)
			require.Positive(t, step.Line)
			for _, e := range step.Evidence {
				require.GreaterOrEqual(t, e.Exchange, 0, step.Text)
				evidence++
			}
			for _, c := range step.Calls {
				for _, r := range c.Rules {
					rules[r.Grade] = true
				}
			}
		}
		cleaned += min(1, len(s.TearDown))
	}
	require.Greater(t, evidence, run.Totals.Scenarios)
	require.Greater(t, cleaned, run.Totals.Scenarios/2)
	require.Equal(t, map[string]bool{contractDocumented: true, contractInferred: true}, rules)
	for _, u := range run.UseCases {
		passed, ran := run.Published(u)
		require.True(t, ran)
		require.Len(t, u.Calls, passed)
	}
}

const (
	contractDocumented = "documented"
	contractInferred   = "inferred"
)

func TestAFailureSaysWhatWasWantedAndWhatCame(t *testing.T) {
	run := deviating(t, "code-reusable")
	var failures []*results.Failure
	for s := range run.Scenarios() {
		if s.Failure != nil {
			failures = append(failures, s.Failure)
		}
	}
	require.NotEmpty(t, failures)
	f := failures[0]
	require.NotEmpty(t, f.Want)
	require.NotEmpty(t, f.Got)
	require.Contains(t, f.Page, "https://")
	require.GreaterOrEqual(t, f.Exchange, 0)
	require.Equal(t, `PINGONE_MODE=emulator pingone-conformance run --scenario "An authorization code works once"`, f.Rerun)
}

func TestFilesAreReadableByAllAndWholeOrOld(t *testing.T) {
	folder := written(t, replayed())
	require.NoError(t, filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		require.NotContains(t, name, ".writing-", "a file that was half written stays")
		if info, err := entry.Info(); !entry.IsDir() && runtime.GOOS != "windows" {
			require.NoError(t, err)
			require.Equal(t, fs.FileMode(0o644), info.Mode(), name)
		}
		return nil
	}))
}

func TestTheNextRunRemembersThisOne(t *testing.T) {
	folder := written(t, replayed())
	run := interrupted(t)
	_, err := files.Write(folder, &run)
	require.NoError(t, err)
	require.Len(t, run.History, 1)
	require.Equal(t, results.Passed, run.History[0].State)
	archives, err := filepath.Glob(filepath.Join(folder, "*", "*.har"))
	require.NoError(t, err)
	require.Empty(t, archives, "those of the run before are gone")
	require.Contains(t, read(t, folder, files.Page), "The runs before this one")
}

func TestEveryArchiveIsValid(t *testing.T) {
	schema, err := os.ReadFile("testdata/har-1.2.schema.json")
	require.NoError(t, err)
	folder := written(t, replayed())
	archives, err := filepath.Glob(filepath.Join(folder, "*", "*.har"))
	require.NoError(t, err)
	require.Len(t, archives, replayed().Totals.Scenarios)
	for i, name := range archives {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		if i%10 == 0 { // each has the same shape, and validating takes its time
			valid(t, string(schema), string(text))
		}
		archive, err := har.Read(text)
		require.NoError(t, err)
		require.NoError(t, har.Check(archive), name)
		require.Len(t, archive.Log.Pages, 1)
	}
}

// A disk that is full says so, and not once for each of a hundred scenarios.
func TestFilesThatCannotBeWrittenAreNamedWhileTheyAreFew(t *testing.T) {
	folder, run := t.TempDir(), replayed()
	for i := range run.Features {
		require.NoError(t, os.WriteFile(filepath.Join(folder, run.Features[i].Name), nil, 0o600)) // where a folder has to be
	}
	_, err := files.Write(folder, &run)
	require.Equal(t, 3, strings.Count(err.Error(), ".har: "), err)
	require.Regexp(t, `\nand \d+ HAR files more$`, err.Error())
	require.FileExists(t, filepath.Join(folder, files.Page), "the others are written all the same")
}
