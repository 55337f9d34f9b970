package messages

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestArgumentsAreWhatTheGroupsRead(t *testing.T) {
	all := arguments(`^([A-Z][a-z]+) says "([^"]*)"(?: (\d+) times)?$`, `Zoë 𝄞`)
	require.Empty(t, all, "another sentence")
	all = arguments(`^(\S+) says "([^"]*)"(?: (\d+) times)?$`, `Zoë𝄞 says "hello"`)
	require.Len(t, all, 3)
	require.Equal(t, "Zoë𝄞", all[0].Group.Value)
	require.Equal(t, int64(0), all[0].Group.Start)
	require.Equal(t, "hello", all[1].Group.Value)
	require.Equal(t, int64(len(`Zoe12 says "`)), all[1].Group.Start, "the clef counts twice")
	require.Empty(t, all[2].Group.Value)
	require.Empty(t, arguments(`(`, "x"), "no expression")
}
