package runner_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/features"
	"pingone-conformance/fixtures"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
	"pingone-conformance/suite/runner"
)

// ours is this project's specification, in replay.
func ours() suite.Options {
	return suite.Options{
		Config: config.Config{Mode: config.Replay}, Features: features.Files, Fixtures: fixtures.Files, Sentences: steps.All, UseCases: steps.UseCases(),
	}
}

// configured is the configuration that these variables make.
func configured(t *testing.T, variables map[string]string) config.Config {
	t.Helper()
	c, err := config.Load(func(name string) (string, bool) { value, set := variables[name]; return value, set })
	require.NoError(t, err)
	return c
}

// run runs with these words of a command line.
func run(t *testing.T, o suite.Options, words ...string) (results []suite.Result, out string, err error) {
	t.Helper()
	set, f := flag.NewFlagSet("run", flag.ContinueOnError), &runner.Flags{}
	f.Register(set)
	require.NoError(t, set.Parse(append([]string{"-reports", ""}, words...)))
	var printed bytes.Buffer
	results, err = f.Run(t.Context(), o, &printed, &printed)
	return results, printed.String(), err
}

func TestFlagsSelectPrintAndReport(t *testing.T) {
	file := filepath.Join(t.TempDir(), "junit.xml")
	results, out, err := run(t, ours(), "-scenario", "an authorization code works once", "-order", "7", "-concurrency", "1", "-junit", file)
	require.NoError(t, err)
	require.Len(t, results, 1)
	require.Contains(t, out, "An authorization code works once")
	require.Contains(t, out, "order seed 7")
	require.NotContains(t, out, "observed", "a replay observes nothing new")
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(written), `name="An authorization code works once"`)

	results, out, err = run(t, ours(), "-tags", "@journey", "-quiet")
	require.NoError(t, err)
	require.Len(t, results, 3)
	require.Empty(t, out)
}

func TestAnEmulatorRunEndsWithWhatWasObserved(t *testing.T) {
	o := ours()
	o.Config = configured(t, map[string]string{"PINGONE_MODE": config.Emulator})
	_, out, err := run(t, o, "-scenario", "an authorization code works once")
	require.NoError(t, err)
	require.Contains(t, out, " × ")
}

func TestFoldersTakeThePlaceOfWhatIsBuiltIn(t *testing.T) {
	dir := t.TempDir()
	text := "Feature: Mine\n\n  Scenario: A wrong secret gets no token\n" +
		"    When Priya tries to get an access token with a wrong secret\n    Then the token endpoint refuses with \"invalid_client\"\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "mine.feature"), []byte(text), 0o600))
	_, _, err := run(t, ours(), "-features", dir)
	require.ErrorContains(t, err, "1 of 1 scenario failed", "nothing of it is recorded")

	o, recordings := ours(), filepath.Join(dir, "recordings")
	o.Config = configured(t, map[string]string{"PINGONE_MODE": config.Emulator, "PINGONE_RECORD": "true"})
	_, out, err := run(t, o, "-features", dir, "-fixtures", recordings)
	require.NoError(t, err, out)
	require.FileExists(t, filepath.Join(recordings, "mine", "a-wrong-secret-gets-no-token.txtar"))
	_, out, err = run(t, ours(), "-features", dir, "-fixtures", recordings)
	require.NoError(t, err, out)
}

func TestWhatCannotBeRunIsSaidBeforeAnythingRuns(t *testing.T) {
	recording := ours()
	recording.Config = config.Config{Mode: config.Emulator, Record: true}
	empty, file := t.TempDir(), filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, row := range []struct {
		name  string
		o     suite.Options
		words string
		says  string
	}{
		{"no such scenario", ours(), "-scenario=nosuch", `no scenario's name contains "nosuch"`},
		{"no such tag", ours(), "-tags=@nosuch", "no scenario was selected: none has the tags @nosuch"},
		{"a tag that is missing", ours(), "-tags=@journey&&", `--tags: "" is no tag: @a && @b wants both, @a,@b one of them, ~@a none`},
		{"no tag after a comma", ours(), "-tags=@journey,", `--tags: "" is no tag`},
		{"nothing but a not", ours(), "-tags=~", `--tags: "~" is no tag`},
		{"no such features", ours(), "-features=nowhere", "--features nowhere: there is no such folder"},
		{"features in a file", ours(), "-features=" + file, "is a file, not a folder"},
		{"no features in the folder", ours(), "-features=" + empty, "there is no .feature file in it"},
		{"no such fixtures", ours(), "-fixtures=nowhere", "--fixtures nowhere: there is no such folder"},
		{"fewer than none at a time", ours(), "-concurrency=-1", "--concurrency -1: it is a number from 1 to 256, or 0 to leave it to the mode"},
		{"a million at a time", ours(), "-concurrency=1000000", "--concurrency 1000000: it is a number from 1 to 256"},
		{"no such shard", ours(), "-shard=4/3", `--shard: "4/3" is not i/n`},
		{"a shard of nothing", ours(), "-shard=1/3 -tags=@nosuch", "no scenario was selected"},
		{"recordings to nowhere", recording, "", "say which with --fixtures"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, _, err := run(t, row.o, strings.Fields(row.words)...)
			require.ErrorIs(t, err, runner.ErrUsage)
			require.ErrorContains(t, err, row.says)
		})
	}
}

func TestAFailureIsNoMisuse(t *testing.T) {
	o := ours()
	o.Fixtures = fstest.MapFS{}
	_, _, err := run(t, o, "-scenario", "an authorization code works once", "-quiet")
	require.ErrorContains(t, err, "1 of 1 scenario failed")
	require.NotErrorIs(t, err, runner.ErrUsage)
}

func TestShardsShareARun(t *testing.T) {
	ran := map[string]int{}
	for _, part := range []string{"1/2", "2/2"} {
		results, out, err := run(t, ours(), "-tags", "@journey", "-shard", part)
		require.NoError(t, err)
		require.Contains(t, out, "Shard "+part+": ")
		for _, r := range results {
			ran[r.Scenario.Name]++
		}
	}
	require.Len(t, ran, 3)
	for name, times := range ran {
		require.Equal(t, 1, times, name)
	}

	folder := t.TempDir()
	results, out, err := run(t, ours(), "-tags", "@journey", "-shard", "4/4", "-reports", folder)
	require.NoError(t, err, "nothing falls to it, and nothing is wrong")
	require.Empty(t, results)
	require.Contains(t, out, "Nothing to do: none of the 3 scenarios falls to shard 4/4")
	require.FileExists(t, filepath.Join(folder, "junit.xml"))
}

func TestRepeat(t *testing.T) {
	results, out, err := run(t, ours(), "-tags", "@journey", "-repeat", "3")
	require.NoError(t, err)
	require.Len(t, results, 3)
	require.Contains(t, out, "Round 1 of 3\n")
	require.Contains(t, out, "3 rounds in ")

	recording := ours()
	recording.Config, recording.RecordTo = config.Config{Mode: config.Emulator, Record: true}, t.TempDir()
	_, _, err = run(t, recording, "-repeat", "2")
	require.ErrorIs(t, err, runner.ErrUsage)
	require.ErrorContains(t, err, "--repeat 2: what is recorded is run once")

	for _, bad := range []string{"0", "-1", "many", "1.5", "", "100001", "99999999999999999999"} {
		set := flag.NewFlagSet("run", flag.ContinueOnError)
		set.SetOutput(io.Discard)
		new(runner.Flags).Register(set)
		require.ErrorContains(t, set.Parse([]string{"-repeat", bad}), "flag -repeat: it is a number from 1 to 100000", bad)
	}
}
