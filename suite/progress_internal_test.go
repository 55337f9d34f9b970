package suite

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/passcode"
)

// A sentence that looks whether nothing was sent must see as much while a run is shown.
func TestAnAnnouncedSourceStillShowsWhatWasSent(t *testing.T) {
	outbox, err := passcode.NewOutbox("http://127.0.0.1:1/", time.Second)
	require.NoError(t, err)
	_, looks := announce(outbox, silence{}).(sent)
	require.True(t, looks)
	_, looks = announce(passcode.TestDevice{}, silence{}).(sent)
	require.False(t, looks, "a source that has nothing to look at")
}
