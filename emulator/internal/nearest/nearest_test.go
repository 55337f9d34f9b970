package nearest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheNearestNamesComeFirst(t *testing.T) {
	known := []string{"code-reusable", "code-of-another", "pkce-ignored", "state-dropped"}
	for wrong, want := range map[string]string{"code_reusable": "code-reusable", "pkce": "pkce-ignored", "statedroped": "state-dropped", "code-of-other": "code-of-another"} {
		require.Equal(t, want, Names(wrong, known)[0])
		require.Len(t, Names(wrong, known), 3)
	}
	require.Equal(t, []string{"one"}, Names("anything", []string{"one"}))
	require.Equal(t, "code-reusable", known[0], "the list itself stays as it is")
}
