package steps

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAWrongSecretIsNearlyRight(t *testing.T) {
	for right, wrong := range map[string]string{
		"abcdefg": "abcDefg", "abcDefg": "abcdefg", "12a45678": "12A45678", "1234567~B": "1234567~b", "1234": "1234-not", "": "-not", "é": "É",
	} {
		require.Equal(t, wrong, misspelled(right))
	}
	long := strings.Repeat("k", 32) + "M" + strings.Repeat("k", 31)
	require.True(t, strings.EqualFold(long, misspelled(long)))
	require.Equal(t, long[:16], misspelled(long)[:16])
	require.Equal(t, long[48:], misspelled(long)[48:])
}
