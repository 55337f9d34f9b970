package main

import (
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/fixtures"
	"pingone-conformance/suite/report/results"
)

func TestARunLeavesItsReportsAndSaysWhereLast(t *testing.T) {
	set(t, nil)
	got := start(t.Context(), t, "run", "--scenario", once)
	require.Zero(t, got.status, got.stderr)
	for _, name := range []string{"index.html", "junit.xml", "messages.ndjson", "summary.md", "conformance.json", "conformance.schema.json"} {
		require.FileExists(t, filepath.Join("reports", name))
	}
	here, err := os.Getwd()
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(got.stdout, "As recorded: the only scenario passed (1 passed, 0 failed, 0 not started)\nfile://"+filepath.ToSlash(here)+"/reports/index.html\n"), got.stdout)

	require.NoError(t, os.Remove(filepath.Join("reports", "index.html")))
	folder := filepath.Join(here, "reports")
	again := start(t.Context(), t, "report", folder)
	require.Zero(t, again.status, again.stderr)
	require.FileExists(t, filepath.Join(folder, "index.html"))
	require.Equal(t, filepath.Join(folder, "index.html")+"\n", again.stdout)
	require.Equal(t, statusMisuse, start(t.Context(), t, "report", t.TempDir()).status)
}

func TestNoReportsWhereNoneAreWanted(t *testing.T) {
	set(t, nil)
	got := start(t.Context(), t, "run", "--scenario", once, "--reports", "")
	require.Zero(t, got.status, got.stderr)
	require.NoDirExists(t, "reports")
}

func TestAWrongConfigurationIsAFailedCase(t *testing.T) {
	set(t, map[string]string{"PINGONE_MODE": "live"})
	require.Equal(t, statusMisuse, start(t.Context(), t, "run").status)
	text, err := os.ReadFile(filepath.Join("reports", "junit.xml"))
	require.NoError(t, err)
	require.Contains(t, string(text), `failures="1"`)
	require.Contains(t, string(text), "PINGONE_CLIENT_SECRET: is missing")
}

// What failed is said at the end, whether reports are wanted or not.
func TestTheEndSaysWhatFailed(t *testing.T) {
	liveAgainst(t, emulator.Options{Deviations: []string{"code-reusable"}})
	for _, folder := range []string{"", "kept"} {
		got := start(t.Context(), t, "run", "--scenario", "authorization code", "--reports", folder)
		require.Equal(t, statusFailed, got.status)
		_, end, told := strings.Cut(got.stdout, "\nFAIL An authorization code works once\n     ")
		require.True(t, told, got.stdout)
		require.Regexp(t, "^(Get Token breaks its|the answer breaks its) contract: .*status was accepted", end)
		require.Contains(t, end, "\n     again: PINGONE_MODE=live pingone-conformance run --scenario \"An authorization code works once\"\nNo: 1 of ")
		require.Empty(t, got.stderr, "the epilogue has said it")
	}
}

func TestRerunRunsWhatFailed(t *testing.T) {
	liveAgainst(t, emulator.Options{Deviations: []string{"code-reusable"}})
	folder := filepath.Join(t.TempDir(), "kept")
	got := start(t.Context(), t, "run", "--scenario", "authorization code", "--reports", folder)
	require.Equal(t, statusFailed, got.status)

	set(t, nil)
	got = start(t.Context(), t, "run", "--rerun", "--reports", folder)
	require.Zero(t, got.status, got.stderr)
	require.Contains(t, got.stdout, "the only scenario passed")
	require.Equal(t, statusMisuse, start(t.Context(), t, "run", "--rerun", "--reports", folder).status, "nothing is left")
}

func TestReportJoinsShardsIntoAFolderOfItsOwn(t *testing.T) {
	set(t, nil)
	dir := t.TempDir()
	var shards []string
	for _, part := range []string{"1", "2"} {
		folder := filepath.Join(dir, part)
		got := start(t.Context(), t, "run", "--quiet", "--tags", "@journey", "--shard", part+"/2", "--reports", folder)
		require.Zero(t, got.status, got.stderr)
		shards = append(shards, folder)
	}
	to := filepath.Join(dir, "all")
	got := start(t.Context(), t, append([]string{"report", "--to", to}, shards...)...)
	require.Zero(t, got.status, got.stderr)
	require.Empty(t, got.stderr)
	text, err := os.ReadFile(filepath.Join(to, "summary.md"))
	require.NoError(t, err)
	require.Contains(t, string(text), "As recorded: all 3 scenarios passed")
	got = start(t.Context(), t, "report", "--to", to, shards[0], shards[0])
	require.Contains(t, got.stderr, "note: shard 1/2 was given more than once\n")
}

func TestReportsNameTheVersionThatAReleaseWasBuiltWith(t *testing.T) {
	set(t, nil)
	version = "v1.2.3"
	defer func() { version = "" }()
	require.Zero(t, start(t.Context(), t, "run", "--scenario", once).status)
	run, err := results.Peek("reports")
	require.NoError(t, err)
	require.Equal(t, "v1.2.3", run.Suite)
	page, err := os.ReadFile(filepath.Join("reports", "index.html"))
	require.NoError(t, err)
	require.Contains(t, string(page), "<dt>Suite</dt><dd>v1.2.3</dd>")
}

// A secret that is wrong is found before the first scenario, and the reports say nothing else.
func TestARunThatCannotBeginIsOneFailedCase(t *testing.T) {
	liveAgainst(t, emulator.Options{})
	t.Setenv("PINGONE_CLIENT_SECRET", "wrong-secret-of-a-test")
	got := start(t.Context(), t, "run")
	require.NotZero(t, got.status)
	run, err := results.Peek("reports")
	require.NoError(t, err)
	require.Equal(t, results.NotBegun, run.State)
	for _, name := range []string{"junit.xml", "index.html", "summary.md", "messages.ndjson"} {
		text, err := os.ReadFile(filepath.Join("reports", name))
		require.NoError(t, err)
		require.Contains(t, html.UnescapeString(string(text)), "PINGONE_CLIENT_SECRET", name)
		require.NotContains(t, string(text), "wrong-secret-of-a-test", name)
	}
	text, err := os.ReadFile(filepath.Join("reports", "junit.xml"))
	require.NoError(t, err)
	require.Contains(t, string(text), `tests="1" failures="1"`)
}

func TestAFailureSaysWhatToOpenAndToRun(t *testing.T) {
	set(t, nil)
	const recording = "progressive_profiling/an-authorization-code-works-once.txtar"
	built, err := fixtures.Files.ReadFile(recording)
	require.NoError(t, err)
	mine := filepath.Join(t.TempDir(), "mine")
	require.NoError(t, os.MkdirAll(filepath.Join(mine, "progressive_profiling"), 0o750))
	require.NoError(t, os.WriteFile(filepath.Join(mine, recording), []byte(strings.Replace(string(built), "HTTP/1.1 400 ", "HTTP/1.1 200 ", 1)), 0o600))
	got := start(t.Context(), t, "run", "--scenario", once, "--fixtures", mine)
	require.Equal(t, statusFailed, got.status)
	require.Contains(t, got.stdout, "the recording is "+filepath.Join(mine, recording), got.stdout)
	require.Contains(t, got.stdout, `again: pingone-conformance run --fixtures "`+mine+`" --scenario "An authorization code works once"`)

	t.Chdir(t.TempDir())
	require.NoError(t, os.MkdirAll("cmd/pingone-conformance", 0o750))
	require.NoError(t, os.WriteFile("Makefile", nil, 0o600))
	require.Equal(t, "make one NAME=", specification().Rerun)
}
