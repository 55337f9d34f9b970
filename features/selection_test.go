package features

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/suite"
)

// again runs this test binary once more, with these variables set and no others of ours.
func again(t *testing.T, set []string, arguments ...string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], arguments...)
	for _, pair := range command.Environ() {
		if !strings.HasPrefix(pair, "PINGONE_") && !strings.HasPrefix(pair, "PING_ONE_") && !strings.HasPrefix(pair, "GODOG_") {
			command.Env = append(command.Env, pair)
		}
	}
	command.Env = append(append(command.Env, "PINGONE_MODE=replay"), set...)
	output, err := command.CombinedOutput()
	return string(output), err
}

const aScenario = "TestFeatures/administration/an-access-token-expires"

// What go test asks of a result that it would store: the files that were looked at, which
// must not be new. internal/gotest tries it with go test itself.
func TestARunIsTooNewForTheCache(t *testing.T) {
	for _, mode := range []string{config.Replay, config.Emulator} {
		log := filepath.Join(t.TempDir(), "log")
		output, err := again(t, []string{"PINGONE_MODE=" + mode}, "-test.run", aScenario, "-test.testlogfile", log)
		require.NoError(t, err, output)
		text, err := os.ReadFile(log)
		require.NoError(t, err)
		file := filepath.Join("..", "reports", "never-cached")
		require.Contains(t, string(text), "\nstat "+file+"\n")
		info, err := os.Stat(file)
		require.NoError(t, err)
		require.True(t, info.ModTime().After(time.Now().Add(time.Minute)), mode)
	}
}

// count is how many scenarios of a feature have names as files that begin so.
func count(t *testing.T, feature, begin string) int {
	t.Helper()
	all, err := suite.Catalogue(Files)
	require.NoError(t, err)
	n := 0
	for _, one := range all {
		if one.Feature == feature && strings.HasPrefix(one.Slug(), begin) {
			n++
		}
	}
	return n
}

func TestTheCommandLineSelects(t *testing.T) {
	rows := map[string]struct {
		set       []string
		arguments []string
		ran       int    // scenarios in the JUnit report; 0 for a run that fails
		says      string // what a run that fails says
	}{
		"-run, one scenario":         {nil, []string{"-test.run", aScenario}, 1, ""},
		"-run, one row of a table":   {nil, []string{"-test.run", "TestFeatures/administration/nothing-is-created-with-no-access-token"}, 1, ""},
		"-run, one use case":         {nil, []string{"-test.run", "TestFeatures/administration"}, count(t, "administration", ""), ""},
		"-run and -skip":             {nil, []string{"-test.run", "TestFeatures/administration", "-test.skip", "TestFeatures/administration/^[b-z]"}, count(t, "administration", "a"), ""},
		"-run, nothing":              {nil, []string{"-test.run", "TestFeatures/nosuch"}, 0, `-run "TestFeatures/nosuch" and -skip "" select no scenario of these:` + "\n"},
		"-run and a tag, nothing":    {nil, []string{"-test.run", aScenario, "-tags", "@journey"}, 0, "no scenario was selected"},
		"a part of a name and -run":  {nil, []string{"-test.run", "TestFeatures/administration", "-scenario", "access token expires"}, 1, ""},
		"a part of a name, nothing":  {nil, []string{"-test.run", "TestFeatures", "-scenario", "nosuch"}, 0, `no scenario's name contains "nosuch"`},
		"a tag":                      {nil, []string{"-test.run", "TestFeatures", "-tags", "@journey"}, 3, ""},
		"GODOG_TAGS":                 {[]string{"GODOG_TAGS=@journey"}, []string{"-test.run", "TestFeatures"}, 3, ""},
		"GODOG_TAGS, nothing":        {[]string{"GODOG_TAGS=@nosuch"}, []string{"-test.run", "TestFeatures"}, 0, "no scenario was selected"},
		"GODOG_TAGS and another tag": {[]string{"GODOG_TAGS=@a"}, []string{"-test.run", "TestFeatures", "-tags", "@b"}, 0, `GODOG_TAGS="@a" and -tags "@b": give one of them`},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			junit := filepath.Join(t.TempDir(), "junit.xml")
			output, err := again(t, row.set, append(row.arguments, "-quiet", "-junit", junit)...)
			if row.ran == 0 {
				require.Error(t, err, output)
				require.Contains(t, output, row.says)
				return
			}
			require.NoError(t, err, output)
			report, err := os.ReadFile(junit)
			require.NoError(t, err)
			require.Equal(t, row.ran, strings.Count(string(report), "<testcase "))
		})
	}
}
