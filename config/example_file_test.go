package config_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
)

// asked returns the names that reading the configuration looks up, in any mode
// and with any source of passcodes.
func asked(t *testing.T) []string {
	t.Helper()
	names := map[string]bool{}
	for _, mode := range []string{config.Replay, config.Emulator, config.Live} {
		for _, source := range []string{config.Outbox, config.TestDevice, config.Command, config.Prompt, config.TOTP} {
			set := live.with(variables{"PINGONE_MODE": mode, "PINGONE_PASSCODE": source})
			_, _ = config.Load(func(name string) (string, bool) {
				names[name] = true
				return set.lookup(name)
			})
		}
	}
	var all []string
	for name := range names {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func TestTheExampleFileHoldsEveryVariableAndNoOther(t *testing.T) {
	text, err := os.ReadFile("../.env.example")
	require.NoError(t, err)
	var written []string
	for _, match := range regexp.MustCompile(`(?m)^#?(PINGONE_\w+)=`).FindAllSubmatch(text, -1) {
		written = append(written, string(match[1]))
	}
	slices.Sort(written)
	require.Equal(t, asked(t), written)

	known := config.Names()
	slices.Sort(known)
	require.Equal(t, asked(t), known, "Names lists what is read")
}

func TestTheExampleFileSetsNothing(t *testing.T) {
	bare(t)
	c, err := config.FromEnvironment("../.env.example")
	require.NoError(t, err)
	require.Equal(t, config.Replay, c.Mode)
	text, err := os.ReadFile("../.env.example")
	require.NoError(t, err)
	require.NotRegexp(t, `(?m)^[^#\s]`, string(text))
}
