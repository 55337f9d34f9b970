package suite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/retry"
)

func TestWhatIsWaitedForHasAName(t *testing.T) {
	require.Equal(t, "PingOne's rate limit", awaited(retry.Event{Why: "answered 429"}))
	require.Equal(t, "answered 503", awaited(retry.Event{Why: "answered 503"}))
}
