package files_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/retry"
	"pingone-conformance/suite"
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

func TestThePageIsMadeAgainFromTheFiles(t *testing.T) {
	folder := written(t, replayed())
	before := read(t, folder, files.Page)
	require.NoError(t, os.Remove(filepath.Join(folder, files.Page)))
	_, _, err := files.Again(folder, folder)
	require.NoError(t, err)
	require.Equal(t, before, read(t, folder, files.Page))
}

func TestDriftThatLiesInTheFolderIsOnThePage(t *testing.T) {
	folder := written(t, replayed())
	drift := `{"format":1,"answered":"live NA","scenarios":[{"name":"Ben signs on","calls":[{"outcome":"drifted","step":10,"operation":"Create User","method":"POST","path":"/users","differences":[{"kind":"member added","at":"/<password>"}]}]}]}`
	require.NoError(t, os.WriteFile(filepath.Join(folder, results.DriftName), []byte(drift), 0o600))
	_, _, err := files.Again(folder, folder)
	require.NoError(t, err)
	page := read(t, folder, files.Page)
	require.True(t, strings.Contains(page, "member added /&lt;password&gt;"))
	require.True(t, strings.Contains(page, "what live NA answered otherwise"))
	require.NoError(t, os.WriteFile(filepath.Join(folder, results.DriftName), []byte(`{"format":9}`), 0o600))
	_, _, err = files.Again(folder, folder)
	require.ErrorContains(t, err, "drift.json: its format is 9")
}

// sharded are the results of one part of the run of a feature.
func sharded(t *testing.T, index, of int) results.Run {
	t.Helper()
	o := specification(config.Config{Mode: config.Replay})
	o.Paths = []string{"administration.feature"}
	o, err := suite.Shard(o, results.Shard{Index: index, Of: of})
	require.NoError(t, err)
	_, err = suite.Run(t.Context(), o)
	require.NoError(t, err)
	return o.Recorder.Results(o, err)
}

func TestTheShardsOfARunAreJoined(t *testing.T) {
	var folders []string
	for i := 1; i <= 3; i++ {
		folders = append(folders, written(t, sharded(t, i, 3)))
	}
	to := filepath.Join(t.TempDir(), "joined")
	_, notes, err := files.Again(to, folders...)
	require.NoError(t, err)
	require.Empty(t, notes)
	joined, err := results.Load(to)
	require.NoError(t, err)
	require.Equal(t, results.Passed, joined.State)
	require.Nil(t, joined.Shard)
	require.Len(t, joined.Features, 1)
	var got, want []string
	for s := range joined.Scenarios() {
		got = append(got, s.ID)
	}
	whole := replayed()
	feature := whole.Feature("administration")
	for _, s := range feature.Scenarios {
		want = append(want, s.ID)
	}
	require.Equal(t, want, got)
	require.Equal(t, feature.Source, joined.Features[0].Source, "every line of the file is there again")
	valid(t, read(t, to, files.SchemaName), read(t, to, results.FileName))
	require.Contains(t, read(t, to, files.JUnit), fmt.Sprintf(`tests="%d" failures="0"`, len(want)))

	// One of them is lost.
	_, _, err = files.Again(to, folders[0], folders[2])
	require.NoError(t, err)
	require.Contains(t, read(t, to, files.Page), "Not known: shard 2/3 is missing")
	require.Contains(t, read(t, to, files.JUnit), "shard 2/3 is missing")
	require.Contains(t, read(t, to, results.FileName), `"state":"failed"`)

	// One of them is there twice.
	_, notes, err = files.Again(to, folders[0], folders[1], folders[2], folders[2])
	require.NoError(t, err)
	require.Contains(t, strings.Join(notes, "\n"), "shard 3/3 was given more than once")
	require.Contains(t, strings.Join(notes, "\n"), "ran in more than one part")
	require.Contains(t, read(t, to, files.Page), "shard 3/3 was given more than once")
	require.Contains(t, read(t, to, files.Summary), "> shard 3/3 was given more than once")
}

func TestAShardWithoutAScenarioIsNoFailure(t *testing.T) {
	o := specification(config.Config{Mode: config.Replay})
	o.Tags = "@journey"
	o, err := suite.Shard(o, results.Shard{Index: 4, Of: 4})
	require.NoError(t, err)
	folder := written(t, o.Recorder.Results(o, nil))
	require.Contains(t, read(t, folder, results.FileName), `"state":"passed"`)
	require.Contains(t, read(t, folder, files.Summary), "Nothing to do: none of the 3 scenarios falls to shard 4/4")
	require.Contains(t, read(t, folder, files.JUnit), `tests="1" failures="0" errors="0" skipped="1"`)
	valid(t, read(t, folder, files.SchemaName), read(t, folder, results.FileName))
}

func TestAFolderIsNotTrusted(t *testing.T) {
	for name, row := range map[string]struct{ from, to, says string }{
		"a file elsewhere": {`"har":"`, `"har":"../../`, "outside its folder"},
		"another format":   {`{"format":1`, `{"format":2`, "format 2"},
		"broken off":       {`{"format":1`, `{"format":`, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := written(t, replayed())
			file := filepath.Join(folder, results.FileName)
			require.NoError(t, os.WriteFile(file, []byte(strings.Replace(read(t, folder, results.FileName), row.from, row.to, 1)), 0o600))
			_, _, err := files.Again(folder, folder)
			require.ErrorContains(t, err, row.says)
		})
	}
	empty := t.TempDir()
	_, _, err := files.Again(empty, empty)
	require.ErrorContains(t, err, "there is no conformance.json")
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

// What an environment knows as its own, and what a person types, stands in no report.
func TestNothingSecretIsInAnyFile(t *testing.T) {
	server, err := emulator.Start(t.Context(), emulator.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	c := server.Credentials()
	const phone, email = "+1.5125550177", "averysecretmailbox@example.com"
	seen := before(t, server.URL())
	o := specification(config.Config{
		Mode: config.Live, APIURL: seen.URL, AuthURL: seen.URL, EnvironmentID: c.EnvironmentID, TargetEnvironmentID: c.EnvironmentID,
		ClientID: c.ClientID, ClientSecret: c.ClientSecret, Phone: phone, Email: email,
		Passcode: config.PasscodeConfig{Source: config.Outbox, OutboxURL: server.OutboxURL()},
	})
	o.Concurrency, o.Retry = 8, retry.Options{FirstWait: time.Millisecond, LongestWait: 5 * time.Millisecond, LagLimit: 200 * time.Millisecond, LagInterval: 10 * time.Millisecond}
	_, err = suite.Run(t.Context(), o)
	folder := written(t, o.Recorder.Results(o, err))
	secrets := append(seen.all(), c.EnvironmentID, c.ClientID, c.ClientSecret, phone, strings.TrimPrefix(phone, "+"), email)
	require.Greater(t, len(secrets), 50)
	needles := map[string]bool{}
	var short []string // such as passwords, whose runs of letters stand in any packed text
	for _, secret := range secrets {
		if longest := slices.MaxFunc(runs(secret), func(a, b string) int { return len(a) - len(b) }); len(longest) >= 8 {
			needles[longest] = true
		} else {
			short = append(short, secret)
		}
	}
	require.NoError(t, filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		if entry.IsDir() {
			return nil
		}
		text := read(t, folder, strings.TrimPrefix(name, folder))
		if filepath.Base(name) == files.Page {
			text += unpacked(t, text)
		}
		for _, secret := range short {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %q", filepath.Base(name), secret)
			}
		}
		for _, run := range runs(text) {
			if needles[run] {
				t.Errorf("%s holds %q", filepath.Base(name), run[:min(len(run), 12)])
			}
		}
		return nil
	}))
}

var blocks = regexp.MustCompile(`<script type="application/octet-stream" id="[^"]+">([^<]+)</script>`)

// unpacked is what the page holds compressed.
func unpacked(t *testing.T, page string) string {
	t.Helper()
	var all strings.Builder
	found := blocks.FindAllStringSubmatch(page, -1)
	require.NotEmpty(t, found)
	for _, block := range found {
		packed, err := base64.StdEncoding.DecodeString(block[1])
		require.NoError(t, err)
		reader, err := gzip.NewReader(bytes.NewReader(packed))
		require.NoError(t, err)
		var messages [][2]string
		require.NoError(t, json.NewDecoder(reader).Decode(&messages))
		for _, m := range messages {
			all.WriteString("\n" + m[0] + "\n" + m[1])
		}
	}
	require.Contains(t, all.String(), "Authorization: ")
	return all.String()
}

var basic = regexp.MustCompile(`Basic ([A-Za-z0-9+/]+=*)`)

// runs are the words of a text, as secrets and ids are made of them, also those in Basic
// credentials.
func runs(text string) []string {
	for _, found := range basic.FindAllStringSubmatch(text, -1) {
		pair, _ := base64.StdEncoding.DecodeString(found[1])
		text += " " + string(pair)
	}
	return strings.FieldsFunc(text, func(r rune) bool { return r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
