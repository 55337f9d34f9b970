package files_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/suite"
	"pingone-conformance/suite/report/files"
	"pingone-conformance/suite/report/results"
)

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
	require.True(t, strings.Contains(page, "member added <code>/&lt;password&gt;</code>"))
	require.True(t, strings.Contains(page, "what live NA answered otherwise"))
	require.NoError(t, os.WriteFile(filepath.Join(folder, results.DriftName), []byte(`{"format":9}`), 0o600))
	_, _, err = files.Again(folder, folder)
	require.ErrorContains(t, err, "drift.json: its format is 9")
}

func TestDriftSaysWhenItWasComparedAndInWhichMode(t *testing.T) {
	for name, row := range map[string]struct{ members, says string }{
		"a date":              {`"mode":"live","compared":"2026-03-01T10:20:30+01:00"`, `<p>Compared <time datetime="2026-03-01T09:20:30Z">1 Mar 2026 09:20 UTC</time>, in the mode live.</p>`},
		"a date without mode": {`"compared":"2026-03-01T10:20:30Z"`, `<p>Compared <time datetime="2026-03-01T10:20:30Z">1 Mar 2026 10:20 UTC</time>.</p>`},
		"of an older version": {`"mode":"live"`, ""},
		"no date":             {`"mode":"live","compared":"0001-01-01T00:00:00Z"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			folder := written(t, interrupted(t))
			drift := `{"format":1,"answered":"live NA",` + row.members + `,"scenarios":[]}`
			require.NoError(t, os.WriteFile(filepath.Join(folder, results.DriftName), []byte(drift), 0o600))
			_, _, err := files.Again(folder, folder)
			require.NoError(t, err)
			require.Equal(t, row.says, regexp.MustCompile(`<p>Compared .*</p>`).FindString(read(t, folder, files.Page)))
		})
	}
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
		"other totals":     {`"totals":{"scenarios":`, `"totals":{"scenarios":9`, "conformance.json contradicts itself, so nothing is made of it: its totals say 9"},
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
