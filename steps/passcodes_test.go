package steps

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

func TestPasscodesCountByTheClockThatStampsThem(t *testing.T) {
	asked := time.Date(2026, time.January, 15, 9, 0, 0, 0, time.UTC)
	answered := asked.Add(200 * time.Millisecond)
	flow := func(date string) *client.Exchange {
		return &client.Exchange{At: answered, Header: http.Header{"Date": {date}}}
	}
	dated := func(ahead time.Duration) *client.Exchange { return flow(answered.Add(ahead).Format(http.TimeFormat)) }
	require.Equal(t, asked, askedSince(asked, nil))
	require.Equal(t, asked, askedSince(asked, flow("yesterday")))
	require.Equal(t, asked, askedSince(asked, dated(0)))
	require.Equal(t, asked, askedSince(asked, dated(5*time.Minute)), "a clock ahead stamps later anyway")
	require.WithinDuration(t, asked.Add(-5*time.Minute), askedSince(asked, dated(-5*time.Minute)), time.Second)
	require.False(t, askedSince(asked, dated(-5*time.Minute)).After(asked.Add(-5*time.Minute)))
}
