package suite

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is found by hand is what the expression finds.
func TestIDsAreFoundAsTheirExpressionFindsThem(t *testing.T) {
	const one = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
	for _, text := range []string{
		"", "/", one, "/" + one, "/environments/" + one + "/users/" + one, one + one, "x" + one + "0", "0" + one, one[:35], one[1:],
		strings.ToUpper(one), "a-" + one + "-b", strings.ReplaceAll(one, "-", "_"), one[:35] + "g", "/" + one[:8] + "/" + one, "ä" + one + "ä", one[:24] + one,
	} {
		require.Equal(t, id.Get().ReplaceAllString(text, "{}"), withoutIDs(text), "%q", text)
	}
}
